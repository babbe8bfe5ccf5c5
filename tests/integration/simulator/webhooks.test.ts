// The delivery contract over real HTTP, on the virtual clock.
import { afterEach, beforeEach, expect, it } from "vitest";

import { createOrder, editOrder } from "../../simulator/order-engine";
import { historyMessages } from "../../simulator/seed/history-messages";
import type { Simulator } from "../../simulator/simulator";
import type { SimOrder } from "../../simulator/state";
import { RETRY_AFTER_MS, type WebhookEngine } from "../../simulator/webhooks";
import { emptyShop } from "../../unit/simulator/sample-shops";
import { quietSimulator, startReceiver, subscribe, type Receiver } from "./receiver";

const SHOP = "wire.myshopify.com";
const HOUR = 3_600_000;
const ORDER_TOPICS = ["orders/create", "orders/paid", "orders/updated"];

let sim: Simulator;
let engine: WebhookEngine;
let app: Receiver;

beforeEach(async () => {
  ({ sim, engine } = quietSimulator());
  app = await startReceiver("unit-secret");
  sim.state.shops[SHOP] = emptyShop("601", SHOP, {});
});
afterEach(async () => {
  engine.stop();
  sim.clock.stop();
  await app.close();
});

const order = (): SimOrder =>
  createOrder(sim, SHOP, {
    lines: [{ custom: { title: "Tea", sku: "TEA", priceMinor: 1_000 }, quantity: 1 }],
    email: "a@example.com",
  });
const header = (name: string): string[] => app.received.map(({ headers }) => String(headers[name]));

it("signs the raw body and sends the platform's headers", async () => {
  subscribe(sim, SHOP, ORDER_TOPICS, app.uri);
  order();
  await engine.drained();
  expect(app.received).toHaveLength(3);
  expect(app.received.every(({ isSigned }) => isSigned)).toBe(true);
  expect(header("x-shopify-topic").sort()).toEqual([...ORDER_TOPICS].sort());
  expect(new Set(header("x-shopify-shop-domain"))).toEqual(new Set([SHOP]));
  expect(new Set(header("x-shopify-webhook-id")).size).toBe(3);
  expect(header("x-shopify-api-version")).toEqual(["2026-07", "2026-07", "2026-07"]);
  for (const at of header("x-shopify-triggered-at"))
    expect(Math.abs(Date.parse(at) - sim.now().getTime())).toBeLessThan(60_000);
});

it("gives one event the same event id in every subscription, and each its own webhook id", async () => {
  subscribe(sim, SHOP, ["orders/create"], app.uri);
  subscribe(sim, SHOP, ["orders/create"], `${app.uri}/second`);
  order();
  await engine.drained();
  expect(new Set(header("x-shopify-event-id")).size).toBe(1);
  expect(new Set(header("x-shopify-webhook-id")).size).toBe(2);
});

it("retries eight times over four hours with the original payload, then removes the subscription", async () => {
  subscribe(sim, SHOP, ["orders/create"], app.uri);
  app.answer = () => 500;
  const placed = order();
  await engine.drained();
  expect(app.received).toHaveLength(1);
  editOrder(sim, SHOP, placed.id, { add: [{ custom: { title: "Cup", sku: "CUP", priceMinor: 500 }, quantity: 1 }] });
  let before = 0;
  for (const [index, after] of RETRY_AFTER_MS.entries()) {
    sim.clock.advance(after - before - 5_000);
    await engine.drained();
    expect(app.received).toHaveLength(index + 1);
    sim.clock.advance(6_000);
    await engine.drained();
    expect(app.received).toHaveLength(index + 2);
    // The next wait counts from here; the clock is a second past the retry.
    before = after + 1_000;
  }
  expect(app.received).toHaveLength(9);
  expect(new Set(app.received.map(({ body }) => body)).size).toBe(1);
  expect(new Set(header("x-shopify-webhook-id")).size).toBe(1);
  expect(new Set(header("x-shopify-triggered-at")).size).toBe(1);
  expect(RETRY_AFTER_MS.at(-1)).toBe(4 * HOUR);
  expect(Object.keys(sim.shop(SHOP).subscriptions)).toEqual([]);
  expect(engine.stats).toMatchObject({ failed: 1, subscriptionsRemoved: 1 });
  order();
  await engine.drained();
  expect(app.received).toHaveLength(9);
});

it("keeps subscriptions of the app's own configuration after the same failures", async () => {
  subscribe(sim, SHOP, ["orders/create"], app.uri, "toml");
  app.answer = () => 503;
  order();
  for (let hour = 0; hour < 5; hour++) {
    await engine.drained();
    sim.clock.advance(HOUR);
  }
  await engine.drained({ all: true });
  expect(app.received).toHaveLength(9);
  expect(Object.keys(sim.shop(SHOP).subscriptions)).toHaveLength(1);
});

it("stops retrying at the first success, and makes due what the clock jumped over at once", async () => {
  subscribe(sim, SHOP, ["orders/create"], app.uri);
  app.answer = () => (app.received.length < 4 ? 302 : 200);
  order();
  await engine.drained();
  sim.clock.advance(5 * HOUR);
  await engine.drained({ all: true });
  expect(app.received).toHaveLength(4);
  expect(engine.deliveries()[0]).toMatchObject({ status: "delivered" });
  expect(Object.values(sim.shop(SHOP).subscriptions)[0]).toMatchObject({ failures: 0 });
});

it("counts an answer slower than five seconds as a failure", async () => {
  subscribe(sim, SHOP, ["orders/create"], app.uri);
  app.answer = () => null;
  order();
  await engine.drained({ timeoutMs: 60_000 });
  const [delivery] = engine.deliveries();
  expect(delivery?.attempts[0]).toMatchObject({ status: 0, error: "no answer within 5000 ms" });
  expect(delivery?.attempts[0]?.ms).toBeGreaterThan(4_900);
});

it("calls nothing but loopback addresses", async () => {
  subscribe(sim, SHOP, ["orders/create"], "https://example.com/webhooks");
  order();
  await engine.drained();
  expect(engine.deliveries()[0]?.attempts[0]).toMatchObject({
    status: 0,
    error: "not a loopback http address: https://example.com/webhooks",
  });
});

it("duplicates, loses, delays and forges the share that was asked for, and says so", async () => {
  subscribe(sim, SHOP, ["orders/create"], app.uri);
  app.answer = ({ isSigned }) => (isSigned ? 200 : 401);
  engine.seed(7);
  Object.assign(sim.faults.webhooks, {
    duplicateRate: 0.2,
    lossRate: 0.1,
    badSignatureRate: 0.15,
    delayMs: 1_000,
    reorderWindowMs: 60_000,
  });
  const EVENTS = 300;
  for (let number = 0; number < EVENTS; number++) order();
  expect(app.received).toHaveLength(0);
  sim.clock.advance(62_000);
  await engine.drained();
  sim.clock.advance(HOUR);
  await engine.drained({ all: true });
  const { stats } = engine;
  expect(stats.events).toBe(EVENTS);
  expect(stats.deliveries).toBe(EVENTS + stats.duplicated);
  expect(stats.duplicated).toBeGreaterThan(30);
  expect(stats.duplicated).toBeLessThan(90);
  expect(stats.lost).toBeGreaterThan(10);
  expect(stats.badSignatures).toBeGreaterThan(20);
  // Everything not lost arrived signed in the end, each webhook id as often as it was planned.
  const signed = app.received.filter(({ isSigned }) => isSigned);
  expect(signed).toHaveLength(stats.deliveries - stats.lost);
  expect(stats.delivered).toBe(stats.deliveries - stats.lost);
  expect(app.received.length).toBeGreaterThan(signed.length);
  const ids = new Set(signed.map(({ headers }) => headers["x-shopify-webhook-id"]));
  expect(signed.length - ids.size).toBeGreaterThan(20);
  // Reordered: arrival is not creation.
  const numbers = signed.map(({ body }) => (JSON.parse(body) as { order_number: number }).order_number);
  expect(numbers).not.toEqual([...numbers].sort((a, b) => a - b));
});

it("the same seed draws the same faults", async () => {
  const run = async (): Promise<number[]> => {
    const one = quietSimulator();
    one.sim.state.shops[SHOP] = emptyShop("601", SHOP, {});
    subscribe(one.sim, SHOP, ["orders/create"], app.uri);
    one.engine.seed(42);
    Object.assign(one.sim.faults.webhooks, { lossRate: 0.5, duplicateRate: 0.5 });
    for (let number = 0; number < 40; number++)
      createOrder(one.sim, SHOP, { lines: [{ custom: { title: "Tea", sku: "TEA", priceMinor: 1 }, quantity: 1 }] });
    await one.engine.drained();
    one.engine.stop();
    one.sim.clock.stop();
    return one.engine.deliveries().map((delivery) => (delivery.status === "lost" ? 1 : 0));
  };
  expect(await run()).toEqual(await run());
});

it("stale payloads show the order before its last change", async () => {
  subscribe(sim, SHOP, ["orders/updated"], app.uri);
  const placed = order();
  await engine.drained();
  sim.faults.webhooks.staleRate = 1;
  sim.clock.advance(5_000);
  editOrder(sim, SHOP, placed.id, { add: [{ custom: { title: "Cup", sku: "CUP", priceMinor: 500 }, quantity: 1 }] });
  await engine.drained();
  const bodies = app.received.map(({ body }) => JSON.parse(body) as { total_price: string; updated_at: string });
  expect(bodies.map((body) => body.total_price)).toEqual(["1000", "1000"]);
  expect(engine.stats.stale).toBe(1);
});

it("resends a delivery with its webhook id and original payload", async () => {
  subscribe(sim, SHOP, ["orders/create"], app.uri);
  order();
  await engine.drained();
  engine.resend(engine.deliveries()[0]?.id ?? "");
  await engine.drained();
  expect(app.received).toHaveLength(2);
  expect(app.received[1]?.body).toBe(app.received[0]?.body);
  expect(new Set(header("x-shopify-webhook-id")).size).toBe(1);
});

it("delivers messages made elsewhere, insisting until they are accepted", async () => {
  for (let number = 0; number < 20; number++) order();
  subscribe(sim, SHOP, ["orders/create"], app.uri);
  let refused = 0;
  app.answer = () => (app.received.length % 7 === 0 && refused++ >= 0 ? 503 : 200);
  const { deliveries, attempts } = await engine.deliverFrom(historyMessages(sim, SHOP), { concurrency: 3 });
  expect(deliveries).toBe(20);
  expect(attempts).toBe(20 + refused);
  expect(new Set(app.received.map(({ body }) => (JSON.parse(body) as { id: number }).id)).size).toBe(20);
});
