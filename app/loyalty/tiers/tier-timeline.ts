// Which tier a member holds when: a pure function of the plans, the orders' qualifying steps, the tiers set
// by hand and the shop's calendar. Nothing else decides it (I16).
//
// question                    decision
// an order at the instant     its steps count from that instant on; the order's own multiplier sees only strictly
//                             earlier ones (tierForOrder), also of orders processed in the same instant
// a refund                    takes away from the period its order counted in, from the refund's instant on
// up                          at once, to the highest tier whose threshold the sum of the current period reaches;
//                             passing several tiers at once is one change
// down                        never before the end of the period the tier is held for, plus grace: C14
// calendar year               held to the end of the year it was reached in (years begin on the 1st of startMonth);
//                             then the ended year's sum decides for the year that follows
// rolling N months            held to the end of the local day N months after it was reached; then the trailing N
//                             months decide for N more; 29 February + 12 months is 28 February
// lifetime                    no period; a sum that fell below the threshold (refunds) takes the tier after grace
// grace                       counted in local days from the period's end (lifetime: from the refund), ending at a local
//                             midnight, the first one when there are no days of grace; at its end what is earned then
//                             decides; reaching the tier's own threshold within it keeps the tier
// a day of 23 or 25 hours     is a day; a midnight that does not exist is the first instant of that day
// threshold 0                 everybody holds at least that tier, without end, also members without any order
// no tier at all              null: before the first plan, below the lowest threshold, while a plan is disabled
// several plans               by effectiveAt; the later one in the list wins a tie; each takes effect in that instant
// what a new plan does        puts everybody where they would be had it always been in force, at once (up and down)
// grandfather                 the tier held when the plan begins is kept, if the new plan still knows its id, until it
//                             could have been lost under the old plan; a tier without a period is kept for the first
//                             period of the new plan and its grace, under a lifetime plan for good
// set by hand                 wins, up or down, from its beginning until its end; the latest one of several; one whose
//                             tier the plan in force does not know waits. Meanwhile the timeline goes on underneath
// a plan that changed since   cannot: plans in force are never changed (schedule-tier-plan.server.ts)
//
// `until` in the arguments is the horizon: segments after now are what comes if nothing else happens.
import type { Instant } from "../../shopify/order-facts";
import type { Tier, TierPlan } from "../program-parts";
import { runPlan, standingAt, type Contributions, type RunState } from "./plan-run";
import { TierCalendar } from "./tier-calendar";

export type { Contributions } from "./plan-run";

/** A tier set by hand. */
export interface TierOverride {
  tierId: string;
  from: Instant;
  /** null: for good. */
  until: Instant | null;
  /** Ended by hand before its date. */
  endedAt: Instant | null;
}
export type TierCause = "qualified" | "period_end" | "refund" | "plan_changed" | "override";
export interface TierSegment {
  tierId: string | null;
  from: Instant;
  /** End of the period the tier is held for, of its grace or of the setting by hand; null: it has none. */
  until: Instant | null;
  cause: TierCause;
}
export interface TierHistory {
  plans: readonly TierPlan[];
  contributions: Contributions;
  overrides: readonly TierOverride[];
  timeZone: string;
}
export interface TierProgress {
  metric: TierPlan["metric"];
  /** The sum of the current period. */
  current: number;
  nextTierId: string | null;
  nextThreshold: number | null;
  /** Calendar years: when counting begins anew. Rolling: the end of the tier held. */
  periodEnd: Instant | null;
}

interface Span {
  from: number;
  /** null: no plan, or a disabled one. */
  plan: TierPlan | null;
  /** First instant that is not this span's. */
  end: number;
}
interface State {
  from: number;
  plan: TierPlan | null;
  rank: number;
  until: number | null;
  safeUntil: number | null;
  cause: TierCause;
}
interface Floor {
  rank: number;
  until: number | null;
}

/** Every tier the member holds from the first plan to the horizon, and why it came, oldest first. */
export function tierTimeline(history: TierHistory & { until: Instant }): TierSegment[] {
  const horizon = Date.parse(history.until);
  const states: State[] = [];
  for (const span of spansOf(history.plans)) {
    if (span.from > horizon) break;
    states.push(...statesOf(span, states.at(-1), history, horizon));
  }
  return segmentsOf(withOverrides(states, history.overrides, horizon));
}

/** The plan in force at an instant, disabled or not; null before the first one. */
export function planAt(plans: readonly TierPlan[], at: Instant): TierPlan | null {
  return inOrder(plans).findLast(({ effectiveAt }) => Date.parse(effectiveAt) <= Date.parse(at)) ?? null;
}
/** A tier of the plan in force at an instant. */
export function tierOf(plans: readonly TierPlan[], at: Instant, tierId: string | null): Tier | null {
  const plan = planAt(plans, at);
  return plan?.enabled ? (plan.tiers.find(({ id }) => id === tierId) ?? null) : null;
}
/** The segment an instant lies in; null before the first plan. */
export function tierAt(segments: readonly TierSegment[], at: Instant): TierSegment | null {
  return segments.findLast(({ from }) => Date.parse(from) <= Date.parse(at)) ?? null;
}
/** The tier whose multiplier an order processed at `processedAt` uses: what orders did in that instant is not in it. */
export function tierForOrder(segments: readonly TierSegment[], processedAt: Instant): string | null {
  const at = Date.parse(processedAt);
  const segment = segments.findLast(
    ({ from, cause }) =>
      Date.parse(from) < at || (Date.parse(from) === at && cause !== "qualified" && cause !== "refund"),
  );
  return segment?.tierId ?? null;
}
/** The next instant after `now` at which the tier or its end changes although nothing happens; null: none before the horizon. */
export function nextReview(segments: readonly TierSegment[], now: Instant): Instant | null {
  return segments.find(({ from }) => Date.parse(from) > Date.parse(now))?.from ?? null;
}
/** A horizon beyond which a timeline cannot change by itself without changing before: the longest period and grace. */
export function horizonAfter(now: Instant): Instant {
  const DAY = 86_400_000;
  return new Date(Date.parse(now) + (61 * 31 + 2 * 367) * DAY).toISOString();
}

/** Where the member stands on the way to the next tier above the one held; null without a plan. */
export function progressAt(history: TierHistory, segments: readonly TierSegment[], at: Instant): TierProgress | null {
  return standAt(history, segments, at).progress;
}

/** The same, and when it changes although nothing happens (null: never). */
export function standAt(
  { plans, contributions, timeZone }: TierHistory,
  segments: readonly TierSegment[],
  at: Instant,
): { progress: TierProgress | null; changesAt: Instant | null } {
  const plan = planAt(plans, at);
  if (!plan?.enabled) return { progress: null, changesAt: null };
  const held = tierAt(segments, at);
  const next = plan.tiers[plan.tiers.findIndex(({ id }) => id === held?.tierId) + 1] ?? null;
  const { current, changesAt } = standingAt(plan, contributions, timeZone, Date.parse(at));
  const ends = { lifetime: null, calendar_year: toInstant(changesAt), rolling_months: held?.until ?? null };
  const progress = {
    metric: plan.metric,
    current,
    nextTierId: next?.id ?? null,
    nextThreshold: next?.threshold ?? null,
    periodEnd: ends[plan.window.kind],
  };
  return { progress, changesAt: toInstant(changesAt) };
}

function inOrder(plans: readonly TierPlan[]): TierPlan[] {
  return plans
    .filter(({ effectiveAt }) => Number.isFinite(Date.parse(effectiveAt)))
    .sort((a, b) => Date.parse(a.effectiveAt) - Date.parse(b.effectiveAt));
}
function spansOf(plans: readonly TierPlan[]): Span[] {
  const sorted = inOrder(plans);
  return sorted.flatMap((plan, index) => {
    const from = Date.parse(plan.effectiveAt);
    const end = index + 1 < sorted.length ? Date.parse(sorted[index + 1]?.effectiveAt ?? "") : Infinity;
    return end > from ? [{ from, plan: plan.enabled ? plan : null, end }] : [];
  });
}

// One plan's own run, cut to its span, raised to what is kept from the plan before.
function statesOf(span: Span, before: State | undefined, history: TierHistory, horizon: number): State[] {
  const { plan, from, end } = span;
  if (plan === null) return [{ from, plan, rank: -1, until: null, safeUntil: null, cause: "plan_changed" }];
  const run = runPlan(plan, history.contributions, history.timeZone, Math.min(horizon, end - 1));
  // An order in the plan's first instant comes after its beginning.
  const first = run.findLastIndex(
    (state) => state.from < from || (state.from === from && state.cause === "period_end"),
  );
  const own = run.slice(first).map((state, index) => (index === 0 ? { ...state, from } : state));
  const floor = keptFrom(before, plan, from, history.timeZone);
  const raised = floor ? raise(own, floor, Math.min(horizon, end - 1)) : own;
  return raised.map((state, index) => ({ ...state, plan, cause: index === 0 ? "plan_changed" : state.cause }));
}

function keptFrom(before: State | undefined, plan: TierPlan, from: number, timeZone: string): Floor | null {
  const heldId = before?.plan?.tiers[before.rank]?.id;
  if (!plan.grandfather || before === undefined || heldId === undefined) return null;
  const rank = plan.tiers.findIndex(({ id }) => id === heldId);
  if (rank < 0) return null;
  if (before.safeUntil !== null) return { rank, until: before.safeUntil };
  const calendar = new TierCalendar(plan.window, plan.graceDays, timeZone);
  const periodEnd = calendar.periodEnd(from);
  return { rank, until: periodEnd === null ? null : calendar.afterGrace(periodEnd) };
}

function raise(own: RunState[], floor: Floor, last: number): RunState[] {
  const lifted: RunState[] = own
    .filter(({ from }) => floor.until === null || from < floor.until)
    .map((state) =>
      state.rank < floor.rank ? { ...state, rank: floor.rank, until: floor.until, safeUntil: floor.until } : state,
    );
  if (floor.until === null || floor.until > last) return lifted;
  const after = own.filter(({ from }) => from > (floor.until ?? 0));
  const underneath = own.findLast(({ from }) => from <= (floor.until ?? 0));
  const isSame = lifted.at(-1)?.rank === underneath?.rank && lifted.at(-1)?.until === underneath?.until;
  return underneath === undefined || isSame
    ? [...lifted, ...after]
    : [...lifted, { ...underneath, from: floor.until, cause: "period_end" }, ...after];
}

interface HandSpan {
  tierId: string;
  from: number;
  end: number;
}
function withOverrides(states: State[], overrides: readonly TierOverride[], horizon: number): State[] {
  const byHand = overrides
    .map((each, place) => ({ tierId: each.tierId, from: Date.parse(each.from), end: endOf(each), place }))
    .filter(({ from, end }) => end > from)
    .sort((a, b) => a.from - b.from || a.place - b.place);
  if (byHand.length === 0 || states.length === 0) return states;
  const cuts = byHand.flatMap(({ from, end }) => [from, end]).filter((at) => at <= horizon);
  const instants = [...new Set([...states.map(({ from }) => from), ...cuts])].sort((a, b) => a - b);
  const result: State[] = [];
  for (const at of instants) {
    const here = states.filter(({ from }) => from === at);
    const under = here.length > 0 ? here : states.filter(({ from }) => from <= at).slice(-1);
    for (const state of under) result.push(byHandAt(state, byHand, at, here.length === 0));
  }
  return result;
}
function byHandAt(state: State, byHand: HandSpan[], at: number, isCut: boolean): State {
  const active = byHand.findLast(({ tierId, from, end }) => {
    return from <= at && at < end && state.plan?.tiers.some(({ id }) => id === tierId) === true;
  });
  if (!active) return { ...state, from: at, cause: isCut ? "override" : state.cause };
  const until = active.end === Infinity ? null : active.end;
  const rank = state.plan?.tiers.findIndex(({ id }) => id === active.tierId) ?? -1;
  return { ...state, from: at, rank, until, cause: "override" };
}
function endOf({ until, endedAt }: TierOverride): number {
  const ends = [until, endedAt].flatMap((instant) => (instant === null ? [] : [Date.parse(instant)]));
  return Math.min(Infinity, ...ends);
}

// Neighbours that say the same are one segment.
function segmentsOf(states: State[]): TierSegment[] {
  const segments: TierSegment[] = [];
  for (const { from, plan, rank, until, cause } of states) {
    const tierId = plan?.tiers[rank]?.id ?? null;
    const last = segments.at(-1);
    if (last?.tierId === tierId && last.until === toInstant(until)) continue;
    segments.push({ tierId, from: new Date(from).toISOString(), until: toInstant(until), cause });
  }
  return segments;
}
function toInstant(at: number | null): Instant | null {
  return at === null ? null : new Date(at).toISOString();
}
