// The points economy in three numbers and thirty days.
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { ProgramGlance } from "../loyalty/program-glance.server";
import { PointsChart } from "./points-chart";
import { useFormat } from "./use-format";

/** Issued and used in thirty days, and what members hold today. */
export function GlanceCard({ glance }: { glance: ProgramGlance }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t("home.glance.title")}
        </Text>
        <div className="kz-glance">
          <Figure name={t("home.glance.issued")} points={glance.issued} note={t("home.glance.last_30_days")} />
          <Figure name={t("home.glance.redeemed")} points={glance.redeemed} note={t("home.glance.last_30_days")} />
          <Figure
            name={t("home.glance.liability")}
            points={glance.liabilityPoints}
            note={
              glance.reservedPoints === 0
                ? t("home.glance.of_which_pending", { points: format.number(glance.pendingPoints) })
                : t("home.glance.of_which_held", {
                    pending: format.number(glance.pendingPoints),
                    reserved: format.number(glance.reservedPoints),
                  })
            }
          />
        </div>
        <PointsChart days={glance.days} />
      </BlockStack>
    </Card>
  );
}

function Figure({ name, points, note }: { name: string; points: number; note: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <BlockStack gap="050">
      <Text as="h3" variant="bodyMd" tone="subdued">
        {name}
      </Text>
      <p className="kz-figure">
        {format.number(points)}
        {format.space}
        <span className="kz-unit">{t("common.points_unit", { count: points })}</span>
      </p>
      <Text as="p" variant="bodySm" tone="subdued">
        {note}
      </Text>
    </BlockStack>
  );
}
