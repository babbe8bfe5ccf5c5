// The timeline against a simulator that lives through every day: random plans, histories and zones.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { TierPlan } from "../../../../app/loyalty/program-parts";
import type { QualifyingStep } from "../../../../app/loyalty/tiers/qualifying-steps";
import {
  planAt,
  progressAt,
  tierAt,
  tierTimeline,
  type Contributions,
  type TierOverride,
} from "../../../../app/loyalty/tiers/tier-timeline";
import { naiveTiers } from "./naive-tiers";

const FROM = "2027-01-01";
const UNTIL = "2030-06-30";
const begin = Date.parse("2027-01-05T00:00:00Z");
const DAY = 86_400_000;

// Cairo's summer time begins at midnight: that midnight does not exist.
const zone = fc.constantFrom("Asia/Tokyo", "America/New_York", "Africa/Cairo", "Pacific/Auckland", "Asia/Kathmandu");
// Half of the instants are round, so that they meet midnights of some zones and each other.
const instant = fc
  .tuple(fc.integer({ min: 0, max: 1100 }), fc.constantFrom(0, 5, 15, 13.7, 22.25, 23.999))
  .map(([day, hour]) => new Date(begin + day * DAY + Math.round(hour * 3_600_000)).toISOString());

const order = fc
  .record({
    at: instant,
    value: fc.integer({ min: 1, max: 9 }),
    refunds: fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 2 }),
  })
  .map(({ at, value, refunds }) => {
    const steps: QualifyingStep[] = [[at, value * 100, value, 1]];
    let left = value;
    for (const days of refunds.toSorted((a, b) => a - b)) {
      const back = Math.min(left, Math.ceil(value / 2));
      if (back === 0) break;
      left -= back;
      const when = new Date(Date.parse(at) + days * DAY + 3_600_000 * (days % 5)).toISOString();
      steps.push([when, -back * 100, -back, left === 0 ? -1 : 0]);
    }
    return steps;
  });

const window: fc.Arbitrary<TierPlan["window"]> = fc.oneof(
  fc.constant({ kind: "lifetime" as const }),
  fc.record({ kind: fc.constant("calendar_year" as const), startMonth: fc.constantFrom(1, 3, 4, 12) }),
  fc.record({ kind: fc.constant("rolling_months" as const), months: fc.constantFrom(1, 3, 6, 12, 18) }),
);
const SCALE = { spend: 100, points: 1, orders: 1 } as const;
const plan: fc.Arbitrary<TierPlan> = fc
  .record({
    effectiveAt: instant,
    enabled: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    metric: fc.constantFrom("spend" as const, "points" as const, "orders" as const),
    window,
    graceDays: fc.constantFrom(0, 0, 1, 10, 31, 90, 365),
    thresholds: fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ thresholds, ...rest }) => ({
    ...rest,
    grandfather: false,
    tiers: thresholds
      .toSorted((a, b) => a - b)
      .map((threshold, index) => ({
        id: ["bronze", "silver", "gold", "platinum"][index] ?? "x",
        name: { en: "", ja: "" },
        threshold: threshold * SCALE[rest.metric],
        multiplierPercent: 100,
        entryPoints: null,
        perks: [],
        color: null,
      })),
  }));
const override: fc.Arbitrary<TierOverride> = fc
  .record({
    tierId: fc.constantFrom("silver", "gold", "platinum"),
    from: instant,
    days: fc.option(fc.integer({ min: 1, max: 300 }), { nil: null }),
    endedAfter: fc.option(fc.integer({ min: 1, max: 200 }), { nil: null }),
  })
  .map(({ tierId, from, days, endedAfter }) => {
    const after = (count: number | null) =>
      count === null ? null : new Date(Date.parse(from) + count * DAY).toISOString();
    return { tierId, from, until: after(days), endedAt: after(endedAfter) };
  });
const history = fc.record({
  plans: fc.array(plan, { minLength: 1, maxLength: 3 }),
  contributions: fc.array(order, { maxLength: 10 }),
  overrides: fc.array(override, { maxLength: 2 }),
  timeZone: zone,
});
const until = "2030-06-29T00:00:00.000Z";

describe("tierTimeline", () => {
  it("says on every day what a simulator that lives through the days says (I16)", () => {
    fc.assert(
      fc.property(history, (given) => {
        const segments = tierTimeline({ ...given, until });
        for (const { at, tierId } of naiveTiers(given, FROM, UNTIL)) {
          if (at > Date.parse(until)) break;
          const instant = new Date(at).toISOString();
          expect({ instant, tierId: tierAt(segments, instant)?.tierId ?? null }).toEqual({ instant, tierId });
        }
      }),
      { numRuns: 120 },
    );
  }, 600_000);

  it("does not depend on the order in which orders and their steps are told", () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (given, numbers) => {
        const shuffled: Contributions = given.contributions
          .map((steps) => ({ steps, key: Number(numbers.next().value) }))
          .sort((a, b) => a.key - b.key)
          .map(({ steps }) => steps);
        expect(tierTimeline({ ...given, contributions: shuffled, until })).toEqual(tierTimeline({ ...given, until }));
      }),
    );
  });

  it("is told the same past however far it looks ahead", () => {
    fc.assert(
      fc.property(history, instant, (given, early) => {
        const long = tierTimeline({ ...given, until });
        const short = tierTimeline({ ...given, until: early });
        expect(short).toEqual(long.filter(({ from }) => Date.parse(from) <= Date.parse(early)));
      }),
    );
  });

  it("a plan that lets people keep their tier never puts anybody lower than one that does not, and nobody down at its start", () => {
    fc.assert(
      fc.property(history, instant, (given, at) => {
        const plans = given.plans.toSorted((a, b) => Date.parse(a.effectiveAt) - Date.parse(b.effectiveAt));
        const kind = plans.map((each) => ({ ...each, grandfather: true }));
        const strictly = tierTimeline({ ...given, plans, overrides: [], until });
        const kindly = tierTimeline({ ...given, plans: kind, overrides: [], until });
        const rank = (segments: typeof kindly, when: string, inPlan = planAt(plans, when)) =>
          inPlan?.enabled ? inPlan.tiers.findIndex(({ id }) => id === tierAt(segments, when)?.tierId) : -1;
        expect(rank(kindly, at)).toBeGreaterThanOrEqual(rank(strictly, at));
        for (const { effectiveAt } of plans) {
          const before = new Date(Date.parse(effectiveAt) - 1).toISOString();
          const begun = planAt(plans, effectiveAt);
          expect(rank(kindly, effectiveAt)).toBeGreaterThanOrEqual(rank(kindly, before, begun));
        }
      }),
    );
  });

  it("keeps segments in order, and progress never below zero", () => {
    fc.assert(
      fc.property(history, instant, (given, at) => {
        const segments = tierTimeline({ ...given, until });
        const from = segments.map((segment) => Date.parse(segment.from));
        expect(from).toEqual(from.toSorted((a, b) => a - b));
        const progress = progressAt(given, segments, at);
        expect(progress?.current ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
