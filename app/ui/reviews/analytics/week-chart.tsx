// One bar a week, with the table behind it one click away.
import { BlockStack } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useFormat } from "../../use-format";

export interface ChartColumn {
  title: string;
  /** As written in the table. */
  text(index: number): string;
}
interface WeekChartProps {
  /** Mondays: 2026-11-16 … */
  weeks: string[];
  /** Height of each week's bar; null: nothing to show in that week. */
  values: (number | null)[];
  /** A lighter bar behind it, of which the value is a part. */
  wholes?: number[];
  /** The top of the scale; absent: the largest value. */
  top?: number;
  label: string;
  columns: ChartColumn[];
}

const WIDTH = 720;
const HEIGHT = 140;
const GAP = 0.28;

/** Where each week's bar stands. Even nothing has a place, so that weeks keep their distance. */
export function layOutWeeks(
  values: (number | null)[],
  top: number,
): { x: number; y: number; width: number; height: number }[] {
  const step = WIDTH / Math.max(1, values.length);
  return values.map((value, index) => {
    const height = top <= 0 ? 0 : (Math.max(0, value ?? 0) * HEIGHT) / top;
    return { x: index * step + (step * GAP) / 2, y: HEIGHT - height, width: step * (1 - GAP), height };
  });
}

/** The chart and its table. */
export function WeekChart({ weeks, values, wholes, top, label, columns }: WeekChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const highest = top ?? Math.max(1, ...values.map((value) => value ?? 0), ...(wholes ?? []));
  const bars = layOutWeeks(values, highest);
  const behind = wholes ? layOutWeeks(wholes, highest) : [];
  const [first, last] = [weeks[0], weeks.at(-1)];
  return (
    <BlockStack gap="200">
      <figure className="kz-figure-frame" role="img" aria-label={label}>
        <svg className="kz-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {behind.map((bar, index) => (
            <rect key={weeks[index]} className="kz-chart-whole" {...bar} />
          ))}
          {bars.map((bar, index) => (
            <rect key={weeks[index]} className="kz-chart-issued" {...bar} />
          ))}
          <line className="kz-chart-axis" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} vectorEffect="non-scaling-stroke" />
        </svg>
        <div className="kz-chart-days" aria-hidden="true" suppressHydrationWarning>
          <span>{first ? format.day(first) : ""}</span>
          <span>{last ? format.day(last) : ""}</span>
        </div>
      </figure>
      <details>
        <summary>{t("reviews.analytics.table")}</summary>
        <div className="kz-scroll" tabIndex={0} role="region" aria-label={label}>
          <table className="kz-table">
            <thead>
              <tr>
                <th scope="col">{t("reviews.analytics.week")}</th>
                {columns.map(({ title }) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeks.map((week, index) => (
                <tr key={week}>
                  <th scope="row" suppressHydrationWarning>
                    {format.day(week)}
                  </th>
                  {columns.map(({ title, text }) => (
                    <td key={title}>{text(index)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </BlockStack>
  );
}
