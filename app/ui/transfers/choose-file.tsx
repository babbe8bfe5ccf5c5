// The first step of an import: a file, and what its numbers mean.
import { Banner, BlockStack, Button, Card, ChoiceList, DropZone, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ImportMode } from "../../loyalty/transfers/stage-points-import.server";

interface ChooseFileProps {
  busy: boolean;
  /** Why the last file was refused, in the reader's words. */
  refusal: string | null;
  onCheck(file: File, mode: ImportMode): void;
}

/** Keeps the chosen file until it is checked. */
export function ChooseFile({ busy, refusal, onCheck }: ChooseFileProps) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [mode, setMode] = useState<ImportMode>("add");
  const [isMissing, setMissing] = useState(false);
  const problem = isMissing ? t("transfers.refused.no_file") : refusal;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t("transfers.file.title")}
        </Text>
        {problem ? (
          <Banner tone="critical" title={t("transfers.refused.title")}>
            <p>{problem}</p>
          </Banner>
        ) : null}
        <Text as="p" tone="subdued">
          {t("transfers.file.help")}
        </Text>
        <DropZone
          label={t("transfers.file.title")}
          labelHidden
          allowMultiple={false}
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          onDropAccepted={([dropped]) => {
            setFile(dropped ?? null);
            setMissing(false);
          }}
        >
          {file ? (
            <div className="kz-dropped">{t("transfers.file.chosen", { name: file.name })}</div>
          ) : (
            <DropZone.FileUpload actionTitle={t("transfers.file.drop")} actionHint={t("transfers.file.drop_hint")} />
          )}
        </DropZone>
        <ChoiceList
          title={t("transfers.mode.title")}
          choices={(["add", "set"] as const).map((value) => ({
            value,
            label: t(`transfers.mode.${value}`),
            helpText: t(`transfers.mode.${value}_help`),
          }))}
          selected={[mode]}
          onChange={([value]) => setMode(value === "set" ? "set" : "add")}
        />
        <InlineStack>
          <Button variant="primary" loading={busy} onClick={() => (file ? onCheck(file, mode) : setMissing(true))}>
            {t("transfers.file.check")}
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
