import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { inShop, routerPool } from "../../../app/db.server";
import { claimEvents, disposeOf } from "../../../app/ingest/claim.server";
import { listDeliveries, readDelivery, replayEvents } from "../../../app/ingest/deliveries.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { deliver, openLetterBox, type LetterBox } from "./letter-box";
import { orderBody, refundBody } from "./payloads";

const database = useTestDatabase();

const DOMAIN = "drain.myshopify.com";
const SHOP_NUMBER = 548380009;
const OTHER_DOMAIN = "other.myshopify.com";
let box: LetterBox;
let shopId: number;
let otherShopId: number;
let lastId = 5_000_000_000_000;
const nextId = () => ++lastId;

beforeAll(async () => {
  shopId = await createTestShop(DOMAIN);
  otherShopId = await createTestShop(OTHER_DOMAIN);
  await routerPool().query("UPDATE shop SET shopify_gid = 'gid://shopify/Shop/548380009' WHERE id = $1", [shopId]);
  await routerPool().query("UPDATE shop SET shopify_gid = 'gid://shopify/Shop/999' WHERE id = $1", [otherShopId]);
  for (const id of [shopId, otherShopId]) {
    await saveProgram(
      id,
      defaultEarningRules({ currency: "JPY", taxesIncluded: true }),
      "system",
      new Date("2026-01-01T00:00:00Z"),
    );
  }
  box = await openLetterBox();
});
afterAll(() => box.close());
beforeEach(() =>
  routerPool().query("UPDATE webhook_inbox SET status = 'ignored' WHERE status IN ('pending', 'parked')"),
);

async function send(
  topic: string,
  body: string,
  more: { webhookId?: string; domain?: string; triggeredAt?: Date; headers?: Record<string, string> } = {},
) {
  const webhookId = more.webhookId ?? randomUUID();
  expect(await deliver(box, { topic, domain: DOMAIN, body, ...more, webhookId })).toBe(200);
  return webhookId;
}
async function eventOf(webhookId: string) {
  const { rows } = await routerPool().query<{
    id: number;
    status: string;
    error: string | null;
    attempts: number;
    shop_id: number | null;
  }>("SELECT id, status, error, attempts, shop_id FROM webhook_inbox WHERE webhook_id = $1", [webhookId]);
  return rows[0];
}
async function pointsOf(orderId: number | string, shop = shopId) {
  return inShop(shop, async (tx) => {
    const { rows } = await tx.query<{ kind: string; points: number }>(
      `SELECT e.kind, e.points FROM points_entry e JOIN customer_order o ON o.shop_id = e.shop_id AND o.id::text = e.source_id
        WHERE e.source_type = 'order' AND o.order_gid = $1 ORDER BY e.id`,
      [`gid://shopify/Order/${orderId}`],
    );
    return rows.map((row) => `${row.kind} ${row.points}`);
  });
}
async function alerts(kind: string, shop = shopId) {
  return inShop(shop, async (tx) =>
    (await tx.query<{ params: unknown }>("SELECT params FROM health_alert WHERE kind = $1", [kind])).rows.map(
      (row) => row.params,
    ),
  );
}
/** Makes everything that waits due now. */
const hurry = () =>
  routerPool().query(
    "UPDATE webhook_inbox SET next_attempt = now() WHERE status IN ('pending', 'parked') AND lease_token IS NULL",
  );
async function drainAll() {
  for (;;) {
    const { claimed } = await drainOnce();
    if (claimed === 0) return;
  }
}

const now = () => new Date();
const ago = (ms: number) => new Date(Date.now() - ms);

describe("an order becomes points", () => {
  it("a paid order is posted and its event is done", async () => {
    const id = nextId();
    const webhookId = await send(
      "orders/paid",
      orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: now(), amount: 13_780 }),
    );
    expect(await drainOnce()).toEqual({ claimed: 1, done: 1, failed: 0 });
    expect(await eventOf(webhookId)).toMatchObject({ status: "done", shop_id: shopId });
    expect(await pointsOf(id)).toEqual(["grant 137"]);
  });

  it("A02 the same order under new event ids, topics and addresses grants once", async () => {
    const id = nextId();
    const body = orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: now(), amount: 5_000 });
    for (const topic of ["orders/create", "orders/paid", "orders/updated", "orders/paid", "orders/updated"])
      await send(topic, body);
    await drainAll();
    for (const topic of ["orders/paid", "orders/updated"]) await send(topic, body);
    await drainAll();
    expect(await pointsOf(id)).toEqual(["grant 50"]);
  });

  it("A02 drained by six workers at once, every event is applied once", async () => {
    const orders = Array.from({ length: 40 }, nextId);
    await Promise.all(
      orders.flatMap((id) => {
        const body = orderBody({
          id,
          shopNumber: SHOP_NUMBER,
          updatedAt: now(),
          amount: 1_000,
          customer: 70 + (id % 5),
        });
        return ["orders/create", "orders/paid", "orders/updated"].map((topic) => send(topic, body));
      }),
    );
    const results = await Promise.all(
      Array.from({ length: 6 }, async () => {
        let done = 0;
        for (;;) {
          const result = await drainOnce({ batch: 10, concurrency: 1 });
          done += result.done;
          if (result.claimed === 0) return done;
        }
      }),
    );
    await hurry();
    await drainAll();
    expect(results.reduce((total, done) => total + done, 0)).toBeLessThanOrEqual(120);
    for (const id of orders) expect(await pointsOf(id)).toEqual(["grant 10"]);
    const { rows } = await routerPool().query(
      "SELECT FROM webhook_inbox WHERE domain = $1 AND status IN ('pending', 'parked', 'dead')",
      [DOMAIN],
    );
    expect(rows).toHaveLength(0);
  });

  it("A05 updated and paid before create; an older state never overwrites a newer one", async () => {
    const id = nextId();
    const [t1, t2, t3] = [ago(3_000), ago(2_000), ago(1_000)];
    const at = (updatedAt: Date, financialStatus: string, amount: number) =>
      orderBody({ id, shopNumber: SHOP_NUMBER, createdAt: t1, updatedAt, financialStatus, amount });
    await send("orders/updated", at(t3, "paid", 3_000));
    await drainAll();
    await send("orders/paid", at(t2, "paid", 2_000));
    await drainAll();
    await send("orders/create", at(t1, "pending", 1_000));
    await drainAll();
    expect(await pointsOf(id)).toEqual(["grant 30"]);
    const facts = await inShop(
      shopId,
      async (tx) =>
        (
          await tx.query<{ source_updated_at: Date }>(
            "SELECT source_updated_at FROM customer_order WHERE order_gid = $1",
            [`gid://shopify/Order/${id}`],
          )
        ).rows[0],
    );
    expect(facts?.source_updated_at).toEqual(t3);
  });

  it("A10 ids beyond 2^53 keep every digit", async () => {
    const id = "9007199254740993";
    await send("orders/paid", orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: now(), amount: 700 }));
    await drainAll();
    expect(await pointsOf(id)).toEqual(["grant 7"]);
    expect(await pointsOf("9007199254740992")).toEqual([]);
  });

  it("A10 an order of several megabytes is applied, and so are its small neighbours", async () => {
    const [large, small] = [nextId(), nextId()];
    const body = orderBody({ id: large, shopNumber: SHOP_NUMBER, updatedAt: now(), amount: 4_000 });
    const padded = body.replace('"tags":""', `"tags":"","note":"${"絆".repeat(1_000_000)}"`);
    expect(padded.length).toBeGreaterThan(1_000_000);
    await send("orders/paid", padded);
    await send("orders/paid", orderBody({ id: small, shopNumber: SHOP_NUMBER, updatedAt: now(), amount: 100 }));
    expect(await drainOnce()).toEqual({ claimed: 2, done: 2, failed: 0 });
    expect([await pointsOf(large), await pointsOf(small)]).toEqual([["grant 40"], ["grant 1"]]);
  });

  it("A07 a cancellation with its refund takes the grant back once", async () => {
    const id = nextId();
    const created = ago(5_000);
    const order = { id, shopNumber: SHOP_NUMBER, createdAt: created, amount: 8_000 };
    await send("orders/paid", orderBody({ ...order, updatedAt: ago(4_000) }));
    await drainAll();
    const refund = { id: nextId(), orderId: id, createdAt: ago(2_000), quantity: 1, amount: 8_000 };
    const after = orderBody({
      ...order,
      updatedAt: ago(2_000),
      cancelledAt: ago(2_000),
      financialStatus: "refunded",
      refunds: [refund],
    });
    await send("orders/cancelled", after);
    await send("refunds/create", refundBody(refund));
    await send("orders/updated", after);
    await drainAll();
    await hurry();
    await drainAll();
    expect(await pointsOf(id)).toEqual(["grant 80", "clawback 80"]);
  });
});

describe("A03 a captured body", () => {
  it("A03 replayed with a fresh event id grants nothing more", async () => {
    const id = nextId();
    const body = orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: now(), amount: 2_000 });
    await send("orders/paid", body);
    await drainAll();
    await send("orders/paid", body);
    await drainAll();
    expect(await pointsOf(id)).toEqual(["grant 20"]);
  });

  it("A03 under another shop's header: quarantined, alerted, no row of that shop", async () => {
    const id = nextId();
    const webhookId = await send("orders/paid", orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: now() }), {
      domain: OTHER_DOMAIN,
    });
    await drainAll();
    expect(await eventOf(webhookId)).toMatchObject({ status: "quarantined", error: "foreign_shop" });
    expect(await alerts("foreign_payload", otherShopId)).toEqual([{ topic: "orders/paid" }]);
    const rows = await inShop(otherShopId, async (tx) => (await tx.query("SELECT FROM customer_order")).rows);
    expect(rows).toHaveLength(0);
  });

  it("A03 a foreign body beside a genuine one of the same order costs the genuine one nothing", async () => {
    const id = nextId();
    const genuine = await send(
      "orders/paid",
      orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: ago(2_000), amount: 900 }),
    );
    const foreign = await send("orders/updated", orderBody({ id, shopNumber: 999, updatedAt: now(), amount: 900_000 }));
    await drainAll();
    expect([(await eventOf(genuine))?.status, (await eventOf(foreign))?.status]).toEqual(["done", "quarantined"]);
    expect(await pointsOf(id)).toEqual(["grant 9"]);
  });
});

describe("A12 poison", () => {
  // A NUL escape is valid JSON that PostgreSQL cannot hold: every attempt throws.
  const poison = (id: number) =>
    orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: now() }).replace("湯のみ", "a\\u0000b");

  it("A12 retries with backoff, is dead after eight attempts, and holds nobody back", async () => {
    const [bad, good] = [nextId(), nextId()];
    const badId = await send("orders/paid", poison(bad));
    const goodId = await send("orders/paid", orderBody({ id: good, shopNumber: SHOP_NUMBER, updatedAt: now() }));
    expect(await drainOnce()).toEqual({ claimed: 2, done: 1, failed: 1 });
    expect(await eventOf(goodId)).toMatchObject({ status: "done" });
    const { rows } = await routerPool().query<{ seconds: number }>(
      "SELECT extract(epoch FROM next_attempt - received_at)::float8 AS seconds FROM webhook_inbox WHERE webhook_id = $1",
      [badId],
    );
    expect(rows[0]?.seconds).toBeGreaterThan(0.5);
    for (let attempt = 2; attempt <= 8; attempt++) {
      expect(await eventOf(badId)).toMatchObject({ status: "pending", attempts: attempt - 1 });
      await hurry();
      await drainOnce();
    }
    expect(await eventOf(badId)).toMatchObject({ status: "dead", attempts: 8 });
    expect(await alerts("delivery_dead")).toEqual([{ topic: "orders/paid" }]);
  });

  it("A12 the dead are listed and replayed, one or all; another shop's ids are not", async () => {
    const id = nextId();
    const webhookId = await send("orders/paid", orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: now() }));
    await routerPool().query("UPDATE webhook_inbox SET status = 'dead', attempts = 8 WHERE webhook_id = $1", [
      webhookId,
    ]);
    const inboxId = (await eventOf(webhookId))?.id ?? 0;
    const listed = await listDeliveries(shopId, { status: "dead" });
    expect(listed.deliveries.map((each) => each.id)).toContain(inboxId);
    expect(await readDelivery(otherShopId, inboxId)).toBeNull();
    expect(await replayEvents(otherShopId, [inboxId])).toEqual({ replayed: 0 });
    expect(await replayEvents(shopId, [inboxId])).toEqual({ replayed: 1 });
    await drainAll();
    expect(await eventOf(webhookId)).toMatchObject({ status: "done" });
    expect(await pointsOf(id)).toEqual(["grant 10"]);
    expect((await replayEvents(shopId, "all-dead")).replayed).toBeGreaterThan(0);
  });

  it("pages through deliveries without gaps or repeats", async () => {
    const all = await listDeliveries(shopId, { limit: 200 });
    const paged: number[] = [];
    let cursor: number | null = null;
    do {
      const page = await listDeliveries(shopId, { limit: 7, cursor });
      paged.push(...page.deliveries.map((each) => each.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(paged.slice(0, 200)).toEqual(all.deliveries.map((each) => each.id));
    expect(new Set(paged).size).toBe(paged.length);
  });
});

describe("A13 and A10 what cannot be applied", () => {
  it("A13 an unknown topic is stored, ignored and alerted", async () => {
    const webhookId = await send("carts/teleported", "{}");
    await drainAll();
    expect(await eventOf(webhookId)).toMatchObject({ status: "ignored", error: "unknown_topic" });
    expect(await alerts("unknown_topic")).toEqual([{ topic: "carts/teleported" }]);
  });

  it("A13 another API version and new enum values are applied", async () => {
    const id = nextId();
    const body = orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: now(), financialStatus: "teleported" });
    const webhookId = await send("orders/updated", body, { headers: { "x-shopify-api-version": "2031-01" } });
    await drainAll();
    expect(await eventOf(webhookId)).toMatchObject({ status: "done" });
    // A state we do not know is not "paid": the points wait.
    const lots = await inShop(
      shopId,
      async (tx) =>
        (
          await tx.query(
            "SELECT l.state FROM lot l JOIN customer_order o ON o.id::text = l.source_id WHERE o.order_gid = $1",
            [`gid://shopify/Order/${id}`],
          )
        ).rows,
    );
    expect(lots).toEqual([{ state: "pending" }]);
    expect(await alerts("other_api_version")).toEqual([{ version: "2031-01" }]);
  });

  it.each([
    ["malformed", '{"id":1,'],
    ["duplicate_keys", '{"id":1,"line_items":[{"id":2,"quantity":1,"quantity":100}]}'],
    ["not_an_object", "[1]"],
    ["malformed", ""],
  ])("A10 %s JSON is quarantined and alerted", async (reason, body) => {
    const webhookId = await send("orders/create", body);
    await drainAll();
    expect(await eventOf(webhookId)).toMatchObject({ status: "quarantined", error: reason });
    expect(await alerts("delivery_quarantined")).toContainEqual({ topic: "orders/create", reason });
  });

  it("events of an uninstalled shop are ignored; of a shop nobody knows too, after a while", async () => {
    const gone = await createTestShop("gone.myshopify.com");
    await routerPool().query("UPDATE shop SET uninstalled_at = now() WHERE id = $1", [gone]);
    const toGone = await send("orders/paid", orderBody({ id: nextId(), shopNumber: 1, updatedAt: now() }), {
      domain: "gone.myshopify.com",
    });
    const toUnknown = await send("orders/paid", orderBody({ id: nextId(), shopNumber: 1, updatedAt: now() }), {
      domain: "unheard-of.myshopify.com",
    });
    for (let round = 0; round < 5; round++) {
      await drainAll();
      await hurry();
    }
    expect(await eventOf(toGone)).toMatchObject({ status: "ignored", error: "uninstalled" });
    expect(await eventOf(toUnknown)).toMatchObject({ status: "ignored", error: "unknown_shop" });
  });

  it("a delivery that came before the install committed is applied once the shop is known", async () => {
    const id = nextId();
    const domain = "just-installed.myshopify.com";
    const webhookId = await send("orders/paid", orderBody({ id, shopNumber: 4242, updatedAt: now() }), { domain });
    await drainAll();
    expect(await eventOf(webhookId)).toMatchObject({ status: "pending", shop_id: null });
    const late = await createTestShop(domain);
    await routerPool().query("UPDATE shop SET shopify_gid = 'gid://shopify/Shop/4242' WHERE id = $1", [late]);
    await saveProgram(late, defaultEarningRules({ currency: "JPY", taxesIncluded: true }), "system", ago(1_000_000));
    await hurry();
    await drainAll();
    expect(await eventOf(webhookId)).toMatchObject({ status: "done", shop_id: late });
    expect(await pointsOf(id, late)).toEqual(["grant 10"]);
  });
});

describe("leases", () => {
  it("a worker whose lease has passed to another marks nothing and keeps nothing", async () => {
    const id = nextId();
    const webhookId = await send("orders/paid", orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: now() }));
    const zombie = await claimEvents(10, 60);
    const inboxId = zombie.events[0]?.id ?? 0;
    // Its lease runs out and somebody else claims the event.
    await routerPool().query(
      "UPDATE webhook_inbox SET lease_until = now() - interval '1 second', next_attempt = now() WHERE id = $1",
      [inboxId],
    );
    const heir = await claimEvents(10, 60);
    expect(heir.events.map((event) => event.id)).toEqual([inboxId]);
    const settle = (lease: string) =>
      inShop(
        shopId,
        async (tx) =>
          (await tx.query<{ ok: boolean }>("SELECT settle_event($1, $2, 'done', NULL) AS ok", [inboxId, lease])).rows[0]
            ?.ok,
      );
    expect(await settle(zombie.lease)).toBe(false);
    expect(await disposeOf(inboxId, zombie.lease, { status: "dead", detail: "zombie" })).toBe(false);
    expect(await eventOf(webhookId)).toMatchObject({ status: "pending" });
    expect(await settle(heir.lease)).toBe(true);
    expect(await eventOf(webhookId)).toMatchObject({ status: "done" });
  });

  it("a drain that is overtaken while it applies rolls everything back", async () => {
    const id = nextId();
    const webhookId = await send("orders/paid", orderBody({ id, shopNumber: SHOP_NUMBER, updatedAt: now() }));
    const owner = database.owner();
    // The overtaking happens between claim and settle: a trigger moves the lease when the order is written.
    await owner.query(`CREATE FUNCTION overtake() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN UPDATE public.webhook_inbox SET lease_token = gen_random_uuid() WHERE webhook_id = '${webhookId}'; RETURN NEW; END $$`);
    await owner.query(
      "CREATE TRIGGER overtake BEFORE INSERT ON customer_order FOR EACH ROW EXECUTE FUNCTION overtake()",
    );
    try {
      expect(await drainOnce()).toEqual({ claimed: 1, done: 0, failed: 0 });
    } finally {
      await owner.query("DROP TRIGGER overtake ON customer_order; DROP FUNCTION overtake()");
    }
    expect(await pointsOf(id)).toEqual([]);
    expect(
      await inShop(
        shopId,
        async (tx) =>
          (await tx.query("SELECT FROM customer_order WHERE order_gid = $1", [`gid://shopify/Order/${id}`])).rows,
      ),
    ).toEqual([]);
  });

  it("nobody claims what is leased; after the lease it comes back", async () => {
    const webhookId = await send("shop/update", "{}");
    const first = await claimEvents(10, 60);
    expect(first.events).toHaveLength(1);
    expect((await claimEvents(10, 60)).events).toHaveLength(0);
    await routerPool().query(
      "UPDATE webhook_inbox SET lease_until = now() - interval '1 second', next_attempt = now() WHERE webhook_id = $1",
      [webhookId],
    );
    expect((await claimEvents(10, 60)).events.map((event) => event.attempts)).toEqual([2]);
  });

  it("A15 a shop with a long queue leaves the others their share of each batch", async () => {
    await routerPool().query(
      `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body)
       SELECT $1, $2, 'discounts/create', 'flood ' || n, '{}' FROM generate_series(1, 5000) n`,
      [shopId, DOMAIN],
    );
    const quiet = await send("discounts/create", "{}", { domain: OTHER_DOMAIN });
    const claim = await claimEvents(20, 60);
    expect(claim.events.some((event) => event.domain === OTHER_DOMAIN)).toBe(true);
    expect(claim.events.filter((event) => event.domain === DOMAIN).length).toBeLessThanOrEqual(10);
    expect(await eventOf(quiet)).toBeDefined();
  });
});
