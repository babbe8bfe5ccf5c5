// What was done to many members at once, newest first, each with its way back.
import { Badge, BlockStack, Button, Card, IndexTable, Text, type BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { BatchStatus, BatchSummary } from "../../loyalty/transfers/batch-reads.server";
import { TimeText } from "../time-text";

const TONE: Record<Exclude<BatchStatus, "preview">, BadgeProps["tone"]> = {
  running: "attention",
  done: "success",
  undoing: "attention",
  undone: "info",
  failed: "critical",
};

/** The list. */
export function PastBatches({ batches, onUndo }: { batches: BatchSummary[]; onUndo(batchId: number): void }) {
  const { t } = useTranslation();
  return (
    <Card padding="0">
      <BlockStack gap="200">
        <div className="kz-tools">
          <Text as="h2" variant="headingMd">
            {t("transfers.past.title")}
          </Text>
        </div>
        {batches.length === 0 ? (
          <div className="kz-tools">
            <Text as="p" tone="subdued">
              {t("transfers.past.empty")}
            </Text>
          </div>
        ) : (
          <IndexTable
            selectable={false}
            itemCount={batches.length}
            headings={[
              { title: t("transfers.column.when") },
              { title: t("transfers.column.what") },
              { title: t("transfers.column.who") },
              { title: t("transfers.column.status") },
              { title: t("transfers.undo.action"), hidden: true },
            ]}
          >
            {batches.map((batch, index) => (
              <BatchLine key={batch.batchId} batch={batch} index={index} onUndo={onUndo} />
            ))}
          </IndexTable>
        )}
      </BlockStack>
    </Card>
  );
}

function BatchLine({ batch, index, onUndo }: { batch: BatchSummary; index: number; onUndo(batchId: number): void }) {
  const { t } = useTranslation();
  const { status } = batch;
  return (
    <IndexTable.Row id={String(batch.batchId)} position={index}>
      <IndexTable.Cell>
        <TimeText at={batch.at} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        {batch.kind === "bulk" ? t("transfers.past.bulk") : t("transfers.past.import", { file: batch.fileName ?? "" })}
      </IndexTable.Cell>
      <IndexTable.Cell>
        {batch.staffName ?? t(batch.actor === "system" ? "transfers.past.system" : "member.history.by_staff")}
      </IndexTable.Cell>
      <IndexTable.Cell>
        {status === "preview" ? null : <Badge tone={TONE[status]}>{t(`transfers.status.${status}`)}</Badge>}
      </IndexTable.Cell>
      <IndexTable.Cell>
        {status === "done" ? (
          <Button variant="plain" onClick={() => onUndo(batch.batchId)}>
            {t("transfers.undo.action")}
          </Button>
        ) : null}
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}
