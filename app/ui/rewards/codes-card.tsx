// The pool of a voucher: how many are left, and more of them by paste or file.
import { Banner, BlockStack, Button, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { SettingsCard } from "../earning/form-parts";
import { useFormat } from "../use-format";
import { readCodes } from "./read-codes";

const CODES_PER_CALL = 10_000;

export type CodesAnswer = { outcome: "codes_added"; added: number; known: number } | { outcome: "codes_refused" };

interface CodesCardProps {
  left: number;
  total: number;
  busy: boolean;
  answer: CodesAnswer | null;
  onAdd(codes: string[]): void;
}

/** Paste or choose a file; what was found is counted before anything is sent. */
export function CodesCard({ left, total, busy, answer, onAdd }: CodesCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const codes = readCodes(text);
  const problem = codes.length > CODES_PER_CALL ? t("rewards.codes.too_many") : t("rewards.codes.none");
  const wrong = codes.length === 0 || codes.length > CODES_PER_CALL;
  const submit = () => {
    setTried(wrong);
    if (wrong) return;
    onAdd(codes);
    setText("");
  };
  return (
    <SettingsCard title={t("rewards.codes.title")} lead={t("rewards.codes.lead")}>
      <Text as="p" fontWeight="semibold">
        {t("rewards.codes.left", { left: format.number(left), total: format.number(total) })}
      </Text>
      <TextField
        label={t("rewards.codes.paste")}
        value={text}
        onChange={(typed) => {
          setText(typed);
          setTried(false);
        }}
        multiline={4}
        maxHeight="16rem"
        helpText={t("rewards.codes.paste_help")}
        autoComplete="off"
        error={tried ? problem : undefined}
      />
      <label className="kz-file">
        <span>{t("rewards.codes.file")}</span>
        <input
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file) void file.text().then(setText);
          }}
        />
      </label>
      <InlineStack gap="300" blockAlign="center">
        <Button onClick={submit} loading={busy}>
          {t("rewards.codes.add")}
        </Button>
        <Text as="span" tone="subdued">
          {codes.length > 0 ? t("rewards.codes.found", { count: codes.length }) : ""}
        </Text>
      </InlineStack>
      <div role="status">
        <BlockStack>
          {answer ? (
            <Banner tone={answer.outcome === "codes_added" ? "success" : "critical"}>
              {answer.outcome === "codes_added"
                ? t("rewards.codes.added", { added: format.number(answer.added), known: format.number(answer.known) })
                : t("rewards.codes.none")}
            </Banner>
          ) : null}
        </BlockStack>
      </div>
    </SettingsCard>
  );
}
