// Shopify's contextual save bar around a draft.
import { SaveBar } from "@shopify/app-bridge-react";
import { useTranslation } from "react-i18next";

interface DraftSaveBarProps {
  id: string;
  open: boolean;
  saving: boolean;
  onSave(): void;
  onDiscard(): void;
}

/** Open while there is something to save or to give up. */
export function DraftSaveBar({ id, open, saving, onSave, onDiscard }: DraftSaveBarProps) {
  const { t } = useTranslation();
  return (
    <SaveBar id={id} open={open}>
      <button variant="primary" onClick={onSave} disabled={saving}>
        {t("common.save")}
      </button>
      <button onClick={onDiscard} disabled={saving}>
        {t("common.discard")}
      </button>
    </SaveBar>
  );
}
