// Tiers at the edges of the calendar: local midnights across a DST change, leap days, year ends, grace.
import { describe, expect, it } from "vitest";

import type { TierPlan } from "../../../../app/loyalty/program-parts";
import type { QualifyingStep } from "../../../../app/loyalty/tiers/qualifying-steps";
import { tierNow } from "../../../../app/loyalty/tiers/tier-now";
import {
  nextReview,
  progressAt,
  tierForOrder,
  tierTimeline,
  type TierHistory,
} from "../../../../app/loyalty/tiers/tier-timeline";

const step = (id: string, threshold: number) => ({
  id,
  name: { en: id, ja: id },
  threshold,
  multiplierPercent: 100,
  entryPoints: null,
  perks: [],
  color: null,
});
const plan = (fields: Partial<TierPlan>): TierPlan => ({
  effectiveAt: "2020-01-01T00:00:00.000Z",
  enabled: true,
  metric: "spend",
  window: { kind: "calendar_year", startMonth: 1 },
  graceDays: 0,
  grandfather: false,
  tiers: [step("silver", 100), step("gold", 500)],
  ...fields,
});
const bought = (at: string, spend: number): QualifyingStep => [at, spend, spend, 1];
const history = (plans: TierPlan[], contributions: QualifyingStep[][], timeZone = "Asia/Tokyo"): TierHistory => ({
  plans,
  contributions,
  overrides: [],
  timeZone,
});
/** [tier, from, cause] of each change. */
const changes = (given: TierHistory, until = "2035-01-01T00:00:00.000Z") =>
  tierTimeline({ ...given, until })
    .filter((segment, index, all) => segment.tierId !== all[index - 1]?.tierId)
    .map(({ tierId, from, cause }) => [tierId, from, cause]);

describe("a calendar year", () => {
  it("ends with the shop's own midnight, and what its total was decides for the next one", () => {
    const given = history(
      [plan({})],
      [[bought("2026-12-31T14:59:59.999Z", 500)], [bought("2026-12-31T15:00:00.000Z", 100)]],
    );
    expect(changes(given)).toEqual([
      [null, "2020-01-01T00:00:00.000Z", "plan_changed"],
      ["gold", "2026-12-31T14:59:59.999Z", "qualified"],
      ["silver", "2027-12-31T15:00:00.000Z", "period_end"],
      [null, "2028-12-31T15:00:00.000Z", "period_end"],
    ]);
  });

  it("that begins in April ends on its 1st, by summer time", () => {
    const given = history(
      [plan({ window: { kind: "calendar_year", startMonth: 4 } })],
      [[bought("2026-03-31T21:00:00.000Z", 100)], [bought("2026-05-01T00:00:00.000Z", 100)]],
      "Europe/Berlin",
    );
    expect(changes(given)).toEqual([
      [null, "2020-01-01T00:00:00.000Z", "plan_changed"],
      ["silver", "2026-03-31T21:00:00.000Z", "qualified"],
      [null, "2028-03-31T22:00:00.000Z", "period_end"],
    ]);
  });

  it("with days of grace loses the tier at the midnight after them, DST change inside", () => {
    const given = history([plan({ graceDays: 90 })], [[bought("2025-06-01T00:00:00.000Z", 100)]], "America/New_York");
    // 1 January + 90 days is 1 April: by then New York is at UTC−4.
    expect(changes(given).at(-1)).toEqual([null, "2027-04-01T04:00:00.000Z", "period_end"]);
  });

  it("keeps the tier when its own threshold is reached within the grace", () => {
    const given = history(
      [plan({ graceDays: 30 })],
      [[bought("2025-06-01T00:00:00.000Z", 100)], [bought("2027-01-20T00:00:00.000Z", 100)]],
    );
    expect(changes(given).map(([tierId]) => tierId)).toEqual([null, "silver", null]);
    expect(changes(given).at(-1)?.[1]).toBe("2029-01-30T15:00:00.000Z");
  });
});

describe("rolling months", () => {
  const rolling = (months: number) => plan({ window: { kind: "rolling_months", months } });
  it("from 29 February end with 28 February of the next year", () => {
    const given = history([rolling(12)], [[bought("2028-02-29T03:00:00.000Z", 100)]]);
    expect(changes(given).at(-1)).toEqual([null, "2029-02-28T15:00:00.000Z", "period_end"]);
  });
  it("from 31 January end with the last day of the shorter month", () => {
    const given = history([rolling(1)], [[bought("2027-01-31T03:00:00.000Z", 100)]]);
    expect(changes(given).at(-1)).toEqual([null, "2027-02-28T15:00:00.000Z", "period_end"]);
  });
  it("end at the first instant of a day whose midnight does not exist", () => {
    const given = history([rolling(1)], [[bought("2026-03-23T10:00:00.000Z", 100)]], "Africa/Cairo");
    // 24 April 2026 begins at 01:00 in Cairo.
    expect(changes(given).at(-1)).toEqual([null, "2026-04-23T22:00:00.000Z", "period_end"]);
  });
  it("go on with what the trailing months still hold, and fall to what they are enough for", () => {
    const given = history(
      [rolling(6)],
      [[bought("2026-01-10T03:00:00.000Z", 400)], [bought("2026-03-10T03:00:00.000Z", 100)]],
    );
    expect(changes(given)).toEqual([
      [null, "2020-01-01T00:00:00.000Z", "plan_changed"],
      ["silver", "2026-01-10T03:00:00.000Z", "qualified"],
      ["gold", "2026-03-10T03:00:00.000Z", "qualified"],
      [null, "2026-09-10T15:00:00.000Z", "period_end"],
    ]);
  });
});

describe("for a lifetime", () => {
  it("a refund takes the tier after its grace, unless the sum is back by then", () => {
    const lifetime = plan({ window: { kind: "lifetime" }, graceDays: 10 });
    const returned: QualifyingStep[] = [
      bought("2026-01-10T03:00:00.000Z", 100),
      ["2026-02-01T03:00:00.000Z", -50, -50, 0],
    ];
    expect(changes(history([lifetime], [returned])).at(-1)).toEqual([null, "2026-02-11T15:00:00.000Z", "refund"]);
    const again = history([lifetime], [returned, [bought("2026-02-11T14:00:00.000Z", 50)]]);
    expect(changes(again).at(-1)).toEqual(["silver", "2026-01-10T03:00:00.000Z", "qualified"]);
  });
});

describe("plans", () => {
  const first = plan({ tiers: [step("member", 0), step("silver", 100)] });
  const order = [bought("2026-05-01T00:00:00.000Z", 150)];
  it("a harder one moves people down at once, unless it lets them keep what they hold until their period ends", () => {
    const harder = plan({ effectiveAt: "2026-07-01T00:00:00.000Z", tiers: [step("member", 0), step("silver", 1_000)] });
    expect(changes(history([first, harder], [order])).at(-1)).toEqual([
      "member",
      "2026-07-01T00:00:00.000Z",
      "plan_changed",
    ]);
    const kept = history([first, { ...harder, grandfather: true }], [order]);
    expect(changes(kept).at(-1)).toEqual(["member", "2026-12-31T15:00:00.000Z", "period_end"]);
  });
  it("one that knows the tier no more cannot let anybody keep it; a disabled one ends all; a later one begins anew", () => {
    const other = plan({ effectiveAt: "2026-07-01T00:00:00.000Z", grandfather: true, tiers: [step("star", 1_000)] });
    expect(changes(history([first, other], [order])).at(-1)).toEqual([
      null,
      "2026-07-01T00:00:00.000Z",
      "plan_changed",
    ]);
    const off = plan({ effectiveAt: "2026-07-01T00:00:00.000Z", enabled: false });
    const back = { ...first, effectiveAt: "2026-08-01T00:00:00.000Z" };
    expect(changes(history([first, off, back], [order])).slice(-3, -1)).toEqual([
      [null, "2026-07-01T00:00:00.000Z", "plan_changed"],
      ["silver", "2026-08-01T00:00:00.000Z", "plan_changed"],
    ]);
  });
});

describe("what others ask", () => {
  it("an order's own multiplier is that of the tier before it, at a period's end that of the new period", () => {
    const segments = tierTimeline({
      ...history([plan({})], [[bought("2026-12-31T14:00:00.000Z", 100)]]),
      until: "2030-01-01T00:00:00.000Z",
    });
    expect(tierForOrder(segments, "2026-12-31T14:00:00.000Z")).toBeNull();
    expect(tierForOrder(segments, "2026-12-31T14:00:00.001Z")).toBe("silver");
    expect(tierForOrder(segments, "2027-12-31T15:00:00.000Z")).toBeNull();
  });
  it("progress counts towards the step above, and a review comes when it begins anew", () => {
    const given = history([plan({})], [[bought("2026-03-01T00:00:00.000Z", 150)]]);
    const segments = tierTimeline({ ...given, until: "2030-01-01T00:00:00.000Z" });
    expect(progressAt(given, segments, "2026-06-01T00:00:00.000Z")).toEqual({
      metric: "spend",
      current: 150,
      nextTierId: "gold",
      nextThreshold: 500,
      periodEnd: "2026-12-31T15:00:00.000Z",
    });
    expect(nextReview(segments, "2026-06-01T00:00:00.000Z")).toBe("2026-12-31T15:00:00.000Z");
    expect(tierNow(given, "2027-06-01T00:00:00.000Z")).toMatchObject({
      tierId: "silver",
      since: "2026-03-01T00:00:00.000Z",
      progress: { current: 0 },
      reviewAt: "2027-12-31T15:00:00.000Z",
    });
  });
  it("a setting by hand is looked at when it ends, however far that is", () => {
    const given = history([plan({ window: { kind: "lifetime" } })], []);
    const byHand = {
      tierId: "gold",
      from: "2026-01-01T00:00:00.000Z",
      until: "2060-01-01T00:00:00.000Z",
      endedAt: null,
    };
    expect(tierNow({ ...given, overrides: [byHand] }, "2026-06-01T00:00:00.000Z")).toMatchObject({
      tierId: "gold",
      until: byHand.until,
      reviewAt: byHand.until,
    });
  });
  it("nobody without a plan holds a tier, and nobody has to look again", () => {
    expect(tierNow(history([], [[bought("2026-03-01T00:00:00.000Z", 150)]]), "2027-06-01T00:00:00.000Z")).toMatchObject(
      {
        tierId: null,
        progress: null,
        reviewAt: null,
      },
    );
  });
});
