// Bars over time, above a line and, where there is a second series, below it; one scale for both. The table behind
// the picture is its owner's.
import type { ReactNode } from "react";

/** One point in time; `key` tells it from others. */
interface BarColumn {
  key: string;
  above: number;
  below: number;
}

const WIDTH = 720;
const HEIGHT = 160;
const GAP = 0.28;

interface Bar {
  x: number;
  width: number;
  aboveY: number;
  aboveHeight: number;
  belowHeight: number;
}

/** Where each column's two bars stand; `axisY` is the line between them. */
export function layOutBars(columns: readonly Omit<BarColumn, "key">[]): { axisY: number; bars: Bar[] } {
  const aboveMax = Math.max(1, ...columns.map(({ above }) => above));
  const belowMax = Math.max(0, ...columns.map(({ below }) => below));
  const scale = HEIGHT / (aboveMax + belowMax);
  const axisY = aboveMax * scale;
  const step = WIDTH / Math.max(1, columns.length);
  const bars = columns.map(({ above, below }, index) => ({
    x: index * step + (step * GAP) / 2,
    width: step * (1 - GAP),
    aboveY: axisY - above * scale,
    aboveHeight: above * scale,
    belowHeight: below * scale,
  }));
  return { axisY, bars };
}

interface BarFigureProps {
  columns: readonly BarColumn[];
  /** What the picture says, for who does not see it. */
  label: string;
  /** What stands below the first and the last column. */
  ends: readonly [string, string];
  tone: "issued" | "redeemed";
  /** Over the picture. */
  children?: ReactNode;
}

/** The picture with its two dates. */
export function BarFigure({ columns, label, ends, tone, children }: BarFigureProps) {
  const { axisY, bars } = layOutBars(columns);
  return (
    <figure className="kz-figure-frame" role="img" aria-label={label}>
      <svg className="kz-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map(({ x, width, aboveY, aboveHeight, belowHeight }, index) => (
          <g key={columns[index]?.key}>
            <rect className={`kz-chart-${tone}`} x={x} y={aboveY} width={width} height={aboveHeight} />
            {belowHeight > 0 ? (
              <rect className="kz-chart-redeemed" x={x} y={axisY} width={width} height={belowHeight} />
            ) : null}
          </g>
        ))}
        <line className="kz-chart-axis" x1="0" x2={WIDTH} y1={axisY} y2={axisY} vectorEffect="non-scaling-stroke" />
      </svg>
      {children}
      <div className="kz-chart-days" aria-hidden="true" suppressHydrationWarning>
        {ends.map((end, index) => (
          <span key={index}>{end}</span>
        ))}
      </div>
    </figure>
  );
}
