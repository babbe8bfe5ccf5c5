import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

import { readOrder, readChangedOrders, scanOrders, updatedQuery } from "../../../app/shopify/read-orders.server";
import { TransientShopifyError } from "../../../app/shopify/shopify-errors";
import { useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const shopify = useFakeShopify();

type Json = Record<string, unknown>;
interface OrderNode extends Json {
  id: string;
  lineItems: { nodes: Json[] };
  refunds: (Json & { refundLineItems: { nodes: Json[] } })[];
}
const fixture = () =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../fixtures/admin/order-tokyo.json"), "utf8")) as OrderNode;
const page = (nodes: unknown[], endCursor: string | null) => ({
  nodes,
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
});
const NOW = new Date("2026-03-10T00:00:00Z");
const known = { processedAt: new Date("2026-03-01T03:00:00Z"), now: NOW };

let shopId = 0;
let number = 0;
beforeEach(async () => {
  const domain = `orders-${++number}.myshopify.com`;
  shopId = await createTestShop(domain);
  await storeTestSession(domain);
});

/** An order of `lines` lines and `refunds` refunds, served in Shopify's pages. */
function serveOrder(lines: number, refunds: number, refundLines = 1): OrderNode {
  const order = fixture();
  const [line] = order.lineItems.nodes;
  const all = Array.from({ length: lines }, (_, index) => ({
    ...line,
    id: `gid://shopify/LineItem/${index + 1}`,
    currentQuantity: 3,
  }));
  const [refund] = order.refunds;
  const allRefunds = Array.from({ length: refunds }, (_, index) => ({
    ...refund,
    id: `gid://shopify/Refund/${index + 1}`,
    createdAt: new Date(Date.UTC(2026, 2, 2, index)).toISOString(),
    lines: Array.from({ length: refundLines }, (_unused, each) => ({
      ...refund?.refundLineItems.nodes[0],
      lineItem: { id: `gid://shopify/LineItem/${each + 1}` },
    })),
  }));
  const refundPage = (each: (typeof allRefunds)[number], from: number, size: number) => ({
    ...each,
    refundLineItems: page(
      each.lines.slice(from, from + size),
      each.lines.length > from + size ? String(from + size) : null,
    ),
  });
  shopify.on("ReadOrder", () => ({
    order: {
      ...order,
      lineItems: page(all.slice(0, 25), all.length > 25 ? "25" : null),
      refunds: allRefunds.slice(0, 3).map((each) => refundPage(each, 0, 10)),
    },
  }));
  shopify.on("ReadOrderLines", ({ variables }) => {
    const from = Number(variables["after"]);
    return {
      order: {
        updatedAt: order["updatedAt"],
        lineItems: page(all.slice(from, from + 60), all.length > from + 60 ? String(from + 60) : null),
      },
    };
  });
  shopify.on("ReadOrderRefunds", () => ({
    order: { updatedAt: order["updatedAt"], refunds: allRefunds.map(({ id }) => ({ id })) },
  }));
  shopify.on("ReadRefund", ({ variables }) => {
    const each = allRefunds.find(({ id }) => id === variables["id"]);
    return { node: each ? refundPage(each, Number(variables["after"] ?? 0), 60) : null };
  });
  return order;
}

const endless = <Item>(items: Item[], size: number) => ({
  nodes: items.slice(0, size),
  pageInfo: { hasNextPage: items.length > size },
});
/** An order with long lists, each cut where our documents cut it. */
function serveLongLists(sizes: { payments?: number; shipments?: number; shipping?: number; refundPayments?: number }) {
  const order = serveOrder(1, 1);
  const yen = (amount: number) => ({
    shopMoney: { amount: `${amount}.0` },
    presentmentMoney: { amount: `${amount}.0` },
  });
  const times = (count: number, make: (index: number) => Json) => Array.from({ length: count }, (_, at) => make(at));
  const payments = times(sizes.payments ?? 1, (index) => ({
    id: `gid://shopify/OrderTransaction/${index}`,
    kind: "SALE",
    status: "SUCCESS",
    gateway: "gift_card",
    createdAt: "2026-03-01T03:00:00Z",
    processedAt: null,
    amountSet: yen(100),
  }));
  const shipments = times(sizes.shipments ?? 1, (index) => ({
    id: `gid://shopify/Fulfillment/${index}`,
    status: "SUCCESS",
    createdAt: new Date(Date.UTC(2026, 2, 1, index)).toISOString(),
    deliveredAt: null,
  }));
  const shipping = times(sizes.shipping ?? 1, (index) => ({
    id: `gid://shopify/ShippingLine/${index}`,
    discountedPriceSet: yen(300),
    taxLines: [],
  }));
  const count = sizes.refundPayments ?? 1;
  const refundPayments = times(count, (index) => ({
    id: `gid://shopify/OrderTransaction/9${index}`,
    kind: "REFUND",
    status: index === count - 1 ? "SUCCESS" : "FAILURE",
    amountSet: yen(100),
  }));
  const [refund] = order.refunds;
  const refundNode = (size: number) => ({
    ...refund,
    refundLineItems: page(refund?.refundLineItems.nodes ?? [], null),
    transactions: endless(refundPayments, size),
  });
  const { updatedAt } = order;
  shopify.on("ReadOrder", () => ({
    order: {
      ...order,
      displayFulfillmentStatus: "FULFILLED",
      lineItems: page(order.lineItems.nodes, null),
      transactions: payments.slice(0, 20),
      fulfillments: shipments.slice(0, 20),
      shippingLines: endless(shipping, 5),
      refunds: [refundNode(5)],
    },
  }));
  shopify.on("ReadOrderPayments", () => ({ order: { updatedAt, transactions: payments.slice(0, 240) } }));
  shopify.on("ReadOrderFulfillments", () => ({ order: { updatedAt, fulfillments: shipments.slice(0, 250) } }));
  shopify.on("ReadOrderShipping", () => ({ order: { updatedAt, shippingLines: endless(shipping, 100) } }));
  shopify.on("ReadOrderRefunds", () => ({ order: { updatedAt, refunds: [{ id: refund?.["id"] }] } }));
  shopify.on("ReadRefund", () => ({ node: refundNode(60) }));
  return order;
}

describe("readOrder", () => {
  it("reads a small order in one call", async () => {
    serveOrder(2, 1);
    const reading = await readOrder(shopId, "gid://shopify/Order/820982911946154508", known);
    expect(reading).toMatchObject({ outcome: "found", facts: { name: "#1001", lines: [{}, {}], refunds: [{}] } });
    expect(shopify.calls).toHaveLength(1);
  });

  it("A10 an order of 600 lines is read to its last line", async () => {
    serveOrder(600, 0);
    const reading = await readOrder(shopId, "gid://shopify/Order/820982911946154508", known);
    if (reading.outcome !== "found") throw new Error(reading.outcome);
    expect(reading.facts.lines).toHaveLength(600);
    expect(new Set(reading.facts.lines.map((line) => line.lineId)).size).toBe(600);
    expect(shopify.calls).toHaveLength(1 + Math.ceil(575 / 60));
  });

  it("reads every refund of an order with many, and every line of a long refund", async () => {
    serveOrder(150, 7, 130);
    const reading = await readOrder(shopId, "gid://shopify/Order/820982911946154508", known);
    if (reading.outcome !== "found") throw new Error(reading.outcome);
    expect(reading.facts.refunds).toHaveLength(7);
    expect(reading.facts.refunds.every((refund) => refund.lines.length === 130)).toBe(true);
  });

  it("A10 reads every payment, shipment and shipping line of an order with many, and every part of a refund", async () => {
    const order = serveLongLists({ payments: 45, shipments: 30, shipping: 8, refundPayments: 12 });
    const reading = await readOrder(shopId, order.id, known);
    if (reading.outcome !== "found") throw new Error(reading.outcome);
    expect(reading.facts.paidWithGiftCardMinor).toBe(45 * 100);
    expect(reading.facts.fulfilledAt).toBe("2026-03-02T05:00:00.000Z");
    expect(reading.facts.shippingMinor).toBe(8 * 300);
    // The failed ones came first; only the last page holds the one that moved money.
    expect(reading.facts.refunds).toMatchObject([{ status: "success" }]);
    expect(shopify.calls.map((call) => call.operation).sort()).toEqual([
      "ReadOrder",
      "ReadOrderFulfillments",
      "ReadOrderPayments",
      "ReadOrderRefunds",
      "ReadOrderShipping",
      "ReadRefund",
    ]);
  });

  it("A10 starts over when the order changes before its long lists are read", async () => {
    const order = serveLongLists({ payments: 45 });
    shopify.on("ReadOrderPayments", () => ({ order: { updatedAt: "2026-03-09T00:00:00Z", transactions: [] } }));
    await expect(readOrder(shopId, order.id, known)).rejects.toThrow(TransientShopifyError);
    expect(shopify.calls.filter((call) => call.operation === "ReadOrder")).toHaveLength(3);
  });

  it.each([{ payments: 300 }, { shipments: 300 }, { shipping: 120 }, { refundPayments: 80 }])(
    "A10 an order whose list Shopify cuts is refused, never read in part: %o",
    async (sizes) => {
      const order = serveLongLists(sizes);
      expect(await readOrder(shopId, order.id, known)).toEqual({ outcome: "not_readable" });
    },
  );

  it("starts over when the order changes between two pages, and gives up when it never rests", async () => {
    const order = serveOrder(30, 0);
    shopify.on("ReadOrderLines", ({ variables }) => {
      const settled = shopify.calls.filter((call) => call.operation === "ReadOrderLines").length > 1;
      const line = {
        ...order.lineItems.nodes[0],
        id: `gid://shopify/LineItem/99${String(variables["after"])}`,
        currentQuantity: 3,
      };
      return {
        order: { updatedAt: settled ? order["updatedAt"] : "2026-03-09T00:00:00Z", lineItems: page([line], null) },
      };
    });
    expect(await readOrder(shopId, order.id, known)).toMatchObject({ outcome: "found" });
    expect(shopify.calls.map((call) => call.operation)).toEqual([
      "ReadOrder",
      "ReadOrderLines",
      "ReadOrder",
      "ReadOrderLines",
    ]);
    shopify.on("ReadOrderLines", () => ({ order: { updatedAt: "2026-03-09T00:00:00Z", lineItems: page([], null) } }));
    await expect(readOrder(shopId, order.id, known)).rejects.toThrow(TransientShopifyError);
  });

  it.each([
    ["gone", new Date("2026-03-01T00:00:00Z")],
    ["gone", new Date("2026-01-15T00:00:00Z")],
    ["not_readable", new Date("2026-01-09T12:00:00Z")],
    ["not_readable", new Date("2025-01-01T00:00:00Z")],
    ["not_readable", null],
  ] as const)("null is %s for an order of %s", async (outcome, processedAt) => {
    shopify.on("ReadOrder", () => ({ order: null }));
    expect(await readOrder(shopId, "gid://shopify/Order/1", { processedAt, now: NOW })).toEqual({ outcome });
  });
});

describe("what changed in a window", () => {
  const window = { from: new Date("2026-03-01T00:00:00Z"), to: new Date("2026-03-10T00:00:00Z") };
  const sighting = (id: number) => ({
    id: `gid://shopify/Order/${id}`,
    updatedAt: "2026-03-05T00:30:00Z",
    processedAt: "2026-03-01T03:00:00Z",
    cancelledAt: null,
    displayFinancialStatus: "PAID",
    displayFulfillmentStatus: "UNFULFILLED",
    currentSubtotalLineItemsQuantity: 1,
    risk: { recommendation: "ACCEPT", assessments: [] },
    disputes: [],
  });

  it("A08 asks for the window by updated_at and follows every page", async () => {
    shopify.on("ScanOrders", ({ variables }) => ({
      orders: variables["after"] === "p1" ? page([sighting(3)], null) : page([sighting(1), sighting(2)], "p1"),
    }));
    const pages = [];
    for await (const each of scanOrders(shopId, window)) pages.push(each.map((order) => order.orderId));
    expect(pages).toEqual([["gid://shopify/Order/1", "gid://shopify/Order/2"], ["gid://shopify/Order/3"]]);
    expect(shopify.calls[0]?.variables["query"]).toBe(
      "updated_at:>='2026-03-01T00:00:00.000Z' updated_at:<'2026-03-10T00:00:00.000Z'",
    );
    expect(updatedQuery(window)).toBe(shopify.calls[0]?.variables["query"]);
  });

  it("reads only the orders whose newest state is not known", async () => {
    serveOrder(1, 0);
    shopify.on("ScanOrders", () => ({ orders: page([sighting(1), sighting(2)], null) }));
    const outcomes = [];
    for await (const { sighting: seen, reading } of readChangedOrders(
      shopId,
      window,
      async () => new Set(["gid://shopify/Order/1"]),
    )) {
      outcomes.push([seen.orderId, reading.outcome]);
    }
    expect(outcomes).toEqual([
      ["gid://shopify/Order/1", "known"],
      ["gid://shopify/Order/2", "found"],
    ]);
    expect(shopify.calls.filter((call) => call.operation === "ReadOrder")).toHaveLength(1);
  });
});
