import { useTranslation } from "react-i18next";

import type { FieldErrors } from "./typed-fields";

/** The text of a field's error, in place and in the reader's language. */
export function useFieldErrorText<Name extends string>(errors: FieldErrors<Name>): (name: Name) => string | undefined {
  const { t } = useTranslation();
  return (name) => {
    const error = errors[name];
    return error ? t(`form.error.${error.code}`, { min: error.min ?? 0, max: error.max ?? 0 }) : undefined;
  };
}
