// What rewards cost and are worth, what an order really spends of them, and what follows each failure.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { nextStep, redemptionOfMark, markOf, retryAt, type Redemption } from "../../../app/loyalty/rewards/redemption";
import { spentPoints } from "../../../app/loyalty/rewards/redemption-use";
import { minimumOf, whyNot, workOutOffer } from "../../../app/loyalty/rewards/reward-offer";
import type { RewardTerms } from "../../../app/loyalty/rewards/reward-terms";
import { classifyFailure, didNothing } from "../../../app/loyalty/rewards/step-answer";
import { ThrottledError, TransientShopifyError, UnauthorizedShopError } from "../../../app/shopify/shopify-errors";
import { orderFacts, orderLine, refundFacts } from "../../builders/order-facts";

const CODE = {
  perMemberLimit: null,
  tierIds: [],
  from: null,
  until: null,
  validDays: 30,
  minimumOrderMinor: null,
  combinesWith: { order: false, product: false, shipping: true },
  appliesTo: null,
};
const freeChoice: RewardTerms = {
  kind: "points_off",
  ...CODE,
  pointsPerStep: 10,
  minorPerStep: 7,
  pointsMax: 500,
  worthMore: "limit",
};
const percentage: RewardTerms = { kind: "percentage_off", ...CODE, percent: 10, capMinor: 1_000 };

describe("an offer", () => {
  it("free choice keeps to whole steps between the least and the most", () => {
    const offer = (points: number | null) =>
      workOutOffer({ points: 20, terms: freeChoice }, { points, subtotalMinor: null });
    expect(offer(null)).toEqual({ outcome: "offered", points: 20, valueMinor: 14 });
    expect(offer(330)).toEqual({ outcome: "offered", points: 330, valueMinor: 231 });
    for (const points of [10, 25, 510, 20.5, -20]) expect(offer(points)).toEqual({ outcome: "bad_points" });
  });

  it("one yen a point is worth exactly its points", () => {
    const terms = { ...freeChoice, pointsPerStep: 1, minorPerStep: 1, pointsMax: null } as RewardTerms;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (points) => {
        expect(workOutOffer({ points: 1, terms }, { points, subtotalMinor: null })).toEqual({
          outcome: "offered",
          points,
          valueMinor: points,
        });
      }),
    );
  });

  it("a capped percentage becomes an amount of the cart, and that cart its minimum", () => {
    const offer = (subtotalMinor: number | null) =>
      workOutOffer({ points: 100, terms: percentage }, { points: null, subtotalMinor });
    expect(offer(null)).toEqual({ outcome: "cart_missing" });
    expect(offer(9)).toEqual({ outcome: "cart_missing" });
    expect(offer(4_567)).toEqual({ outcome: "offered", points: 100, valueMinor: 456 });
    expect(offer(50_000)).toEqual({ outcome: "offered", points: 100, valueMinor: 1_000 });
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 10_000_000 }), (subtotal) => {
        const made = offer(subtotal);
        const valueMinor = made.outcome === "offered" ? made.valueMinor : null;
        const minimum = minimumOf(percentage, valueMinor) ?? 0;
        // Never more than the share of the smallest cart it is good for, and good for the cart it was made from.
        expect((valueMinor ?? 0) * 10).toBeLessThanOrEqual(minimum);
        expect(minimum).toBeLessThanOrEqual(subtotal);
      }),
    );
  });

  it("is for those whom the program and the reward are open to", () => {
    const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
    const shopper = { customerGid: "gid://shopify/Customer/7", joinedAt: null, tags: ["VIP"], tierId: "gold" };
    const now = new Date("2026-06-01T00:00:00Z");
    expect(whyNot(rules, percentage, shopper, now)).toBeNull();
    expect(whyNot({ ...rules, status: "paused" }, percentage, shopper, now)).toBe("not_open");
    expect(whyNot({ ...rules, previewCustomerIds: ["8"] }, percentage, shopper, now)).toBe("not_open");
    expect(whyNot({ ...rules, previewCustomerIds: ["7"] }, percentage, shopper, now)).toBeNull();
    const joined = { ...rules, participation: { ...rules.participation, who: "joined" as const } };
    expect(whyNot(joined, percentage, shopper, now)).toBe("not_open");
    const excluded = { ...rules, participation: { ...rules.participation, excludeTags: ["vip"] } };
    expect(whyNot(excluded, percentage, shopper, now)).toBe("not_open");
    expect(whyNot(rules, { ...percentage, tierIds: ["silver"] }, shopper, now)).toBe("tier_too_low");
    expect(whyNot(rules, { ...percentage, until: "2026-06-01T00:00:00Z" }, shopper, now)).toBe("not_open");
  });
});

describe("what an order spends", () => {
  const bought = {
    points: 300,
    valueMinor: 300,
    code: "KZ-A",
    terms: { ...freeChoice, worthMore: "return_rest" } as RewardTerms,
  };
  const line = orderLine({ amountMinor: 1_000, quantity: 4, discountMinor: 300 });
  const order = orderFacts({ lines: [line], discountCodes: [{ code: "kz-a", amountMinor: 300 }] });
  const refund = (quantity: number, subtotalMinor: number) =>
    refundFacts({ lines: [{ lineId: line.lineId, quantity, subtotalMinor, taxMinor: 0 }] });

  it("is everything while all is kept, and nothing once nothing is", () => {
    expect(spentPoints(bought, order).spent).toBe(300);
    expect(spentPoints(bought, { ...order, cancelledAt: "2026-06-07T00:00:00Z" }).spent).toBe(0);
    expect(spentPoints(bought, { ...order, refunds: [refund(4, 700)] }).spent).toBe(0);
    expect(spentPoints(bought, { ...order, financialStatus: "voided" }).spent).toBe(0);
  });
  it("shrinks with the goods given back; a failed refund is none", () => {
    expect(spentPoints(bought, { ...order, refunds: [refund(1, 175)] })).toEqual({ spent: 225, because: "refund" });
    expect(spentPoints(bought, { ...order, refunds: [{ ...refund(1, 175), status: "failure" }] }).spent).toBe(300);
  });
  it("leaves out what the code was not worth, where the reward says so", () => {
    const small = { ...order, discountCodes: [{ code: "KZ-A", amountMinor: 120 }] };
    expect(spentPoints(bought, small)).toEqual({ spent: 120, because: "rest" });
    expect(spentPoints({ ...bought, terms: freeChoice }, small).spent).toBe(300);
  });
  it("counts units where points paid for everything", () => {
    const free = {
      ...order,
      lines: [{ ...line, discountMinor: 1_000 }],
      discountCodes: [{ code: "KZ-A", amountMinor: 1_000 }],
    };
    const paid = { ...bought, points: 1_000, valueMinor: 1_000 };
    expect(spentPoints(paid, free).spent).toBe(1_000);
    expect(spentPoints(paid, { ...free, refunds: [refund(1, 0)] }).spent).toBe(750);
    expect(spentPoints(paid, { ...free, refunds: [refund(4, 0)] }).spent).toBe(0);
  });
  it("never grows when more is given back", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 }), (amounts) => {
        let before = 300;
        const refunds = [];
        for (const unallocatedMinor of amounts) {
          refunds.push(refundFacts({ unallocatedMinor }));
          const { spent } = spentPoints(bought, { ...order, refunds });
          expect(spent).toBeLessThanOrEqual(before);
          expect(spent).toBeGreaterThanOrEqual(0);
          before = spent;
        }
      }),
    );
  });
});

describe("the completer", () => {
  const now = new Date("2026-06-01T00:00:00Z");
  const redemption = {
    status: "issued",
    kind: "amount_off",
    expiresAt: "2026-06-30T15:00:00.000Z",
    deactivatedAt: null,
  } as Redemption;

  it("has one next step for each state", () => {
    const step = (change: Partial<Redemption>, at = now) => nextStep({ ...redemption, ...change }, at);
    const over = new Date("2026-07-01T00:00:00Z");
    expect(step({ status: "reserved" })).toBe("create");
    expect(step({ status: "reserved" }, over)).toBe("end");
    expect(step({ status: "reserved", kind: "gift_card" }, over)).toBe("create");
    expect(step({})).toBe("inspect");
    expect(step({}, over)).toBe("end");
    expect(step({ status: "returning" })).toBe("end");
    expect(step({ status: "returning", deactivatedAt: now.toISOString() })).toBeNull();
    expect(step({ status: "returning", deactivatedAt: now.toISOString() }, over)).toBe("read_uses");
    for (const status of ["posted", "voided", "needs_person"] as const) expect(step({ status }, over)).toBeNull();
  });

  it("C05 tells what surely did nothing from what may have", () => {
    const codes = [
      new ThrottledError(500),
      new UnauthorizedShopError("a.myshopify.com", "token_refused"),
      new TransientShopifyError("timeout"),
      new TransientShopifyError("not_json"),
      new Error("bug"),
    ].map((error) => classifyFailure(error).code);
    expect(codes.map((code) => [code, didNothing(code)])).toEqual([
      ["throttled", true],
      ["unauthorized", true],
      ["timeout", false],
      ["not_json", false],
      ["internal", false],
    ]);
    expect(didNothing(null)).toBe(false);
    expect(didNothing("unanswered")).toBe(false);
  });

  it("C05 waits longer each time, with jitter, at least as long as Shopify asks, never for days", () => {
    const wait = (attempts: number, how = {}, random = 0) =>
      retryAt(now, attempts, { isOutcomeUnknown: false, ...how }, () => random).getTime() - now.getTime();
    expect([1, 2, 3].map((attempt) => wait(attempt))).toEqual([5_000, 10_000, 20_000]);
    expect(wait(1, { retryAfterMs: 30_000 })).toBe(30_000);
    expect(wait(1, { isOutcomeUnknown: true })).toBe(90_000);
    expect(wait(40)).toBe(3_600_000);
    expect(wait(1, {}, 0.999)).toBeLessThanOrEqual(7_500);
  });

  it("knows its own mark and no other", () => {
    expect(redemptionOfMark(markOf(123))).toBe(123);
    for (const title of ["Kizuna redemption", "Kizuna redemption 12 ", "kizuna redemption 1", "Summer sale"])
      expect(redemptionOfMark(title)).toBeNull();
  });
});
