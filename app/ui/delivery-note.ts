// What became of an event, in a merchant's words. Codes of a newer version read as they are.
import { useTranslation } from "react-i18next";

import en from "../i18n/en/core.json";

type Note = keyof typeof en.deliveries.note;
const isNote = (code: string): code is Note => Object.hasOwn(en.deliveries.note, code);

/** Says the sentence of a settlement's code; other text (an error) stays as it is. */
export function useDeliveryNote(): (detail: string) => string {
  const { t } = useTranslation();
  return (detail) => (isNote(detail) ? t(`deliveries.note.${detail}`) : detail);
}
