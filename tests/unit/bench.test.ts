import { describe, expect, it } from "vitest";

import { verdictOf } from "../bench/demands";
import { figure, median, percentiles } from "../bench/figure";
import { exponentOf, EXPONENT_MAX } from "../bench/growth";
import { merge, toMarkdown, type Results } from "../bench/results";

const seen = (name: string, value: number, more = {}) => figure({ name, value, unit: "ms", note: "a note", ...more });
const run = (figures: Results["figures"], more: Partial<Results> = {}): Results => ({
  machine: { cpu: "a processor", cores: 2, memoryGiB: 24, node: "v24", postgres: "17" },
  date: "2026-11-22",
  quick: false,
  scale: 1,
  figures,
  ...more,
});

describe("the bench's arithmetic", () => {
  it("tells growth apart: constant, logarithmic, linear", () => {
    const grown = (ms: (members: number) => number) =>
      exponentOf([1e4, 1e5, 1e6].map((members) => ({ members, ms: ms(members) })));
    expect(grown(() => 7)).toBeCloseTo(0, 10);
    expect(grown((members) => members / 1_000)).toBeCloseTo(1, 10);
    expect(grown((members) => Math.log(members))).toBeLessThan(EXPONENT_MAX);
    expect(grown((members) => Math.sqrt(members))).toBeGreaterThan(EXPONENT_MAX);
    expect(() => exponentOf([{ members: 1, ms: 1 }])).toThrow(RangeError);
  });

  it("takes the middle and the ranks", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(percentiles(Array.from({ length: 1_000 }, (_, n) => n + 1))).toEqual({
      p50: 500,
      p95: 950,
      p99: 990,
      p999: 999,
    });
  });

  it("says what is reached, and nothing about a size that was not measured", () => {
    const fast = { bare: 1_000, cpuMs: 1, bareCpuMs: 1 };
    expect(verdictOf(seen("ingest.saturation", 900, fast), true)).toBe("aim");
    expect(verdictOf(seen("ingest.saturation", 700, fast), true)).toBe("must");
    expect(verdictOf(seen("ingest.saturation", 900, { ...fast, cpuMs: 3 }), true)).toBe("short");
    expect(verdictOf(seen("backlog.100k", 30), true)).toBe("aim");
    expect(verdictOf(seen("backlog.100k", 30), false)).toBeNull();
    expect(verdictOf(seen("audit.10m", 200, { p99: 180 }), true)).toBe("short");
    expect(verdictOf(seen("start", 1), true)).toBeNull();
  });

  it("puts several runs together, the later figure first", () => {
    const merged = merge([run([seen("visible", 900), seen("start", 1)]), run([seen("visible", 400)], { scale: 0.1 })]);
    expect(merged.figures.map(({ name, value }) => [name, value])).toEqual([["visible", 400], ["start", 1]]); // prettier-ignore
    expect(merged.scale).toBe(0.1);
  });

  it("writes a page with every figure, its demand and its verdict", () => {
    const growth = [{ name: "a path", sizes: [{ members: 10_000, ms: 1 }, { members: 100_000, ms: 3 }], exponent: 0.48, isFlat: false }]; // prettier-ignore
    const page = toMarkdown(run([seen("visible", 400)], { growth }));
    expect(page).toContain("| `visible` | 400 ms |  | ≤ 2,000 ms (p99) | ≤ 500 ms (p99) | ✅ aim |");
    expect(page).toContain("| a path | 1 | 3 | 0.48 | ❌ grows |");
  });
});
