// One tier plan run over a member's whole history, as if it had always been in force. Pure.
import type { TierPlan } from "../program-parts";
import type { QualifyingStep } from "./qualifying-steps";
import { TierCalendar } from "./tier-calendar";

/** The steps of each order; an order counts in the period of its first step. */
export type Contributions = readonly (readonly QualifyingStep[])[];

/** What a plan alone says from an instant on. Ranks count from 0; -1: no tier. */
export interface RunState {
  from: number;
  rank: number;
  /** End of the period, or of the grace once that has begun. */
  until: number | null;
  /** Without any further order the tier is not lost before this; null: nothing takes it. */
  safeUntil: number | null;
  cause: "qualified" | "period_end" | "refund";
}
/** Where a member stands in the period of an instant. */
export interface Standing {
  current: number;
  /** When `current` changes although nothing happens; null: never. */
  changesAt: number | null;
}

const METRIC_INDEX = { spend: 1, points: 2, orders: 3 } as const;

/** An order's steps, reduced to one metric. */
interface Counted {
  /** Milliseconds; when the order counts, and until when (rolling windows). */
  from: number;
  until: number | null;
  year: number;
  steps: { at: number; value: number }[];
}

function countedOrders(plan: TierPlan, contributions: Contributions, calendar: TierCalendar): Counted[] {
  const index = METRIC_INDEX[plan.metric];
  const isYearly = plan.window.kind === "calendar_year";
  return contributions.flatMap((order) => {
    const steps = order
      .map((step) => ({ at: Date.parse(step[0]), value: step[index] }))
      .filter(({ at, value }) => Number.isFinite(at) && value !== 0)
      .sort((a, b) => a.at - b.at);
    const from = Math.min(...order.map((step) => Date.parse(step[0])).filter(Number.isFinite));
    if (steps.length === 0 || !Number.isFinite(from)) return [];
    return [{ from, until: calendar.countsUntil(from), year: isYearly ? calendar.yearOf(from) : 0, steps }];
  });
}

/** The member's sum in the period of `at`, by what was known then (steps at `at` included). */
export function standingAt(plan: TierPlan, contributions: Contributions, timeZone: string, at: number): Standing {
  const calendar = new TierCalendar(plan.window, plan.graceDays, timeZone);
  const isYearly = plan.window.kind === "calendar_year";
  const year = isYearly ? calendar.yearOf(at) : 0;
  let current = 0;
  let changesAt = isYearly ? calendar.periodEnd(at) : null;
  for (const order of countedOrders(plan, contributions, calendar)) {
    if (order.from > at || order.year !== year || (order.until !== null && order.until <= at)) continue;
    for (const step of order.steps) if (step.at <= at) current += step.value;
    if (order.until !== null) changesAt = Math.min(changesAt ?? Infinity, order.until);
  }
  return { current: Math.max(0, current), changesAt };
}

interface Movement {
  at: number;
  /** What the order adds to the sum of `year`. */
  value: number;
  year: number;
  isExit: boolean;
}
// What leaves a rolling window is a movement of its own; later steps of an order that left do nothing.
function movements(orders: Counted[]): Movement[] {
  const all = orders.flatMap(({ until, year, steps }) => {
    const inside = until === null ? steps : steps.filter(({ at }) => at < until);
    const moves = inside.map(({ at, value }) => ({ at, value, year, isExit: false }));
    if (until === null) return moves;
    const total = inside.reduce((sum, { value }) => sum + value, 0);
    return [...moves, { at: until, value: -total, year, isExit: true }];
  });
  return all.sort((a, b) => a.at - b.at);
}

/** The states of one plan until a horizon, oldest first; the first one has no beginning. */
export function runPlan(plan: TierPlan, contributions: Contributions, timeZone: string, horizon: number): RunState[] {
  const run = new PlanRun(plan, timeZone);
  const moves = movements(countedOrders(plan, contributions, run.calendar));
  let next = 0;
  for (;;) {
    const at = Math.min(moves[next]?.at ?? Infinity, run.nextClockEvent());
    if (at > horizon || at === Infinity) return run.states;
    // What leaves the window has left before the clock looks; what happens in that instant comes after it.
    const first = next;
    while (moves[next]?.at === at) next += 1;
    const now = moves.slice(first, next);
    for (const move of now) if (move.isExit) run.add(move);
    run.passClock(at);
    const steps = now.filter(({ isExit }) => !isExit);
    for (const move of steps) run.add(move);
    if (steps.length > 0) run.judge(at);
  }
}

class PlanRun {
  readonly calendar: TierCalendar;
  readonly states: RunState[];
  private readonly isYearly: boolean;
  private readonly sums = new Map<number, number>();
  private rank: number;
  private periodEnd: number | null = null;
  private dropAt: number | null = null;

  constructor(
    private readonly plan: TierPlan,
    timeZone: string,
  ) {
    this.calendar = new TierCalendar(plan.window, plan.graceDays, timeZone);
    this.isYearly = plan.window.kind === "calendar_year";
    this.rank = this.rankOf(0);
    this.states = [{ from: -Infinity, rank: this.rank, until: null, safeUntil: null, cause: "qualified" }];
  }

  add({ value, year }: Movement): void {
    this.sums.set(year, (this.sums.get(year) ?? 0) + value);
  }
  nextClockEvent(): number {
    return this.dropAt ?? this.periodEnd ?? Infinity;
  }

  /** The end of a period, and the end of grace. */
  passClock(at: number): void {
    if (this.periodEnd === at) {
      if (this.earned(at) >= this.rank) {
        this.periodEnd = this.calendar.nextPeriodEnd(at);
      } else {
        this.periodEnd = null;
        this.dropAt = this.calendar.afterGrace(at);
      }
      if (this.dropAt !== at) this.note(at, "period_end");
    }
    if (this.dropAt === at) {
      this.rank = this.earned(at);
      this.dropAt = null;
      this.periodEnd = this.isLosable() ? this.calendar.nextPeriodEnd(at) : null;
      this.note(at, this.plan.window.kind === "lifetime" ? "refund" : "period_end");
    }
  }

  /** After orders moved: up at once; in grace, what is enough for the tier held keeps it. */
  judge(at: number): void {
    const reached = this.rankOf(this.sumOf(this.isYearly ? this.calendar.yearOf(at) : 0));
    if (reached > this.rank || (reached === this.rank && this.dropAt !== null)) {
      this.rank = reached;
      this.dropAt = null;
      this.periodEnd = this.isLosable() ? this.calendar.periodEnd(at) : null;
      this.note(at, "qualified");
    } else if (reached < this.rank && this.plan.window.kind === "lifetime" && this.dropAt === null) {
      this.dropAt = this.calendar.afterGrace(at);
      if (this.dropAt === at) this.passClock(at);
      else this.note(at, "refund");
    }
  }

  // The year before entitles to this one. A period ends with the instant before its end.
  private earned(at: number): number {
    if (!this.isYearly) return this.rankOf(this.sumOf(0));
    const year = this.calendar.yearOf(at);
    return Math.max(this.rankOf(this.sumOf(year - 1)), this.rankOf(this.sumOf(year)));
  }
  private sumOf(year: number): number {
    return Math.max(0, this.sums.get(year) ?? 0);
  }
  private rankOf(value: number): number {
    return this.plan.tiers.findLastIndex(({ threshold }) => threshold <= value);
  }
  private isLosable(): boolean {
    return this.rank >= 0 && (this.plan.tiers[this.rank]?.threshold ?? 0) > 0;
  }
  private note(from: number, cause: RunState["cause"]): void {
    const until = this.dropAt ?? this.periodEnd;
    const last = this.states.at(-1);
    if (last?.rank === this.rank && last.until === until) return;
    const safeUntil = this.dropAt ?? (this.periodEnd === null ? null : this.calendar.afterGrace(this.periodEnd));
    this.states.push({ from, rank: this.rank, until, safeUntil, cause });
  }
}
