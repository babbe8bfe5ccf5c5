import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";

import { inShop, routerPool } from "../../../app/db.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { later, orderFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
const never = new AbortController().signal;
const CANARY = "canary-hanako@example.com";

async function addEvent(shopId: number, topic: string, body: unknown) {
  const id = randomUUID();
  await routerPool().query(
    `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body, triggered_at) SELECT id, domain, $2, $3, $4, now() FROM shop WHERE id = $1`,
    [shopId, topic, id, JSON.stringify(body)],
  );
  return id;
}
async function drainAll() {
  for (;;) if ((await drainOnce()).claimed === 0) return;
}
const statusOf = async (webhookId: string) =>
  (
    await routerPool().query<{ status: string; error: string | null }>(
      "SELECT status, error FROM webhook_inbox WHERE webhook_id = $1",
      [webhookId],
    )
  ).rows[0];

/** A member with an order, a lot, entries and a note, written as the owner: only rows, no rules. */
async function addMember(shopId: number, customer: number, email = CANARY): Promise<number> {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `INSERT INTO member (shop_id, customer_gid, email, name, tags, search_grams, first_seen_at, available, balance_seq)
       VALUES ($1, $2, $3, '山田花子', '{vip}', '{花子}', now(), 50, 1) RETURNING id`,
      [shopId, `gid://shopify/Customer/${customer}`, email],
    );
    const id = rows[0]?.id ?? 0;
    await tx.query(
      `INSERT INTO customer_order (shop_id, order_gid, member_id, customer_gid, email, processed_at, facts)
       VALUES ($1, $2, $3, $4, $5, now(), $6)`,
      [
        shopId,
        `gid://shopify/Order/${customer}00`,
        id,
        `gid://shopify/Customer/${customer}`,
        email,
        JSON.stringify({ email, customerTags: ["vip"], lines: [] }),
      ],
    );
    const { rows: lots } = await tx.query<{ id: number }>(
      `INSERT INTO lot (shop_id, member_id, source_type, source_id, rule, size, remaining, state, created_at)
       VALUES ($1, $2, 'adjustment', 'x', 'manual', 50, 50, 'available', now()) RETURNING id`,
      [shopId, id],
    );
    await tx.query(
      `INSERT INTO points_entry (shop_id, member_id, lot_id, kind, from_bucket, to_bucket, points, key, source_type, source_id, rule, reason, actor, at)
       VALUES ($1, $2, $3, 'adjustment', 'issued', 'available', 50, $4, 'adjustment', 'x', 'manual', 'adjusted', 'system', now())`,
      [shopId, id, lots[0]?.id, `k${customer}`],
    );
    await tx.query(
      "INSERT INTO member_note (shop_id, member_id, text, actor) VALUES ($1, $2, '花子 called', 'staff:1')",
      [shopId, id],
    );
    return id;
  });
}

describe("customers/redact", () => {
  let shopId: number;
  beforeAll(async () => {
    shopId = await createTestShop("redact.myshopify.com");
  });

  it("D07 the identity goes, the ledger's arithmetic stays, queued payloads are emptied", async () => {
    const memberId = await addMember(shopId, 41);
    const other = await addMember(shopId, 42, "other@example.com");
    const queued = await addEvent(shopId, "carts/create", { customer: { id: 41, email: CANARY } });
    const unrelated = await addEvent(shopId, "carts/create", { customer: { id: 4100, email: "other@example.com" } });
    const redact = await addEvent(shopId, "customers/redact", {
      customer: { id: 41, email: CANARY },
      orders_to_redact: [4100],
    });
    await drainAll();
    expect(await statusOf(redact)).toEqual({ status: "done", error: "redacted" });
    await runJob("purge-payloads", { shopId, ids: ["41"] }, never);

    const { rows } = await database
      .owner()
      .query(
        "SELECT email, name, tags, search_grams, status, available::int, id::int FROM member WHERE shop_id = $1 AND id = $2",
        [shopId, memberId],
      );
    expect(rows[0]).toMatchObject({
      email: null,
      name: "",
      tags: [],
      search_grams: [],
      status: "redacted",
      available: 50,
    });
    const entries = await database
      .owner()
      .query("SELECT FROM points_entry WHERE shop_id = $1 AND member_id = $2", [shopId, memberId]);
    expect(entries.rows).toHaveLength(1);
    const notes = await database.owner().query("SELECT member_id::int FROM member_note WHERE shop_id = $1", [shopId]);
    expect(notes.rows).toEqual([{ member_id: other }]);
    const bodies = await database
      .owner()
      .query<{ webhook_id: string; body: string | null }>(
        "SELECT webhook_id, body FROM webhook_inbox WHERE shop_id = $1",
        [shopId],
      );
    const byId = new Map(bodies.rows.map((row) => [row.webhook_id, row.body]));
    expect(byId.get(queued)).toBeNull();
    expect(byId.get(redact)).toBeNull();
    expect(byId.get(unrelated)).not.toBeNull();
    for (const table of [
      "member",
      "customer_order",
      "member_note",
      "points_entry",
      "webhook_inbox",
      "data_export",
      "erasure",
    ]) {
      const leaks = await database.owner().query(`SELECT FROM ${table} t WHERE t::text LIKE $1`, [`%${CANARY}%`]);
      expect([table, leaks.rows.length]).toEqual([table, 0]);
    }
  });

  it("D07 an erased address does not come back with late deliveries, in known orders or new ones", async () => {
    const shop = await createTestShop();
    const customerId = "gid://shopify/Customer/46";
    await addMember(shop, 46);
    const record = (facts: OrderFacts) => inShop(shop, (tx) => recordOrder(tx, facts, "read", new Date()));
    const known = orderFacts({ customerId, email: CANARY });
    const guest = orderFacts({ customerId: null, email: CANARY });
    const testOrder = orderFacts({ customerId, email: CANARY, test: true });
    for (const facts of [known, guest, testOrder]) await record(facts);
    const redact = () =>
      addEvent(shop, "customers/redact", {
        customer: { id: 46, email: CANARY },
        orders_to_redact: [guest.orderId.split("/").at(-1)],
      });
    const first = await redact();
    await drainAll();
    expect(await statusOf(first)).toEqual({ status: "done", error: "redacted" });
    for (const facts of [known, guest, testOrder]) await record(later(facts, {}));
    await record(orderFacts({ customerId, email: CANARY }));
    const again = await redact();
    await drainAll();
    expect(await statusOf(again)).toMatchObject({ status: "done" });
    const { rows } = await database
      .owner()
      .query<{ kind: string; leaks: boolean }>(
        "SELECT kind, o::text LIKE $2 AS leaks FROM customer_order o WHERE shop_id = $1 ORDER BY id",
        [shop, `%${CANARY}%`],
      );
    expect(rows.map((row) => row.kind)).toEqual(["anonymised", "anonymised", "anonymised", "test", "anonymised"]);
    expect(rows.filter((row) => row.leaks)).toEqual([]);
  });

  it("D05 unknown, by e-mail only, without a customer, and twice: done without an effect", async () => {
    const events = await Promise.all([
      addEvent(shopId, "customers/redact", {
        customer: { id: 77777, email: "nobody@example.com" },
        orders_to_redact: [],
      }),
      addEvent(shopId, "customers/redact", { customer: { email: "nobody@example.com" }, orders_to_redact: [] }),
      addEvent(shopId, "customers/redact", { customer: null, orders_to_redact: null }),
      addEvent(shopId, "customers/redact", { customer: { id: 41, email: CANARY }, orders_to_redact: [4100] }),
    ]);
    await drainAll();
    for (const event of events) expect(await statusOf(event)).toEqual({ status: "done", error: "nothing_to_redact" });
    const { rows } = await database
      .owner()
      .query("SELECT FROM member WHERE shop_id = $1 AND status <> 'redacted'", [shopId]);
    expect(rows).toHaveLength(1);
  });

  it("D05 by e-mail only: the person behind the address is erased", async () => {
    const memberId = await addMember(shopId, 43, "only-mail@example.com");
    await addEvent(shopId, "customers/redact", {
      customer: { email: " Only-Mail@example.com " },
      orders_to_redact: [],
    });
    await drainAll();
    const { rows } = await database
      .owner()
      .query("SELECT status FROM member WHERE shop_id = $1 AND id = $2", [shopId, memberId]);
    expect(rows).toEqual([{ status: "redacted" }]);
  });

  it("D05 for a shop nobody knows: no-op", async () => {
    const webhookId = randomUUID();
    await routerPool().query(
      "INSERT INTO webhook_inbox (domain, topic, webhook_id, body) VALUES ('stranger.myshopify.com', 'shop/redact', $1, '{}')",
      [webhookId],
    );
    await drainAll();
    expect(await statusOf(webhookId)).toEqual({ status: "ignored", error: "unknown_shop" });
  });
});

describe("customers/data_request", () => {
  it("collects what is held, once, and tells the merchant", async () => {
    const shopId = await createTestShop();
    await addMember(shopId, 51);
    const request = { customer: { id: 51, email: CANARY }, orders_requested: [], data_request: { id: 9999 } };
    await addEvent(shopId, "customers/data_request", request);
    await addEvent(shopId, "customers/data_request", request);
    const unknown = await addEvent(shopId, "customers/data_request", {
      customer: { id: 52 },
      data_request: { id: 10000 },
    });
    await drainAll();
    expect(await statusOf(unknown)).toEqual({ status: "done", error: "unknown_customer" });
    const { rows } = await database.owner().query<{
      content: { members: { member: { email: string }; orders: unknown[]; entries: unknown[]; notes: unknown[] }[] };
    }>("SELECT content FROM data_export WHERE shop_id = $1 AND outcome = 'exported'", [shopId]);
    expect(rows).toHaveLength(1);
    const [member] = rows[0]?.content.members ?? [];
    expect(member?.member.email).toBe(CANARY);
    expect([member?.orders.length, member?.entries.length, member?.notes.length]).toEqual([1, 1, 1]);
    const alerts = await database.owner().query("SELECT kind FROM health_alert WHERE shop_id = $1", [shopId]);
    expect(alerts.rows).toEqual([{ kind: "data_request" }]);
  });
});

describe("shop/redact", () => {
  it("erases everything of an uninstalled shop, queued events included, and leaves a tombstone", async () => {
    const shopId = await createTestShop("leaving.myshopify.com");
    const neighbour = await createTestShop();
    await addMember(shopId, 61);
    await addMember(neighbour, 61, "stays@example.com");
    await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [shopId]);
    await addEvent(shopId, "orders/paid", { email: CANARY });
    await addEvent(shopId, "shop/redact", { shop_id: 1, shop_domain: "leaving.myshopify.com" });
    await drainAll();
    expect(await runJob("shop-redact", { shopId }, never)).toEqual({ outcome: "ran" });
    const tables = await database.owner().query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
    );
    expect(tables.rows.length).toBeGreaterThan(12);
    for (const { name } of tables.rows.filter((table) => table.name !== "erasure")) {
      const { rows } = await database.owner().query(`SELECT FROM ${name} WHERE shop_id = $1`, [shopId]);
      expect([name, rows.length]).toEqual([name, 0]);
    }
    const tombstone = await database
      .owner()
      .query("SELECT kind, counts->'entries' AS entries, counts->'member' AS members FROM erasure WHERE shop_id = $1", [
        shopId,
      ]);
    expect(tombstone.rows).toEqual([{ kind: "shop", entries: 1, members: 1 }]);
    const kept = await database.owner().query("SELECT FROM points_entry WHERE shop_id = $1", [neighbour]);
    expect(kept.rows).toHaveLength(1);
    // Twice is fine.
    expect(await runJob("shop-redact", { shopId }, never)).toEqual({ outcome: "ran" });
  });

  it("D03 of a shop that is erased nothing is written down again, whatever arrives late", async () => {
    const shopId = await createTestShop("gone.myshopify.com");
    await addMember(shopId, 66);
    await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [shopId]);
    const person = { customer: { id: 66, email: CANARY } };
    const before = await addEvent(shopId, "customers/data_request", { ...person, data_request: { id: 1 } });
    await drainAll();
    expect(await statusOf(before)).toEqual({ status: "done", error: "exported" });
    await runJob("shop-redact", { shopId }, never);
    const late = await addEvent(shopId, "customers/data_request", { ...person, data_request: { id: 2 } });
    await addEvent(shopId, "customers/redact", person);
    await addEvent(shopId, "orders/create", { email: CANARY });
    await drainAll();
    expect(await statusOf(late)).toEqual({ status: "ignored", error: "shop_erased" });
    const written = await database.owner().query(
      `SELECT FROM data_export WHERE shop_id = $1 UNION ALL SELECT FROM member WHERE shop_id = $1
       UNION ALL SELECT FROM customer_order WHERE shop_id = $1 UNION ALL SELECT FROM erasure WHERE shop_id = $1 AND kind <> 'shop'`,
      [shopId],
    );
    expect(written.rows).toHaveLength(0);
  });

  it("D03 after a reinstall the live shop is left alone and the decision is on its health page", async () => {
    const shopId = await createTestShop("returning.myshopify.com");
    await addMember(shopId, 71);
    await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [shopId]);
    const redact = await addEvent(shopId, "shop/redact", {});
    await drainAll();
    expect(await statusOf(redact)).toMatchObject({ status: "done" });
    await routerPool().query("UPDATE shop SET uninstalled_at = NULL, install_seq = install_seq + 1 WHERE id = $1", [
      shopId,
    ]);
    await runJob("shop-redact", { shopId }, never);
    const left = await database.owner().query("SELECT FROM points_entry WHERE shop_id = $1", [shopId]);
    expect(left.rows).toHaveLength(1);
    const alerts = await database.owner().query("SELECT kind FROM health_alert WHERE shop_id = $1", [shopId]);
    expect(alerts.rows).toEqual([{ kind: "reinstalled_before_redact" }]);
    // The database refuses too, whoever asks.
    await expect(inShop(shopId, (tx) => tx.query("SELECT erase_shop($1, now())", [shopId]))).rejects.toThrow(
      /is installed/,
    );
  });

  it("D08 no shop can erase another", async () => {
    const [mine, theirs] = [await createTestShop(), await createTestShop()];
    await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [theirs]);
    await expect(inShop(mine, (tx) => tx.query("SELECT erase_shop($1, now())", [theirs]))).rejects.toThrow(
      /its own transaction/,
    );
  });
});
