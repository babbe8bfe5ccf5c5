// Money, tax and discounts by hand-made examples.
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { allocate, convertMinor, toDecimal, toMinor } from "../../simulator/money";
import { createCustomer, createDiscount, createOrder, priceCart, updateShop } from "../../simulator/order-engine";
import { taxLines } from "../../simulator/tax";
import { NEW_YORK, sampleSimulator, TOKYO } from "./sample-shops";

describe("money", () => {
  it("prints and reads currencies of zero, two and three decimals", () => {
    expect([toDecimal(1_378, "JPY"), toDecimal(1_378, "USD"), toDecimal(-5, "USD"), toDecimal(5, "KWD")]).toEqual([
      "1378",
      "13.78",
      "-0.05",
      "0.005",
    ]);
    expect([
      toMinor("13.78", "USD"),
      toMinor("-0.00", "USD"),
      toMinor("1378.00", "JPY"),
      toMinor("1.5", "KWD"),
    ]).toEqual([1_378, 0, 1_378, 1_500]);
    expect(() => toMinor("1e3", "USD")).toThrow("not a decimal");
    expect(() => toMinor("1.005", "USD")).toThrow("more decimals");
  });

  it("splits without losing a unit", () => {
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.array(fc.nat(10_000), { minLength: 1, maxLength: 9 }), (total, weights) => {
        const parts = allocate(total, weights);
        expect(parts.reduce((a, b) => a + b, 0)).toBe(total);
        const sum = weights.reduce((a, b) => a + b, 0);
        if (sum > 0)
          parts.forEach((part, at) => expect(Math.abs(part - (total * (weights[at] ?? 0)) / sum)).toBeLessThan(1));
      }),
    );
  });

  it("converts between currencies of different digits", () => {
    expect([
      convertMinor(3_075, "JPY", "USD", 0.0067),
      convertMinor(1_000, "USD", "JPY", 151.25),
      convertMinor(-3_075, "JPY", "USD", 0.0067),
    ]).toEqual([2_060, 1_513, -2_060]);
  });
});

describe("tax", () => {
  it("is inside Japanese prices, rounded down, reduced for food", () => {
    expect(taxLines([{ name: "消費税", basisPoints: 1_000, productTag: null }], 1_320, true)[0]?.amountMinor).toBe(120);
    expect(taxLines([{ name: "消費税", basisPoints: 1_000, productTag: null }], 999, true)[0]?.amountMinor).toBe(90);
    const { sim, variants } = sampleSimulator();
    const cart = priceCart(sim.shop(TOKYO), {
      lines: [{ variantId: variants[TOKYO]?.[1], quantity: 1 }],
      at: sim.now(),
    });
    // ¥999 of tea at 8 %: 999 × 8 / 108 = 74; shipping ¥600 at 10 %: 54.
    expect(cart).toMatchObject({
      subtotalMinor: 999,
      taxMinor: 128,
      totalMinor: 1_599,
      lines: [{ taxes: [{ name: "軽減税率", amountMinor: 74 }] }],
    });
  });

  it("is added to New York prices at 8.875 %, half up", () => {
    const { sim, variants } = sampleSimulator();
    const cart = priceCart(sim.shop(NEW_YORK), {
      lines: [{ variantId: variants[NEW_YORK]?.[0], quantity: 2 }],
      shippingMinor: null,
      at: sim.now(),
    });
    // $27.50 × 8.875 % = 2.440625
    expect(cart).toMatchObject({ subtotalMinor: 2_750, taxMinor: 244, totalMinor: 2_994 });
  });

  it("never falls on gift cards", () => {
    const { sim, variants } = sampleSimulator();
    const cart = priceCart(sim.shop(NEW_YORK), {
      lines: [{ variantId: variants[NEW_YORK]?.[3], quantity: 1 }],
      at: sim.now(),
    });
    expect(cart).toMatchObject({ taxMinor: 0, totalMinor: 5_000, shipping: null });
  });
});

describe("discount codes", () => {
  it("spread over the lines, skip gift cards, and say why they do not apply", () => {
    const { sim, variants } = sampleSimulator();
    const shop = sim.shop(NEW_YORK);
    const customer = createCustomer(sim, NEW_YORK, { email: "d@example.com" });
    createDiscount(sim, NEW_YORK, { code: "TEN", kind: "amount", value: 1_000, minimumMinor: 2_000 });
    createDiscount(sim, NEW_YORK, { code: "ONCE", kind: "percentage", value: 2_000, oncePerCustomer: true });
    createDiscount(sim, NEW_YORK, { code: "HERS", customerIds: [customer.id], usageLimit: 1 });
    createDiscount(sim, NEW_YORK, { code: "OVER", endsAt: new Date(sim.now().getTime() - 1_000).toISOString() });
    const [soap, tea, , card] = variants[NEW_YORK] ?? [];
    const price = (discountCodes: string[], variantId = soap, customerId: string | null = null) =>
      priceCart(shop, {
        lines: [
          { variantId, quantity: 2 },
          { variantId: tea, quantity: 1 },
          { variantId: card, quantity: 1 },
        ],
        discountCodes,
        customerId,
        at: sim.now(),
      });
    const ten = price(["ten"]);
    // 2,750 and 999 share 1,000 by amount: 733.5 and 266.5.
    expect(ten.lines.map((line) => line.discounts.map((discount) => discount.amountMinor))).toEqual([[734], [266], []]);
    expect(ten.discountCodes).toMatchObject([{ code: "TEN", amountMinor: 1_000, type: "fixed_amount" }]);
    const problem = (codes: string[], customerId: string | null = null) =>
      price(codes, soap, customerId).rejectedCodes.map((one) => one.problem);
    expect(problem(["NOPE"])).toEqual(["unknown"]);
    expect(problem(["OVER"])).toEqual(["expired"]);
    expect(problem(["HERS"])).toEqual(["other_customer"]);
    expect(problem(["TEN", "ONCE"])).toEqual(["does_not_combine"]);
    createOrder(sim, NEW_YORK, {
      lines: [{ variantId: soap, quantity: 1 }],
      customerId: customer.id,
      discountCodes: ["ONCE"],
    });
    createOrder(sim, NEW_YORK, {
      lines: [{ variantId: soap, quantity: 1 }],
      customerId: customer.id,
      discountCodes: ["HERS"],
    });
    expect(problem(["ONCE"], customer.id)).toEqual(["already_used"]);
    expect(problem(["HERS"], customer.id)).toEqual(["used_up"]);
    updateShop(sim, NEW_YORK, { freeShippingFromMinor: 1_000 });
    expect(price([]).shipping).toMatchObject({ priceMinor: 0, taxMinor: 0 });
  });
});
