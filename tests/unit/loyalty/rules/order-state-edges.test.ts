// When an order's points are there, and whether it may earn at all: the edges.
import { describe, expect, it } from "vitest";

import { defaultEarningRules, type EarningContext, type EarningRules } from "../../../../app/loyalty/earning-rules";
import { afterHold, availability } from "../../../../app/loyalty/order-availability";
import { isClaimInTime, testEarns, whyNeverEarns, whyUndone } from "../../../../app/loyalty/order-eligibility";
import { DAY_MS, ORDER_DAY, orderFacts } from "../../../builders/order-facts";

const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const rules = (change: Partial<EarningRules>): EarningRules => ({ ...yen, ...change });
const at = (days: number, milliseconds = 0) =>
  new Date(Date.parse(ORDER_DAY) + days * DAY_MS + milliseconds).toISOString();
const context = (change: Partial<EarningContext> = {}): EarningContext => ({
  isDevelopmentShop: false,
  timeZone: "Asia/Tokyo",
  member: { joinedAt: null, tags: [] },
  isFirstOrder: true,
  earnedEarlierTodayPoints: 0,
  now: at(100),
  ...change,
});

describe("when an order's points are there", () => {
  const when = (facts: Parameters<typeof orderFacts>[0], change: Partial<EarningRules> = {}, now = at(100)) =>
    availability(orderFacts(facts), rules(change), context({ now }));
  const since = (availableAt: string) => ({ state: "available", availableAt });

  it.each(["paid", "partially_refunded", "refunded"] as const)(
    "B07 an order that is %s was paid",
    (financialStatus) => {
      expect(when({ financialStatus })).toEqual(since(ORDER_DAY));
    },
  );
  it.each(["pending", "authorized", "partially_paid", "voided", "expired"] as const)(
    "B07 an order that is %s waits",
    (financialStatus) => {
      expect(when({ financialStatus })).toEqual({ state: "waiting", availableAt: null });
    },
  );

  it("B07 an order of which nobody said when it was paid was paid when it was placed", () => {
    expect(when({ paidAt: null })).toEqual(since(ORDER_DAY));
    expect(when({ paidAt: at(1) })).toEqual(since(at(1)));
  });

  it.each([
    ["fulfilled", "fulfilledAt"],
    ["delivered", "deliveredAt"],
  ] as const)("B07 the trigger %s waits for the goods and for the money", (trigger, field) => {
    expect(when({}, { trigger })).toEqual({ state: "waiting", availableAt: null });
    expect(when({ [field]: at(3) }, { trigger })).toEqual(since(at(3)));
    expect(when({ [field]: at(3), paidAt: at(5) }, { trigger })).toEqual(since(at(5)));
    expect(when({ [field]: at(3), paidAt: at(3) }, { trigger })).toEqual(since(at(3)));
    const other = field === "fulfilledAt" ? { deliveredAt: at(3) } : { fulfilledAt: at(3) };
    expect(when(other, { trigger })).toEqual({ state: "waiting", availableAt: null });
  });

  it("B07 the hold is over in the instant in which its days are", () => {
    expect(when({}, { holdDays: 14 }, at(14, -1))).toEqual({ state: "pending", availableAt: at(14) });
    expect(when({}, { holdDays: 14 }, at(14))).toEqual({ state: "available", availableAt: at(14) });
  });

  it("B07 an open dispute holds until it is decided", () => {
    expect(when({ dispute: "open" })).toEqual({ state: "pending", availableAt: null });
    expect(when({ dispute: "none" })).toEqual(since(ORDER_DAY));
  });

  it("B07 a risky order is held until it is shipped, and counts from then", () => {
    const risky = { highRisk: true } as const;
    expect(when(risky)).toEqual({ state: "pending", availableAt: null });
    expect(when({ ...risky, fulfilledAt: at(2) })).toEqual(since(at(2)));
    expect(when({ ...risky, fulfilledAt: at(-1) })).toEqual(since(ORDER_DAY));
    // Looked at nowhere else: neither an order without risk nor a shop that does not mind waits for goods.
    expect(when({ fulfilledAt: at(2) })).toEqual(since(ORDER_DAY));
    expect(when({ ...risky, fulfilledAt: at(2) }, { highRisk: "earn" })).toEqual(since(ORDER_DAY));
    expect(when({ ...risky }, { highRisk: "earn" })).toEqual(since(ORDER_DAY));
  });

  it("waits some days longer for a rule that says so, on the shop's calendar", () => {
    const order = { state: "available", availableAt: ORDER_DAY } as const;
    const hold = (days: number, now: string, of = order as Parameters<typeof afterHold>[0]) =>
      afterHold(of, days, { timeZone: "Asia/Tokyo", now });
    expect(hold(0, at(0))).toBe(order);
    expect(hold(3, at(3, -1))).toEqual({ state: "pending", availableAt: at(3) });
    expect(hold(3, at(3))).toEqual({ state: "available", availableAt: at(3) });
    const waiting = { state: "waiting", availableAt: null } as const;
    expect(hold(3, at(9), waiting)).toBe(waiting);
    const fields = { ...order, isTest: true };
    expect(afterHold(fields, 1, { timeZone: "Asia/Tokyo", now: at(0) })).toMatchObject({ isTest: true });
    // Across the night in which New York's clocks go back, a day is a day.
    const noon = { state: "available", availableAt: "2026-10-31T16:00:00.000Z" } as const;
    expect(afterHold(noon, 1, { timeZone: "America/New_York", now: at(300) }).availableAt).toBe(
      "2026-11-01T17:00:00.000Z",
    );
  });
});

describe("whether an order may earn", () => {
  const why = (
    facts: Parameters<typeof orderFacts>[0] = {},
    change: Partial<EarningRules> = {},
    of: Partial<EarningContext> = {},
  ) => whyNeverEarns(orderFacts(facts), rules(change), context(of));
  const part = (change: Partial<EarningRules["participation"]>) => ({
    participation: { ...yen.participation, ...change },
  });

  it("an order of the program's first instant earns, one before it does not", () => {
    expect(why({}, { startsAt: ORDER_DAY })).toBeNull();
    expect(why({}, { startsAt: at(0, 1) })).toBe("not_started");
    expect(why({ processedAt: "1969-12-31T00:00:00.000Z" }, { startsAt: null })).toBeNull();
  });

  it("the first reason in order is the one that is told", () => {
    const all = { test: true, isB2b: true, highRisk: true, channel: "pos" } as const;
    const closed = { channels: ["online" as const], highRisk: "none" as const };
    expect(why(all, { status: "paused", startsAt: at(1) })).toBe("program_paused");
    expect(why(all, { startsAt: at(1) }, { member: null })).toBe("not_started");
    expect(why(all, closed, { member: null })).toBe("guest");
    expect(why(all, closed, { isTestRemoved: true })).toBe("test_removed");
    expect(why(all, closed)).toBe("test_order");
    const real = { ...all, test: false };
    expect(why(real, { ...closed, previewCustomerIds: ["9"] })).toBe("preview_only");
    expect(why(real, closed)).toBe("channel_excluded");
    expect(why({ ...real, channel: "online" }, closed)).toBe("b2b_excluded");
    expect(why({ ...real, channel: "online" }, { ...closed, ...part({ excludeB2b: false }) })).toBe("high_risk");
    expect(why({ highRisk: true }, { highRisk: "hold" })).toBeNull();
  });

  it("B06 test orders earn where the setting and the shop say so", () => {
    const earns = (testOrders: EarningRules["testOrders"], isDevelopmentShop: boolean) =>
      testEarns(rules({ testOrders }), { isDevelopmentShop });
    expect([earns("always", false), earns("development_only", true)]).toEqual([true, true]);
    expect([earns("development_only", false), earns("never", true), earns("never", false)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("a preview is for the customers it names, by number or in full, and for no guest", () => {
    const preview = (previewCustomerIds: string[], customerId: string | null = "gid://shopify/Customer/501") =>
      why({ customerId }, { previewCustomerIds });
    expect([preview(["500", "501"]), preview(["gid://shopify/Customer/501", "7"])]).toEqual([null, null]);
    expect([preview(["500"]), preview(["1501"]), preview(["501"], null)]).toEqual([
      "preview_only",
      "preview_only",
      "preview_only",
    ]);
  });

  it("any of the tags is enough to take part, or to be left out", () => {
    const tagged = (...tags: string[]) => ({ member: { joinedAt: null, tags } });
    const who = part({ who: "tagged", tags: ["vip", "club"] });
    expect([why({}, who, tagged("Club")), why({}, who, tagged("other")), why({}, who, tagged())]).toEqual([
      null,
      "not_tagged",
      "not_tagged",
    ]);
    const without = part({ excludeTags: ["staff", "wholesale"] });
    expect([why({}, without, tagged("Wholesale", "x")), why({}, without, tagged("x"))]).toEqual([
      "excluded_customer",
      null,
    ]);
    expect(why({}, part({ who: "tagged", tags: ["vip"], excludeTags: ["vip"] }), tagged("vip"))).toBe(
      "excluded_customer",
    );
  });

  it("who joined in the order's own instant had joined", () => {
    const joined = (joinedAt: string | null) => why({}, part({ who: "joined" }), { member: { joinedAt, tags: [] } });
    expect([joined(ORDER_DAY), joined(at(-1)), joined(at(0, 1)), joined(null)]).toEqual([
      null,
      null,
      "not_joined",
      "not_joined",
    ]);
    expect(why({}, {}, { member: { joinedAt: at(1), tags: [] } })).toBeNull();
  });

  it("B08 a claim counts days of the shop, to the instant", () => {
    const claim = (claimedAt: string) => why({}, { guestClaimDays: 60 }, { claimedAt });
    expect([claim(at(60)), claim(at(60, 1))]).toEqual([null, "claim_window_passed"]);
    expect(why({}, { guestClaimDays: 0 }, { claimedAt: null })).toBeNull();
    // Sixty days of New York hold the night in which its clocks go back.
    const autumn = { processedAt: "2026-10-31T16:00:00.000Z", guestClaimDays: 1, timeZone: "America/New_York" };
    expect(isClaimInTime({ ...autumn, claimedAt: "2026-11-01T17:00:00.000Z" })).toBe(true);
    expect(isClaimInTime({ ...autumn, claimedAt: "2026-11-01T17:00:00.001Z" })).toBe(false);
  });

  it("B07 what undoes an order as a whole", () => {
    const undone = (facts: Parameters<typeof orderFacts>[0]) => whyUndone(orderFacts(facts));
    expect(undone({})).toBeNull();
    expect(undone({ cancelledAt: at(1), financialStatus: "voided", dispute: "lost" })).toBe("order_cancelled");
    expect([undone({ financialStatus: "voided" }), undone({ financialStatus: "expired" })]).toEqual([
      "order_voided",
      "order_voided",
    ]);
    expect([undone({ dispute: "lost" }), undone({ dispute: "open" })]).toEqual(["dispute_lost", null]);
  });
});
