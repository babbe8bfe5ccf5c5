// A text that shoppers read, once in each language.
import { FormLayout, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { LocalizedText } from "../loyalty/program-parts";
import { useFormat } from "./use-format";

interface LocalizedFieldsProps {
  label: string;
  text: LocalizedText;
  onChange(text: LocalizedText): void;
  maxLength?: number;
  multiline?: number;
  error?: string | undefined;
}

/** Two fields beside each other; an empty one falls back to the other language. */
export function LocalizedFields({ label, text, onChange, maxLength = 300, multiline, error }: LocalizedFieldsProps) {
  const { t } = useTranslation();
  const { locale: reader } = useFormat();
  const languages = [
    ["ja", t("common.japanese")],
    ["en", t("common.english")],
  ] as const;
  // The reader's own language comes first.
  const shown = reader === "ja" ? languages : languages.toReversed();
  return (
    <FormLayout.Group helpText={t("common.other_language")}>
      {shown.map(([locale, language]) => (
        <TextField
          key={locale}
          label={reader === "ja" ? `${label}（${language}）` : `${label} (${language})`}
          value={text[locale]}
          onChange={(typed) => onChange({ ...text, [locale]: typed })}
          maxLength={maxLength}
          multiline={multiline ?? false}
          autoComplete="off"
          error={error}
        />
      ))}
    </FormLayout.Group>
  );
}
