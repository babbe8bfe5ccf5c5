// Points for orders placed before the app was there: started by choice, watched, left and returned to.
import { Banner, BlockStack, Button, Card, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { BackfillProgress } from "../jobs/backfill.server";
import { TimeText } from "./time-text";
import { useFormat } from "./use-format";

interface BackfillCardProps {
  /** The newest run; null when there never was one. */
  backfill: BackfillProgress | null;
  /** How far back orders can be read: without a wider permission, 60 days. */
  reachesBackDays: number | null;
  /** The program's start: orders before it earn nothing. null: all count. */
  startsAt: string | null;
  busy: boolean;
  onStart(): void;
  onCancel(): void;
}

/** The card in each of its states. */
export function BackfillCard({ backfill, reachesBackDays, startsAt, busy, onStart, onCancel }: BackfillCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("home.backfill.title")}
        </Text>
        {backfill?.status === "running" ? (
          <Running backfill={backfill} busy={busy} onCancel={onCancel} />
        ) : (
          <>
            {backfill ? <LastRun backfill={backfill} /> : null}
            <Text as="p" tone="subdued">
              {startsAt !== null
                ? t("home.backfill.body_started", { date: format.date(startsAt) })
                : reachesBackDays === null
                  ? t("home.backfill.body")
                  : t("home.backfill.body_limited", { days: reachesBackDays })}
            </Text>
            <InlineStack>
              <Button onClick={onStart} loading={busy}>
                {t(backfill ? "home.backfill.again" : "home.backfill.start")}
              </Button>
            </InlineStack>
          </>
        )}
      </BlockStack>
    </Card>
  );
}

function Running({ backfill, busy, onCancel }: { backfill: BackfillProgress; busy: boolean; onCancel(): void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = backfill.total ? Math.min(100, (backfill.applied / backfill.total) * 100) : 0;
  const words = backfill.total
    ? t("home.backfill.progress", { seen: format.number(backfill.applied), total: format.number(backfill.total) })
    : t("home.backfill.preparing", { seen: format.number(backfill.applied) });
  return (
    <BlockStack gap="300">
      <ProgressBar progress={share} ariaLabelledBy="backfill-progress" />
      <p id="backfill-progress" role="status">
        {words}
      </p>
      <Text as="p" tone="subdued">
        {t("home.backfill.leave")}
      </Text>
      <InlineStack>
        <Button onClick={onCancel} loading={busy}>
          {t("home.backfill.cancel")}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}

function LastRun({ backfill }: { backfill: BackfillProgress }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (backfill.status === "running") return null;
  const tone = backfill.status === "done" ? "success" : backfill.status === "failed" ? "critical" : "info";
  return (
    <Banner tone={tone}>
      <p>
        {t(`home.backfill.${backfill.status}`, { seen: format.number(backfill.applied) })}
        {format.space}
        {backfill.finishedAt ? <TimeText at={backfill.finishedAt} /> : null}
      </p>
    </Banner>
  );
}
