// The figures as a page people can read: what was measured beside what is demanded, a bar for each share of the bare
// equivalent, and how the hot paths grow.
import { DEMANDS, verdictOf, type Verdict } from "./demands";
import type { Figure } from "./figure";
import { EXPONENT_MAX, type Growth } from "./growth";

export interface Results {
  machine: { cpu: string; cores: number; memoryGiB: number; node: string; postgres: string };
  date: string;
  /** Smaller and shorter: for a first look, not for a verdict. */
  quick: boolean;
  /** What the long figures' sizes were multiplied by. */
  scale: number;
  figures: Figure[];
  growth?: Growth[];
}

/** Several runs as one: of a figure measured twice the later, of the sizes the smallest. @throws RangeError without runs */
export function merge(runs: Results[]): Results {
  const last = runs.at(-1);
  if (!last) throw new RangeError("no runs");
  const figures = new Map(runs.flatMap((run) => run.figures.map((figure) => [figure.name, figure] as const)));
  const growth = runs.findLast((run) => run.growth !== undefined)?.growth;
  return {
    ...last,
    quick: runs.some(({ quick }) => quick),
    scale: Math.min(...runs.map(({ scale }) => scale)),
    figures: [...figures.values()],
    ...(growth ? { growth } : {}),
  };
}

const BAR = 20;
const VERDICTS: Record<Verdict, string> = { aim: "✅ aim", must: "✅ must", short: "❌ short" };

const number = (value: number | null) =>
  value === null ? "" : value.toLocaleString("en", { maximumSignificantDigits: Math.abs(value) < 10 ? 3 : 4 });
const row = (cells: string[]) => `| ${cells.join(" | ")} |`;

function bar(share: number): string {
  const full = Math.max(0, Math.min(BAR, Math.round(share * BAR)));
  return `${"█".repeat(full)}${"░".repeat(BAR - full)} ${Math.round(share * 100)} %`;
}

/** Markdown of a run. */
export function toMarkdown(results: Results): string {
  const { machine, date, figures, growth } = results;
  const size = results.quick
    ? " A quick run: smaller and shorter."
    : results.scale === 1
      ? ""
      : ` The long figures at ${results.scale} of their size.`;
  return [
    "# Measured speed",
    "",
    `${date}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, PostgreSQL ${machine.postgres}. The load generator ran on the same cores.${size}`,
    "",
    "`npm run bench -- --json FILE` measures this anew. Each figure stands beside the least that could do the same (`tests/bench/bare`), measured in the same run in alternating rounds; of three rounds the median is shown. Open-loop latencies count from the moment a request was due. On shared hardware shares and CPU per request are steadier than rates.",
    "",
    ...overview(figures, !results.quick && results.scale === 1),
    ...shares(figures),
    ...details(figures),
    ...(growth ? grown(growth) : []),
    ...notes(figures),
  ].join("\n");
}

function overview(figures: Figure[], isFullSize: boolean): string[] {
  return [
    "## What is demanded, and what was seen",
    "",
    row(["figure", "measured", "bare", "at least", "aim", "verdict"]),
    "|---|--:|--:|---|---|---|",
    ...figures.map((figure) => {
      const verdict = verdictOf(figure, isFullSize);
      const demand = DEMANDS[figure.name];
      const seen = `${number(figure.value)} ${figure.unit}`;
      return row([
        `\`${figure.name}\``,
        seen,
        number(figure.bare),
        demand?.must ?? "",
        demand?.aim ?? "",
        verdict ? VERDICTS[verdict] : "",
      ]);
    }),
    "",
  ];
}

function shares(figures: Figure[]): string[] {
  const compared = figures.filter(({ share, unit }) => share !== null && unit.endsWith("/s"));
  if (compared.length === 0) return [];
  return [
    "## Share of the bare equivalent",
    "",
    "```text",
    ...compared.map(({ name, share }) => `${name.padEnd(20)} ${bar(share ?? 0)}`),
    "```",
    "",
  ];
}

function details(figures: Figure[]): string[] {
  return [
    "## Latency and CPU",
    "",
    "Milliseconds. CPU is the server's, per request.",
    "",
    row(["figure", "p50", "p95", "p99", "p99.9", "bare p99", "CPU", "bare CPU", "rounds"]),
    "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ...figures.map(({ name, p50, p95, p99, p999, bareP99, cpuMs, bareCpuMs, rounds }) =>
      row([
        `\`${name}\``,
        ...[p50, p95, p99, p999, bareP99, cpuMs, bareCpuMs].map(number),
        rounds.length > 1 ? rounds.map(number).join(" · ") : "",
      ]),
    ),
    "",
  ];
}

function grown(growth: Growth[]): string[] {
  const sizes = growth[0]?.sizes.map(({ members }) => members) ?? [];
  return [
    "## Growth with the shop",
    "",
    `Median milliseconds of each path in one shop with ten entries for each member, and the slope of the straight line through both logarithms. What grows with the logarithm of the members, as an index does, has about 0.09 over these two decades; above ${EXPONENT_MAX} it is something else.`,
    "",
    row(["path", ...sizes.map((members) => members.toLocaleString("en")), "exponent", ""]),
    row(["---", ...sizes.map(() => "--:"), "--:", "---"]),
    ...growth.map(({ name, sizes: seen, exponent, isFlat }) =>
      row([name, ...seen.map(({ ms }) => number(ms)), exponent.toFixed(2), isFlat ? "✅" : "❌ grows"]),
    ),
    "",
  ];
}

function notes(figures: Figure[]): string[] {
  return ["## How each was measured", "", ...figures.map(({ name, note }) => `- \`${name}\`: ${note}.`), ""];
}
