import { describe, expect, it } from "vitest";

import {
  computeEarning,
  defaultEarningRules,
  earningRulesSchema,
  isPurchase,
  type EarningContext,
  type EarningRules,
} from "../../../app/loyalty/earning-rules";
import type { ProductFilter } from "../../../app/loyalty/kept-amounts";
import { explain } from "../../../app/loyalty/reasons";
import { previewEarning } from "../../../app/loyalty/preview-earning";
import { DAY_MS, ORDER_DAY, orderFacts, orderLine, refundFacts, refundOfLine } from "../../builders/order-facts";

const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const dollars = defaultEarningRules({ currency: "USD", taxesIncluded: false });
const plain: EarningContext = {
  isDevelopmentShop: false,
  timeZone: "Asia/Tokyo",
  member: { joinedAt: null, tags: [] },
  isFirstOrder: true,
  earnedEarlierTodayPoints: 0,
  now: "2026-06-07T00:00:00.000Z",
};
const rules = (change: Partial<EarningRules>): EarningRules => ({ ...yen, ...change });
const base = (change: Partial<EarningRules["base"]>): EarningRules => rules({ base: { ...yen.base, ...change } });
const points = (
  facts: Parameters<typeof computeEarning>[0],
  by: EarningRules = yen,
  context: Partial<EarningContext> = {},
) => computeEarning(facts, by, { ...plain, ...context }).rules.reduce((sum, { target }) => sum + target, 0);
const why = (
  facts: Parameters<typeof computeEarning>[0],
  by: EarningRules = yen,
  context: Partial<EarningContext> = {},
) => computeEarning(facts, by, { ...plain, ...context }).whyNone;
const iso = (days: number) => new Date(Date.parse(ORDER_DAY) + days * DAY_MS).toISOString();

describe("the order rule", () => {
  it("earns 137 points for ¥13,780 and says why in both languages", () => {
    const answer = computeEarning(orderFacts(), yen, plain);
    expect(answer).toMatchObject({ state: "available", availableAt: ORDER_DAY, whyNone: null, isTest: false });
    const [rule] = answer.rules;
    expect(rule).toMatchObject({ rule: "order", target: 137, gross: 137 });
    expect(explain("order_earned", rule?.explanation.params ?? {}, "en")).toBe(
      "137 points: ¥13,780 × 1 per ¥100, rounded down",
    );
    expect(explain("order_earned", rule?.explanation.params ?? {}, "ja")).toBe(
      "137ポイント：¥13,780 × 100円ごとに1ポイント（端数切り捨て）",
    );
  });

  it("previews the same example", () => {
    const preview = previewEarning(rules({ status: "paused" }), {
      minor: 13_780,
      currency: "JPY",
      taxesIncluded: true,
      locale: "en",
    });
    expect(preview).toMatchObject({ points: 137, sentence: "137 points: ¥13,780 × 1 per ¥100, rounded down" });
  });

  it("B12 counts minor units of currencies with 0, 2 and 3 digits", () => {
    expect(points(orderFacts({ amountMinor: 13_799 }))).toBe(137);
    expect(points(orderFacts({ currency: "USD", amountMinor: 11_599, taxesIncluded: false }), dollars)).toBe(115);
    const dinars = defaultEarningRules({ currency: "KWD", taxesIncluded: false });
    expect(points(orderFacts({ currency: "KWD", amountMinor: 12_999, taxesIncluded: false }), dinars)).toBe(12);
  });

  it("rounds down, up and half up, once per order", () => {
    const facts = orderFacts({ lines: [orderLine({ amountMinor: 75 }), orderLine({ amountMinor: 75 })] });
    expect(points(facts)).toBe(1);
    expect(points(facts, rules({ rounding: "up" }))).toBe(2);
    expect(points(facts, rules({ rounding: "half_up" }))).toBe(2);
    expect(points(orderFacts({ amountMinor: 149 }), rules({ rounding: "half_up" }))).toBe(1);
  });

  it("counts discounts, tax, shipping, duties and tip as the base says", () => {
    const facts = orderFacts({
      lines: [orderLine({ amountMinor: 11_000, discountMinor: 1_100, taxMinor: 900 })],
      shippingMinor: 1_000,
      shippingTaxMinor: 91,
      dutiesMinor: 500,
      tipMinor: 300,
    });
    expect(points(facts)).toBe(99);
    expect(points(facts, base({ discounts: "before" }))).toBe(110);
    expect(points(facts, base({ includeTax: false }))).toBe(90);
    expect(points(facts, base({ discounts: "before", includeTax: false }))).toBe(100);
    expect(points(facts, base({ includeShipping: true }))).toBe(109);
    expect(points(facts, base({ includeShipping: true, includeTax: false }))).toBe(99);
    expect(points(facts, base({ includeDuties: true, includeTip: true }))).toBe(107);
  });

  it("adds tax only when asked where it is added at checkout", () => {
    const facts = orderFacts({
      currency: "USD",
      taxesIncluded: false,
      lines: [orderLine({ amountMinor: 10_000, taxMinor: 888 })],
    });
    expect(points(facts, dollars)).toBe(100);
    expect(points(facts, { ...dollars, base: { ...dollars.base, includeTax: true } })).toBe(108);
  });

  it("B06 leaves out the part paid by gift card or store credit when asked, spread over the lines", () => {
    const facts = orderFacts({
      lines: [orderLine({ amountMinor: 7_000, productTags: ["tea"] }), orderLine({ amountMinor: 3_000 })],
      paidWithGiftCardMinor: 2_000,
      paidWithStoreCreditMinor: 1_000,
    });
    expect(points(facts)).toBe(100);
    expect(points(facts, base({ includePaidWithGiftCard: false }))).toBe(80);
    expect(points(facts, base({ includePaidWithGiftCard: false, includePaidWithStoreCredit: false }))).toBe(70);
    const teaOnly = {
      ...base({ includePaidWithGiftCard: false }),
      products: { ...yen.products, include: { productIds: [], variantIds: [], collectionIds: [], tags: ["TEA"] } },
    };
    expect(points(facts, teaOnly)).toBe(56);
    expect(
      points(orderFacts({ amountMinor: 500, paidWithGiftCardMinor: 5_000 }), base({ includePaidWithGiftCard: false })),
    ).toBe(0);
  });

  it("B06 gift-card lines earn only when asked", () => {
    const facts = orderFacts({
      lines: [orderLine({ amountMinor: 5_000, isGiftCard: true }), orderLine({ amountMinor: 1_000 })],
    });
    expect(points(facts)).toBe(10);
    expect(points(facts, base({ includeGiftCardLines: true }))).toBe(60);
  });

  it("takes products, variants, collections and tags in and out; out wins", () => {
    const tea = orderLine({
      amountMinor: 1_000,
      productId: "gid://shopify/Product/1",
      variantId: "gid://shopify/ProductVariant/11",
      collectionIds: ["gid://shopify/Collection/5"],
      productTags: ["Tea", "sale"],
    });
    const facts = orderFacts({ lines: [tea, orderLine({ amountMinor: 2_000 })] });
    const none: ProductFilter = { productIds: [], variantIds: [], collectionIds: [], tags: [] };
    const only = (filter: Partial<ProductFilter>) =>
      rules({ products: { include: { ...none, ...filter }, exclude: none } });
    for (const filter of [
      { productIds: ["gid://shopify/Product/1"] },
      { variantIds: ["gid://shopify/ProductVariant/11"] },
      { collectionIds: ["gid://shopify/Collection/5"] },
      { tags: ["tea"] },
    ]) {
      expect(points(facts, only(filter))).toBe(10);
    }
    expect(
      points(facts, rules({ products: { include: { ...none, tags: ["tea"] }, exclude: { ...none, tags: ["SALE"] } } })),
    ).toBe(0);
    expect(why(facts, only({ tags: ["coffee"] }))).toBe("nothing_eligible");
  });

  it("applies the minimum, the cap per order and the cap per day, and says so", () => {
    expect(why(orderFacts({ amountMinor: 4_999 }), rules({ minimum: { minor: 5_000, retestOnRefund: true } }))).toBe(
      "below_minimum",
    );
    expect(points(orderFacts({ amountMinor: 5_000 }), rules({ minimum: { minor: 5_000, retestOnRefund: true } }))).toBe(
      50,
    );
    expect(points(orderFacts(), rules({ caps: { perOrder: 100, perDay: null } }))).toBe(100);
    const daily = rules({ caps: { perOrder: null, perDay: 150 } });
    expect(points(orderFacts(), daily, { earnedEarlierTodayPoints: 100 })).toBe(50);
    expect(why(orderFacts(), daily, { earnedEarlierTodayPoints: 150 })).toBe("day_cap_reached");
    const { explanation } =
      computeEarning(orderFacts(), daily, { ...plain, earnedEarlierTodayPoints: 100 }).rules[0] ?? {};
    expect(explain("order_earned", explanation?.params ?? {}, "en")).toBe(
      "50 points: ¥13,780 × 1 per ¥100, rounded down, limited to 150 points per day",
    );
  });

  it("never goes beyond what the ledger can hold", () => {
    const greedy = rules({ rate: { points: 1_000_000, perMinor: 1 } });
    expect(points(orderFacts({ amountMinor: Number.MAX_SAFE_INTEGER }), greedy)).toBe(1_000_000_000_000);
  });
});

describe("who and what takes part", () => {
  it("B08 a guest's order earns nothing until it is claimed, and then only in time", () => {
    expect(why(orderFacts({ customerId: null }), yen, { member: null })).toBe("guest");
    expect(points(orderFacts(), yen, { claimedAt: iso(60) })).toBe(137);
    expect(why(orderFacts(), yen, { claimedAt: iso(61) })).toBe("claim_window_passed");
  });

  it("follows participation: everyone, joined, tagged, staff and wholesale out", () => {
    const joined = rules({ participation: { ...yen.participation, who: "joined" } });
    expect(why(orderFacts(), joined)).toBe("not_joined");
    expect(why(orderFacts(), joined, { member: { joinedAt: iso(1), tags: [] } })).toBe("not_joined");
    expect(points(orderFacts(), joined, { member: { joinedAt: iso(-1), tags: [] } })).toBe(137);
    const tagged = rules({ participation: { ...yen.participation, who: "tagged", tags: ["VIP"] } });
    expect(why(orderFacts(), tagged)).toBe("not_tagged");
    expect(points(orderFacts(), tagged, { member: { joinedAt: null, tags: ["vip"] } })).toBe(137);
    const noStaff = rules({ participation: { ...yen.participation, excludeTags: ["staff"] } });
    expect(why(orderFacts(), noStaff, { member: { joinedAt: null, tags: ["Staff"] } })).toBe("excluded_customer");
  });

  it("is live, paused, not started, or open to a few", () => {
    expect(why(orderFacts(), rules({ status: "paused" }))).toBe("program_paused");
    expect(why(orderFacts(), rules({ startsAt: iso(1) }))).toBe("not_started");
    expect(points(orderFacts(), rules({ startsAt: iso(0) }))).toBe(137);
    expect(why(orderFacts(), rules({ previewCustomerIds: ["502"] }))).toBe("preview_only");
    expect(points(orderFacts(), rules({ previewCustomerIds: ["501"] }))).toBe(137);
    expect(points(orderFacts(), rules({ previewCustomerIds: ["gid://shopify/Customer/501"] }))).toBe(137);
  });

  it("B06 test orders earn only where the setting and the shop allow it", () => {
    const test = orderFacts({ test: true });
    expect(why(test)).toBe("test_order");
    expect(points(test, yen, { isDevelopmentShop: true })).toBe(137);
    expect(computeEarning(test, yen, { ...plain, isDevelopmentShop: true }).isTest).toBe(true);
    expect(points(test, rules({ testOrders: "always" }))).toBe(137);
    expect(why(test, rules({ testOrders: "never" }), { isDevelopmentShop: true })).toBe("test_order");
    expect(why(test, rules({ testOrders: "always" }), { isTestRemoved: true })).toBe("test_removed");
  });

  it.each(["online", "pos", "draft", "subscription", "other"] as const)(
    "B06 %s orders earn unless the channel is out",
    (channel) => {
      expect(points(orderFacts({ channel }))).toBe(137);
      expect(why(orderFacts({ channel }), rules({ channels: channel === "online" ? ["pos"] : ["online"] }))).toBe(
        "channel_excluded",
      );
    },
  );

  it("B06 B2B orders are out by default", () => {
    expect(why(orderFacts({ isB2b: true }))).toBe("b2b_excluded");
    expect(
      points(orderFacts({ isB2b: true }), rules({ participation: { ...yen.participation, excludeB2b: false } })),
    ).toBe(137);
  });
});

describe("trigger, hold and states of payment", () => {
  it.each(["pending", "authorized", "partially_paid", "unknown"] as const)("B07 %s: points wait", (financialStatus) => {
    expect(computeEarning(orderFacts({ financialStatus, paidAt: null }), yen, plain)).toMatchObject({
      state: "waiting",
      availableAt: null,
    });
  });

  it("B07 voided, expired and cancelled orders earn nothing; what they would have earned is remembered", () => {
    for (const change of [
      { financialStatus: "voided" },
      { financialStatus: "expired" },
      { cancelledAt: ORDER_DAY },
      { dispute: "lost" },
    ] as const) {
      const answer = computeEarning(orderFacts(change), yen, plain);
      expect(answer).toMatchObject({ state: "none", rules: [{ target: 0, gross: 137 }] });
    }
    expect(why(orderFacts({ dispute: "lost" }))).toBe("dispute_lost");
  });

  it("B07 an open dispute and a risky order hold the points; shipping a risky order releases them", () => {
    expect(computeEarning(orderFacts({ dispute: "open" }), yen, plain)).toMatchObject({
      state: "pending",
      availableAt: null,
      rules: [{ target: 137 }],
    });
    expect(computeEarning(orderFacts({ highRisk: true }), yen, plain)).toMatchObject({
      state: "pending",
      availableAt: null,
    });
    expect(computeEarning(orderFacts({ highRisk: true, fulfilledAt: iso(0.5) }), yen, plain)).toMatchObject({
      state: "available",
      availableAt: iso(0.5),
    });
    expect(computeEarning(orderFacts({ highRisk: true }), rules({ highRisk: "earn" }), plain)).toMatchObject({
      state: "available",
    });
    expect(why(orderFacts({ highRisk: true }), rules({ highRisk: "none" }))).toBe("high_risk");
  });

  it("hold counts from the trigger, on the shop's calendar", () => {
    const held = rules({ trigger: "fulfilled", holdDays: 14 });
    expect(computeEarning(orderFacts(), held, plain)).toMatchObject({ state: "waiting" });
    expect(computeEarning(orderFacts({ fulfilledAt: iso(2) }), held, plain)).toMatchObject({
      state: "pending",
      availableAt: iso(16),
    });
    expect(computeEarning(orderFacts({ fulfilledAt: iso(2) }), held, { ...plain, now: iso(16) })).toMatchObject({
      state: "available",
    });
    const delivered = rules({ trigger: "delivered" });
    expect(computeEarning(orderFacts({ fulfilledAt: iso(1) }), delivered, plain)).toMatchObject({ state: "waiting" });
    expect(computeEarning(orderFacts({ deliveredAt: iso(0.1) }), delivered, plain)).toMatchObject({
      state: "available",
    });
    // Clocks go forward on 8 March 2026 in New York: the same wall time is 23 hours later.
    const overDst = { ...plain, timeZone: "America/New_York" };
    const paidAt = "2026-03-07T15:00:00.000Z";
    expect(computeEarning(orderFacts({ paidAt }), rules({ holdDays: 1 }), overDst).availableAt).toBe(
      "2026-03-08T14:00:00.000Z",
    );
  });

  it("B07 goods sent before they are paid for (COD) wait for the payment", () => {
    const cod = orderFacts({ financialStatus: "pending", paidAt: null, fulfilledAt: iso(1) });
    expect(computeEarning(cod, rules({ trigger: "fulfilled" }), plain)).toMatchObject({ state: "waiting" });
    expect(
      computeEarning({ ...cod, financialStatus: "paid", paidAt: iso(3) }, rules({ trigger: "fulfilled" }), plain),
    ).toMatchObject({ availableAt: iso(3) });
  });
});

describe("refunds and edits", () => {
  const lines = [
    orderLine({ quantity: 3, amountMinor: 10_000, discountMinor: 1 }),
    orderLine({ quantity: 2, amountMinor: 5_000 }),
  ] as const;
  const order = orderFacts({ lines: [...lines] });

  it("B01 applies the rule again to what is kept; a full refund leaves nothing", () => {
    expect(points(order)).toBe(149);
    const some = refundOfLine(lines[0], 1, 3_333);
    expect(points({ ...order, refunds: [some] })).toBe(116);
    const all = [refundOfLine(lines[0], 3, 9_999), refundOfLine(lines[1], 2, 5_000)];
    expect(computeEarning({ ...order, refunds: all }, yen, plain)).toMatchObject({
      whyNone: "refunded",
      rules: [{ target: 0, gross: 149 }],
    });
    const unitByUnit = [...Array(3)]
      .map(() => refundOfLine(lines[0], 1, 3_332))
      .concat([...Array(2)].map(() => refundOfLine(lines[1], 1, 2_500)));
    expect(points({ ...order, refunds: unitByUnit })).toBe(0);
  });

  it("B02 spreads a refund without lines over the kept lines; shipping, tax and duty refunds touch only their own base", () => {
    expect(points({ ...order, refunds: [refundFacts({ unallocatedMinor: 1_000 })] })).toBe(139);
    expect(points({ ...order, refunds: [refundFacts({ unallocatedMinor: 999_999 })] })).toBe(0);
    expect(
      points({
        ...order,
        shippingMinor: 800,
        refunds: [refundFacts({ shippingMinor: 800, dutiesMinor: 100, tipMinor: 50 })],
      }),
    ).toBe(149);
    const withShipping = base({ includeShipping: true, includeDuties: true, includeTip: true });
    const full = { ...order, shippingMinor: 800, dutiesMinor: 300, tipMinor: 200 };
    expect(points(full, withShipping)).toBe(162);
    expect(
      points(
        { ...full, refunds: [refundFacts({ shippingMinor: 900, dutiesMinor: 900, tipMinor: 900 })] },
        withShipping,
      ),
    ).toBe(149);
    const excluded = {
      ...yen,
      products: { ...yen.products, exclude: { productIds: [], variantIds: [], collectionIds: [], tags: ["out"] } },
    };
    const mixed = orderFacts({
      lines: [orderLine({ amountMinor: 6_000 }), orderLine({ amountMinor: 4_000, productTags: ["out"] })],
      refunds: [refundFacts({ unallocatedMinor: 1_000 })],
    });
    expect(points(mixed, excluded)).toBe(54);
  });

  it("B03 only successful refunds count", () => {
    const back = (status: "pending" | "failure" | "success") =>
      points({ ...order, refunds: [refundOfLine(lines[1], 2, 5_000, { status })] });
    expect([back("pending"), back("failure"), back("success")]).toEqual([149, 149, 99]);
  });

  it("B04 an edit changes the target by what changed", () => {
    expect(points({ ...order, lines: [lines[0], { ...lines[1], quantity: 0, amountMinor: 0 }] })).toBe(99);
    expect(points({ ...order, lines: [...lines, orderLine({ amountMinor: 2_001 })] })).toBe(170);
  });

  it("B05 an exchange keeps what replaces the returned goods; goods taken back without money are not kept", () => {
    const exchanged = {
      ...order,
      lines: [...lines, orderLine({ amountMinor: 4_000 })],
      refunds: [refundOfLine(lines[1], 2, 5_000)],
    };
    expect(points(exchanged)).toBe(139);
    expect(points({ ...order, refunds: [refundOfLine(lines[1], 2, 0)] })).toBe(99);
  });

  it("tests the minimum again on what is kept, or only at the grant", () => {
    const refunded = { ...order, refunds: [refundOfLine(lines[1], 2, 5_000)] };
    expect(points(refunded, rules({ minimum: { minor: 12_000, retestOnRefund: true } }))).toBe(0);
    expect(points(refunded, rules({ minimum: { minor: 12_000, retestOnRefund: false } }))).toBe(99);
  });

  it("B01 a fixed bonus shrinks in proportion, or stays while anything is kept", () => {
    const bonus = (onRefund: "proportional" | "until_nothing_kept") =>
      rules({ firstOrderBonus: { points: 500, onRefund } });
    const refunded = { ...order, refunds: [refundOfLine(lines[1], 2, 5_000)] };
    const target = (facts: typeof order, by: EarningRules) => computeEarning(facts, by, plain).rules[1]?.target;
    expect(target(order, bonus("proportional"))).toBe(500);
    expect(target(refunded, bonus("proportional"))).toBe(333);
    expect(target(refunded, bonus("until_nothing_kept"))).toBe(500);
    expect(
      target({ ...order, refunds: [refundFacts({ unallocatedMinor: 14_999 })] }, bonus("until_nothing_kept")),
    ).toBe(0);
    expect(computeEarning(order, bonus("proportional"), { ...plain, isFirstOrder: false }).rules[1]).toMatchObject({
      target: 0,
      explanation: { code: "not_first_order" },
    });
  });

  it("I9 gives a first order that keeps only its shipping no bonus: the next purchase has it", () => {
    const onlyShipping = { ...order, shippingMinor: 600, refunds: [refundFacts({ unallocatedMinor: 20_000 })] };
    for (const onRefund of ["proportional", "until_nothing_kept"] as const) {
      const withShipping = { ...base({ includeShipping: true }), firstOrderBonus: { points: 100, onRefund } };
      expect(computeEarning(onlyShipping, withShipping, plain).rules.map(({ target }) => target)).toEqual([6, 0]);
      expect(isPurchase(onlyShipping, withShipping, plain)).toBe(false);
    }
  });

  it("counts as a purchase while any goods are kept", () => {
    expect(isPurchase(order, yen, plain)).toBe(true);
    expect(isPurchase({ ...order, cancelledAt: ORDER_DAY }, yen, plain)).toBe(false);
    expect(isPurchase({ ...order, test: true }, yen, plain)).toBe(false);
    expect(isPurchase({ ...order, refunds: [refundFacts({ unallocatedMinor: 20_000 })] }, yen, plain)).toBe(false);
  });
});

describe("the rules' shape", () => {
  it("accepts its own defaults for every kind of shop", () => {
    for (const currency of ["JPY", "USD", "KWD"])
      expect(earningRulesSchema.safeParse(defaultEarningRules({ currency, taxesIncluded: true })).success).toBe(true);
    expect(dollars.rate).toEqual({ points: 1, perMinor: 100 });
    expect(defaultEarningRules({ currency: "KWD", taxesIncluded: false }).rate.perMinor).toBe(1_000);
  });

  it.each([
    ["a fractional rate", { rate: { points: 1.5, perMinor: 100 } }],
    ["a free rate", { rate: { points: 1, perMinor: 0 } }],
    ["a hold of 91 days", { holdDays: 91 }],
    ["tags wanted but none given", { participation: { ...yen.participation, who: "tagged" } }],
    ["no channel", { channels: [] }],
    ["an unknown setting", { surprise: true }],
  ])("refuses %s", (_name, change) => {
    expect(earningRulesSchema.safeParse({ ...yen, ...change }).success).toBe(false);
  });
});
