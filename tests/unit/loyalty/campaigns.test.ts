// What an order earns beside the plain rate: tiers, campaigns, order ways; and in which order of precedence.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  computeEarning,
  defaultEarningRules,
  earningRulesSchema,
  type EarningContext,
  type EarningRules,
} from "../../../app/loyalty/earning-rules";
import type { Campaign, WayToEarn } from "../../../app/loyalty/program-parts";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { ORDER_DAY, orderFacts, orderLine, refundFacts, refundOfLine } from "../../builders/order-facts";
import { campaign, goldTier, NO_PRODUCTS, TEA } from "../../builders/campaigns";

const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const context: EarningContext = {
  isDevelopmentShop: false,
  timeZone: "Asia/Tokyo",
  member: { joinedAt: null, tags: [] },
  isFirstOrder: false,
  earnedEarlierTodayPoints: 0,
  now: "2027-01-01T00:00:00.000Z",
};
const rules = (change: Partial<EarningRules>): EarningRules => ({ ...yen, ...change });
const earn = (facts: OrderFacts, change: Partial<EarningRules>, around: Partial<EarningContext> = {}) =>
  Object.fromEntries(
    computeEarning(facts, rules(change), { ...context, ...around }).rules.map(({ rule, target }) => [rule, target]),
  );
const answer = (facts: OrderFacts, change: Partial<EarningRules>, rule: string, around: Partial<EarningContext> = {}) =>
  computeEarning(facts, rules(change), { ...context, ...around }).rules.find((each) => each.rule === rule);

describe("B13 campaigns", () => {
  const double = campaign({ id: "double" });

  it("count by processed_at: from the first instant to the last before the end", () => {
    const at = (processedAt: string) => earn(orderFacts({ processedAt }), { campaigns: [double] });
    expect(at("2026-05-31T23:59:59.999Z")).toEqual({ order: 137 });
    expect(at("2026-06-01T00:00:00.000Z")).toEqual({ order: 137, "campaign:double": 137 });
    expect(at("2026-06-30T23:59:59.999Z")).toEqual({ order: 137, "campaign:double": 137 });
    expect(at("2026-07-01T00:00:00.000Z")).toEqual({ order: 137 });
    expect(earn(orderFacts(), { campaigns: [{ ...double, enabled: false }] })).toEqual({ order: 137 });
  });

  it("add to the plain rate and never multiply each other: ×2 and ×1.5 make ×2.5", () => {
    const earned = earn(orderFacts({ amountMinor: 10_000 }), { campaigns: [double] }, { tier: goldTier });
    expect(earned).toEqual({ order: 100, tier: 50, "campaign:double": 100 });
  });

  it("round once each, from the money itself", () => {
    // 199 yen: 1.99 points, a half of it 0.995, a tenth 0.199.
    const tenth = campaign({ id: "tenth", effect: { kind: "multiplier", percent: 110 } });
    const facts = orderFacts({ amountMinor: 199 });
    expect(earn(facts, { campaigns: [tenth] }, { tier: goldTier })).toEqual({ order: 1 });
    expect(earn(facts, { rounding: "up", campaigns: [tenth] }, { tier: goldTier })).toEqual({
      order: 2,
      tier: 1,
      "campaign:tenth": 1,
    });
  });

  it("apply to their audience: tier, tags in any case, channel, first and repeat orders", () => {
    const only = (audience: Partial<Campaign["audience"]>) => [
      campaign({ audience: { ...double.audience, ...audience } }),
    ];
    const applies = (audience: Partial<Campaign["audience"]>, around: Partial<EarningContext>, facts = orderFacts()) =>
      "campaign:sale" in earn(facts, { campaigns: only(audience) }, around);
    expect(applies({ tierIds: ["gold"] }, { tier: goldTier })).toBe(true);
    expect(applies({ tierIds: ["gold"] }, { tier: null })).toBe(false);
    expect(applies({ tierIds: ["gold"] }, {})).toBe(false);
    expect(applies({ tierIds: ["silver"] }, { tier: goldTier })).toBe(false);
    expect(applies({ tags: ["VIP"] }, { member: { joinedAt: null, tags: ["vip "] } })).toBe(true);
    expect(applies({ tags: ["VIP"] }, {})).toBe(false);
    expect(applies({ channels: ["pos"] }, {}, orderFacts({ channel: "pos" }))).toBe(true);
    expect(applies({ channels: ["pos"] }, {})).toBe(false);
    expect(applies({ orders: "first" }, { isFirstOrder: true })).toBe(true);
    expect(applies({ orders: "first" }, { isFirstOrder: false })).toBe(false);
    expect(applies({ orders: "repeat" }, { isFirstOrder: true, orderRank: 1 })).toBe(false);
    expect(applies({ orders: "repeat" }, { isFirstOrder: false, orderRank: 7 })).toBe(true);
  });

  it("for chosen products count their lines alone, and only those the program counts", () => {
    const facts = orderFacts({
      lines: [
        orderLine({ productId: TEA, amountMinor: 3_000 }),
        orderLine({ amountMinor: 5_000 }),
        orderLine({ productId: TEA, amountMinor: 900, isGiftCard: true }),
      ],
      shippingMinor: 700,
    });
    const base = { ...yen.base, includeShipping: true };
    const products = { include: { ...NO_PRODUCTS, productIds: [TEA] }, exclude: NO_PRODUCTS };
    expect(earn(facts, { base, campaigns: [campaign({ products })] })).toEqual({ order: 87, "campaign:sale": 30 });
    expect(earn(facts, { base, campaigns: [campaign()] })).toEqual({ order: 87, "campaign:sale": 87 });
    const others = { include: null, exclude: { ...NO_PRODUCTS, productIds: [TEA] } };
    expect(earn(facts, { base, campaigns: [campaign({ products: others })] })["campaign:sale"]).toBe(50);
    expect(
      earn(orderFacts(), {
        campaigns: [campaign({ products, effect: { kind: "bonus", points: 500, onRefund: "proportional" } })],
      }),
    ).toEqual({ order: 137 });
  });

  it("of which the best applies: priority, then points, then id; those that add always add", () => {
    const facts = orderFacts({ amountMinor: 10_000 });
    const times = (id: string, percent: number, change: Partial<Campaign> = {}) =>
      campaign({ id, effect: { kind: "multiplier", percent }, ...change });
    const chosen = (...campaigns: Campaign[]) =>
      Object.keys(earn(facts, { campaigns })).filter((rule) => rule.startsWith("campaign:"));
    expect(chosen(times("a", 200), times("b", 300))).toEqual(["campaign:b"]);
    expect(chosen(times("a", 200, { priority: 60 }), times("b", 300))).toEqual(["campaign:a"]);
    expect(chosen(times("b", 200), times("a", 200))).toEqual(["campaign:a"]);
    expect(chosen(times("a", 200), times("b", 300), times("c", 150, { stacking: "adds" }))).toEqual([
      "campaign:b",
      "campaign:c",
    ]);
    // What gives this order nothing stands in nobody's way.
    const elsewhere = { include: { ...NO_PRODUCTS, productIds: [TEA] }, exclude: NO_PRODUCTS };
    expect(chosen(times("a", 200), times("b", 300, { priority: 99, products: elsewhere }))).toEqual(["campaign:a"]);
    const usedUp = { perOrder: null, perMember: 10, budget: null };
    const before = { campaignPointsBefore: { b: 10 } };
    expect(earn(facts, { campaigns: [times("a", 200), times("b", 300, { caps: usedUp })] }, before)).toHaveProperty(
      ["campaign:a"],
      100,
    );
  });

  it("a refund takes points back and never swaps one campaign for another", () => {
    const tea = orderLine({ productId: TEA, amountMinor: 10_000 });
    const cup = orderLine({ amountMinor: 2_000 });
    const facts = orderFacts({ lines: [tea, cup] });
    const campaigns = [
      campaign({ id: "tea", products: { include: { ...NO_PRODUCTS, productIds: [TEA] }, exclude: NO_PRODUCTS } }),
      campaign({ id: "all", effect: { kind: "multiplier", percent: 150 } }),
    ];
    expect(earn(facts, { campaigns })).toEqual({ order: 120, "campaign:tea": 100 });
    const refunded = { ...facts, refunds: [refundOfLine(tea, 1, 10_000)] };
    expect(answer(refunded, { campaigns }, "campaign:tea")).toMatchObject({
      target: 0,
      gross: 100,
      explanation: { code: "refunded" },
    });
    expect(earn(refunded, { campaigns })).toEqual({ order: 20, "campaign:tea": 0 });
  });

  it("keep to their caps per order and per member, and say which one cut", () => {
    const caps = { perOrder: 80, perMember: 100, budget: null };
    const campaigns = [campaign({ caps })];
    const facts = orderFacts({ amountMinor: 10_000 });
    expect(answer(facts, { campaigns }, "campaign:sale")).toMatchObject({
      target: 80,
      explanation: { params: { cappedBy: "order", cap: 80 } },
    });
    expect(answer(facts, { campaigns }, "campaign:sale", { campaignPointsBefore: { sale: 60 } })).toMatchObject({
      target: 40,
      gross: 40,
      explanation: { params: { cappedBy: "member", cap: 100 } },
    });
    expect(earn(facts, { campaigns }, { campaignPointsBefore: { sale: 100 } })).toEqual({ order: 100 });
  });

  it("multiply what the program's caps leave of the plain rate", () => {
    const facts = orderFacts({ amountMinor: 1_000_000 });
    const caps = { perOrder: 500, perDay: null };
    expect(earn(facts, { caps, campaigns: [campaign()] }, { tier: goldTier })).toEqual({
      order: 500,
      tier: 250,
      "campaign:sale": 500,
    });
    const perDay = { perOrder: null, perDay: 300 };
    expect(
      earn(facts, { caps: perDay, campaigns: [campaign()] }, { tier: goldTier, earnedEarlierTodayPoints: 300 }),
    ).toEqual({ order: 0 });
  });

  it("fixed bonuses shrink in proportion, or stay until nothing is kept", () => {
    const bonus = (onRefund: "proportional" | "until_nothing_kept") => [
      campaign({ effect: { kind: "bonus", points: 100, onRefund } }),
    ];
    const line = orderLine({ quantity: 3, amountMinor: 3_000 });
    const facts = orderFacts({ lines: [line] });
    const refunded = { ...facts, refunds: [refundOfLine(line, 1, 1_000)] };
    expect(earn(refunded, { campaigns: bonus("proportional") })["campaign:sale"]).toBe(67);
    expect(earn(refunded, { campaigns: bonus("until_nothing_kept") })["campaign:sale"]).toBe(100);
    const all = { ...facts, refunds: [refundOfLine(line, 3, 3_000)] };
    expect(earn(all, { campaigns: bonus("until_nothing_kept") })["campaign:sale"]).toBe(0);
  });

  it("give nothing to orders that earn nothing: below the minimum, guests, a paused program", () => {
    const campaigns = [
      campaign(),
      campaign({ id: "gift", effect: { kind: "bonus", points: 9, onRefund: "proportional" }, stacking: "adds" }),
    ];
    const minimum = { minor: 20_000, retestOnRefund: true };
    expect(earn(orderFacts(), { campaigns, minimum }, { tier: goldTier })).toEqual({ order: 0 });
    expect(earn(orderFacts(), { campaigns }, { member: null, tier: goldTier })).toEqual({ order: 0 });
    expect(earn(orderFacts(), { campaigns, status: "paused" })).toEqual({ order: 0 });
  });
});

describe("ways to earn with an order", () => {
  const nth: WayToEarn = {
    id: "fifth",
    kind: "nth_order",
    enabled: true,
    points: 500,
    holdDays: 0,
    n: 5,
    repeat: "once",
    onRefund: "proportional",
  };
  const perUnit: WayToEarn = {
    id: "tea",
    kind: "product_bonus",
    enabled: true,
    points: 10,
    holdDays: 0,
    products: { ...NO_PRODUCTS, productIds: [TEA] },
    per: "unit",
    unitsMax: 3,
    onRefund: "proportional",
  };
  const spend: WayToEarn = {
    id: "big",
    kind: "spend_threshold",
    enabled: true,
    points: 300,
    holdDays: 0,
    thresholdMinor: 10_000,
  };

  it("the n-th order, once or every time", () => {
    const at = (orderRank: number, repeat: "once" | "every") =>
      earn(orderFacts(), { ways: [{ ...nth, repeat }] }, { orderRank })["way:fifth"] ?? 0;
    expect([4, 5, 6, 10].map((rank) => at(rank, "once"))).toEqual([0, 500, 0, 0]);
    expect([4, 5, 6, 10].map((rank) => at(rank, "every"))).toEqual([0, 500, 0, 500]);
    expect(earn(orderFacts(), { ways: [{ ...nth, enabled: false }] }, { orderRank: 5 })).toEqual({ order: 137 });
  });

  it("chosen products, per unit up to a limit, or once per order", () => {
    const line = orderLine({ productId: TEA, quantity: 5, amountMinor: 5_000 });
    const facts = orderFacts({ lines: [line, orderLine()] });
    const kept = (units: number) => ({ ...facts, refunds: [refundOfLine(line, 5 - units, (5 - units) * 1_000)] });
    expect([5, 4, 2, 0].map((units) => earn(kept(units), { ways: [perUnit] })["way:tea"])).toEqual([30, 30, 20, 0]);
    const stays = { ...perUnit, onRefund: "until_nothing_kept" } as const;
    expect([5, 1, 0].map((units) => earn(kept(units), { ways: [stays] })["way:tea"])).toEqual([30, 30, 0]);
    const once = { ...perUnit, per: "order", points: 100 } as const;
    expect([5, 4, 0].map((units) => earn(kept(units), { ways: [once] })["way:tea"])).toEqual([100, 80, 0]);
    expect(earn(orderFacts(), { ways: [perUnit] })).toEqual({ order: 137 });
  });

  it("a gift brings no bonus: units that nothing was paid for do not count", () => {
    const line = orderLine({ productId: TEA, quantity: 2, amountMinor: 2_000, discountMinor: 2_000 });
    expect(earn(orderFacts({ lines: [line, orderLine()] }), { ways: [perUnit] })).toEqual({ order: 10 });
  });

  it("an amount reached, tested again on what is kept", () => {
    const facts = orderFacts({ amountMinor: 10_000 });
    expect(earn(facts, { ways: [spend] })["way:big"]).toBe(300);
    expect(earn(orderFacts({ amountMinor: 9_999 }), { ways: [spend] })).toEqual({ order: 99 });
    const refunded = { ...facts, refunds: [refundFacts({ unallocatedMinor: 1 })] };
    expect(answer(refunded, { ways: [spend] }, "way:big")).toMatchObject({ target: 0, gross: 300 });
  });

  it.each([
    ["pending", { financialStatus: "pending", paidAt: null }, "waiting", 787],
    ["authorized", { financialStatus: "authorized", paidAt: null }, "waiting", 787],
    ["partially paid", { financialStatus: "partially_paid", paidAt: null }, "waiting", 787],
    ["voided", { financialStatus: "voided", paidAt: null }, "none", 0],
    ["cash on delivery, paid later", { paidAt: "2026-06-20T00:00:00.000Z" }, "available", 787],
    ["open chargeback", { dispute: "open" }, "pending", 787],
    ["lost chargeback", { dispute: "lost" }, "none", 0],
    ["high risk", { highRisk: true }, "pending", 787],
    ["cancelled", { cancelledAt: ORDER_DAY }, "none", 0],
  ] as const)("B07 %s: every rule of the order shares its state", (_name, change, state, points) => {
    const everything = {
      campaigns: [campaign({ effect: { kind: "bonus", points: 150, onRefund: "proportional" } })],
      ways: [nth],
    };
    const earned = computeEarning(orderFacts(change), rules(everything), { ...context, orderRank: 5 });
    expect(earned.state).toBe(state);
    expect(earned.rules.reduce((sum, { target }) => sum + target, 0)).toBe(points);
  });
});

describe("the part paid with points", () => {
  const line = orderLine({ quantity: 2, amountMinor: 10_000, discountMinor: 3_000 });
  const facts = orderFacts({ lines: [line], discountCodes: [{ code: "KZ-1", amountMinor: 2_000 }] });
  const paid = { paidWithPointsMinor: 2_000 };
  const base = (change: Partial<EarningRules["base"]>) => ({ base: { ...yen.base, ...change } });

  it("earns only when the program says so, in proportion to what is kept", () => {
    expect(earn(facts, {}, paid)).toEqual({ order: 70 });
    expect(earn(facts, base({ includePaidWithPoints: true }), paid)).toEqual({ order: 90 });
    const refunded = { ...facts, refunds: [refundOfLine(line, 1, 3_500)] };
    expect(earn(refunded, base({ includePaidWithPoints: true }), paid)).toEqual({ order: 45 });
    expect(earn(facts, base({ includePaidWithPoints: true }), {})).toEqual({ order: 70 });
  });

  it("does not earn through the listed price either", () => {
    expect(earn(facts, base({ discounts: "before" }), paid)).toEqual({ order: 80 });
    expect(earn(facts, base({ discounts: "before", includePaidWithPoints: true }), paid)).toEqual({ order: 100 });
  });

  it("of an order that points paid for in full counts by its units", () => {
    const free = orderLine({ quantity: 4, amountMinor: 8_000, discountMinor: 8_000 });
    const order = orderFacts({ lines: [free] });
    const all = { paidWithPointsMinor: 8_000 };
    expect(earn(order, base({ includePaidWithPoints: true }), all)).toEqual({ order: 80 });
    const refunded = { ...order, refunds: [refundOfLine(free, 1, 0)] };
    expect(earn(refunded, base({ includePaidWithPoints: true }), all)).toEqual({ order: 60 });
    expect(earn(order, {}, all)).toEqual({ order: 0 });
  });
});

// ─── Laws ─────────────────────────────────────────────────────────────────────────────────────────

const anyCampaign = (id: string): fc.Arbitrary<Campaign> =>
  fc
    .record({
      effect: fc.oneof(
        fc.record({ kind: fc.constant("multiplier" as const), percent: fc.integer({ min: 101, max: 500 }) }),
        fc.record({
          kind: fc.constant("bonus" as const),
          points: fc.integer({ min: 1, max: 500 }),
          onRefund: fc.constantFrom("proportional" as const, "until_nothing_kept" as const),
        }),
      ),
      isForTea: fc.boolean(),
      stacking: fc.constantFrom("best" as const, "adds" as const),
      priority: fc.constantFrom(10, 50),
      perOrder: fc.option(fc.integer({ min: 1, max: 300 })),
    })
    .map(({ isForTea, perOrder, ...rest }) =>
      campaign({
        id,
        ...rest,
        products: { include: isForTea ? { ...NO_PRODUCTS, productIds: [TEA] } : null, exclude: NO_PRODUCTS },
        caps: { perOrder, perMember: null, budget: null },
      }),
    );
const anyWays: fc.Arbitrary<WayToEarn[]> = fc
  .record({
    points: fc.integer({ min: 1, max: 500 }),
    per: fc.constantFrom("order" as const, "unit" as const),
    unitsMax: fc.option(fc.integer({ min: 1, max: 5 })),
    onRefund: fc.constantFrom("proportional" as const, "until_nothing_kept" as const),
    thresholdMinor: fc.integer({ min: 1, max: 100_000 }),
  })
  .map(({ points, per, unitsMax, onRefund, thresholdMinor }) => [
    {
      id: "tea",
      kind: "product_bonus",
      enabled: true,
      points,
      holdDays: 0,
      products: { ...NO_PRODUCTS, productIds: [TEA] },
      per,
      unitsMax,
      onRefund,
    },
    { id: "big", kind: "spend_threshold", enabled: true, points, holdDays: 0, thresholdMinor },
    { id: "second", kind: "nth_order", enabled: true, points, holdDays: 0, n: 2, repeat: "every", onRefund },
  ]);
const anyProgram = fc.record({
  campaigns: fc.tuple(anyCampaign("a"), anyCampaign("b"), anyCampaign("c")),
  ways: anyWays,
  rounding: fc.constantFrom("down" as const, "up" as const, "half_up" as const),
  perOrder: fc.option(fc.integer({ min: 1, max: 2_000 })),
  percent: fc.integer({ min: 101, max: 400 }),
});
const anyOrder = fc.record({
  lines: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 6 }),
      unit: fc.integer({ min: 1, max: 40_000 }),
      isTea: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  back: fc.array(fc.nat(6), { minLength: 4, maxLength: 4 }),
  amountOnly: fc.nat(40_000),
});

function judge(
  facts: OrderFacts,
  { perOrder, percent, ...program }: typeof anyProgram extends fc.Arbitrary<infer T> ? T : never,
) {
  const change = { ...program, caps: { perOrder, perDay: null } };
  const tier = { ...goldTier, multiplierPercent: percent };
  return computeEarning(facts, rules(change), { ...context, orderRank: 2, tier }).rules;
}

describe("laws of all rules of an order", () => {
  it("B01 any split of a refund ends where one refund would; nothing exceeds what it was before", () => {
    fc.assert(
      fc.property(anyOrder, anyProgram, ({ lines, back, amountOnly }, program) => {
        const facts = orderFacts({
          lines: lines.map(({ quantity, unit, isTea }) =>
            orderLine({ quantity, amountMinor: quantity * unit, productId: isTea ? TEA : null }),
          ),
        });
        const cut = (units: (index: number) => number) =>
          facts.lines.flatMap((line, index) => {
            const quantity = units(index);
            return quantity === 0
              ? []
              : [{ lineId: line.lineId, quantity, subtotalMinor: quantity * (lines[index]?.unit ?? 0), taxMinor: 0 }];
          });
        const units = (index: number) => Math.min(back[index] ?? 0, lines[index]?.quantity ?? 0);
        const one = [refundFacts({ lines: cut(units), unallocatedMinor: amountOnly })];
        const many = [
          refundFacts({ unallocatedMinor: amountOnly - Math.floor(amountOnly / 3) }),
          ...facts.lines.flatMap((_line, index) =>
            Array.from({ length: units(index) }, () => refundFacts({ lines: cut((each) => (each === index ? 1 : 0)) })),
          ),
          refundFacts({ unallocatedMinor: Math.floor(amountOnly / 3) }),
        ];
        const targets = (refunds: OrderFacts["refunds"]) =>
          judge({ ...facts, refunds }, program).map(({ rule, target, gross }) => [rule, target, gross]);
        expect(targets(many)).toEqual(targets(one));
        for (const { target, gross, rule } of judge({ ...facts, refunds: one }, program)) {
          expect(target, rule).toBeLessThanOrEqual(gross);
          expect(target, rule).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("B13 the same campaigns in another order answer the same, and at most one of the best applies", () => {
    fc.assert(
      fc.property(anyOrder, anyProgram, ({ lines }, program) => {
        const facts = orderFacts({
          lines: lines.map(({ quantity, unit, isTea }) =>
            orderLine({ quantity, amountMinor: quantity * unit, productId: isTea ? TEA : null }),
          ),
        });
        const byRule = (campaigns: Campaign[]) =>
          judge(facts, { ...program, campaigns } as typeof program).sort((a, b) => (a.rule < b.rule ? -1 : 1));
        const answers = byRule(program.campaigns);
        expect(byRule(program.campaigns.toReversed())).toEqual(answers);
        const best = program.campaigns.filter(
          ({ id, stacking }) => stacking === "best" && answers.some(({ rule }) => rule === `campaign:${id}`),
        );
        expect(best.length).toBeLessThanOrEqual(1);
        // From the stored version the answer is the same.
        const stored = earningRulesSchema.parse(
          JSON.parse(
            JSON.stringify({ ...yen, campaigns: program.campaigns, ways: program.ways, rounding: program.rounding }),
          ),
        );
        expect(stored.campaigns).toEqual(program.campaigns);
      }),
      { numRuns: 1_000 },
    );
  });

  it("a naive count of money ends at the same multiplied points", () => {
    fc.assert(
      fc.property(
        anyOrder,
        fc.integer({ min: 101, max: 500 }),
        fc.integer({ min: 101, max: 400 }),
        ({ lines }, percent, tierPercent) => {
          const facts = orderFacts({
            lines: lines.map(({ quantity, unit, isTea }) =>
              orderLine({ quantity, amountMinor: quantity * unit, productId: isTea ? TEA : null }),
            ),
          });
          const money = (tea: boolean) =>
            lines.filter(({ isTea }) => !tea || isTea).reduce((sum, { quantity, unit }) => sum + quantity * unit, 0);
          const products = { include: { ...NO_PRODUCTS, productIds: [TEA] }, exclude: NO_PRODUCTS };
          const campaigns = [campaign({ effect: { kind: "multiplier", percent }, products })];
          const earned = earn(facts, { campaigns }, { tier: { ...goldTier, multiplierPercent: tierPercent } });
          expect(earned["tier"] ?? 0).toBe(Math.floor((money(false) * (tierPercent - 100)) / 10_000));
          expect(earned["campaign:sale"] ?? 0).toBe(Math.floor((money(true) * (percent - 100)) / 10_000));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
