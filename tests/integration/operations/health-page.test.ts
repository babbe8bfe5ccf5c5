// What the health page says of a shop: its own facts only, from first day to trouble.
import { beforeAll, describe, expect, it } from "vitest";

import { inShop, routerPool, type ShopId } from "../../../app/db.server";
import { recordAudit } from "../../../app/operator/record-audit.server";
import { loader } from "../../../app/routes/app.health";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { adminRequest, sessionToken, storeOfflineSession } from "../routes/admin-requests";

const database = useTestDatabase();
const SHOP = "health-test.myshopify.com";
const NEIGHBOUR = "health-neighbour.myshopify.com";
let token: string;
let shopId: ShopId;
let neighbourId: ShopId;

beforeAll(async () => {
  shopId = await createTestShop(SHOP);
  neighbourId = await createTestShop(NEIGHBOUR);
  await storeOfflineSession(SHOP);
  token = await sessionToken(SHOP);
});

async function look(): Promise<Record<string, { state: string; said: unknown; way: string | null }>> {
  const { verdicts } = await loader({ request: adminRequest("/app/health", token), params: {}, context: {} });
  return Object.fromEntries(verdicts.map(({ check, ...rest }) => [check, rest]));
}
const states = async () => Object.fromEntries(Object.entries(await look()).map(([check, { state }]) => [check, state]));

const deliver = (domain: string, topic: string, status: string, secondsAgo: number) =>
  routerPool().query(
    `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, status, received_at)
     VALUES ((SELECT id FROM shop WHERE domain = $1), $1, $2, gen_random_uuid()::text, $3, now() - $4 * interval '1 second')`,
    [domain, topic, status, secondsAgo],
  );
const pass = (
  shop: ShopId,
  kind: string,
  counts: [seen: number, matched: number, healed: number, unexplained: number],
) =>
  inShop(shop, (tx) =>
    tx.query(
      `INSERT INTO reconciliation_run (shop_id, kind, status, started_at, finished_at, seen, matched, healed, unexplained, detail)
       VALUES ($1, $2, 'done', clock_timestamp(), now(), $3, $4, $5, $6, $7)`,
      [shop, kind, ...counts, JSON.stringify({ refused: counts[3] > 0 ? ["disputes/create"] : [] })],
    ),
  );
const fall = (shop: ShopId) =>
  inShop(shop, async (tx) => {
    await tx.query("UPDATE member SET balance_seq = balance_seq + 1 WHERE shop_id = $1", [shop]);
  });

describe("the health page", () => {
  it("of a shop's first day has nothing to tell and asks for nothing", async () => {
    expect(await states()).toEqual({
      orders: "none",
      waiting: "well",
      storefront: "well",
      mail: "off",
      subscriptions: "none",
      comparison: "none",
      access: "well",
      books: "none",
    });
  });

  it("of a shop that works is good line by line, whatever happens next door", async () => {
    await deliver(SHOP, "orders/create", "done", 60);
    await deliver(NEIGHBOUR, "orders/create", "dead", 5);
    await pass(shopId, "subscriptions", [24, 24, 0, 0]);
    await pass(shopId, "orders", [9, 8, 1, 0]);
    const invariants = [{ id: "I1", rows: 9, violations: 0, seconds: 0 }];
    expect(await recordAudit(database.ownerUrl(), { ok: true, invariants, notApplicable: [] })).toEqual({
      outcome: "recorded",
      shops: 2,
    });
    await pass(neighbourId, "orders", [9, 8, 0, 1]);
    await createTestMember(neighbourId);
    await fall(neighbourId);
    const lines = await look();
    expect(lines["waiting"]).toMatchObject({ state: "well" });
    expect(lines["orders"]).toMatchObject({ state: "well", said: { say: "orders_well" } });
    expect(lines["subscriptions"]).toMatchObject({ state: "well", said: { count: 24 } });
    expect(lines["comparison"]).toMatchObject({ state: "well", said: { count: 9, matched: 8, healed: 1 } });
    expect(lines["storefront"]).toMatchObject({ state: "well" });
    expect(lines["books"]).toMatchObject({ state: "well" });
  });

  it("A12 leads from a delivery that failed to where it is replayed, and knows what only waits", async () => {
    await deliver(SHOP, "refunds/create", "parked", 900);
    expect((await look())["waiting"]).toMatchObject({ state: "working", said: { say: "waiting_parked", count: 1 } });
    await deliver(SHOP, "orders/updated", "pending", 400);
    expect((await look())["waiting"]).toMatchObject({ state: "look", said: { trouble: "lag", minutes: 15 } });
    await deliver(SHOP, "orders/updated", "dead", 400);
    expect((await look())["waiting"]).toMatchObject({ state: "act", said: { trouble: "dead" }, way: "problems" });
  });

  it("tells a storefront that is catching up from one that Shopify does not let us reach", async () => {
    await createTestMember(shopId);
    await fall(shopId);
    expect((await look())["storefront"]).toMatchObject({ state: "working", said: { count: 1 } });
    await routerPool().query(
      "INSERT INTO pgboss.job (name, singleton_key, state, data, retry_limit, retry_count) VALUES ('publish-balances', $1, 'retry', '{}', 8, 1)",
      [String(shopId)],
    );
    expect((await look())["storefront"]).toMatchObject({ state: "look" });
    await inShop(shopId, (tx) =>
      tx.query("INSERT INTO health_alert (shop_id, kind) VALUES ($1, 'shop_unauthorized')", [shopId]),
    );
    expect((await look())["storefront"]).toMatchObject({ state: "act" });
  });

  it("is loud about what a comparison, a subscription or the books found", async () => {
    await pass(shopId, "orders", [9, 8, 0, 1]);
    await pass(shopId, "subscriptions", [24, 23, 0, 1]);
    await pass(shopId, "audit", [30, 29, 0, 1]);
    expect(await states()).toMatchObject({ comparison: "act", subscriptions: "look", books: "act" });
  });
});
