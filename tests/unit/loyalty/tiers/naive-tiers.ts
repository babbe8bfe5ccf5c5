// The rules of tiers said once more, slowly: the simulator wakes at every local midnight and at every step,
// reads the shop's calendar as dates and adds every sum up from nothing. It shares no code with the timeline.
import { DateTime } from "luxon";

import type { TierPlan } from "../../../../app/loyalty/program-parts";
import type { Contributions, TierOverride } from "../../../../app/loyalty/tiers/tier-timeline";

interface Naive {
  rank: number;
  /** Local dates: the first day on which the period, or the grace, is over. */
  endDay: string | null;
  dropDay: string | null;
}
interface History {
  plans: TierPlan[];
  contributions: Contributions;
  overrides: TierOverride[];
  timeZone: string;
}

const INDEX = { spend: 1, points: 2, orders: 3 } as const;

function dayOf(at: number, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toISODate() ?? "";
}
function plus(day: string, duration: { days?: number; months?: number }): string {
  return DateTime.fromISO(day, { zone: "utc" }).plus(duration).toISODate() ?? "";
}
function yearOf(day: string, startMonth: number): number {
  const [year = 0, month = 0] = day.split("-").map(Number);
  return month >= startMonth ? year : year - 1;
}
function yearEndDay(day: string, startMonth: number): string {
  return `${yearOf(day, startMonth) + 1}-${String(startMonth).padStart(2, "0")}-01`;
}

/** One plan as if it had always been in force; told each instant in turn. */
class NaivePlan {
  readonly state: Naive;
  private readonly months: number;
  private readonly startMonth: number;

  constructor(
    readonly plan: TierPlan,
    private readonly history: History,
  ) {
    this.months = plan.window.kind === "rolling_months" ? plan.window.months : 0;
    this.startMonth = plan.window.kind === "calendar_year" ? plan.window.startMonth : 1;
    this.state = { rank: this.rankOf(0), endDay: null, dropDay: null };
  }
  private rankOf(sum: number): number {
    let rank = -1;
    this.plan.tiers.forEach(({ threshold }, index) => {
      if (sum >= threshold) rank = index;
    });
    return rank;
  }
  /** Steps before `at`, or also those at it, of orders that count on the day and in the year asked for. */
  private sum(at: number, day: string, options: { inclusive: boolean; year: number }): number {
    let total = 0;
    for (const order of this.history.contributions) {
      const first = order[0];
      if (!first) continue;
      const counted = dayOf(Date.parse(first[0]), this.history.timeZone);
      if (this.plan.window.kind === "calendar_year" && yearOf(counted, this.startMonth) !== options.year) continue;
      if (this.months > 0 && day > plus(counted, { months: this.months })) continue;
      for (const step of order) {
        const when = Date.parse(step[0]);
        if (when < at || (options.inclusive && when === at)) total += step[INDEX[this.plan.metric]];
      }
    }
    return Math.max(0, total);
  }
  private earned(at: number, day: string): number {
    const year = yearOf(day, this.startMonth);
    const now = this.rankOf(this.sum(at, day, { inclusive: false, year }));
    if (this.plan.window.kind !== "calendar_year") return now;
    return Math.max(now, this.rankOf(this.sum(at, day, { inclusive: false, year: year - 1 })));
  }
  private periodFrom(day: string, isReached: boolean): string | null {
    if (this.state.rank < 0 || this.plan.tiers[this.state.rank]?.threshold === 0) return null;
    if (this.plan.window.kind === "lifetime") return null;
    if (this.plan.window.kind === "calendar_year") return yearEndDay(day, this.startMonth);
    // Reached during a day: that day N months later is the last one. Begun with a day: N months from it.
    return isReached ? plus(plus(day, { months: this.months }), { days: 1 }) : plus(day, { months: this.months });
  }

  midnight(at: number, day: string): void {
    const { state } = this;
    if (state.endDay === day) {
      if (this.earned(at, day) >= state.rank) state.endDay = this.periodFrom(day, false);
      else {
        state.endDay = null;
        state.dropDay = plus(day, { days: this.plan.graceDays });
      }
    }
    if (state.dropDay === day) this.drop(at, day);
  }
  private drop(at: number, day: string): void {
    this.state.dropDay = null;
    this.state.rank = this.earned(at, day);
    this.state.endDay = this.periodFrom(day, false);
  }
  /** Something happened in this instant. */
  step(at: number, day: string, isMidnight: boolean): void {
    const { state } = this;
    const reached = this.rankOf(this.sum(at, day, { inclusive: true, year: yearOf(day, this.startMonth) }));
    if (reached > state.rank || (reached === state.rank && state.dropDay !== null)) {
      state.rank = reached;
      state.dropDay = null;
      state.endDay = this.periodFrom(day, true);
    } else if (reached < state.rank && this.plan.window.kind === "lifetime" && state.dropDay === null) {
      state.dropDay = plus(day, { days: this.plan.graceDays + (isMidnight ? 0 : 1) });
      if (state.dropDay === day) {
        state.rank = reached;
        state.dropDay = null;
      }
    }
  }
}

export interface NaiveMoment {
  at: number;
  tierId: string | null;
}

/** The tier held after each instant at which anything could change, for plans without grandfathering. */
export function naiveTiers(history: History, from: string, until: string): NaiveMoment[] {
  const { timeZone } = history;
  const plans = history.plans.map((plan) => new NaivePlan(plan, history));
  const steps = history.contributions.flatMap((order) => order.map((step) => Date.parse(step[0])));
  const others = [
    ...history.plans.map(({ effectiveAt }) => Date.parse(effectiveAt)),
    ...history.overrides.flatMap((each) =>
      [each.from, each.until, each.endedAt].flatMap((instant) => (instant === null ? [] : [Date.parse(instant)])),
    ),
  ];
  const midnights = new Map<number, string>();
  for (let day = from; day <= until; day = plus(day, { days: 1 }))
    midnights.set(DateTime.fromISO(day, { zone: timeZone }).startOf("day").toMillis(), day);
  const instants = [...new Set([...midnights.keys(), ...steps, ...others])].sort((a, b) => a - b);
  const stepSet = new Set(steps);
  const end = DateTime.fromISO(until, { zone: timeZone }).startOf("day").toMillis();
  return instants
    .filter((at) => at <= end)
    .map((at) => {
      const day = midnights.get(at) ?? dayOf(at, timeZone);
      for (const plan of plans) {
        if (midnights.has(at)) plan.midnight(at, day);
        if (stepSet.has(at)) plan.step(at, day, midnights.has(at));
      }
      return { at, tierId: heldAt(history, plans, at) };
    });
}

function heldAt(history: History, plans: NaivePlan[], at: number): string | null {
  let inForce: NaivePlan | null = null;
  for (const each of plans) {
    const begins = Date.parse(each.plan.effectiveAt);
    if (begins <= at && (inForce === null || begins >= Date.parse(inForce.plan.effectiveAt))) inForce = each;
  }
  if (!inForce?.plan.enabled) return null;
  const { tiers } = inForce.plan;
  let byHand: TierOverride | null = null;
  for (const each of history.overrides) {
    const isOn =
      Date.parse(each.from) <= at &&
      (each.until === null || at < Date.parse(each.until)) &&
      (each.endedAt === null || at < Date.parse(each.endedAt)) &&
      tiers.some(({ id }) => id === each.tierId);
    if (isOn && (byHand === null || Date.parse(each.from) >= Date.parse(byHand.from))) byHand = each;
  }
  return byHand?.tierId ?? tiers[inForce.state.rank]?.id ?? null;
}
