import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { carryOverFacts } from "../../../app/shopify/carry-over-facts";
import { parseJsonExact } from "../../../app/shopify/json";
import { MoneyError } from "../../../app/shopify/money";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { orderFactsFromNode } from "../../../app/shopify/parse-order-node";
import { isPaidWithOtherValue, orderFactsFromPayload, orderShopId } from "../../../app/shopify/parse-order-payload";

const FIXTURES = join(import.meta.dirname, "../../fixtures");
const text = (name: string) => readFileSync(join(FIXTURES, `${name}.json`), "utf8");
type Json = Record<string, unknown>;
const payload = (name: string, change: Json = {}) => ({
  ...(parseJsonExact(text(`webhooks/${name}`)) as Json),
  ...change,
});
const node = (name: string, change: Json = {}) => ({ ...(JSON.parse(text(`admin/${name}`)) as Json), ...change });
const money = (amount: string, currency_code: string) => ({
  shop_money: { amount, currency_code },
  presentment_money: { amount, currency_code },
});

/** What both sources can say, the same way. */
function comparable(facts: OrderFacts): unknown {
  const { dispute, highRisk, deliveredAt, paidWithGiftCardMinor, customerTags, uncarried, lines, ...rest } = facts;
  return { ...rest, lines: lines.map(({ productTags, productType, ...line }) => line) };
}

describe("one order through both doors", () => {
  it.each(["order-tokyo", "order-new-york"])("%s gives equal facts from its webhook body and from GraphQL", (name) => {
    const fromPayload = orderFactsFromPayload(payload(name));
    const fromNode = orderFactsFromNode(node(name));
    expect(comparable(fromPayload)).toEqual(comparable(fromNode));
    // What differs is named.
    expect(fromPayload.uncarried).toEqual(
      expect.arrayContaining(["dispute", "highRisk", "deliveredAt", "productFacts"]),
    );
    expect(fromNode.uncarried).toEqual(["collections"]);
  });

  it("a body keeps what an earlier reading knew and it cannot say", () => {
    const read = orderFactsFromNode(node("order-tokyo"));
    const merged = carryOverFacts(read, orderFactsFromPayload(payload("order-tokyo")));
    expect(merged).toEqual({ ...read, uncarried: ["collections"] });
    expect(merged.dispute).toBe("open");
    expect(merged.paidWithGiftCardMinor).toBe(3000);
    expect(merged.deliveredAt).toBe("2026-03-04T05:00:00.000Z");
  });

  it("B06 a body paid in part by gift card or store credit says that it does not say how much", () => {
    expect(isPaidWithOtherValue(payload("order-tokyo"))).toBe(true);
    expect(isPaidWithOtherValue(payload("order-tokyo", { payment_gateway_names: ["shopify_store_credit"] }))).toBe(
      true,
    );
    expect(isPaidWithOtherValue(payload("order-new-york"))).toBe(false);
    expect(isPaidWithOtherValue(null)).toBe(false);
    expect(orderFactsFromPayload(payload("order-tokyo")).uncarried).toContain("paidWith");
    expect(orderFactsFromPayload(payload("order-new-york")).uncarried).not.toContain("paidWith");
  });

  it("an order known as unpaid is paid when the body that says so was written", () => {
    const unpaid = orderFactsFromNode(node("order-tokyo", { displayFinancialStatus: "PENDING", transactions: [] }));
    expect(unpaid.paidAt).toBeNull();
    const paid = carryOverFacts(unpaid, orderFactsFromPayload(payload("order-tokyo")));
    expect(paid.paidAt).toBe("2026-03-05T00:30:00.000Z");
    expect(paid.uncarried).toContain("paidAt");
  });
});

describe("discount codes", () => {
  it.each([
    ["a body", () => orderFactsFromPayload(payload("order-tokyo"))],
    ["a node", () => orderFactsFromNode(node("order-tokyo"))],
  ])("%s says what each code took off the goods that were not edited away", (_name, read) => {
    // 300 over three units of which an edit removed one, and 100; what the merchant gave by hand is nobody's code.
    expect(read().discountCodes).toEqual([
      { code: "HELLO", amountMinor: 0 },
      { code: "YUZU-300", amountMinor: 300 },
    ]);
  });

  it("an order without codes names none, like facts stored before codes were known", () => {
    expect(orderFactsFromPayload(payload("order-new-york"))).not.toHaveProperty("discountCodes");
    expect(orderFactsFromNode(node("order-new-york"))).not.toHaveProperty("discountCodes");
  });
});

describe("lines", () => {
  it("A10 ids beyond 2^53 keep every digit", () => {
    const facts = orderFactsFromPayload(payload("order-tokyo"));
    expect(facts.orderId).toBe("gid://shopify/Order/820982911946154508");
    expect(facts.customerId).toBe("gid://shopify/Customer/115310627314723954");
    expect(facts.lines[0]).toMatchObject({
      lineId: "gid://shopify/LineItem/487817672276298554",
      productId: "gid://shopify/Product/788032119674292922",
      variantId: "gid://shopify/ProductVariant/9007199254740995",
    });
    expect(facts.refunds[0]?.lines[0]?.lineId).toBe("gid://shopify/LineItem/487817672276298554");
  });

  it("B04 an edit's removal leaves the order, a refund does not", () => {
    // 3 ordered, 1 refunded, 1 left: one was removed by an edit, with its share of discount and tax.
    const soap = orderFactsFromPayload(payload("order-tokyo")).lines[0];
    expect(soap).toMatchObject({ quantity: 2, amountMinor: 9200, discountMinor: 200, taxMinor: 818 });
  });

  it("B06 gift cards, subscriptions, drafts, B2B and test orders are told apart; a tip is no line", () => {
    const tokyo = orderFactsFromPayload(payload("order-tokyo"));
    expect(tokyo.lines.map((line) => [line.isGiftCard, line.isSubscription])).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ]);
    expect(tokyo).toMatchObject({ channel: "online", isB2b: false, test: false, tipMinor: 500 });
    const newYork = orderFactsFromPayload(payload("order-new-york"));
    expect(newYork).toMatchObject({ channel: "draft", isB2b: true, test: true, customerId: null, email: null });
    for (const [source, channel] of [
      ["pos", "pos"],
      ["subscription_contract_checkout_one", "subscription"],
      ["580111", "online"],
      ["a-channel-of-tomorrow", "other"],
      [null, "other"],
    ]) {
      expect(orderFactsFromPayload(payload("order-tokyo", { source_name: source })).channel).toBe(channel);
    }
  });

  it("keeps shipping after discounts, without removed lines, and duties in shop money", () => {
    expect(orderFactsFromPayload(payload("order-tokyo"))).toMatchObject({
      shippingMinor: 600,
      shippingTaxMinor: 54,
      dutiesMinor: 0,
    });
    expect(orderFactsFromPayload(payload("order-new-york"))).toMatchObject({
      currency: "USD",
      presentmentCurrency: "EUR",
      shippingMinor: 1400,
      shippingTaxMinor: 124,
      dutiesMinor: 650,
    });
  });
});

describe("refunds", () => {
  const refunds = orderFactsFromPayload(payload("order-new-york")).refunds;
  const refund = (id: number) => refunds.find((each) => each.refundId === `gid://shopify/Refund/${id}`);

  it("B01 lines come back with what they were worth after discounts", () => {
    expect(orderFactsFromPayload(payload("order-tokyo")).refunds).toEqual([
      {
        refundId: "gid://shopify/Refund/890088186047892319",
        createdAt: "2026-03-05T00:30:00.000Z",
        lines: [
          { lineId: "gid://shopify/LineItem/487817672276298554", quantity: 1, subtotalMinor: 4500, taxMinor: 409 },
        ],
        shippingMinor: 300,
        shippingTaxMinor: 27,
        dutiesMinor: 0,
        tipMinor: 0,
        unallocatedMinor: 0,
        status: "success",
      },
    ]);
  });

  it("B02 an amount without lines is unallocated; shipping and duties are their own", () => {
    expect(refund(9003)).toMatchObject({ lines: [], unallocatedMinor: 1000, shippingMinor: 0, status: "success" });
    expect(refund(9006)).toMatchObject({
      lines: [],
      unallocatedMinor: 0,
      shippingMinor: 700,
      shippingTaxMinor: 62,
      dutiesMinor: 325,
    });
  });

  it("B02 an amount that only its transaction tells counts where shop and shopper pay in one currency", () => {
    const bare = { id: 1, created_at: "2026-03-06T00:00:00Z", transactions: [{ status: "success", amount: "1200" }] };
    expect(orderFactsFromPayload(payload("order-tokyo", { refunds: [bare] })).refunds[0]?.unallocatedMinor).toBe(1200);
    expect(orderFactsFromPayload(payload("order-new-york", { refunds: [bare] })).refunds[0]?.unallocatedMinor).toBe(0);
  });

  it("B02 a refunded tip takes nothing from the goods", () => {
    const tip = {
      id: 1,
      created_at: "2026-03-06T00:00:00Z",
      refund_line_items: [
        {
          line_item_id: "487817672276298556",
          quantity: 1,
          subtotal_set: money("500", "JPY"),
          total_tax_set: money("0", "JPY"),
        },
      ],
      transactions: [{ status: "success", amount: "500" }],
    };
    expect(orderFactsFromPayload(payload("order-tokyo", { refunds: [tip] })).refunds[0]).toMatchObject({
      lines: [],
      tipMinor: 500,
      unallocatedMinor: 0,
    });
  });

  it("B03 only money that moved counts: failed and pending refunds say so", () => {
    expect(refund(9004)).toMatchObject({ status: "failure", lines: [{ quantity: 1 }] });
    expect(refund(9005)).toMatchObject({ status: "pending", unallocatedMinor: 500 });
    const retried = {
      id: 1,
      created_at: "2026-03-06T00:00:00Z",
      transactions: [{ status: "failure" }, { status: "success" }],
    };
    expect(orderFactsFromPayload(payload("order-tokyo", { refunds: [retried] })).refunds[0]?.status).toBe("success");
  });

  it("B05 goods restocked first and paid back later are given back once", () => {
    expect(refund(9001)).toMatchObject({
      lines: [{ quantity: 1, subtotalMinor: 4095 }],
      unallocatedMinor: 0,
      status: "success",
    });
    expect(refund(9002)).toMatchObject({ lines: [], unallocatedMinor: 0 });
  });
});

describe("what may be wrong with a body", () => {
  it("A03 the status page address says whose order it is", () => {
    expect(orderShopId(payload("order-tokyo"))).toBe("548380009");
    expect(orderShopId({ order_status_url: "https://evil.example/orders/1" })).toBeNull();
    expect(orderShopId({})).toBeNull();
    expect(orderShopId(null)).toBeNull();
  });

  it("A13 values nobody knows yet become unknown, never a crash", () => {
    const facts = orderFactsFromPayload(
      payload("order-tokyo", { financial_status: "paid_in_shells", fulfillment_status: "teleported", new_field: {} }),
    );
    expect(facts).toMatchObject({ financialStatus: "unknown", fulfilledAt: null, paidAt: null });
    const read = orderFactsFromNode(
      node("order-tokyo", {
        displayFinancialStatus: "QUANTUM",
        disputes: [{ status: "NEW_KIND" }],
        risk: { recommendation: "PONDER", assessments: [] },
      }),
    );
    expect(read).toMatchObject({ financialStatus: "unknown", dispute: "open", highRisk: false });
  });

  it("B12 amounts are decimal strings of the currency; anything else is refused", () => {
    const priced = (amount: string, currency: string) =>
      orderFactsFromPayload({
        ...payload("order-new-york"),
        currency,
        presentment_currency: currency,
        line_items: [{ id: 1, title: "x", quantity: 3, price_set: money(amount, currency) }],
        refunds: [],
        shipping_lines: [],
        original_total_duties_set: null,
        total_tip_received: "0",
      }).lines[0]?.amountMinor;
    expect(priced("100.00", "JPY")).toBe(300);
    expect(priced("1.234", "KWD")).toBe(3702);
    expect(priced("19.99", "USD")).toBe(5997);
    expect(priced("-0.00", "USD")).toBe(0);
    for (const amount of ["1e3", "1,000.00", " 1", "", "NaN", "0.001", "99999999999999999999"]) {
      expect(() => priced(amount, "USD"), amount).toThrow(MoneyError);
    }
    expect(() => priced("3002399751580331.00", "USD")).toThrow(MoneyError);
    expect(() => priced("30023997515803.30", "USD")).not.toThrow();
    expect(() => priced("60047995031606.65", "USD"), "the product leaves 2^53").toThrow(RangeError);
  });

  it("is not fooled by what is no order", () => {
    for (const body of [
      null,
      [],
      "order",
      {},
      payload("order-tokyo", { updated_at: "yesterday" }),
      payload("order-tokyo", { line_items: [{}] }),
    ]) {
      expect(() => orderFactsFromPayload(body)).toThrow();
    }
  });
});

describe("JSON with long ids", () => {
  it("keeps the digits of integers beyond 2^53 and leaves everything else alone", () => {
    expect(
      parseJsonExact(
        '{"id":820982911946154508,"n":[-9007199254740993],"price":19.99,"big":1e300,"text":"820982911946154508"}',
      ),
    ).toEqual({
      id: "820982911946154508",
      n: ["-9007199254740993"],
      price: 19.99,
      big: 1e300,
      text: "820982911946154508",
    });
    expect(parseJsonExact('{"id":9007199254740991}')).toEqual({ id: 9007199254740991 });
    expect(() => parseJsonExact("{")).toThrow(SyntaxError);
  });
});
