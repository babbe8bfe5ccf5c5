// Which webhooks an act causes, over the wire: what an app with subscriptions to everything would see.
import { afterEach, beforeEach, expect, it } from "vitest";

import {
  assignCustomer,
  cancelOrder,
  closeDispute,
  createCustomer,
  createOrder,
  createReturn,
  deleteOrder,
  deliverOrder,
  editOrder,
  fulfilOrder,
  openDispute,
  payOrder,
  refundOrder,
  voidPayment,
} from "../../simulator/order-engine";
import type { Simulator } from "../../simulator/simulator";
import type { SimOrder } from "../../simulator/state";
import type { WebhookEngine } from "../../simulator/webhooks";
import { emptyShop } from "../../unit/simulator/sample-shops";
import { quietSimulator, startReceiver, subscribe, type Receiver } from "./receiver";

const SHOP = "acts.myshopify.com";
const TOPICS = ["orders/create", "orders/paid", "orders/updated", "orders/edited", "orders/cancelled", "orders/fulfilled", "orders/partially_fulfilled", "orders/delete", "order_transactions/create", "refunds/create", "returns/approve", "disputes/create", "disputes/update", "fulfillment_events/create", "customers/create", "customers/update"]; // prettier-ignore

let sim: Simulator;
let engine: WebhookEngine;
let app: Receiver;

beforeEach(async () => {
  ({ sim, engine } = quietSimulator());
  app = await startReceiver("unit-secret");
  sim.state.shops[SHOP] = emptyShop("611", SHOP, {});
  subscribe(sim, SHOP, TOPICS, app.uri);
});
afterEach(async () => {
  engine.stop();
  sim.clock.stop();
  await app.close();
});

interface Body {
  id: number;
  financial_status: string;
  fulfillment_status: string | null;
  current_total_price: string;
  total_outstanding: string;
  refunds: {
    order_adjustments: { amount: string; kind: string }[];
    refund_line_items: { quantity: number; subtotal: number }[];
  }[];
  line_items: { quantity: number; current_quantity: number; fulfillable_quantity: number }[];
}

/** What arrived since the last call: the topics, and the last body of orders/updated. */
async function seen(): Promise<{ topics: string[]; last: Body }> {
  await engine.drained();
  const arrived = app.received.splice(0);
  const updates = arrived.filter(({ headers }) => headers["x-shopify-topic"] === "orders/updated");
  return {
    topics: arrived.map(({ headers }) => String(headers["x-shopify-topic"])).sort(),
    last: JSON.parse(updates.at(-1)?.body ?? "{}") as Body,
  };
}

const place = (facts: Partial<Parameters<typeof createOrder>[2]> = {}): SimOrder =>
  createOrder(sim, SHOP, {
    lines: [{ custom: { title: "Tea", sku: "TEA", priceMinor: 1_000 }, quantity: 3 }],
    email: "a@example.com",
    shippingMinor: 500,
    ...facts,
  });
const lineOf = (order: SimOrder): string => order.lines[0]?.id ?? "";

it("a paid checkout of a new customer", async () => {
  place({ guest: "customer_record" });
  const { topics, last } = await seen();
  expect(topics).toEqual([
    "customers/create",
    "customers/update",
    "order_transactions/create",
    "orders/create",
    "orders/paid",
    "orders/updated",
  ]);
  expect(last).toMatchObject({ financial_status: "paid", current_total_price: "3500", total_outstanding: "0" });
});

it("a bank transfer that arrives in two parts", async () => {
  const order = place({ payment: { by: "bank_transfer" } });
  expect((await seen()).topics).toEqual(["order_transactions/create", "orders/create", "orders/updated"]);
  payOrder(sim, SHOP, order.id, { amountMinor: 1_000 });
  expect(await seen()).toMatchObject({
    topics: ["order_transactions/create", "orders/updated"],
    last: { financial_status: "partially_paid", total_outstanding: "2500" },
  });
  payOrder(sim, SHOP, order.id);
  expect(await seen()).toMatchObject({
    topics: ["order_transactions/create", "orders/paid", "orders/updated"],
    last: { financial_status: "paid" },
  });
});

it("an authorization, captured or voided", async () => {
  const captured = place({ payment: { by: "authorization" } });
  const voided = place({ payment: { by: "authorization" } });
  expect((await seen()).last.financial_status).toBe("authorized");
  payOrder(sim, SHOP, captured.id);
  expect((await seen()).topics).toContain("orders/paid");
  voidPayment(sim, SHOP, voided.id);
  expect((await seen()).last.financial_status).toBe("voided");
});

it("refunds by line, by amount and of shipping", async () => {
  const order = place();
  await seen();
  refundOrder(sim, SHOP, order.id, { lines: [{ lineId: lineOf(order), quantity: 1 }] });
  const byLine = await seen();
  expect(byLine.topics).toEqual(["order_transactions/create", "orders/updated", "refunds/create"]);
  expect(byLine.last).toMatchObject({
    financial_status: "partially_refunded",
    current_total_price: "2500",
    line_items: [{ quantity: 3, current_quantity: 2 }],
  });
  refundOrder(sim, SHOP, order.id, { amountMinor: 300 });
  expect((await seen()).last.refunds[1]).toMatchObject({
    refund_line_items: [],
    order_adjustments: [{ kind: "refund_discrepancy", amount: "-300" }],
  });
  refundOrder(sim, SHOP, order.id, { shippingMinor: "all" });
  const { last } = await seen();
  expect(last.refunds[2]).toMatchObject({ order_adjustments: [{ kind: "shipping_refund", amount: "-500" }] });
  expect(last).toMatchObject({ current_total_price: "1700", total_outstanding: "0" });
});

it("edits up and down settle the difference", async () => {
  const order = place();
  await seen();
  editOrder(sim, SHOP, order.id, { setQuantity: [{ lineId: lineOf(order), quantity: 1 }] });
  const down = await seen();
  expect(down.topics).toEqual([
    "order_transactions/create",
    "orders/edited",
    "orders/updated",
    "refunds/create",
    "refunds/create",
  ]);
  expect(down.last).toMatchObject({
    current_total_price: "1500",
    total_outstanding: "0",
    line_items: [{ quantity: 3, current_quantity: 1 }],
  });
  expect(down.last.refunds.flatMap((refund) => refund.order_adjustments.map(({ amount }) => amount))).toEqual([
    "2000",
    "-2000",
  ]);
  editOrder(sim, SHOP, order.id, {
    add: [{ custom: { title: "Cup", sku: "CUP", priceMinor: 700 }, quantity: 1 }],
    payDifference: false,
  });
  const up = await seen();
  expect(up.topics).toEqual(["orders/edited", "orders/updated"]);
  expect(up.last).toMatchObject({ financial_status: "partially_refunded", total_outstanding: "700" });
});

it("a cancellation is one refund of everything", async () => {
  const order = place({ tipMinor: 100 });
  await seen();
  refundOrder(sim, SHOP, order.id, { amountMinor: 50 });
  await seen();
  cancelOrder(sim, SHOP, order.id);
  const { topics, last } = await seen();
  expect(topics).toEqual(["order_transactions/create", "orders/cancelled", "orders/updated", "refunds/create"]);
  expect(last).toMatchObject({
    financial_status: "refunded",
    current_total_price: "0",
    total_outstanding: "0",
    line_items: [{ current_quantity: 0 }],
  });
  deleteOrder(sim, SHOP, order.id);
  expect((await seen()).topics).toEqual(["orders/delete"]);
});

it("parcels, their delivery, a return and a dispute", async () => {
  const order = place();
  await seen();
  fulfilOrder(sim, SHOP, order.id, { lines: [{ lineId: lineOf(order), quantity: 1 }] });
  expect(await seen()).toMatchObject({
    topics: ["orders/partially_fulfilled", "orders/updated"],
    last: { fulfillment_status: "partial", line_items: [{ fulfillable_quantity: 2 }] },
  });
  fulfilOrder(sim, SHOP, order.id);
  expect(await seen()).toMatchObject({
    topics: ["orders/fulfilled", "orders/updated"],
    last: { fulfillment_status: "fulfilled" },
  });
  deliverOrder(sim, SHOP, order.id);
  expect((await seen()).topics).toEqual(["fulfillment_events/create", "orders/updated"]);
  createReturn(sim, SHOP, order.id, { lines: [{ lineId: lineOf(order), quantity: 1 }] });
  expect((await seen()).topics).toEqual(["orders/updated", "returns/approve"]);
  const dispute = openDispute(sim, SHOP, order.id);
  closeDispute(sim, SHOP, order.id, dispute.id, "lost");
  expect((await seen()).topics).toEqual(["disputes/create", "disputes/update", "orders/updated", "orders/updated"]);
});

it("a guest's order that gets an owner", async () => {
  const order = place();
  const customer = createCustomer(sim, SHOP, { email: "a@example.com" });
  await seen();
  assignCustomer(sim, SHOP, order.id, customer.id);
  expect(await seen()).toMatchObject({
    topics: ["customers/update", "orders/updated"],
    last: { customer: { id: Number(customer.id) } },
  });
});
