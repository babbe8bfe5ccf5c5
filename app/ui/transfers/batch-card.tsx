// One import in each of its states: what would happen, how far it is, what became of it.
import { Badge, Banner, BlockStack, Button, Card, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { readBatch } from "../../loyalty/transfers/batch-reads.server";
import { useFormat } from "../use-format";

export type Batch = NonNullable<Awaited<ReturnType<typeof readBatch>>>;
type Problem = "bad_email" | "bad_points" | "negative_points" | "too_many_points" | "duplicate" | "unknown_member" | "several_members" | "member_inactive"; // prettier-ignore

const of = (batch: Pick<Batch, "outcomes">, ...outcomes: string[]): number =>
  outcomes.reduce((sum, outcome) => sum + (batch.outcomes[outcome] ?? 0), 0);

/** Whether the batch is being worked on, so that its page looks again by itself. */
export function isUnderWay({ status }: Pick<Batch, "status">): boolean {
  return status === "running" || status === "undoing";
}

/** The card. */
export function BatchCard(props: { batch: Batch; busy: boolean; onRun(): void; onOther(): void; onUndo(): void }) {
  const { batch, onOther, onUndo } = props;
  const { t } = useTranslation();
  const format = useFormat();
  if (batch.status === "preview") return <Preview {...props} />;
  if (isUnderWay(batch)) return <Progress batch={batch} />;
  const leftOut = batch.rows - of(batch, "applied", "undone");
  return (
    <Banner
      tone={batch.status === "undone" ? "info" : "success"}
      title={t(batch.status === "undone" ? "transfers.undone" : "transfers.done.title")}
      onDismiss={onOther}
      {...(batch.status === "done"
        ? { secondaryAction: { content: t("transfers.undo.action"), onAction: onUndo } }
        : {})}
    >
      <p>
        {t("transfers.done.body", {
          lines: format.number(of(batch, "applied", "undone")),
          points: format.number(batch.points),
        })}{" "}
        {leftOut > 0 ? t("transfers.done.left_out", { count: leftOut }) : null}
      </p>
    </Banner>
  );
}

function Preview({ batch, busy, onRun, onOther }: { batch: Batch; busy: boolean; onRun(): void; onOther(): void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const ready = of(batch, "ready");
  const leftOut = batch.rows - ready;
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t("transfers.preview.title")}
        </Text>
        {ready === 0 ? (
          <Banner tone="warning">
            <p>{t("transfers.preview.nothing")}</p>
          </Banner>
        ) : (
          <InlineStack gap="200" blockAlign="center">
            <Text as="p" variant="headingLg">
              {t(batch.mode === "set" ? "transfers.preview.ready_set" : "transfers.preview.ready", { count: ready })}
            </Text>
            <Badge tone="info">{t("transfers.preview.points", { points: format.number(batch.points) })}</Badge>
          </InlineStack>
        )}
        {leftOut > 0 ? <Problems batch={batch} leftOut={leftOut} /> : null}
        <InlineStack gap="200">
          {ready > 0 ? (
            <Button variant="primary" loading={busy} onClick={onRun}>
              {t("transfers.preview.run", { count: ready })}
            </Button>
          ) : null}
          <Button onClick={onOther}>{t("transfers.preview.other_file")}</Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function Problems({ batch, leftOut }: { batch: Batch; leftOut: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {t("transfers.preview.problems", { count: leftOut })}
      </Text>
      <div
        className="kz-scroll"
        tabIndex={0}
        role="group"
        aria-label={t("transfers.preview.problems", { count: leftOut })}
      >
        <table className="kz-list kz-list-words">
          <thead>
            <tr>
              <th scope="col" data-number>
                {t("transfers.column.line")}
              </th>
              <th scope="col">{t("transfers.column.email")}</th>
              <th scope="col">{t("transfers.column.reason")}</th>
            </tr>
          </thead>
          <tbody>
            {batch.problems.map((problem) => (
              <tr key={problem.row}>
                <td data-number>{format.number(problem.row)}</td>
                <td>{problem.email ?? ""}</td>
                <td>{t(`transfers.problem.${problem.outcome as Problem}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {batch.problems.length < leftOut ? (
        <Text as="p" tone="subdued">
          {t("transfers.more_problems", { count: batch.problems.length })}
        </Text>
      ) : null}
    </BlockStack>
  );
}

function Progress({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isUndoing = batch.status === "undoing";
  const done = isUndoing ? of(batch, "undone") : of(batch, "applied");
  const total = isUndoing ? of(batch, "undone", "applied") : of(batch, "applied", "ready");
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t(isUndoing ? "transfers.running.undoing" : "transfers.running.title")}
        </Text>
        <ProgressBar progress={total === 0 ? 0 : (done / total) * 100} ariaLabelledBy="transfer-progress" />
        <p id="transfer-progress" role="status">
          {t("transfers.running.progress", { done: format.number(done), total: format.number(total) })}
        </p>
        <Text as="p" tone="subdued">
          {t("transfers.running.leave")}
        </Text>
      </BlockStack>
    </Card>
  );
}
