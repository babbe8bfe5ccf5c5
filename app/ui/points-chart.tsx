// Points issued (above the line) and used (below it), day by day; the table behind it is one click away.
import { BlockStack, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { BarFigure } from "./bar-figure";
import { useFormat } from "./use-format";

export interface ChartDay {
  /** Shop-local day: 2026-11-22 */
  day: string;
  issued: number;
  redeemed: number;
}

/** The chart, its legend and its table. */
export function PointsChart({ days }: { days: ChartDay[] }) {
  const { t } = useTranslation();
  return (
    <BlockStack gap="300">
      <InlineStack gap="400">
        <Legend tone="kz-tone-available" text={t("home.glance.issued")} />
        <Legend tone="kz-tone-later" text={t("home.glance.redeemed")} />
      </InlineStack>
      <ChartFigure days={days} />
      <details>
        <summary>{t("home.glance.table")}</summary>
        <ChartTable days={days} />
      </details>
    </BlockStack>
  );
}

function Legend({ tone, text }: { tone: string; text: string }) {
  return (
    <InlineStack gap="150" blockAlign="center" wrap={false}>
      <span className={`kz-swatch ${tone}`} aria-hidden="true" />
      <Text as="span" variant="bodySm" tone="subdued">
        {text}
      </Text>
    </InlineStack>
  );
}

function ChartFigure({ days }: { days: ChartDay[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = (key: "issued" | "redeemed") => format.number(days.reduce((sum, day) => sum + day[key], 0));
  const label = t("home.glance.chart_label", {
    issued: total("issued"),
    redeemed: total("redeemed"),
    count: days.length,
  });
  const first = days[0];
  const last = days.at(-1);
  return (
    <BarFigure
      columns={days.map(({ day, issued, redeemed }) => ({ key: day, above: issued, below: redeemed }))}
      label={label}
      ends={[first ? format.day(first.day) : "", last ? format.day(last.day) : ""]}
      tone="issued"
    >
      {days.every(({ issued, redeemed }) => issued === 0 && redeemed === 0) ? (
        <p className="kz-chart-still" aria-hidden="true">
          {t("home.glance.still")}
        </p>
      ) : null}
    </BarFigure>
  );
}

function ChartTable({ days }: { days: ChartDay[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <table className="kz-table">
      <thead>
        <tr>
          <th scope="col">{t("home.glance.day")}</th>
          <th scope="col">{t("home.glance.issued")}</th>
          <th scope="col">{t("home.glance.redeemed")}</th>
        </tr>
      </thead>
      <tbody>
        {days.map((day) => (
          <tr key={day.day}>
            <th scope="row" suppressHydrationWarning>
              {format.day(day.day)}
            </th>
            <td>{format.number(day.issued)}</td>
            <td>{format.number(day.redeemed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
