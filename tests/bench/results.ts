// The figures as a page people can read: a table, and a bar for each share of the bare equivalent.
import type { Figure } from "./figure";

export interface Results {
  machine: { cpu: string; cores: number; memoryGiB: number; node: string; postgres: string };
  date: string;
  /** A tenth of the size: for a first look, not for a verdict. */
  quick: boolean;
  figures: Figure[];
}

const BAR = 20;
const number = (value: number | null) =>
  value === null ? "" : value.toLocaleString("en", { maximumSignificantDigits: value < 10 ? 3 : 4 });

function bar(share: number): string {
  const full = Math.max(0, Math.min(BAR, Math.round(share * BAR)));
  return `${"█".repeat(full)}${"░".repeat(BAR - full)} ${Math.round(share * 100)} %`;
}

/** Markdown of a run. */
export function toMarkdown({ machine, date, quick, figures }: Results): string {
  const rows = figures.map(({ name, value, unit, bare, cpuMs, bareCpuMs, p50, p99, p999, note }) =>
    [
      name,
      `${number(value)} ${unit}`,
      number(bare),
      number(cpuMs),
      number(bareCpuMs),
      number(p50),
      number(p99),
      number(p999),
      note,
    ].join(" | "),
  );
  const compared = figures.filter(({ share, unit }) => share !== null && unit.endsWith("/s"));
  return [
    "# Measured speed",
    "",
    `${date}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, PostgreSQL ${machine.postgres}; the load generator ran on the same cores.${quick ? " Quick run: a tenth of the size." : ""}`,
    "Each figure stands beside its bare equivalent (`tests/bench/bare`) of the same run, in alternating rounds; the median round is shown. Times in milliseconds.",
    "",
    "| figure | measured | bare | CPU per request | bare CPU | p50 | p99 | p99.9 | note |",
    "|---|---|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
    "",
    ...(compared.length === 0
      ? []
      : [
          "## Share of the bare equivalent",
          "",
          "```text",
          ...compared.map(({ name, share }) => `${name.padEnd(20)} ${bar(share ?? 0)}`),
          "```",
          "",
        ]),
  ].join("\n");
}
