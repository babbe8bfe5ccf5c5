// What the drain and the jobs read from Shopify when a body may not be believed.
import { randomUUID } from "node:crypto";
import { HttpResponse } from "msw";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop, routerPool } from "../../../app/db.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";
import { orderNode } from "./order-node";
import { orderBody, refundBody, type OrderBody } from "./payloads";

useTestDatabase();
const shopify = useFakeShopify();

const DOMAIN = "reads.myshopify.com";
const SHOP_NUMBER = 4711;
const HOUR = 3_600_000;
const never = new AbortController().signal;
let shopId: number;
let lastId = 6_000_000_000_000;
const nextId = () => ++lastId;
const ago = (ms: number) => new Date(Date.now() - ms);

beforeAll(async () => {
  shopId = await createTestShop(DOMAIN);
  await routerPool().query(
    "UPDATE shop SET shopify_gid = 'gid://shopify/Shop/4711', installed_at = now() - interval '2 days' WHERE id = $1",
    [shopId],
  );
  await storeTestSession(DOMAIN);
  await saveProgram(
    shopId,
    defaultEarningRules({ currency: "JPY", taxesIncluded: true }),
    "system",
    new Date("2026-01-01T00:00:00Z"),
  );
});
// A new token ends the rest of a shop that refused calls.
beforeEach(() => storeTestSession(DOMAIN));

async function addEvent(topic: string, body: string, triggeredAt = new Date()) {
  const webhookId = randomUUID();
  await routerPool().query(
    "INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body, triggered_at) VALUES ($1, $2, $3, $4, $5, $6)",
    [shopId, DOMAIN, topic, webhookId, body, triggeredAt],
  );
  return webhookId;
}
const hurry = () =>
  routerPool().query(
    "UPDATE webhook_inbox SET next_attempt = now() WHERE status IN ('pending', 'parked') AND lease_token IS NULL",
  );
async function drainAll() {
  for (;;) if ((await drainOnce()).claimed === 0) return;
}
const eventOf = async (webhookId: string) =>
  (
    await routerPool().query<{ status: string; error: string | null }>(
      "SELECT status, error FROM webhook_inbox WHERE webhook_id = $1",
      [webhookId],
    )
  ).rows[0];
async function pointsOf(orderId: number) {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ kind: string; points: number }>(
      `SELECT e.kind, e.points FROM points_entry e JOIN customer_order o ON o.shop_id = e.shop_id AND o.id::text = e.source_id
        WHERE e.source_type = 'order' AND o.order_gid = $1 ORDER BY e.id`,
      [`gid://shopify/Order/${orderId}`],
    );
    return rows.map((row) => `${row.kind} ${row.points}`);
  });
}
/** Shopify has this order now. */
function serve(...orders: OrderBody[]) {
  shopify.on("ReadOrder", ({ variables }) => ({
    order: orders.map(orderNode).find((node) => node["id"] === variables["id"]) ?? null,
  }));
}
const makeReadsDue = () =>
  inShop(shopId, (tx) =>
    tx.query("UPDATE customer_order SET read_due_at = now() WHERE shop_id = $1 AND read_due_at IS NOT NULL", [shopId]),
  );
async function readDue() {
  await makeReadsDue();
  return runJob("read-due-orders", { shopId }, never);
}

describe("A06 a body that is too old", () => {
  it.each([
    ["a day late", 26 * HOUR],
    ["at the end of four hours of retries", 4 * HOUR],
  ])("A06 %s: the order is read before points move", async (_name, age) => {
    const id = nextId();
    const created = ago(age);
    const refund = { id: nextId(), orderId: id, createdAt: ago(HOUR), quantity: 1, amount: 1_000 };
    // The body still says two pieces paid; meanwhile one was refunded.
    serve({
      id,
      shopNumber: SHOP_NUMBER,
      createdAt: created,
      updatedAt: ago(HOUR),
      quantity: 2,
      refunds: [refund],
      financialStatus: "partially_refunded",
    });
    const event = await addEvent(
      "orders/paid",
      orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: created, quantity: 2 }),
      created,
    );
    await drainAll();
    expect(await eventOf(event)).toEqual({ status: "done", error: null });
    expect(await pointsOf(id)).toEqual(["grant 10"]);
    expect(shopify.calls.map((call) => call.operation)).toEqual(["ReadOrder"]);
  });

  it("A06 a fresh body is applied without a call", async () => {
    const id = nextId();
    await addEvent("orders/paid", orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: ago(1_000) }), ago(9 * 60_000));
    await drainAll();
    expect(await pointsOf(id)).toEqual(["grant 10"]);
    expect(shopify.calls).toEqual([]);
  });

  it("A06 an order Shopify does not let us read: the old body is applied and marked unverified", async () => {
    const id = nextId();
    serve();
    const event = await addEvent(
      "orders/paid",
      orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: ago(5 * HOUR) }),
      ago(5 * HOUR),
    );
    await drainAll();
    expect(await eventOf(event)).toEqual({ status: "done", error: "unverified" });
    expect(await pointsOf(id)).toEqual(["grant 10"]);
    const alerts = await inShop(
      shopId,
      async (tx) => (await tx.query("SELECT FROM health_alert WHERE kind = 'order_unverified'")).rows,
    );
    expect(alerts).toHaveLength(1);
  });

  it("A06 while Shopify is down the event waits and is applied afterwards", async () => {
    const id = nextId();
    shopify.on("ReadOrder", () => new HttpResponse("<html>Bad gateway</html>", { status: 502 }));
    const event = await addEvent(
      "orders/paid",
      orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: ago(5 * HOUR) }),
      ago(5 * HOUR),
    );
    await drainAll();
    expect(await eventOf(event)).toMatchObject({
      status: "pending",
      error: expect.stringContaining("TransientShopifyError"),
    });
    expect(await pointsOf(id)).toEqual([]);
    serve({ id, shopNumber: SHOP_NUMBER, updatedAt: ago(5 * HOUR) });
    await hurry();
    await drainAll();
    expect(await pointsOf(id)).toEqual(["grant 10"]);
  });
});

describe("A03 a body that does not say whose it is", () => {
  it("A03 the order is read with the shop's token; what the token finds counts, not the body", async () => {
    const id = nextId();
    serve({ id, shopNumber: SHOP_NUMBER, updatedAt: ago(1_000), amount: 500 });
    const event = await addEvent(
      "orders/paid",
      orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: ago(1_000), amount: 900_000, statusUrl: null }),
    );
    await drainAll();
    expect(await eventOf(event)).toMatchObject({ status: "done" });
    expect(await pointsOf(id)).toEqual(["grant 5"]);
  });

  it("A03 the token finds nothing: quarantined", async () => {
    const id = nextId();
    serve();
    const event = await addEvent(
      "orders/paid",
      orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: ago(1_000), statusUrl: null }),
    );
    await drainAll();
    expect(await eventOf(event)).toEqual({ status: "quarantined", error: "unproven_shop" });
    expect(await pointsOf(id)).toEqual([]);
  });
});

describe("A04 a refund before its order", () => {
  it("A04 waits, has the order read, and grant and clawback net right", async () => {
    const id = nextId();
    const refund = { id: nextId(), orderId: id, createdAt: ago(5_000), quantity: 1, amount: 2_000 };
    const order = {
      id,
      shopNumber: SHOP_NUMBER,
      createdAt: ago(60_000),
      updatedAt: ago(5_000),
      amount: 2_000,
      quantity: 3,
      refunds: [refund],
      financialStatus: "partially_refunded",
    };
    serve(order);
    const event = await addEvent("refunds/create", refundBody(refund));
    await drainAll();
    expect(await eventOf(event)).toEqual({ status: "parked", error: "waiting_for_order" });
    expect(shopify.calls).toEqual([]);
    await hurry();
    await drainAll();
    expect(await eventOf(event)).toEqual({ status: "parked", error: "waiting_for_order" });
    await readDue();
    await hurry();
    await drainAll();
    expect(await eventOf(event)).toEqual({ status: "done", error: "known" });
    expect(await pointsOf(id)).toEqual(["grant 40"]);
    // The order's own events come last and change nothing.
    await addEvent(
      "orders/create",
      orderBody({ ...order, updatedAt: ago(60_000), refunds: [], financialStatus: "paid" }),
    );
    await addEvent("orders/updated", orderBody(order));
    await drainAll();
    expect(await pointsOf(id)).toEqual(["grant 40"]);
  });

  it("A04 the order's events follow within moments: no call at all", async () => {
    const id = nextId();
    const refund = { id: nextId(), orderId: id, createdAt: ago(2_000), quantity: 1, amount: 1_000 };
    const paid = { id, shopNumber: SHOP_NUMBER, createdAt: ago(60_000), updatedAt: ago(50_000), quantity: 2 };
    const event = await addEvent("refunds/create", refundBody(refund));
    await drainAll();
    await addEvent("orders/paid", orderBody(paid));
    await drainAll();
    await addEvent(
      "orders/updated",
      orderBody({ ...paid, updatedAt: ago(2_000), refunds: [refund], financialStatus: "partially_refunded" }),
    );
    await hurry();
    await drainAll();
    await hurry();
    await drainAll();
    expect(await eventOf(event)).toEqual({ status: "done", error: "known" });
    expect(await pointsOf(id)).toEqual(["grant 20", "clawback 10"]);
    expect(shopify.calls).toEqual([]);
  });

  it("A04 a refund whose orders/updated was lost is read and clawed back", async () => {
    const id = nextId();
    const refund = { id: nextId(), orderId: id, createdAt: ago(2_000), quantity: 1, amount: 1_000 };
    const paid = { id, shopNumber: SHOP_NUMBER, createdAt: ago(60_000), updatedAt: ago(50_000), quantity: 2 };
    await addEvent("orders/paid", orderBody(paid));
    await drainAll();
    serve({ ...paid, updatedAt: ago(2_000), refunds: [refund], financialStatus: "partially_refunded" });
    await addEvent("refunds/create", refundBody(refund));
    await drainAll();
    await hurry();
    await drainAll();
    await readDue();
    expect(await pointsOf(id)).toEqual(["grant 20", "clawback 10"]);
  });
});

describe("doorbells", () => {
  it.each([
    ["orders/edited", (id: number) => ({ order_edit: { id: 1, order_id: id } })],
    ["returns/close", (id: number) => ({ id: 1, order: { id, admin_graphql_api_id: `gid://shopify/Order/${id}` } })],
    ["disputes/create", (id: number) => ({ id: 1, order_id: id, status: "needs_response" })],
    ["fulfillment_events/create", (id: number) => ({ id: 1, order_id: id, status: "delivered" })],
  ])("%s moves nothing by itself; the read does", async (topic, body) => {
    const id = nextId();
    const order = { id, shopNumber: SHOP_NUMBER, createdAt: ago(60_000), updatedAt: ago(50_000), quantity: 1 };
    await addEvent("orders/paid", orderBody(order));
    await drainAll();
    await addEvent(topic, JSON.stringify(body(id)));
    await drainAll();
    expect(await pointsOf(id)).toEqual(["grant 10"]);
    serve({ ...order, updatedAt: ago(1_000), quantity: 2 });
    await readDue();
    expect(await pointsOf(id)).toEqual(["grant 10", "grant 10"]);
    const due = await inShop(
      shopId,
      async (tx) => (await tx.query("SELECT FROM customer_order WHERE read_due_at IS NOT NULL")).rows,
    );
    expect(due).toHaveLength(0);
  });

  it("a doorbell of another shop's order finds nothing to read and moves nothing", async () => {
    const id = nextId();
    serve();
    await addEvent("orders/edited", JSON.stringify({ order_edit: { id: 1, order_id: id } }));
    await drainAll();
    await readDue();
    expect(await pointsOf(id)).toEqual([]);
  });
});

describe("D02 a shop that refuses us", () => {
  it("D02 its events wait long, its jobs rest, nothing storms", async () => {
    const id = nextId();
    shopify.on("ReadOrder", () => new HttpResponse(null, { status: 402 }));
    const event = await addEvent(
      "orders/paid",
      orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: ago(5 * HOUR) }),
      ago(5 * HOUR),
    );
    await drainAll();
    expect(await eventOf(event)).toMatchObject({ status: "pending" });
    const { rows } = await routerPool().query<{ minutes: number }>(
      "SELECT extract(epoch FROM next_attempt - now())::float8 / 60 AS minutes FROM webhook_inbox WHERE webhook_id = $1",
      [event],
    );
    expect(rows[0]?.minutes).toBeGreaterThan(5);
    await inShop(shopId, (tx) =>
      tx.query("INSERT INTO customer_order (shop_id, order_gid, read_due_at) VALUES ($1, $2, now())", [
        shopId,
        `gid://shopify/Order/${nextId()}`,
      ]),
    );
    expect(await runJob("read-due-orders", { shopId }, never)).toEqual({ outcome: "skipped", why: "unauthorized" });
    const calls = shopify.calls.length;
    for (let round = 0; round < 5; round++)
      expect(await runJob("read-due-orders", { shopId }, never)).toEqual({ outcome: "skipped", why: "paused" });
    expect(shopify.calls).toHaveLength(calls);
    await inShop(shopId, (tx) => tx.query("UPDATE customer_order SET read_due_at = NULL WHERE shop_id = $1", [shopId]));
  });
});
