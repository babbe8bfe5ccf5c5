// Reviews in three numbers, on the first page.
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { meanHundredths } from "../../reviews/analytics/periods";
import type { ReviewPulse } from "../../reviews/analytics/read-analytics.server";

/** New this week, waiting, average. */
export function PulseCard({ pulse }: { pulse: ReviewPulse }) {
  const { t } = useTranslation();
  const mean = meanHundredths(pulse.stars, pulse.published);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t("reviews.pulse.title")}
          </Text>
          <Button url="/app/reviews" variant="plain">
            {t("reviews.pulse.open")}
          </Button>
        </InlineStack>
        <div className="kz-glance">
          <Figure name={t("reviews.pulse.received")} value={t("reviews.pulse.count", { count: pulse.received })} />
          <Figure name={t("reviews.pulse.waiting")} value={t("reviews.pulse.count", { count: pulse.waiting })} />
          <Figure
            name={t("reviews.pulse.mean")}
            value={mean === null ? t("reviews.pulse.none") : t("reviews.stars.mean", { mean: (mean / 100).toFixed(1) })}
            note={mean === null ? "" : t("reviews.pulse.published", { count: pulse.published })}
          />
        </div>
      </BlockStack>
    </Card>
  );
}

function Figure({ name, value, note = "" }: { name: string; value: string; note?: string }) {
  return (
    <BlockStack gap="050">
      <Text as="h3" variant="bodyMd" tone="subdued">
        {name}
      </Text>
      <p className="kz-figure">{value}</p>
      {note ? (
        <Text as="p" variant="bodySm" tone="subdued">
          {note}
        </Text>
      ) : null}
    </BlockStack>
  );
}
