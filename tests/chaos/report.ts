// What a chaos run found, how several findings add up, and when a run counts as passed.

import type { Applicable, NotApplicable } from "./invariants";
import type { LoadResult } from "./process/overload";

export interface Violation {
  seed: number;
  /** Found under processes that are killed: the seed is one of theirs. */
  isProcess?: true;
  invariant: string;
  detail: string;
}
export interface ChaosFigures {
  seeds: number;
  deliveries: number;
  /** Processes killed, crashes at an await included. */
  kills: number;
  duplicates: number;
  /** Deliveries the platform never sent. */
  dropped: number;
  /** Of what was lost on the way, how much the reconciler found by itself. */
  healed: number;
  /** Answered with 200, but without effect after reconciliation. */
  lost: number;
  /** Effective twice. */
  doubled: number;
  violations: Violation[];
  /** Which laws were looked at, and by whom. */
  applicable: Applicable[];
  notApplicable: NotApplicable[];
  seconds: number;
  /** Process runs only: twice the capacity, and PostgreSQL killed under load. */
  load?: Omit<LoadResult, "violations">;
}

export const DELIVERIES_MIN = 200;

/** Figures of nothing yet. */
export function noFigures(): ChaosFigures {
  return {
    seeds: 0,
    deliveries: 0,
    kills: 0,
    duplicates: 0,
    dropped: 0,
    healed: 0,
    lost: 0,
    doubled: 0,
    violations: [],
    applicable: [],
    notApplicable: [],
    seconds: 0,
  };
}

/** Sums runs; an invariant that one of them looked at applies. */
export function mergeFigures(all: ChaosFigures[]): ChaosFigures {
  const merged = noFigures();
  for (const each of all) {
    for (const key of ["seeds", "deliveries", "kills", "duplicates", "dropped", "healed", "lost", "doubled"] as const)
      merged[key] += each[key];
    merged.seconds = Math.round((merged.seconds + each.seconds) * 10) / 10;
    merged.violations.push(...each.violations);
    if (each.load) merged.load = each.load;
    for (const law of each.applicable) if (!merged.applicable.some(isAbout(law))) merged.applicable.push(law);
    for (const law of each.notApplicable) if (!merged.notApplicable.some(isAbout(law))) merged.notApplicable.push(law);
  }
  merged.notApplicable = merged.notApplicable.filter((law) => !merged.applicable.some(isAbout(law)));
  return merged;
}

const isAbout =
  ({ invariant }: { invariant: string }) =>
  (other: { invariant: string }): boolean =>
    other.invariant === invariant;

/** A seed that nobody disturbed, or that hardly delivered anything, proves nothing. */
export function tooQuiet(seed: number, { deliveries, kills }: Pick<ChaosFigures, "deliveries" | "kills">): Violation[] {
  const found: Violation[] = [];
  if (deliveries < DELIVERIES_MIN)
    found.push({ seed, invariant: "bench", detail: `only ${deliveries} deliveries, ${DELIVERIES_MIN} are wanted` });
  if (kills === 0) found.push({ seed, invariant: "bench", detail: "no crash and no kill happened" });
  return found;
}

/** Whether the run passes: nothing lost, doubled or violated, and something ran at all. */
export function isClean({ seeds, lost, doubled, violations }: ChaosFigures): boolean {
  return seeds > 0 && lost === 0 && doubled === 0 && violations.length === 0;
}
