// What is kept of an order, and what of it counts: each setting by itself, each figure by hand.
import { describe, expect, it } from "vitest";

import { defaultEarningRules } from "../../../../app/loyalty/earning-rules";
import {
  hasTag,
  isInScope,
  keptAmounts,
  matches,
  type BaseSettings,
  type KeptAmounts,
  type Moment,
  type ProductFilter,
} from "../../../../app/loyalty/kept-amounts";
import type { OrderFacts } from "../../../../app/shopify/order-facts";
import { orderFacts, orderLine, refundFacts, refundOfLine } from "../../../builders/order-facts";

const { base: BASE, products: ALL } = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const kept = (facts: Partial<OrderFacts>, base: Partial<BaseSettings> = {}, moment: Moment = "now", points = 0) =>
  keptAmounts(orderFacts(facts), { ...BASE, ...base }, ALL, moment, points);
const figures = ({ baseMinor, goodsMinor, refundedMinor, lines }: KeptAmounts) => ({
  ...{ baseMinor, goodsMinor, refundedMinor },
  lines: lines.map(({ countedMinor, units }) => [countedMinor, units]),
});
/** 1,000 for two units less 100, of which 90 are tax; and 500 for one, of which 40 are tax. */
const two = orderLine({ quantity: 2, amountMinor: 1_000, discountMinor: 100, taxMinor: 90 });
const one = orderLine({ quantity: 1, amountMinor: 500, taxMinor: 40 });
const lines = [two, one];

describe("lines", () => {
  it("count after their discounts, with the tax inside", () => {
    expect(figures(kept({ lines }))).toEqual({
      ...{ baseMinor: 1_400, goodsMinor: 1_400, refundedMinor: 0 },
      lines: [
        [900, 2],
        [500, 1],
      ],
    });
  });

  it("count before their discounts, or without their tax, or both", () => {
    const counted = (base: Partial<BaseSettings>) =>
      kept({ lines }, base).lines.map(({ countedMinor }) => countedMinor);
    expect(counted({ discounts: "before" })).toEqual([1_000, 500]);
    expect(counted({ includeTax: false })).toEqual([810, 460]);
    expect(counted({ discounts: "before", includeTax: false })).toEqual([900, 460]);
  });

  it("whose tax is added at checkout count with it only when asked to", () => {
    const added = { lines, taxesIncluded: false };
    expect(kept(added, { includeTax: false }).baseMinor).toBe(1_400);
    expect(kept(added, { includeTax: true }).baseMinor).toBe(1_530);
    expect(kept(added, { includeTax: true, discounts: "before" }).baseMinor).toBe(1_000 + 100 + 500 + 40);
  });

  it("B02 without a unit, or discounted beyond their amount, are nothing, and their tax is never more than they are", () => {
    const odd = [
      orderLine({ quantity: 0, amountMinor: 700, taxMinor: 70, discountMinor: 10 }),
      orderLine({ quantity: 1, amountMinor: 300, discountMinor: 400, taxMinor: 30 }),
      orderLine({ quantity: 1, amountMinor: 100, taxMinor: 130 }),
    ];
    expect(figures(kept({ lines: odd }))).toMatchObject({ baseMinor: 100, goodsMinor: 100 });
    expect(kept({ lines: odd }, { includeTax: false }).baseMinor).toBe(0);
    expect(kept({ lines: odd }, { discounts: "before" }).baseMinor).toBe(100);
    expect(kept({ lines: odd, taxesIncluded: false }, { includeTax: true }).baseMinor).toBe(0 + 0 + 100 + 130);
  });
});

describe("refunds", () => {
  const back = (...refunds: OrderFacts["refunds"]) => ({ lines, refunds });
  const ofTwo = (quantity: number, subtotalMinor: number, taxMinor = 0) =>
    refundFacts({ lines: [{ lineId: two.lineId, quantity, subtotalMinor, taxMinor }] });

  it("B01 take their lines' units, money and tax", () => {
    expect(figures(kept(back(ofTwo(1, 450, 45))))).toEqual({
      ...{ baseMinor: 950, goodsMinor: 950, refundedMinor: 450 },
      lines: [
        [450, 1],
        [500, 1],
      ],
    });
    expect(kept(back(ofTwo(1, 450, 45)), { includeTax: false }).lines[0]?.countedMinor).toBe(405);
    expect(kept(back(ofTwo(1, 450, 45)), { discounts: "before" }).lines[0]?.countedMinor).toBe(500);
  });

  it("B01 of all units leave nothing of a line, whatever their cents add up to", () => {
    expect(figures(kept(back(ofTwo(1, 440), ofTwo(1, 440))))).toMatchObject({
      ...{
        baseMinor: 500,
        goodsMinor: 500,
        refundedMinor: 900,
        lines: [
          [0, 0],
          [500, 1],
        ],
      },
    });
    expect(kept(back(ofTwo(3, 10))).lines[0]).toMatchObject({ countedMinor: 0, units: 0 });
    const untaxed = { ...back(ofTwo(2, 900)), taxesIncluded: false };
    expect(kept(untaxed, { includeTax: true }).lines[0]?.countedMinor).toBe(0);
  });

  it("B02 of more money than a line has leave nothing of it, and a negative one gives nothing back", () => {
    expect(kept(back(ofTwo(1, 5_000, 500)), { includeTax: false }).lines[0]?.countedMinor).toBe(0);
    expect(kept(back(ofTwo(1, -300, -30)), { includeTax: false }).lines[0]?.countedMinor).toBe(810);
    expect(kept(back(ofTwo(1, 860, 0)), { includeTax: false }).lines[0]?.countedMinor).toBe(0);
    expect(kept({ ...back(ofTwo(1, 860, 0)), taxesIncluded: false }, { includeTax: true }).lines[0]?.countedMinor).toBe(
      40 + 90,
    );
  });

  it("B02 without lines are spread over what is kept, by amount", () => {
    const spread = kept(back(refundFacts({ unallocatedMinor: 140 })));
    expect(figures(spread)).toMatchObject({ baseMinor: 1_260, goodsMinor: 1_260, refundedMinor: 140 });
    expect(spread.lines.map(({ countedMinor, units }) => [countedMinor, units])).toEqual([
      [810, 2],
      [450, 1],
    ]);
    const without = kept(back(refundFacts({ unallocatedMinor: 140 })), { includeTax: false });
    expect(without.lines.map(({ countedMinor }) => countedMinor)).toEqual([810 - 81, 450 - 36]);
    expect(kept(back(refundFacts({ unallocatedMinor: 9_999 }))).baseMinor).toBe(0);
    expect(kept(back(refundFacts({ unallocatedMinor: -50 }))).baseMinor).toBe(1_400);
  });

  it("B03 count only when they succeeded, and never for what was ordered", () => {
    const given = [ofTwo(1, 450), refundFacts({ unallocatedMinor: 100, status: "pending" })];
    expect(kept(back(...given)).baseMinor).toBe(950);
    expect(figures(kept(back(...given), {}, "gross"))).toMatchObject({ baseMinor: 1_400, refundedMinor: 0 });
  });

  it("B01 of a line that the order does not have change nothing", () => {
    expect(kept(back(refundOfLine(orderLine(), 1, 700))).baseMinor).toBe(1_400);
  });
});

describe("B06 what was paid with other value", () => {
  const paid = { lines, paidWithGiftCardMinor: 280, paidWithStoreCreditMinor: 140 };
  it("B06 comes off the lines by amount when it does not earn, and leaves the goods as they are", () => {
    expect(kept(paid).baseMinor).toBe(1_400);
    expect(kept(paid, { includePaidWithGiftCard: false })).toMatchObject({ baseMinor: 1_120, goodsMinor: 1_400 });
    expect(kept(paid, { includePaidWithStoreCredit: false }).baseMinor).toBe(1_260);
    const neither = kept(paid, { includePaidWithGiftCard: false, includePaidWithStoreCredit: false });
    expect(figures(neither)).toEqual({
      ...{ baseMinor: 980, goodsMinor: 1_400, refundedMinor: 0 },
      lines: [
        [630, 2],
        [350, 1],
      ],
    });
  });

  it("B06 beyond the goods comes off shipping and the like", () => {
    const more = { ...paid, paidWithGiftCardMinor: 1_500, shippingMinor: 300 };
    const base = { includeShipping: true, includePaidWithGiftCard: false };
    expect(kept(more, base).baseMinor).toBe(200);
    expect(kept({ ...more, paidWithGiftCardMinor: 2_000 }, base).baseMinor).toBe(0);
    expect(kept({ ...more, paidWithGiftCardMinor: 1_400 }, base).baseMinor).toBe(300);
  });
});

describe("what points paid for", () => {
  const bought = (points: number, base: Partial<BaseSettings> = {}, facts: Partial<OrderFacts> = {}) =>
    kept({ lines, ...facts }, base, "now", points).lines.map(({ countedMinor }) => countedMinor);

  it("is a discount like any other, unless it earns", () => {
    expect(bought(100)).toEqual([900, 500]);
    expect(bought(100, { includePaidWithPoints: true })).toEqual([1_000, 500]);
    expect(bought(40, { includePaidWithPoints: true })).toEqual([940, 500]);
    // No more than the discounts there are.
    expect(bought(400, { includePaidWithPoints: true })).toEqual([1_000, 500]);
  });

  it("does not earn where other discounts do", () => {
    expect(bought(100, { discounts: "before" })).toEqual([900, 500]);
    expect(bought(100, { discounts: "before", includePaidWithPoints: true })).toEqual([1_000, 500]);
  });

  it("brings its share of the tax, or takes it away", () => {
    expect(bought(100, { includePaidWithPoints: true, includeTax: false })).toEqual([900, 460]);
    expect(bought(100, { discounts: "before", includeTax: false })).toEqual([810, 460]);
    const added = { taxesIncluded: false };
    expect(bought(100, { includePaidWithPoints: true, includeTax: false }, added)).toEqual([1_000, 500]);
    expect(bought(100, { includePaidWithPoints: true, includeTax: true }, added)).toEqual([1_090, 540]);
  });

  it("C08 shrinks with what is kept of its line", () => {
    const refunds = [refundOfLine(two, 1, 450)];
    expect(bought(100, { includePaidWithPoints: true }, { refunds })).toEqual([500, 500]);
    // A line without money has its units to tell by; one without a unit has nothing.
    const free = orderLine({ quantity: 4, amountMinor: 400, discountMinor: 400 });
    const none = orderLine({ quantity: 0, amountMinor: 300, discountMinor: 300 });
    const facts = { lines: [free, none], refunds: [refundOfLine(free, 1, 0)] };
    expect(bought(400, { includePaidWithPoints: true }, facts)).toEqual([300, 0]);
    expect(bought(800, { includePaidWithPoints: true }, { lines: [free, none] })).toEqual([400, 0]);
    expect(bought(100, { includePaidWithPoints: true }, { lines: [orderLine({ discountMinor: -5 }), two] })).toEqual([
      1_005, 1_000,
    ]);
  });
});

describe("what does not divide", () => {
  it("B01 is rounded half up, each figure by itself", () => {
    const small = orderLine({ amountMinor: 3, taxMinor: 1 });
    const spread = { lines: [small], refunds: [refundFacts({ unallocatedMinor: 1 })] };
    expect(kept(spread, { includeTax: false }).baseMinor).toBe(2 - 1);
    const third = {
      lines: [two],
      refunds: [refundFacts({ lines: [{ lineId: two.lineId, quantity: 1, subtotalMinor: 300, taxMinor: 30 }] })],
    };
    const counted = (base: Partial<BaseSettings>, points = 0) => kept(third, base, "now", points).baseMinor;
    expect(counted({ includePaidWithPoints: true }, 100)).toBe(600 + 67);
    expect(counted({ discounts: "before" })).toBe(667);
    expect(counted({ discounts: "before", includeTax: false })).toBe(667 - 67);
    expect(kept({ lines: [two] }, { includePaidWithPoints: true, includeTax: false }, "now", 55).baseMinor).toBe(
      900 + 55 - 90 - 6,
    );
    const free = orderLine({ quantity: 3, amountMinor: 400, discountMinor: 400 });
    const part = { lines: [free], refunds: [refundOfLine(free, 1, 0)] };
    expect(kept(part, { includePaidWithPoints: true }, "now", 400).baseMinor).toBe(267);
    // Nothing was paid in money, so nothing says what it was listed at: what points paid counts all the same.
    const listed = { discounts: "before", includePaidWithPoints: true } as const;
    expect(kept({ lines: [free] }, listed, "now", 400).baseMinor).toBe(400);
  });
});

describe("what is beside the goods", () => {
  const beside = { lines, shippingMinor: 600, shippingTaxMinor: 50, dutiesMinor: 70, tipMinor: 30 };
  const more = (base: Partial<BaseSettings>, facts: Partial<OrderFacts> = {}) =>
    kept({ ...beside, ...facts }, base).baseMinor - kept({ lines, ...facts }, base).baseMinor;

  it("counts as the settings say", () => {
    expect(more({})).toBe(0);
    expect([more({ includeShipping: true }), more({ includeDuties: true }), more({ includeTip: true })]).toEqual([
      600, 70, 30,
    ]);
    expect(more({ includeShipping: true, includeDuties: true, includeTip: true })).toBe(700);
    expect(more({ includeShipping: true, includeTax: false })).toBe(550);
    const added = { taxesIncluded: false };
    expect(more({ includeShipping: true, includeTax: true }, added)).toBe(650);
    expect(more({ includeShipping: true, includeTax: false }, added)).toBe(600);
  });

  it("B02 shrinks by its own refunds, and never below nothing", () => {
    const refund = { shippingMinor: 200, shippingTaxMinor: 20, dutiesMinor: 50, tipMinor: 10 };
    const refunds = [refundFacts(refund)];
    expect(more({ includeShipping: true }, { refunds })).toBe(400);
    expect(more({ includeShipping: true, includeTax: false }, { refunds })).toBe(370);
    expect(more({ includeDuties: true }, { refunds })).toBe(20);
    expect(more({ includeTip: true }, { refunds })).toBe(20);
    const all = [refundFacts({ shippingMinor: 900, shippingTaxMinor: 90, dutiesMinor: 90, tipMinor: 90 })];
    const everything = { includeShipping: true, includeDuties: true, includeTip: true };
    expect(more(everything, { refunds: all })).toBe(0);
    expect(more({ ...everything, includeTax: true }, { refunds: all, taxesIncluded: false })).toBe(0);
    const taxLeft = [refundFacts({ shippingMinor: 590 })];
    expect(more({ includeShipping: true, includeTax: false }, { refunds: taxLeft })).toBe(0);
    expect(more({ includeShipping: true, includeTax: true }, { refunds: taxLeft, taxesIncluded: false })).toBe(60);
  });
});

describe("which lines count", () => {
  const none: ProductFilter = { productIds: [], variantIds: [], collectionIds: [], tags: [] };
  const line = orderLine({
    productId: "p1",
    variantId: "v1",
    collectionIds: ["c1", "c2"],
    productTags: [" Green Tea "],
  });
  const stray = orderLine();

  it("are named by product, variant, any collection or any tag", () => {
    const by = (filter: Partial<ProductFilter>, of = line) => matches(of, { ...none, ...filter });
    expect(by({})).toBe(false);
    expect([by({ productIds: ["p1"] }), by({ variantIds: ["v1"] }), by({ collectionIds: ["c2"] })]).toEqual([
      true,
      true,
      true,
    ]);
    expect([by({ tags: ["x", "green tea"] }), by({ tags: ["green"] }), by({ productIds: ["v1"] })]).toEqual([
      true,
      false,
      false,
    ]);
    const everything = { productIds: ["p1"], variantIds: ["v1"], collectionIds: ["c1"], tags: ["x"] };
    expect(by(everything, stray)).toBe(false);
  });

  it("are in when chosen, and out when left out, whatever chose them", () => {
    const chosen = { ...none, productIds: ["p1"] };
    expect(isInScope(line, { include: null, exclude: none })).toBe(true);
    expect(isInScope(line, { include: chosen, exclude: none })).toBe(true);
    expect(isInScope(stray, { include: chosen, exclude: none })).toBe(false);
    expect(isInScope(line, { include: chosen, exclude: { ...none, tags: ["GREEN TEA"] } })).toBe(false);
    expect(isInScope(line, { include: null, exclude: chosen })).toBe(false);
  });

  it("B06 are no gift cards unless so set, while the goods include them", () => {
    const card = orderLine({ isGiftCard: true, amountMinor: 300 });
    expect(figures(kept({ lines: [...lines, card] }))).toMatchObject({ baseMinor: 1_400, goodsMinor: 1_700 });
    expect(kept({ lines: [...lines, card] }, { includeGiftCardLines: true }).baseMinor).toBe(1_700);
    const scope = { include: { ...none, productIds: ["p1"] }, exclude: none };
    const some = keptAmounts(
      orderFacts({ lines: [card, line] }),
      { ...BASE, includeGiftCardLines: true },
      scope,
      "now",
    );
    expect(figures(some)).toMatchObject({ baseMinor: 1_000, goodsMinor: 1_300, lines: [[1_000, 1]] });
  });

  it("tags ignore case and the space around them", () => {
    expect([hasTag(["VIP "], "vip"), hasTag(["vip"], " VIP"), hasTag(["vips"], "vip"), hasTag([], "vip")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
