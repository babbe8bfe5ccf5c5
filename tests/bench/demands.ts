// What each figure has to reach, and what it should: so that a page of numbers says which of them are good.
import type { Figure } from "./figure";

export type Verdict = "aim" | "must" | "short";
export interface Demand {
  must: string;
  aim: string;
  /** Whether the figure reaches a demand: `aim` or else the must. */
  reaches(figure: Figure, isAim: boolean): boolean;
  /** Means nothing at a smaller size. */
  isFullSizeOnly?: true;
}

const atMost = (must: number, aim: number, unit: string): Demand => ({
  must: `≤ ${must.toLocaleString("en")} ${unit}`,
  aim: must === aim ? "" : `≤ ${aim.toLocaleString("en")} ${unit}`,
  reaches: ({ value }, isAim) => value <= (isAim ? aim : must),
});
const atLeast = (must: number, aim: number): Demand => ({
  must: `≥ ${must.toLocaleString("en")}/s`,
  aim: must === aim ? "" : `≥ ${aim.toLocaleString("en")}/s`,
  reaches: ({ value }, isAim) => value >= (isAim ? aim : must),
});
const share = (must: number, aim: number): Demand => ({
  must: `≥ ${must} % of bare`,
  aim: `≥ ${aim} %`,
  reaches: (figure, isAim) => (figure.share ?? 0) * 100 >= (isAim ? aim : must),
});
const fullSize = (demand: Demand): Demand => ({ ...demand, isFullSizeOnly: true });

const SERVER_P95 = atMost(100, 100, "ms (p95)");
const OPEN_LOOP: Demand = {
  must: "p99 ≤ 50 ms or 2 × bare",
  aim: "",
  reaches: ({ value, bareP99 }) => value <= Math.max(50, 2 * (bareP99 ?? 0)),
};

/** By name; figures without a demand are only reported. */
export const DEMANDS: Readonly<Record<string, Demand>> = {
  "ingest.saturation": {
    must: "≥ 60 % of bare, CPU ≤ 2 ×",
    aim: "≥ 85 %, CPU ≤ 1.3 ×",
    reaches: ({ share: of, cpuMs, bareCpuMs }, isAim) =>
      (of ?? 0) >= (isAim ? 0.85 : 0.6) && (cpuMs ?? 0) <= (isAim ? 1.3 : 2) * (bareCpuMs ?? 0),
  },
  "ingest.500": OPEN_LOOP,
  "ingest.1000": { ...OPEN_LOOP, must: "", aim: OPEN_LOOP.must },
  "posting.batch": {
    must: "≥ 25 % of bare, ≥ 1,000/s",
    aim: "≥ 50 %",
    reaches: ({ value, share: of }, isAim) => value >= 1_000 && (of ?? 0) >= (isAim ? 0.5 : 0.25),
  },
  "posting.single": atLeast(300, 300),
  "backlog.100k": fullSize(atMost(100, 40, "s")),
  visible: atMost(2_000, 500, "ms (p99)"),
  "storefront.read": share(40, 70),
  "storefront.anonymous": atLeast(1_000, 1_000),
  redemption: atMost(400, 400, "ms (p99)"),
  "members.list": SERVER_P95,
  "members.page": SERVER_P95,
  "reviews.queue": SERVER_P95,
  "reviews.list": SERVER_P95,
  "admin.lcp": atMost(1_500, 800, "ms"),
  "admin.inp": atMost(100, 100, "ms"),
  "admin.cls": atMost(0, 0, ""),
  "audit.10m": {
    must: "≤ 300 s, ingest p99 ≤ 100 ms",
    aim: "≤ 60 s",
    reaches: ({ value, p99 }, isAim) => value <= (isAim ? 60 : 300) && (p99 ?? 0) <= 100,
    isFullSizeOnly: true,
  },
  // Ten minutes, and three.
  "expiry.1m": atLeast(1_667, 5_556),
  "import.1m": atLeast(1_667, 5_556),
};

/** null: nothing is demanded, or not at this size. */
export function verdictOf(figure: Figure, isFullSize: boolean): Verdict | null {
  const demand = DEMANDS[figure.name];
  if (!demand || (demand.isFullSizeOnly && !isFullSize)) return null;
  if (demand.aim !== "" && demand.reaches(figure, true)) return "aim";
  if (demand.must === "") return null;
  return demand.reaches(figure, false) ? "must" : "short";
}
