// One measured number beside its bare equivalent of the same run on the same machine.
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The bare equivalent's value; null where nothing bare does the same. */
  bare: number | null;
  /** value / bare. */
  share: number | null;
  /** Server CPU per request, milliseconds. */
  cpuMs: number | null;
  bareCpuMs: number | null;
  /** Milliseconds; of the median round. */
  bareP99: number | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  /** `value` of each round, in their order. */
  rounds: number[];
  note: string;
}

/** A figure with what was measured; everything else is null. */
export function figure(measured: Pick<Figure, "name" | "value" | "unit" | "note"> & Partial<Figure>): Figure {
  const bare = measured.bare ?? null;
  return {
    cpuMs: null,
    bareCpuMs: null,
    bareP99: null,
    p50: null,
    p95: null,
    p99: null,
    p999: null,
    rounds: [measured.value],
    ...measured,
    bare,
    share: bare === null ? null : measured.value / bare,
  };
}

/** The middle value; of an even number of values the lower of the two. @throws RangeError without values */
export function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
  if (middle === undefined) throw new RangeError("no values");
  return middle;
}

export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
  p999: number;
}

/** Nearest-rank percentiles of latencies in milliseconds. @throws RangeError without values */
export function percentiles(latencies: readonly number[]): Percentiles {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number): number => {
    const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
    if (value === undefined) throw new RangeError("no values");
    return value;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999) };
}
