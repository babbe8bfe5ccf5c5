// What an order answers, whole: the points, the sentence behind them, and what refunds, caps and minimums make of both.
import { describe, expect, it } from "vitest";

import {
  computeEarning,
  defaultEarningRules,
  isPurchase,
  type EarningContext,
  type EarningRules,
  type RuleAnswer,
} from "../../../../app/loyalty/earning-rules";
import { bonusAnswer, firstOrderRule, isStillPurchase, keptBonus } from "../../../../app/loyalty/fixed-bonus";
import { POINTS_MAX } from "../../../../app/loyalty/plain-rate";
import { ORDER_DAY, orderFacts, orderLine, refundFacts, refundOfLine } from "../../../builders/order-facts";

const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
type Facts = Parameters<typeof orderFacts>[0];
const answer = (facts: Facts, change: Partial<EarningRules> = {}, context: Partial<EarningContext> = {}) =>
  computeEarning(
    orderFacts(facts),
    { ...yen, ...change },
    {
      isDevelopmentShop: false,
      timeZone: "Asia/Tokyo",
      member: { joinedAt: null, tags: [] },
      isFirstOrder: true,
      earnedEarlierTodayPoints: 0,
      now: "2026-06-07T00:00:00.000Z",
      ...context,
    },
  );
const ruleOf = (rule: string, ...asked: Parameters<typeof answer>): RuleAnswer | undefined =>
  answer(...asked).rules.find((each) => each.rule === rule);
const order = (...asked: Parameters<typeof answer>) => ruleOf("order", ...asked);
const back = (unallocatedMinor: number) => ({ refunds: [refundFacts({ unallocatedMinor })] });
const TEN = { amountMinor: 1_000 };

describe("the plain rate", () => {
  const sentence = { currency: "JPY", ratePoints: 1, ratePerMinor: 100, rounding: "down" };

  it("says what was counted, at which rate, and how it was rounded", () => {
    expect(order(TEN)).toEqual({
      ...{ rule: "order", target: 10, gross: 10 },
      explanation: { code: "order_earned", params: { points: 10, baseMinor: 1_000, ...sentence } },
    });
  });

  it("says what was given back, and what it would have been", () => {
    expect(order({ ...TEN, ...back(300) })).toEqual({
      ...{ rule: "order", target: 7, gross: 10 },
      explanation: {
        code: "order_earned",
        params: { points: 7, baseMinor: 700, ...sentence, refundedMinor: 300, grossPoints: 10 },
      },
    });
  });

  it("says why there is nothing", () => {
    const nothing = (...asked: Parameters<typeof answer>) => order(...asked)?.explanation;
    expect(order({ ...TEN, ...back(1_000) })).toEqual({
      ...{ rule: "order", target: 0, gross: 10 },
      explanation: { code: "refunded", params: { currency: "JPY", refundedMinor: 1_000, minimumMinor: undefined } },
    });
    expect(order({ ...TEN, cancelledAt: ORDER_DAY })).toEqual({
      ...{ rule: "order", target: 0, gross: 10 },
      explanation: { code: "order_cancelled", params: { currency: "JPY", grossPoints: 10 } },
    });
    expect(order(TEN, { status: "paused" })).toEqual({
      ...{ rule: "order", target: 0, gross: 0 },
      explanation: { code: "program_paused", params: { currency: "JPY" } },
    });
    expect(nothing({ amountMinor: 99 })?.code).toBe("below_one_point");
    expect(nothing({ amountMinor: 0 })?.code).toBe("nothing_eligible");
    expect(nothing({ ...TEN, ...back(950) })?.code).toBe("below_one_point");
  });

  it("B13 the tighter cap cuts, and is named", () => {
    const caps = (perOrder: number | null, perDay: number | null, earnedEarlierTodayPoints = 0) =>
      order(TEN, { caps: { perOrder, perDay } }, { earnedEarlierTodayPoints });
    const cut = (found: RuleAnswer | undefined) => [found?.target, found?.explanation.params];
    expect(cut(caps(4, null))).toMatchObject([4, { cappedBy: "order", cap: 4 }]);
    expect(cut(caps(null, 6))).toMatchObject([6, { cappedBy: "day", cap: 6 }]);
    expect(cut(caps(4, 6))).toMatchObject([4, { cappedBy: "order", cap: 4 }]);
    expect(cut(caps(6, 4))).toMatchObject([4, { cappedBy: "day", cap: 4 }]);
    expect(cut(caps(5, 5))).toMatchObject([5, { cappedBy: "order", cap: 5 }]);
    expect(cut(caps(4, 6, 3))).toMatchObject([3, { cappedBy: "day", cap: 6 }]);
    // What just fits is not cut.
    for (const fits of [caps(10, null), caps(null, 10), caps(10, 10), caps(null, 13, 3)]) {
      expect(fits?.target).toBe(10);
      expect(fits?.explanation.params).not.toHaveProperty("cappedBy");
    }
    expect(caps(null, 5, 5)).toMatchObject({ target: 0, explanation: { code: "day_cap_reached" } });
    expect(caps(null, 5, 9)).toMatchObject({ target: 0, explanation: { code: "day_cap_reached" } });
  });

  it("B13 a minimum is met by its own amount, and tested again on what is kept when so set", () => {
    const minimum = (minor: number, retestOnRefund: boolean, returned = 0) =>
      order({ ...TEN, ...(returned ? back(returned) : {}) }, { minimum: { minor, retestOnRefund } });
    expect(minimum(1_000, true)?.target).toBe(10);
    expect(minimum(1_001, true)).toEqual({
      ...{ rule: "order", target: 0, gross: 0 },
      explanation: { code: "below_minimum", params: { currency: "JPY", refundedMinor: 0, minimumMinor: 1_001 } },
    });
    expect(minimum(1_001, false)).toMatchObject({ target: 0, gross: 0, explanation: { code: "below_minimum" } });
    expect(minimum(700, true, 300)?.target).toBe(7);
    expect(minimum(701, true, 300)).toMatchObject({ target: 0, gross: 10, explanation: { code: "below_minimum" } });
    expect(minimum(701, false, 300)).toMatchObject({ target: 7, gross: 10 });
    expect(minimum(701, true, 1_000)).toMatchObject({ target: 0, explanation: { code: "refunded" } });
  });

  it("B15 no order earns more than one entry may hold", () => {
    const huge = { amountMinor: Number.MAX_SAFE_INTEGER };
    const rate = { rate: { points: 1_000_000, perMinor: 1 } };
    expect(order(huge, rate)?.target).toBe(POINTS_MAX);
    expect(order({ amountMinor: POINTS_MAX }, { rate: { points: 1, perMinor: 1 } })?.target).toBe(POINTS_MAX);
    const tier = { id: "gold", name: { en: "Gold", ja: "ゴールド" }, multiplierPercent: 1_000 };
    expect(ruleOf("tier", huge, rate, { tier })?.target).toBe(POINTS_MAX);
  });
});

describe("what a tier adds", () => {
  const gold = (multiplierPercent: number) => ({
    tier: { id: "gold", name: { en: "Gold", ja: "ゴールド" }, multiplierPercent },
  });
  const tier = (facts: Facts, multiplierPercent = 150, change: Partial<EarningRules> = {}) =>
    ruleOf("tier", facts, change, gold(multiplierPercent));
  const named = { name: { en: "Gold", ja: "ゴールド" }, tierId: "gold", currency: "JPY" };

  it("rounds once, from the money itself, and says so", () => {
    expect(tier({ amountMinor: 1_030 })).toEqual({
      ...{ rule: "tier", target: 5, gross: 5 },
      explanation: { code: "tier_extra", params: { points: 5, ...named, multiplierPercent: 150, grossPoints: 5 } },
    });
    expect(tier({ amountMinor: 1_030 }, 150, { rounding: "up" })?.target).toBe(6);
    expect(tier({ amountMinor: 1_100 }, 150, { rounding: "half_up" })?.target).toBe(6);
    expect([tier(TEN, 100), tier(TEN, 101), tier(TEN, 110)?.target]).toEqual([undefined, undefined, 1]);
    expect(ruleOf("tier", TEN)).toBeUndefined();
  });

  it("B01 shrinks with what is given back, and says why it is gone", () => {
    expect(tier({ ...TEN, ...back(400) })).toMatchObject({
      ...{ target: 3, gross: 5 },
      explanation: { code: "tier_extra", params: { grossPoints: 5, refundedMinor: 400 } },
    });
    expect(tier({ ...TEN, ...back(1_000) })).toMatchObject({ target: 0, explanation: { code: "refunded" } });
    expect(tier({ ...TEN, cancelledAt: ORDER_DAY })).toMatchObject({ explanation: { code: "order_cancelled" } });
    const minimum = { minimum: { minor: 700, retestOnRefund: true } };
    expect(tier({ ...TEN, ...back(400) }, 150, minimum)).toMatchObject({
      ...{ target: 0, gross: 5, explanation: { code: "below_minimum" } },
    });
    expect(tier({ ...TEN, ...back(1_000) }, 150, minimum)).toMatchObject({ explanation: { code: "refunded" } });
    expect(tier(TEN, 150, { minimum: { minor: 1_000, retestOnRefund: true } })?.target).toBe(5);
    expect(tier(TEN, 150, { minimum: { minor: 1_001, retestOnRefund: true } })).toBeUndefined();
    expect(tier(TEN, 150, { status: "paused" })).toBeUndefined();
  });

  it("B13 a cap is multiplied with what it cuts", () => {
    const capped = (perOrder: number, rounding: EarningRules["rounding"] = "down") =>
      tier(TEN, 150, { caps: { perOrder, perDay: null }, rounding })?.target;
    expect([capped(4), capped(7), capped(7, "up"), capped(10), capped(30)]).toEqual([2, 3, 4, 5, 5]);
  });
});

describe("the bonus for a first purchase", () => {
  const bonus = (
    facts: Facts,
    onRefund: "proportional" | "until_nothing_kept",
    context: Partial<EarningContext> = {},
  ) => ruleOf("first_order", facts, { firstOrderBonus: { points: 50, onRefund } }, context);
  const given = (code: string, target: number, gross: number) => ({
    ...{ rule: "first_order", target, gross },
    explanation: { code, params: { points: target, grossPoints: gross } },
  });

  it("B01 shrinks in proportion, or stays while something is kept", () => {
    expect(bonus(TEN, "proportional")).toEqual(given("first_order_bonus", 50, 50));
    expect(bonus({ ...TEN, ...back(330) }, "proportional")).toEqual(given("first_order_bonus", 34, 50));
    expect(bonus({ ...TEN, ...back(999) }, "until_nothing_kept")).toEqual(given("first_order_bonus", 50, 50));
    expect(bonus({ ...TEN, ...back(1_000) }, "until_nothing_kept")).toEqual(given("refunded", 0, 50));
    expect(bonus({ ...TEN, ...back(1_000) }, "proportional")).toEqual(given("refunded", 0, 50));
  });

  it("says why it is not given", () => {
    expect(bonus(TEN, "proportional", { isFirstOrder: false })).toEqual(given("not_first_order", 0, 0));
    expect(bonus(TEN, "proportional", { member: null })).toEqual(given("guest", 0, 0));
    expect(bonus({ ...TEN, cancelledAt: ORDER_DAY }, "proportional")).toEqual(given("order_cancelled", 0, 50));
    expect(bonus({ amountMinor: 0 }, "proportional")).toEqual(given("not_first_order", 0, 0));
    expect(ruleOf("first_order", TEN)).toBeUndefined();
  });

  it("goes with the goods, whatever shipping is kept, and with a minimum that is tested again", () => {
    const line = orderLine({ amountMinor: 1_000 });
    const shipped = { lines: [line], shippingMinor: 500, refunds: [refundOfLine(line, 1, 1_000)] };
    const rules = {
      base: { ...yen.base, includeShipping: true },
      firstOrderBonus: { points: 50, onRefund: "until_nothing_kept" as const },
    };
    expect(ruleOf("order", shipped, rules)?.target).toBe(5);
    expect(ruleOf("first_order", shipped, rules)).toEqual(given("refunded", 0, 50));
    const minimum = { ...rules, minimum: { minor: 800, retestOnRefund: true } };
    expect(ruleOf("first_order", { ...TEN, ...back(200) }, minimum)?.target).toBe(50);
    expect(ruleOf("first_order", { ...TEN, ...back(201) }, minimum)).toEqual(given("refunded", 0, 50));
  });

  it("B01 keeps its share of points, whatever is asked of it", () => {
    const kept = (grossMinor: number, keptMinor: number, onRefund: "proportional" | "until_nothing_kept") =>
      keptBonus(9, onRefund, { grossMinor, keptMinor });
    expect(kept(0, 0, "proportional")).toEqual({ gross: 0, target: 0 });
    expect(kept(-1, 5, "until_nothing_kept")).toEqual({ gross: 0, target: 0 });
    expect(kept(10, 0, "until_nothing_kept")).toEqual({ gross: 9, target: 0 });
    expect(kept(10, -1, "proportional")).toEqual({ gross: 9, target: 0 });
    expect(kept(10, 1, "until_nothing_kept")).toEqual({ gross: 9, target: 9 });
    expect([1, 5, 6, 10, 14].map((minor) => kept(10, minor, "proportional").target)).toEqual([1, 5, 5, 9, 9]);
  });

  it("is a purchase while goods and a counted amount are kept", () => {
    const judged = (goodsMinor: number, baseMinor: number, undone: "order_cancelled" | null = null) => ({
      ...{ facts: orderFacts(), rules: yen, undone, never: null },
      context: { isFirstOrder: true } as EarningContext,
      gross: { baseMinor: 10, lines: [], goodsMinor: 10, refundedMinor: 0 },
      now: { baseMinor, lines: [], goodsMinor, refundedMinor: 0 },
    });
    const given = { code: "nth_order_bonus" as const, params: { name: { en: "Fifth", ja: "5回目" } } };
    const told = (order: ReturnType<typeof judged>, target: number) =>
      bonusAnswer(order, "way:nth", { gross: 9, target }, given);
    expect(told(judged(1, 1), 9)).toEqual({
      ...{ rule: "way:nth", target: 9, gross: 9 },
      explanation: { code: given.code, params: { points: 9, ...given.params, currency: "JPY", grossPoints: 9 } },
    });
    expect(told(judged(1, 1), 1).explanation.code).toBe(given.code);
    expect(told(judged(0, 0), 0)).toMatchObject({ target: 0, gross: 9, explanation: { code: "refunded" } });
    expect(told(judged(1, 1, "order_cancelled"), 0).explanation.code).toBe("order_cancelled");
    expect(firstOrderRule(judged(1, 1))).toMatchObject({
      target: 0,
      gross: 0,
      explanation: { code: "not_first_order" },
    });
    expect([judged(1, 1), judged(0, 1), judged(1, 0), judged(1, 1, "order_cancelled")].map(isStillPurchase)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("the answer as a whole", () => {
  it("counts what points paid where the program says so", () => {
    const facts = { lines: [orderLine({ amountMinor: 1_000, discountMinor: 400 })] };
    const base = { base: { ...yen.base, includePaidWithPoints: true } };
    expect([order(facts, base)?.target, order(facts, base, { paidWithPointsMinor: 400 })?.target]).toEqual([6, 10]);
  });

  it("B07 what earns nothing is in no state, and says why once", () => {
    expect(answer({ ...TEN, test: true })).toMatchObject({
      ...{ state: "none", availableAt: null, isTest: true, whyNone: "test_order" },
    });
    expect(answer({ ...TEN, cancelledAt: ORDER_DAY })).toMatchObject({ state: "none", whyNone: "order_cancelled" });
    expect(answer(TEN)).toMatchObject({ state: "available", availableAt: ORDER_DAY, isTest: false, whyNone: null });
  });

  it("an order of which everything was undone gives back all its goods", () => {
    const bonus = { firstOrderBonus: { points: 5, onRefund: "proportional" as const } };
    const cancelled = answer({ ...TEN, cancelledAt: ORDER_DAY }, bonus, {
      tier: { id: "gold", name: { en: "Gold", ja: "ゴールド" }, multiplierPercent: 200 },
    });
    expect(cancelled.rules.map(({ rule, target, gross }) => [rule, target, gross])).toEqual([
      ["order", 0, 10],
      ["first_order", 0, 5],
      ["tier", 0, 10],
    ]);
    expect(cancelled.rules[2]?.explanation.params["refundedMinor"]).toBe(1_000);
    expect(answer({ amountMinor: 50 }).rules).toHaveLength(1);
  });

  it("B06 a purchase has goods, was not undone, and is no test unless tests count", () => {
    const purchase = (facts: Facts, change: Partial<EarningRules> = {}) =>
      isPurchase(orderFacts(facts), { ...yen, ...change }, { isDevelopmentShop: false });
    expect([purchase(TEN), purchase({ ...TEN, ...back(999) })]).toEqual([true, true]);
    expect([purchase({ amountMinor: 0, shippingMinor: 900 }), purchase({ ...TEN, ...back(1_000) })]).toEqual([
      false,
      false,
    ]);
    expect(purchase({ ...TEN, cancelledAt: ORDER_DAY })).toBe(false);
    expect([purchase({ ...TEN, test: true }), purchase({ ...TEN, test: true }, { testOrders: "always" })]).toEqual([
      false,
      true,
    ]);
  });
});
