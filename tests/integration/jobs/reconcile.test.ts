// Whatever the deliveries did not tell, reconciliation finds out, posts under the same keys and writes down.
import { randomUUID } from "node:crypto";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, routerPool } from "../../../app/db.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { cancelBackfill, readBackfill, startBackfill } from "../../../app/jobs/backfill.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { listMembers } from "../../../app/loyalty/member-list.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { API_VERSION } from "../../../app/shopify/api-version";
import { webhookAddress } from "../../../app/shopify/subscriptions.server";
import { SHOP_TOPICS, topicToEnum } from "../../../app/shopify/topics";
import { useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";
import { orderNode } from "../ingest/order-node";
import { orderBody, type OrderBody } from "../ingest/payloads";

const database = useTestDatabase();
const FILE = "https://storage.example.com/result.jsonl";
let file = "";
const shopify = useFakeShopify([http.get(FILE, () => HttpResponse.text(file))]);
const HOUR = 3_600_000;
const never = new AbortController().signal;
const ago = (ms: number) => new Date(Date.now() - ms);
const page = (nodes: unknown[]) => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } });

let shopId = 0;
let number = 100;
let lastId = 7_000_000_000_000;
/** What Shopify has. */
let orders: OrderBody[] = [];
let customers: { id: number; updatedAt: Date }[] = [];
/** Orders with a lost chargeback. */
let disputed = new Set<unknown>();
const nodeOf = (order: OrderBody): Record<string, unknown> => ({
  ...orderNode(order),
  disputes: disputed.has(order.id) ? [{ id: "gid://shopify/ShopifyPaymentsDispute/1", status: "LOST" }] : [],
});

beforeEach(async () => {
  number++;
  const domain = `reconcile-${number}.myshopify.com`;
  shopId = await createTestShop(domain);
  await routerPool().query("UPDATE shop SET shopify_gid = $2, installed_at = now() - interval '3 days' WHERE id = $1", [
    shopId,
    `gid://shopify/Shop/${number}`,
  ]);
  await storeTestSession(domain);
  await saveProgram(
    shopId,
    defaultEarningRules({ currency: "JPY", taxesIncluded: true }),
    "system",
    new Date("2026-01-01T00:00:00Z"),
  );
  orders = [];
  customers = [];
  disputed = new Set();
  const within = (query: string, at: Date) => {
    const [, from = "", to = ""] = /updated_at:>='([^']+)' updated_at:<'([^']+)'/.exec(query) ?? [];
    return at >= new Date(from) && at < new Date(to);
  };
  shopify.on("ScanOrders", ({ variables }) => ({
    orders: page(
      orders
        .filter((order) => within(String(variables["query"]), order.updatedAt))
        .sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime())
        .map(nodeOf),
    ),
  }));
  shopify.on("ReadOrder", ({ variables }) => ({
    order: orders.map(nodeOf).find((node) => node["id"] === variables["id"]) ?? null,
  }));
  shopify.on("ScanCustomers", ({ variables }) => ({
    customers: page(customers.filter((each) => within(String(variables["query"]), each.updatedAt)).map(customerNode)),
  }));
  shopify.on("ReadCustomers", ({ variables }) => ({
    nodes: (variables["ids"] as string[]).map(
      (id) => customers.map(customerNode).find((node) => node.id === id) ?? null,
    ),
  }));
});
function customerNode({ id, updatedAt }: { id: number; updatedAt: Date }) {
  return {
    id: `gid://shopify/Customer/${id}`,
    firstName: "花子",
    lastName: "山田",
    locale: "ja",
    tags: [],
    state: "ENABLED",
    verifiedEmail: true,
    createdAt: updatedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    defaultEmailAddress: { emailAddress: `c${id}@example.com`, marketingState: "SUBSCRIBED" },
  };
}
function newOrder(more: Partial<OrderBody> = {}): OrderBody {
  const order = { id: ++lastId, shopNumber: number, updatedAt: ago(HOUR), createdAt: ago(2 * HOUR), ...more };
  orders.push(order);
  if (!customers.some((each) => each.id === (order.customer ?? 7)))
    customers.push({ id: order.customer ?? 7, updatedAt: ago(2 * HOUR) });
  return order;
}
async function customerRun() {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number; status: string; seen: number }>(
      "SELECT id, status, seen FROM reconciliation_run WHERE kind = 'all_customers' ORDER BY id DESC LIMIT 1",
    );
    return rows[0];
  });
}
async function receive(order: OrderBody) {
  await routerPool().query(
    "INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body, triggered_at) SELECT id, domain, 'orders/updated', $2, $3, now() FROM shop WHERE id = $1",
    [shopId, randomUUID(), orderBody(order)],
  );
  for (;;) if ((await drainOnce()).claimed === 0) return;
}
async function lastRun(kind: string) {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{
      seen: number;
      matched: number;
      healed: number;
      unexplained: number;
      status: string;
      mark: Date | null;
      detail: { vanished?: number };
    }>(
      "SELECT seen, matched, healed, unexplained, status, mark, detail FROM reconciliation_run WHERE kind = $1 ORDER BY id DESC LIMIT 1",
      [kind],
    );
    return rows[0];
  });
}
async function granted() {
  return inShop(
    shopId,
    async (tx) =>
      (
        await tx.query<{ points: number }>(
          "SELECT coalesce(sum(CASE WHEN from_bucket = 'issued' THEN points WHEN to_bucket IN ('issued', 'revoked') THEN -points ELSE 0 END), 0)::int AS points FROM points_entry",
        )
      ).rows[0]?.points,
  );
}
const reconcile = () => runJob("reconcile-shop", { shopId }, never);

describe("reconcile-shop", () => {
  it("posts exactly what was lost, once, and says so", async () => {
    const delivered = [newOrder(), newOrder({ customer: 8 })];
    const lost = [newOrder({ customer: 8 }), newOrder(), newOrder()];
    for (const order of delivered) await receive(order);
    expect(await granted()).toBe(20);
    expect(await reconcile()).toEqual({ outcome: "ran" });
    expect(await granted()).toBe(50);
    expect(await lastRun("orders")).toMatchObject({ seen: 5, matched: 2, healed: 3, unexplained: 0, status: "done" });
    await reconcile();
    expect(await granted()).toBe(50);
    expect(await lastRun("orders")).toMatchObject({ healed: 0, unexplained: 0 });
    // The lost deliveries arrive after all.
    for (const order of lost) await receive(order);
    expect(await granted()).toBe(50);
  });

  it("heals what was lost within one of Shopify's seconds, and disputes that only a lost delivery told of", async () => {
    const [paid, cancelled, charged] = [newOrder({ financialStatus: "pending" }), newOrder(), newOrder()];
    for (const order of [paid, cancelled, charged]) await receive(order);
    expect(await granted()).toBe(30);
    paid.financialStatus = "paid";
    cancelled.cancelledAt = cancelled.updatedAt;
    disputed.add(charged.id);
    await reconcile();
    expect(await lastRun("orders")).toMatchObject({ seen: 3, healed: 3, unexplained: 0 });
    expect(await granted()).toBe(10);
    await reconcile();
    expect(await lastRun("orders")).toMatchObject({ seen: 3, matched: 3, healed: 0 });
  });

  it("A08 heals an edit of the units within one of Shopify's seconds whose deliveries were lost", async () => {
    const [edited, refunded] = [newOrder({ quantity: 3 }), newOrder({ quantity: 3 })];
    refunded.refunds = [{ id: ++lastId, orderId: refunded.id, createdAt: ago(HOUR), quantity: 1, amount: 1_000 }];
    for (const order of [edited, refunded]) await receive(order);
    expect(await granted()).toBe(50);
    edited.quantity = 2;
    await reconcile();
    expect(await lastRun("orders")).toMatchObject({ seen: 2, matched: 1, healed: 1, unexplained: 0 });
    expect(await granted()).toBe(40);
    await reconcile();
    expect(await lastRun("orders")).toMatchObject({ seen: 2, matched: 2, healed: 0 });
  });

  it("an order whose units Shopify counts otherwise than we do costs a read a pass and changes nothing", async () => {
    const counted = newOrder({ quantity: 3 });
    await receive(counted);
    shopify.on("ScanOrders", () => ({ orders: page([{ ...nodeOf(counted), currentSubtotalLineItemsQuantity: 4 }]) }));
    for (let pass = 0; pass < 3; pass++) await reconcile();
    expect(await lastRun("orders")).toMatchObject({ seen: 1, matched: 1, healed: 0, unexplained: 0 });
    expect(shopify.calls.filter((call) => call.operation === "ReadOrder")).toHaveLength(3);
    expect(await granted()).toBe(30);
  });

  it("goes on from the last mark, fifteen minutes earlier", async () => {
    newOrder({ updatedAt: ago(20 * HOUR) });
    newOrder({ updatedAt: ago(2 * HOUR) });
    await reconcile();
    const mark = (await lastRun("orders"))?.mark;
    expect(Math.abs((mark?.getTime() ?? 0) - ago(2 * HOUR).getTime())).toBeLessThan(60_000);
    newOrder({ updatedAt: ago(2 * HOUR + 10 * 60_000) });
    await reconcile();
    expect(await lastRun("orders")).toMatchObject({ seen: 2, matched: 1, healed: 1 });
  });

  it("asks for known orders that Shopify does not show any more", async () => {
    const [stays, goes] = [newOrder(), newOrder()];
    for (const order of [stays, goes]) await receive(order);
    orders = orders.filter((order) => order !== goes);
    await reconcile();
    const deleted = await inShop(
      shopId,
      async (tx) =>
        (await tx.query<{ order_gid: string }>("SELECT order_gid FROM customer_order WHERE deleted_at IS NOT NULL"))
          .rows,
    );
    expect(deleted).toEqual([{ order_gid: `gid://shopify/Order/${goes.id}` }]);
    expect((await lastRun("orders"))?.detail.vanished).toBe(1);
  });

  it("finds merged and deleted customers whose deliveries were lost", async () => {
    const kept = newOrder({ customer: 20 });
    const merged = newOrder({ customer: 21 });
    const deleted = newOrder({ customer: 22 });
    for (const order of [kept, merged, deleted]) await receive(order);
    // Shopify moved the merged customer's order, and the deleted one's lost its customer.
    merged.customer = 20;
    deleted.customer = null;
    customers = customers.filter((each) => each.id === 20);
    await reconcile();
    const members = await inShop(
      shopId,
      async (tx) =>
        (
          await tx.query<{ gid: string; status: string; available: number }>(
            "SELECT customer_gid AS gid, status, available FROM member ORDER BY customer_gid",
          )
        ).rows,
    );
    expect(members.map((each) => [each.gid.slice(-2), each.status])).toEqual([
      ["20", "active"],
      ["21", "merged"],
      ["22", "deleted"],
    ]);
    expect(members[0]?.available).toBe(20);
  });
});

describe("A08 the subscriptions were removed", () => {
  it("A08 the hourly check restores them and the gap is reconciled and reported closed", async () => {
    const subscriptions = new Map(
      SHOP_TOPICS.map((topic, index) => [topicToEnum(topic), `gid://shopify/WebhookSubscription/${index}`]),
    );
    shopify.on("ListSubscriptions", () => ({
      webhookSubscriptions: page(
        [...subscriptions].map(([topic, id]) => ({
          id,
          topic,
          uri: webhookAddress(),
          filter: null,
          includeFields: [],
          apiVersion: { handle: API_VERSION },
        })),
      ),
    }));
    shopify.on("CreateSubscription", ({ variables }) => {
      subscriptions.set(String(variables["topic"]), `gid://shopify/WebhookSubscription/${subscriptions.size + 100}`);
      return {
        webhookSubscriptionCreate: {
          webhookSubscription: { id: "gid://shopify/WebhookSubscription/1" },
          userErrors: [],
        },
      };
    });
    await runJob("check-subscriptions", { shopId }, never);
    await reconcile();
    // More than four hours of failures: Shopify gives the subscription up, orders go by untold.
    subscriptions.delete("ORDERS_UPDATED");
    subscriptions.delete("ORDERS_PAID");
    for (let index = 0; index < 4; index++) newOrder({ updatedAt: ago((index + 1) * HOUR) });
    await runJob("check-subscriptions", { shopId }, never);
    expect(subscriptions.size).toBe(SHOP_TOPICS.length);
    const alerts = await inShop(
      shopId,
      async (tx) =>
        (await tx.query<{ params: unknown }>("SELECT params FROM health_alert WHERE kind = 'gap_closed'")).rows,
    );
    expect(alerts).toHaveLength(1);
    const queued = await inShop(
      shopId,
      async (tx) =>
        (
          await tx.query<{ added: boolean }>("SELECT enqueue_job('reconcile-shop', $1, $2, NULL) AS added", [
            JSON.stringify({ shopId }),
            String(shopId),
          ])
        ).rows[0]?.added,
    );
    expect(queued).toBe(false);
    await reconcile();
    expect(await lastRun("orders")).toMatchObject({ healed: 4, unexplained: 0, status: "done" });
    expect(await granted()).toBe(40);
  });
});

describe("publish-balances", () => {
  it("writes each changed balance once, and again when it changes", async () => {
    const written: { ownerId: string; value: string }[] = [];
    shopify.on("SetMetafields", ({ variables }) => {
      written.push(...(variables["metafields"] as typeof written));
      return { metafieldsSet: { metafields: [], userErrors: [] } };
    });
    await receive(newOrder({ customer: 31, amount: 4_200 }));
    await runJob("publish-balances", { shopId }, never);
    await runJob("publish-balances", { shopId }, never);
    expect(written.map((each) => [each.ownerId, JSON.parse(each.value) as unknown])).toEqual([
      [
        "gid://shopify/Customer/31",
        expect.objectContaining({
          v: 1,
          balance: 42,
          pending: 0,
          debt: 0,
          currency: "JPY",
          nextExpiry: { points: 42, on: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
        }),
      ],
    ]);
    await receive(newOrder({ customer: 31, amount: 800 }));
    await runJob("publish-balances", { shopId }, never);
    expect(JSON.parse(written[1]?.value ?? "{}")).toMatchObject({ balance: 50 });
  });

  it("a publisher that was overtaken makes the member due again instead of leaving its old balance", async () => {
    const values: number[] = [];
    await receive(newOrder({ customer: 32, amount: 1_000 }));
    shopify.on("SetMetafields", async ({ variables }) => {
      const [metafield] = variables["metafields"] as { value: string }[];
      // While the first publisher's call is under way, points move and a second publisher is quicker.
      if (values.length === 0) {
        values.push(-1);
        await receive(newOrder({ customer: 32, amount: 2_000 }));
        await runJob("publish-balances", { shopId }, never);
      }
      values.push((JSON.parse(metafield?.value ?? "{}") as { balance: number }).balance);
      return { metafieldsSet: { metafields: [], userErrors: [] } };
    });
    await runJob("publish-balances", { shopId }, never);
    await runJob("publish-balances", { shopId }, never);
    expect(values[0]).toBe(-1);
    expect(values.at(-1)).toBe(30);
  });
});

describe("backfill", () => {
  /** The lines Shopify writes for an order: itself, then its children. */
  function jsonl(order: OrderBody): string {
    const node = orderNode(order) as {
      id: string;
      lineItems: { nodes: object[] };
      shippingLines: unknown;
      refunds: { id: string }[];
    };
    const { lineItems, shippingLines: _none, refunds, ...head } = node;
    const lines = [
      { ...head, refunds: refunds.map(({ id }) => ({ id })) },
      ...lineItems.nodes.map((line) => ({ ...line, __parentId: node.id })),
    ];
    return lines.map((line) => JSON.stringify(line)).join("\n");
  }

  it("applies the file, has orders with refunds read, reports progress, and changes nothing the second time", async () => {
    const refund = { id: ++lastId, orderId: 1, createdAt: ago(HOUR), quantity: 1, amount: 1_000 };
    const plain = newOrder({ createdAt: ago(40 * 24 * HOUR) });
    const refunded = newOrder({ quantity: 2, refunds: [refund], financialStatus: "partially_refunded" });
    refund.orderId = Number(refunded.id);
    file = [plain, refunded].map(jsonl).join("\n");
    const states = ["RUNNING", "COMPLETED"];
    shopify.on("RunBulk", () => ({
      bulkOperationRunQuery: {
        bulkOperation: { id: "gid://shopify/BulkOperation/5", status: "CREATED" },
        userErrors: [],
      },
    }));
    shopify.on("ReadBulk", () => ({
      bulkOperation: {
        id: "gid://shopify/BulkOperation/5",
        status: states.shift() ?? "COMPLETED",
        errorCode: null,
        objectCount: "4",
        rootObjectCount: "2",
        url: FILE,
        partialDataUrl: null,
        completedAt: null,
      },
    }));
    for (let round = 0; round < 2; round++) {
      const { runId } = await startBackfill(shopId, null, new Date());
      await runJob("backfill-orders", { shopId, runId }, never);
      expect(await readBackfill(shopId)).toMatchObject({ runId, status: "done", applied: 2, total: 2 });
      await runJob("read-due-orders", { shopId }, never);
      expect(await granted()).toBe(20);
    }
  });

  it("runs once at a time, and a cancelled one stays cancelled", async () => {
    const first = await startBackfill(shopId, null, new Date());
    expect(await startBackfill(shopId, null, new Date())).toEqual({ outcome: "already_running", runId: first.runId });
    expect(await readBackfill(shopId)).toMatchObject({
      runId: first.runId,
      status: "running",
      applied: 0,
      total: null,
    });
    expect(await cancelBackfill(shopId, first.runId)).toEqual({ outcome: "cancelled" });
    await runJob("backfill-orders", { shopId, runId: first.runId }, never);
    expect(await readBackfill(shopId)).toMatchObject({ status: "cancelled" });
    expect((await startBackfill(shopId, null, new Date())).outcome).toBe("started");
  });
});

describe("reading all customers", () => {
  const read = () => runJob("read-all-customers", { shopId }, never);
  const found = async (search: string) => (await listMembers(shopId, { search, sort: "name" })).members;

  it("gives members of past orders their names, addresses, tags and consents, and search finds them", async () => {
    await receive(newOrder({ customer: 501 }));
    customers = [{ id: 501, updatedAt: ago(9_000 * HOUR) }];
    expect(await found("山田")).toEqual([]);
    expect(await read()).toEqual({ outcome: "ran" });
    expect(await customerRun()).toMatchObject({ status: "done", seen: 1 });
    expect(await found("山田")).toMatchObject([{ name: "山田 花子", email: "c501@example.com" }]);
    const { rows } = await inShop(shopId, (tx) =>
      tx.query("SELECT email_consent, locale FROM member WHERE customer_gid = 'gid://shopify/Customer/501'"),
    );
    expect(rows).toEqual([{ email_consent: "subscribed", locale: "ja" }]);
  });

  it("goes on from its mark after an interruption, and stops when it is cancelled", async () => {
    customers = [1, 2, 3].map((id) => ({ id: 600 + id, updatedAt: ago((9_000 - id) * HOUR) }));
    const nodes = () => customers.map(customerNode);
    let asked = 0;
    shopify.on("ScanCustomers", ({ variables }) => {
      asked++;
      if (variables["after"] === "2") return HttpResponse.json({ errors: [{ message: "down" }] }, { status: 400 });
      const first = asked === 1;
      const shown = first ? nodes().slice(0, 2) : nodes().slice(1);
      if (!first) expect(String(variables["query"])).toContain(customers[1]?.updatedAt.toISOString());
      return { customers: { nodes: shown, pageInfo: { hasNextPage: first, endCursor: "2" } } };
    });
    await expect(read()).rejects.toThrow();
    const interrupted = await customerRun();
    expect(interrupted).toMatchObject({ status: "running", seen: 2 });
    expect(await read()).toEqual({ outcome: "ran" });
    expect(await customerRun()).toMatchObject({ id: interrupted?.id, status: "done", seen: 4 });

    shopify.on("ScanCustomers", async () => {
      await inShop(shopId, (tx) =>
        tx.query("UPDATE reconciliation_run SET status = 'cancelled' WHERE status = 'running'"),
      );
      asked++;
      return { customers: { nodes: nodes(), pageInfo: { hasNextPage: true, endCursor: "again" } } };
    });
    asked = 0;
    expect(await read()).toEqual({ outcome: "ran" });
    expect(asked).toBe(1);
    expect(await customerRun()).toMatchObject({ status: "cancelled" });
  });

  it("is asked for again by the reconciler until it has happened", async () => {
    const queued = async () =>
      (
        await database
          .owner()
          .query("SELECT FROM pgboss.job WHERE name = 'read-all-customers' AND (data->>'shopId')::int = $1", [shopId])
      ).rowCount;
    await runJob("reconcile-shop", { shopId }, never);
    expect(await queued()).toBe(1);
    await database.owner().query("DELETE FROM pgboss.job WHERE name = 'read-all-customers'");
    await read();
    await runJob("reconcile-shop", { shopId }, never);
    expect(await queued()).toBe(0);
  });
});
