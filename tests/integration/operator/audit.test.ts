import { beforeAll, describe, expect, it } from "vitest";

import { inShop, type ShopId } from "../../../app/db.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { removeTestEntries } from "../../../app/loyalty/remove-test-entries.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import { settleWaitingOrders } from "../../../app/loyalty/settle-waiting-orders.server";
import { expireDuePoints } from "../../../app/loyalty/expire-due-points.server";
import { runAudit } from "../../../app/operator/audit.server";
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
  ])("sees %s", async (_what, damage, repair, ids) => {
    expect(await whileBroken(damage, repair)).toEqual(ids);
    expect(await broken()).toEqual([]);
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
