// Whether we are in step with Shopify: one calm line, loud only when something is wrong.
import { Banner, Box, Icon, InlineStack, Link, Text } from "@shopify/polaris";
import { CheckCircleIcon } from "@shopify/polaris-icons";
import { useTranslation } from "react-i18next";

import type { SyncHealth } from "../shops/sync-health.server";
import { useFormat } from "./use-format";

/** Beyond this, points arrive late enough to be told. */
export const LAG_SECONDS_MAX = 300;

export type SyncTrouble = "dead" | "lag" | "unexplained" | "denied" | "refused";

/** What is wrong, worst first; null when all is well. */
export function troubleOf(health: SyncHealth): { kind: SyncTrouble; count: number } | null {
  const failed = health.dead + health.quarantined;
  if (failed > 0) return { kind: "dead", count: failed };
  if (health.lagSeconds > LAG_SECONDS_MAX) return { kind: "lag", count: health.waiting };
  const unexplained = health.lastReconciliation?.unexplained ?? 0;
  if (unexplained > 0) return { kind: "unexplained", count: unexplained };
  if (health.deniedFields.length > 0) return { kind: "denied", count: health.deniedFields.length };
  if (health.refusedTopics.length > 0) return { kind: "refused", count: health.refusedTopics.length };
  return null;
}

/** The line, or the banner. */
export function SyncHealthLine({ health, now }: { health: SyncHealth; now: Date | string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const trouble = troubleOf(health);
  const checkedAt = health.lastReconciliation?.finishedAt;
  const checked = checkedAt
    ? t("home.health.checked", { when: format.ago(checkedAt, now) })
    : t("home.health.not_checked");
  if (trouble) {
    const { kind, count } = trouble;
    return (
      <Banner
        tone={kind === "lag" || kind === "denied" ? "warning" : "critical"}
        title={t(`home.health.${kind}.title`, { count })}
        action={{ content: t("home.health.open"), url: "/app/settings/deliveries" }}
      >
        <p>{t(`home.health.${kind}.body`, { count, minutes: Math.ceil(health.lagSeconds / 60) })}</p>
        <p>{checked}</p>
      </Banner>
    );
  }
  return (
    <Box paddingInline={{ xs: "400", sm: "100" }}>
      <InlineStack gap="200" blockAlign="center" wrap={false}>
        <span>
          <Icon source={CheckCircleIcon} tone="success" />
        </span>
        <Text as="p" tone="subdued">
          {t("home.health.well", { count: health.waiting })}
          {format.space}
          {checked} <Link url="/app/health">{t("home.health.details")}</Link>
        </Text>
      </InlineStack>
    </Box>
  );
}
