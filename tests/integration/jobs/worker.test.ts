// One process that does everything: a delivery comes in over HTTP, a balance goes out to Shopify.
import { http, passthrough } from "msw";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop, routerPool } from "../../../app/db.server";
import { startWorker } from "../../../app/jobs/worker.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";
import { deliver, openLetterBox, type LetterBox } from "../ingest/letter-box";
import { orderNode } from "../ingest/order-node";
import { orderBody, type OrderBody } from "../ingest/payloads";

useTestDatabase();
const shopify = useFakeShopify([http.all("http://127.0.0.1*", () => passthrough())]);

const DOMAIN = "worker.myshopify.com";
let shopId: number;
let box: LetterBox;
let worker: { stop(): Promise<void> };
let written: { balance: number }[] = [];
/** The order as Shopify would show it. */
let shown: OrderBody | null = null;
const page = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };

beforeAll(async () => {
  shopId = await createTestShop(DOMAIN);
  await routerPool().query("UPDATE shop SET shopify_gid = 'gid://shopify/Shop/31' WHERE id = $1", [shopId]);
  await storeTestSession(DOMAIN);
  await saveProgram(
    shopId,
    defaultEarningRules({ currency: "JPY", taxesIncluded: true }),
    "system",
    new Date("2026-01-01T00:00:00Z"),
  );
  box = await openLetterBox();
  worker = await startWorker();
});
beforeEach(() => {
  written = [];
  shopify.on("SetMetafields", ({ variables }) => {
    for (const { value } of variables["metafields"] as { value: string }[]) {
      written.push({ balance: (JSON.parse(value) as { balance: number }).balance });
    }
    return { metafieldsSet: { metafields: [], userErrors: [] } };
  });
  // An order that rang is read again when the bell rang during the read: perhaps after its test is over.
  shopify.on("ReadOrder", () => ({ order: shown && orderNode(shown) }));
  // Should a quarter of an hour strike while the test runs.
  shopify.on("ScanOrders", () => ({ orders: page }));
  shopify.on("ScanCustomers", () => ({ customers: page }));
  shopify.on("ReadCustomers", ({ variables }) => ({ nodes: (variables["ids"] as string[]).map(() => null) }));
});
afterAll(async () => {
  await worker.stop();
  await box.close();
});

describe("event to storefront", () => {
  it("a delivery's balance is at Shopify within moments", async () => {
    for (let round = 1; round <= 5; round++) {
      const order = { id: 800 + round, shopNumber: 31, updatedAt: new Date(), amount: 1_000, customer: 9 };
      expect(await deliver(box, { topic: "orders/paid", domain: DOMAIN, body: orderBody(order) })).toBe(200);
      // How quick this is belongs to the bench; that it needs no schedule to come round is asserted here.
      await expect.poll(() => written.at(-1)?.balance, { timeout: 60_000, interval: 5 }).toBe(round * 10);
    }
  });

  it("a doorbell's order is read and its points follow by themselves", async () => {
    const order: OrderBody = {
      id: 900,
      shopNumber: 31,
      createdAt: new Date(Date.now() - 60_000),
      updatedAt: new Date(Date.now() - 50_000),
      amount: 1_000,
      customer: 10,
    };
    await deliver(box, { topic: "orders/paid", domain: DOMAIN, body: orderBody(order) });
    await expect.poll(() => written.at(-1)?.balance, { timeout: 60_000, interval: 20 }).toBe(10);
    shown = { ...order, updatedAt: new Date(), quantity: 3 };
    await deliver(box, {
      topic: "orders/edited",
      domain: DOMAIN,
      body: JSON.stringify({ order_edit: { id: 1, order_id: 900 } }),
    });
    await expect.poll(() => written.at(-1)?.balance, { timeout: 60_000, interval: 20 }).toBe(30);
  });

  it("a balance moved by other hands is found by the sweep", async () => {
    await inShop(shopId, (tx) =>
      tx.query(
        "UPDATE member SET published_seq = 0 WHERE shop_id = $1 AND customer_gid = 'gid://shopify/Customer/10'",
        [shopId],
      ),
    );
    await expect.poll(() => written.length, { timeout: 60_000, interval: 20 }).toBe(1);
  });
});
