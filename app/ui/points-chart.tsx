// Points issued (above the line) and used (below it), day by day; the table behind it is one click away.
import { BlockStack, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useFormat } from "./use-format";

export interface ChartDay {
  /** Shop-local day: 2026-11-22 */
  day: string;
  issued: number;
  redeemed: number;
}

const WIDTH = 720;
const HEIGHT = 160;
const GAP = 0.28;

interface Bar {
  x: number;
  width: number;
  issuedY: number;
  issuedHeight: number;
  redeemedHeight: number;
}

/** Where each day's two bars stand; `axisY` is the line between them. */
export function layOutBars(days: ChartDay[]): { axisY: number; bars: Bar[] } {
  const issuedMax = Math.max(1, ...days.map((day) => day.issued));
  const redeemedMax = Math.max(0, ...days.map((day) => day.redeemed));
  const scale = HEIGHT / (issuedMax + redeemedMax);
  const axisY = issuedMax * scale;
  const step = WIDTH / Math.max(1, days.length);
  const bars = days.map((day, index) => ({
    x: index * step + (step * GAP) / 2,
    width: step * (1 - GAP),
    issuedY: axisY - day.issued * scale,
    issuedHeight: day.issued * scale,
    redeemedHeight: day.redeemed * scale,
  }));
  return { axisY, bars };
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
  const { axisY, bars } = layOutBars(days);
  const total = (key: "issued" | "redeemed") => format.number(days.reduce((sum, day) => sum + day[key], 0));
  const label = t("home.glance.chart_label", {
    issued: total("issued"),
    redeemed: total("redeemed"),
    count: days.length,
  });
  const first = days[0];
  const last = days.at(-1);
  return (
    <figure className="kz-figure-frame" role="img" aria-label={label}>
      <svg className="kz-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map((bar, index) => (
          <g key={days[index]?.day}>
            <rect className="kz-chart-issued" x={bar.x} y={bar.issuedY} width={bar.width} height={bar.issuedHeight} />
            <rect className="kz-chart-redeemed" x={bar.x} y={axisY} width={bar.width} height={bar.redeemedHeight} />
          </g>
        ))}
        <line className="kz-chart-axis" x1="0" x2={WIDTH} y1={axisY} y2={axisY} vectorEffect="non-scaling-stroke" />
      </svg>
      <div className="kz-chart-days" aria-hidden="true" suppressHydrationWarning>
        <span>{first ? format.day(first.day) : ""}</span>
        <span>{last ? format.day(last.day) : ""}</span>
      </div>
    </figure>
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
