// The control API as its users see it: over HTTP, every family of endpoints once around.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";

import { mountControl } from "../../simulator/control";
import { Router } from "../../simulator/router";
import { DEMO_SHOPS, seedDemo } from "../../simulator/seed/demo";
import type { Simulator } from "../../simulator/simulator";
import type { WebhookEngine } from "../../simulator/webhooks";
import { quietSimulator, startReceiver, subscribe, type Receiver } from "./receiver";

const { domain } = DEMO_SHOPS.tokyo;
const shopPath = `/control/shops/${domain}`;
let sim: Simulator;
let engine: WebhookEngine;
let app: Receiver;
let server: Server;
let base: string;

beforeAll(async () => {
  ({ sim, engine } = quietSimulator());
  seedDemo(sim, { orders: 60 });
  app = await startReceiver("unit-secret");
  const router = new Router();
  mountControl(router, sim);
  server = createServer(
    (req, res) => void router.handle(req, res).then((isKnown) => isKnown || res.writeHead(404).end()),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  engine.stop();
  sim.clock.stop();
  await app.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function call<T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: T }> {
  const response = await fetch(base + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as T };
}
interface Order {
  id: string;
  name: string;
  customerId: string;
  lines: { id: string; quantity: number; figures: { currentQuantity: number } }[];
  totals: {
    totalMinor: number;
    currentTotalMinor: number;
    refundedMinor: number;
    financialStatus: string;
    fulfillmentStatus: string | null;
  };
}
const ok = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const answer = await call<T>(method, path, body);
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

it("an order's whole life", async () => {
  const { customer } = await ok<{ customer: { id: string } }>("POST", `${shopPath}/customers`, {
    email: "life@example.jp",
    lastName: "川口",
    firstName: "凛",
  });
  const made = await ok<{ order: Order }>("POST", `${shopPath}/orders`, {
    customerId: customer.id,
    lines: [
      { handle: "yuzu-rice-bran-soap", quantity: 3 },
      { handle: "camellia-face-oil", variant: "30 ml" },
    ],
    payment: { by: "bank_transfer" },
  });
  const path = `${shopPath}/orders/${made.order.id}`;
  // 3 × 1,320 + 7,260 = 11,220; free shipping from 8,000.
  expect(made.order.totals).toMatchObject({ totalMinor: 11_220, financialStatus: "pending" });
  expect((await ok<{ order: Order }>("POST", `${path}/pay`)).order.totals.financialStatus).toBe("paid");
  const refunded = await ok<{ order: Order; refund: { id: string } }>("POST", `${path}/refunds`, {
    lines: [{ index: 0, quantity: 1 }],
  });
  expect(refunded.order.totals).toMatchObject({
    refundedMinor: 1_320,
    currentTotalMinor: 9_900,
    financialStatus: "partially_refunded",
  });
  const edited = await ok<{ order: Order }>("POST", `${path}/edit`, {
    setQuantity: [{ index: 0, quantity: 1 }],
    add: [{ handle: "genmaicha-with-matcha" }],
  });
  expect(edited.order.lines.map((line) => line.figures.currentQuantity)).toEqual([1, 1, 1]);
  const sent = await ok<{ order: Order }>("POST", `${path}/fulfil`, { lines: [{ index: 0, quantity: 1 }] });
  expect(sent.order.totals.fulfillmentStatus).toBe("partial");
  expect((await ok<{ order: Order }>("POST", `${path}/fulfil`)).order.totals.fulfillmentStatus).toBe("fulfilled");
  await ok("POST", `${path}/deliver`);
  const { return: opened } = await ok<{ return: { id: string; status: string } }>("POST", `${path}/returns`, {
    lines: [{ index: 1, quantity: 1 }],
    status: "requested",
  });
  expect((await ok<{ return: { status: string } }>("POST", `${path}/returns/${opened.id}/approve`)).return.status).toBe(
    "open",
  );
  const { dispute } = await ok<{ dispute: { id: string } }>("POST", `${path}/disputes`, {});
  await ok("POST", `${path}/disputes/${dispute.id}`, { status: "won" });
  const read = await ok<{ order: Order & { disputes: { status: string }[]; returns: { status: string }[] } }>(
    "GET",
    path,
  );
  expect(read.order).toMatchObject({ disputes: [{ status: "won" }], returns: [{ status: "open" }] });
  const refusal = await call<{ error: string }>("POST", `${path}/cancel`);
  expect(refusal).toMatchObject({ status: 422, body: { error: expect.stringContaining("fulfilled") } });
});

it("pending refunds, cancellations, guests and their claim, merge, delete", async () => {
  const { order } = await ok<{ order: Order }>("POST", `${shopPath}/orders`, {
    email: "guest@example.jp",
    lines: [{ handle: "rice-bowl" }],
  });
  const path = `${shopPath}/orders/${order.id}`;
  const { refund } = await ok<{ refund: { id: string } }>("POST", `${path}/refunds`, {
    lines: [{ index: 0, quantity: 1 }],
    status: "pending",
  });
  expect(
    (await ok<{ order: Order }>("POST", `${path}/refunds/${refund.id}/settle`, { status: "failure" })).order.totals
      .refundedMinor,
  ).toBe(0);
  const { customer: kept } = await ok<{ customer: { id: string } }>("POST", `${shopPath}/customers`, {
    email: "kept@example.jp",
  });
  const { customer: gone } = await ok<{ customer: { id: string } }>("POST", `${shopPath}/customers`, {
    email: "guest@example.jp",
  });
  expect((await ok<{ order: Order }>("POST", `${path}/customer`, { customerId: gone.id })).order.customerId).toBe(
    gone.id,
  );
  await ok("POST", `${shopPath}/customers/merge`, { keptId: kept.id, deletedId: gone.id });
  expect((await ok<{ order: Order }>("GET", path)).order.customerId).toBe(kept.id);
  expect((await call("GET", `${shopPath}/customers/${gone.id}`)).status).toBe(404);
  const cancelled = await ok<{ order: Order }>("POST", `${shopPath}/orders`, {
    customerId: kept.id,
    lines: [{ handle: "rice-bowl" }],
  });
  const after = await ok<{ order: Order & { cancelledAt: string } }>(
    "POST",
    `${shopPath}/orders/${cancelled.order.id}/cancel`,
    { reason: "customer" },
  );
  expect(after.order).toMatchObject({
    cancelledAt: expect.any(String),
    totals: { currentTotalMinor: 0, financialStatus: "refunded" },
  });
  await ok("DELETE", `${shopPath}/orders/${cancelled.order.id}`);
  expect((await call("GET", `${shopPath}/orders/${cancelled.order.id}`)).status).toBe(404);
});

it("bulk orders, catalogue, discounts and settings", async () => {
  const before = (await ok<{ count: number }>("GET", `${shopPath}/orders?limit=1`)).count;
  expect(await ok<{ count: number }>("POST", `${shopPath}/orders/bulk`, { count: 25, seed: 3 })).toMatchObject({
    count: 25,
  });
  expect((await ok<{ count: number }>("GET", `${shopPath}/orders?limit=1`)).count).toBe(before + 25);
  const { product } = await ok<{ product: { id: string; handle: string } }>("POST", `${shopPath}/products`, {
    title: { en: "New Tray", ja: "新しい盆" },
    variants: [{ priceMinor: 4_400 }],
    tags: ["tableware"],
  });
  await ok("PATCH", `${shopPath}/products/${product.id}`, { tags: ["tableware", "new"] });
  await ok("POST", `${shopPath}/collections`, { title: { en: "New", ja: "新着" }, productIds: [product.id] });
  await ok("POST", `${shopPath}/discounts`, { code: "TRAY", kind: "amount", value: 400, minimumMinor: 4_000 });
  const { order } = await ok<{ order: Order }>("POST", `${shopPath}/orders`, {
    email: "x@example.jp",
    lines: [{ handle: product.handle }],
    discountCodes: ["tray"],
    shippingMinor: null,
  });
  expect(order.totals.totalMinor).toBe(4_000);
  const refused = await call<{ error: string }>("POST", `${shopPath}/orders`, {
    email: "x@example.jp",
    lines: [{ handle: "rice-bowl" }],
    discountCodes: ["tray"],
  });
  expect(refused).toMatchObject({ status: 422, body: { error: "discount code tray: minimum_not_met" } });
  await ok("DELETE", `${shopPath}/products/${product.id}`);
  expect(
    (await ok<{ shop: { isDevelopment: boolean } }>("PATCH", shopPath, { isDevelopment: true })).shop.isDevelopment,
  ).toBe(true);
});

it("clock, faults, log and webhooks", async () => {
  const { now } = await ok<{ now: string }>("GET", "/control/clock");
  const moved = await ok<{ now: string }>("POST", "/control/clock", { advanceDays: 2 });
  expect(Date.parse(moved.now) - Date.parse(now)).toBeGreaterThanOrEqual(2 * 86_400_000);
  expect((await call("POST", "/control/clock", {})).status).toBe(400);
  const { faults } = await ok<{ faults: { webhooks: { duplicateRate: number; lossRate: number } } }>(
    "PUT",
    "/control/faults",
    { webhooks: { duplicateRate: 1 }, seed: 5 },
  );
  expect(faults.webhooks).toMatchObject({ duplicateRate: 1, lossRate: 0 });
  subscribe(sim, domain, ["orders/create"], app.uri);
  await ok("POST", `${shopPath}/orders`, { email: "twice@example.jp", lines: [{ handle: "rice-bowl" }] });
  expect(await ok<{ drained: boolean }>("GET", "/control/webhooks/drained?timeoutMs=50000")).toMatchObject({
    drained: true,
  });
  expect(app.received).toHaveLength(2);
  expect(
    (await ok<{ faults: { webhooks: { duplicateRate: number } } }>("DELETE", "/control/faults")).faults.webhooks
      .duplicateRate,
  ).toBe(0);
  const { deliveries } = await ok<{ deliveries: { id: string; status: string }[] }>(
    "GET",
    "/control/webhooks?topic=orders/create",
  );
  expect(deliveries.map(({ status }) => status)).toEqual(["delivered", "delivered"]);
  await ok("POST", `/control/webhooks/${deliveries[0]?.id}/resend`);
  await ok("GET", "/control/webhooks/drained");
  expect(app.received).toHaveLength(3);
  const log = await ok<{ entries: { summary: string }[] }>("GET", `/control/log?direction=webhook&shop=${domain}`);
  expect(log.entries.map(({ summary }) => summary)).toEqual(["orders/create", "orders/create", "orders/create"]);
});

it("mistakes are answered 4xx with a sentence", async () => {
  expect(await call("GET", "/control/shops/none.myshopify.com")).toMatchObject({
    status: 404,
    body: { error: expect.stringContaining("there is no shop none.myshopify.com") },
  });
  expect(await call("POST", `${shopPath}/orders`, { lines: [] })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining("lines") },
  });
  expect(await call("POST", `${shopPath}/orders`, { lines: [{ handle: "nothing" }] })).toMatchObject({
    status: 422,
    body: { error: `${domain} has no product nothing` },
  });
  expect(await call("POST", `${shopPath}/orders/1/pay`)).toMatchObject({
    status: 404,
    body: { error: `${domain} has no order 1` },
  });
  expect(await call("PUT", "/control/faults", { webhooks: { lossRate: 2 } })).toMatchObject({ status: 400 });
  expect(await call("POST", `${shopPath}/customers`, { email: "no" })).toMatchObject({
    status: 422,
    body: { error: '"no" is not an e-mail address' },
  });
  const broken = await fetch(`${base}${shopPath}/orders`, { method: "POST", body: "{" });
  expect([broken.status, await broken.json()]).toEqual([400, { error: "the body is not JSON" }]);
});

it("every endpoint is documented", async () => {
  const { endpoints } = await ok<{ endpoints: { method: string; path: string }[] }>("GET", "/control/endpoints");
  const readme = readFileSync(new URL("../../simulator/README.md", import.meta.url), "utf8");
  expect(endpoints.length).toBeGreaterThan(50);
  expect(endpoints.filter(({ method, path }) => !readme.includes(`\`${method} ${path}\``))).toEqual([]);
});
