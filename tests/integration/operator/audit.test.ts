import { beforeAll, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { SEALED_TEXT } from "../../../app/loyalty/ledger-seal";
import { saveProgram } from "../../../app/loyalty/program.server";
import { sealLedger } from "../../../app/loyalty/seal-ledger.server";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { removeTestEntries } from "../../../app/loyalty/remove-test-entries.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import { settleWaitingOrders } from "../../../app/loyalty/settle-waiting-orders.server";
import { expireDuePoints } from "../../../app/loyalty/expire-due-points.server";
import { runAudit } from "../../../app/operator/audit.server";
import { LIVENESS } from "../../../app/operator/liveness";
import { redactCustomer } from "../../../app/privacy/redact-customer.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { createTestMember } from "../../builders/member";
import { later, orderFacts, refundFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

const database = useTestDatabase();
const broken = async () =>
  (await runAudit(database.ownerUrl())).invariants.filter(({ violations }) => violations > 0).map(({ id }) => id);

let shopId: ShopId;
let memberId: number;
beforeAll(async () => {
  shopId = await createTestShop();
  const other = await createTestShop();
  ({ memberId } = await createTestMember(shopId));
  await give(shopId, memberId, 500);
  await give(shopId, memberId, -120);
  await give(other, (await createTestMember(other)).memberId, 40);
});

async function give(shop: ShopId, member: number, points: number): Promise<void> {
  const adjustment = {
    memberId: member,
    points,
    reason: "adjust_gift",
    note: null,
    actor: "staff:1",
    key: `gift ${points}`,
  } as const;
  expect((await adjustPoints(shop, adjustment, new Date())).outcome).toBe("adjusted");
}

/** Breaks something as the owner, looks, and puts it right again. */
async function whileBroken(damage: string, repair: string): Promise<string[]> {
  await database.owner().query(damage);
  try {
    return await broken();
  } finally {
    await database.owner().query(repair);
  }
}

describe("audit", () => {
  it("finds books that are in order, and looks at every shop's rows", async () => {
    const report = await runAudit(database.ownerUrl());
    expect(report.ok).toBe(true);
    expect(report.invariants.find(({ id }) => id === "I1")?.rows).toBe(2);
    expect(report.invariants.find(({ id }) => id === "I10")?.rows).toBe(3);
  });

  it("I11 I13 says which laws no look at the tables can show", async () => {
    const { notApplicable } = await runAudit(database.ownerUrl());
    expect(notApplicable.map(({ id }) => id).slice(0, 2)).toEqual(["I11", "I13"]);
    expect(notApplicable.every(({ why }) => why.length > 0)).toBe(true);
  });

  it("refuses to audit blindly as the app's role", async () => {
    await expect(runAudit(process.env.DATABASE_URL ?? "")).rejects.toThrow(/owner/);
  });

  it.each([
    [
      "a cached balance off by one",
      "UPDATE member SET available = available + 1 WHERE id = 1",
      "UPDATE member SET available = available - 1 WHERE id = 1",
      ["I1", "I2"],
    ],
    [
      "a lot off by one",
      "UPDATE lot SET remaining = remaining - 1 WHERE id = 1",
      "UPDATE lot SET remaining = remaining + 1 WHERE id = 1",
      ["I2", "I3"],
    ],
    [
      "a ledger that lets itself be changed",
      "ALTER TABLE points_entry DISABLE TRIGGER append_only",
      "ALTER TABLE points_entry ENABLE TRIGGER append_only",
      ["I10"],
    ],
    [
      "an entry changed behind the trigger's back",
      "ALTER TABLE points_entry DISABLE TRIGGER append_only; UPDATE points_entry SET points = points + 7 WHERE id = 1; ALTER TABLE points_entry ENABLE TRIGGER append_only",
      "ALTER TABLE points_entry DISABLE TRIGGER append_only; UPDATE points_entry SET points = points - 7 WHERE id = 1; ALTER TABLE points_entry ENABLE TRIGGER append_only",
      ["I1", "I2", "I3"],
    ],
    [
      "a merged member with points",
      "UPDATE member SET status = 'merged', merged_into = id WHERE id = 1",
      "UPDATE member SET status = 'active', merged_into = NULL WHERE id = 1",
      ["I14"],
    ],
    [
      "points held long after their last day",
      "UPDATE lot SET expires_at = now() - interval '2 days' WHERE id = 1",
      "UPDATE lot SET expires_at = NULL WHERE id = 1",
      ["I15"],
    ],
    [
      "a lot that says more expired than did",
      "UPDATE lot SET expired = expired + 1 WHERE id = 1",
      "UPDATE lot SET expired = expired - 1 WHERE id = 1",
      ["I3"],
    ],
    [
      "a tenant table without row-level security",
      "ALTER TABLE lot DISABLE ROW LEVEL SECURITY",
      "ALTER TABLE lot ENABLE ROW LEVEL SECURITY",
      ["I17"],
    ],
    [
      "a policy that lets every shop in",
      "ALTER POLICY by_shop ON lot USING (true)",
      "ALTER POLICY by_shop ON lot USING (shop_id = (SELECT current_shop()))",
      ["I17"],
    ],
    [
      "a row that names another shop's",
      "INSERT INTO customer_access (shop_id, at, actor, kind, member_id, people) SELECT max(shop_id), now(), 'staff:1', 'member', 1, 1 FROM member",
      "DELETE FROM customer_access",
      ["I17"],
    ],
    [
      "a delivery that ended without saying when",
      "INSERT INTO webhook_inbox (domain, topic, webhook_id, status) VALUES ('x', 'x', 'damaged', 'done')",
      "DELETE FROM webhook_inbox WHERE webhook_id = 'damaged'",
      ["I11"],
    ],
    [
      "a delivery nobody has settled for three days",
      "INSERT INTO webhook_inbox (domain, topic, webhook_id, received_at, next_attempt) VALUES ('x', 'x', 'damaged', now() - interval '3 days', now() + interval '1 hour')",
      "DELETE FROM webhook_inbox WHERE webhook_id = 'damaged'",
      ["I11"],
    ],
    [
      "a delivery that is due and that nobody takes",
      "INSERT INTO webhook_inbox (domain, topic, webhook_id, next_attempt) VALUES ('x', 'x', 'damaged', now() - interval '20 minutes')",
      "DELETE FROM webhook_inbox WHERE webhook_id = 'damaged'",
      ["I22"],
    ],
    [
      "a job whose worker died long ago",
      "INSERT INTO pgboss.job (id, name, state, started_on, heartbeat_on, heartbeat_seconds) VALUES ('00000000-0000-4000-8000-000000000001', 'reconcile-shop', 'active', now() - interval '1 hour', now() - interval '3 minutes', 60)",
      "DELETE FROM pgboss.job WHERE id = '00000000-0000-4000-8000-000000000001'",
      ["I22"],
    ],
    [
      "points that nothing explains",
      "ALTER TABLE points_entry DISABLE TRIGGER append_only; UPDATE points_entry SET kind = 'grant', source_type = 'way', source_id = '1/none/once' WHERE id = 1; ALTER TABLE points_entry ENABLE TRIGGER append_only",
      "ALTER TABLE points_entry DISABLE TRIGGER append_only; UPDATE points_entry SET kind = 'adjustment', source_type = 'adjustment', source_id = 'gift 500' WHERE id = 1; ALTER TABLE points_entry ENABLE TRIGGER append_only",
      ["I9", "I21"],
    ],
    [
      "an order that Shopify has and nobody can read",
      "INSERT INTO reconciliation_run (shop_id, kind, status, seen, unexplained) SELECT min(shop_id), 'orders', 'done', 1, 1 FROM member",
      "DELETE FROM reconciliation_run",
      ["I21"],
    ],
  ])("sees %s", async (_what, damage, repair, ids) => {
    expect(await whileBroken(damage, repair)).toEqual(ids);
    expect(await broken()).toEqual([]);
  });

  it("I22 sees a transaction that writes for longer than it may, and none that only reads", async () => {
    const law = LIVENESS.find(({ id }) => id === "I22");
    // The same question with a limit that has passed at once.
    const limit = "interval '30 seconds'";
    expect(law?.sql.split(limit)).toHaveLength(2);
    const violations = async () => {
      const { rows } = await database
        .owner()
        .query<{ violations: string }>(law?.sql.replace(limit, "interval '0'") ?? "");
      return Number(rows[0]?.violations);
    };
    const client = await database.owner().connect();
    try {
      await client.query("BEGIN");
      await client.query("SELECT count(*) FROM member");
      expect(await violations()).toBe(0);
      await client.query(
        "INSERT INTO webhook_inbox (domain, topic, webhook_id, status, settled_at) VALUES ('x', 'x', 'long', 'done', now())",
      );
      expect(await violations()).toBe(1);
      await client.query("ROLLBACK");
      expect(await violations()).toBe(0);
    } finally {
      client.release();
    }
  });

  it("sees points that expired before their last day", async () => {
    const shop = await createTestShop();
    const { memberId: hasty } = await createTestMember(shop);
    await give(shop, hasty, 25);
    await database.owner().query("UPDATE lot SET expires_at = now() - interval '1 hour' WHERE shop_id = $1", [shop]);
    expect(await expireDuePoints(shop, new Date())).toEqual({ expired: 1 });
    expect(await broken()).toEqual([]);
    const shift = (by: string) =>
      `UPDATE lot SET expires_at = expires_at ${by} interval '1 year' WHERE shop_id = ${shop}`;
    expect(await whileBroken(shift("+"), shift("-"))).toEqual(["I15"]);
    expect(await broken()).toEqual([]);
  });
});

describe("I10 seals", () => {
  const never = new AbortController().signal;
  const at = (day: string) => new Date(`${day}T12:00:00Z`);
  let shop: ShopId;
  let member: number;
  const post = async (day: string, points: number) => {
    const adjustment = { memberId: member, points, reason: "adjust_gift", note: null, actor: "staff:1" } as const;
    await adjustPoints(shop, { ...adjustment, key: `${day}/${points}` }, at(day));
  };
  const seals = async () =>
    (
      await database
        .owner()
        .query<{ entries: number; total: number; day: string }>(
          "SELECT entries, total::int, day::text FROM ledger_seal WHERE shop_id = $1 ORDER BY day",
          [shop],
        )
    ).rows;

  beforeAll(async () => {
    shop = await createTestShop();
    ({ memberId: member } = await createTestMember(shop));
    await post("2026-06-01", 10);
    await post("2026-06-01", 20);
  });

  it("I10 closed days are sealed once, late entries by the next seal, today by none", async () => {
    expect(await sealLedger(shop, at("2026-06-01"), never)).toEqual({ outcome: "nothing_to_seal" });
    const both = await Promise.all([1, 2].map(() => sealLedger(shop, at("2026-06-02"), never)));
    expect(both.filter(({ outcome }) => outcome === "sealed")).toHaveLength(1);
    expect(await sealLedger(shop, at("2026-06-02"), never)).toEqual({ outcome: "nothing_to_seal" });
    // A job that began the day before posts behind the seal.
    await post("2026-06-01", 30);
    await post("2026-06-04", 40);
    expect(await sealLedger(shop, at("2026-06-05"), never)).toEqual({ outcome: "sealed", entries: 2 });
    expect(await seals()).toEqual([
      { entries: 2, total: 2, day: "2026-06-01" },
      { entries: 2, total: 4, day: "2026-06-04" },
    ]);
    expect(await broken()).toEqual([]);
  });

  it("I10 a writer at work is waited for, so that no entry slips under a seal", async () => {
    await post("2026-06-06", 50);
    const writer = await database.owner().connect();
    try {
      await writer.query("BEGIN");
      await writer.query("LOCK TABLE points_entry IN ROW EXCLUSIVE MODE");
      const sealing = sealLedger(shop, at("2026-06-07"), never);
      // Time enough for whoever would not wait.
      for (let round = 0; round < 50; round += 1) await database.owner().query("SELECT 1");
      expect(await seals()).toHaveLength(2);
      await writer.query("COMMIT");
      expect(await sealing).toEqual({ outcome: "sealed", entries: 1 });
    } finally {
      writer.release(true);
    }
  });

  it.each([
    [
      "a changed instant",
      "UPDATE points_entry SET at = at - interval '1 ms'",
      "UPDATE points_entry SET at = at + interval '1 ms'",
    ],
    [
      "another actor and parameter",
      `UPDATE points_entry SET actor = 'staff:2', params = params || '{"x":1}'`,
      "UPDATE points_entry SET actor = 'staff:1', params = params - 'x'",
    ],
  ])("I10 sees an owner who made %s of a sealed entry", async (_what, damage, repair) => {
    const { rows } = await database
      .owner()
      .query<{ id: string }>("SELECT min(id) AS id FROM points_entry WHERE shop_id = $1", [shop]);
    const unguarded = (sql: string) =>
      `ALTER TABLE points_entry DISABLE TRIGGER append_only; ${sql} WHERE id = ${rows[0]?.id}; ALTER TABLE points_entry ENABLE TRIGGER append_only`;
    expect(await whileBroken(unguarded(damage), unguarded(repair))).toEqual(["I10"]);
    expect(await broken()).toEqual([]);
  });

  it("I10 no column of an entry is left out of the seal", async () => {
    const { rows } = await database
      .owner()
      .query<{ name: string }>(
        "SELECT attname AS name FROM pg_attribute WHERE attrelid = 'points_entry'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'shop_id'",
      );
    expect(rows.filter(({ name }) => !new RegExp(`\\be\\.${name}\\b`).test(SEALED_TEXT))).toEqual([]);
  });

  it("I10 seals refuse change like the entries, and the app cannot write one anew", async () => {
    await expect(
      inShop(shop, (tx) => tx.query("UPDATE ledger_seal SET entries = 1 WHERE shop_id = $1", [shop])),
    ).rejects.toThrow(/permission denied/);
    await expect(database.owner().query("DELETE FROM ledger_seal WHERE shop_id = $1", [shop])).rejects.toThrow(
      /append-only/,
    );
    // Who takes the guards away and forges a seal is told by the entries.
    const forge = (by: string) =>
      `ALTER TABLE ledger_seal DISABLE TRIGGER append_only; UPDATE ledger_seal SET hash = ${by} WHERE shop_id = ${shop} AND day = '2026-06-04'; ALTER TABLE ledger_seal ENABLE TRIGGER append_only`;
    const { rows } = await database
      .owner()
      .query<{ hash: string }>(
        "SELECT encode(hash, 'hex') AS hash FROM ledger_seal WHERE shop_id = $1 AND day = '2026-06-04'",
        [shop],
      );
    expect(await whileBroken(forge(`sha256('x')`), forge(`decode('${rows[0]?.hash}', 'hex')`))).toEqual(["I10"]);
    expect(await broken()).toEqual([]);
  });
});

describe("I12", () => {
  const NOW = new Date("2026-07-01T00:00:00Z");
  const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
  const arrive = (shop: ShopId, facts: OrderFacts) =>
    inShop(shop, async (tx) => settleOrder(tx, (await recordOrder(tx, facts, "read", NOW)).orderId, NOW));
  const I12 = async () => (await runAudit(database.ownerUrl())).invariants.find(({ id }) => id === "I12");
  let orders = 0;

  beforeAll(async () => {
    const shop = await createTestShop();
    const looksAcross = {
      firstOrderBonus: { points: 50, onRefund: "proportional" },
      caps: { perOrder: null, perDay: 180 },
    };
    await saveProgram(
      shop,
      { ...rules, ...looksAcross, testOrders: "always" },
      "staff:1",
      new Date("2026-01-01T00:00:00Z"),
    );
    const customerId = (await createTestMember(shop)).customerGid;
    const [first, second] = [orderFacts({ customerId }), orderFacts({ customerId })];
    const guest = orderFacts({ customerId: null, email: "guest@example.jp" });
    const risky = orderFacts({ customerId, test: true, processedAt: "2026-06-08T01:00:00.000Z" });
    const arrivals = [second, first, guest, risky, orderFacts({ customerId, processedAt: "2026-06-09T01:00:00.000Z" })];
    for (const facts of arrivals) await arrive(shop, facts);
    await arrive(shop, later(first, { refunds: [refundFacts({ unallocatedMinor: 13_780 })] }));
    await saveProgram(
      shop,
      { ...rules, rate: { points: 3, perMinor: 100 } },
      "staff:1",
      new Date("2026-06-20T00:00:00Z"),
    );
    await arrive(shop, orderFacts({ customerId, processedAt: "2026-06-25T01:00:00.000Z" }));
    await removeTestEntries(shop, "staff:1", NOW);
    orders = arrivals.length + 1;
  });

  it("I12 makes the same books again from order states and rule versions", async () => {
    expect(await I12()).toMatchObject({ rows: orders, violations: 0 });
    expect(await broken()).toEqual([]);
  });

  it("I12 sees what was posted wrongly and consistently, and orders nobody settled", async () => {
    const planted = (points: number) => `
      ALTER TABLE points_entry DISABLE TRIGGER append_only;
      UPDATE points_entry SET points = points + ${points} WHERE id = (SELECT max(id) FROM points_entry WHERE kind = 'grant');
      ALTER TABLE points_entry ENABLE TRIGGER append_only;
      UPDATE lot SET size = size + ${points}, remaining = remaining + ${points}
       WHERE id = (SELECT lot_id FROM points_entry WHERE kind = 'grant' ORDER BY id DESC LIMIT 1);
      UPDATE member SET available = available + ${points}
       WHERE id = (SELECT member_id FROM points_entry WHERE kind = 'grant' ORDER BY id DESC LIMIT 1);
      UPDATE order_earning SET target = target + ${points}
       WHERE (order_id, rule) = (SELECT source_id::bigint, rule FROM points_entry WHERE kind = 'grant' ORDER BY id DESC LIMIT 1)`;
    expect(await whileBroken(planted(7), planted(-7))).toEqual(["I12"]);
    expect(await broken()).toEqual([]);

    const shop = await createTestShop();
    const { customerGid: customerId } = await createTestMember(shop);
    await inShop(shop, (tx) => recordOrder(tx, orderFacts({ customerId }), "read", NOW));
    expect(await broken()).toEqual([]);
    await saveProgram(shop, rules, "staff:1", NOW);
    expect(await broken()).toEqual(["I12"]);
    await settleWaitingOrders(shop, NOW);
    expect(await broken()).toEqual([]);
  });

  it("I12 leaves alone what a person's erasure makes unknowable", async () => {
    const shop = await createTestShop();
    const tagged = { who: "tagged" as const, tags: ["vip"], excludeTags: [], excludeB2b: true };
    await saveProgram(shop, { ...rules, participation: tagged }, "staff:1", new Date("2026-01-01T00:00:00Z"));
    const { customerGid: customerId } = await createTestMember(shop, { tags: ["vip"] });
    const facts = orderFacts({ customerId, customerTags: ["vip"] });
    expect(await arrive(shop, facts)).toMatchObject({ outcome: "posted" });
    await inShop(shop, (tx) => redactCustomer(tx, { customerGid: customerId, email: null, orderGids: [] }, NOW));
    expect(await broken()).toEqual([]);
  });
});
