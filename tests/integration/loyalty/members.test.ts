// Whose points they are: guests and claims, merges, one-time bonuses, days, deletions.
import { beforeEach, describe, expect, it, vi } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { claimGuestOrders } from "../../../app/loyalty/claim-guest-orders.server";
import { deleteCustomer } from "../../../app/loyalty/delete-customer.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { mergeMembers } from "../../../app/loyalty/merge-members.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { recordCustomer } from "../../../app/loyalty/record-customer.server";
import { markOrderToBeRead, recordOrder } from "../../../app/loyalty/record-order.server";
import { removeTestEntries } from "../../../app/loyalty/remove-test-entries.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import { settleWaitingOrders } from "../../../app/loyalty/settle-waiting-orders.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { balanceOf, createTestMember } from "../../builders/member";
import { DAY_MS, later, newGid, ORDER_DAY, orderFacts, refundFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { countEntries, expectLedgerAddsUp } from "./ledger-invariants";

const database = useTestDatabase();
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const START = new Date("2026-01-01T00:00:00Z");
const NOW = new Date("2026-06-10T00:00:00Z");

let shopId: ShopId;
beforeEach(async () => {
  shopId = await createTestShop();
});
const program = (change: Partial<EarningRules> = {}, at = START) =>
  saveProgram(shopId, { ...yen, ...change }, "staff:1", at);
const arrive = (facts: OrderFacts, now = NOW) =>
  inShop(shopId, async (tx) => {
    const { orderId } = await recordOrder(tx, facts, "payload", now);
    return settleOrder(tx, orderId, now);
  });
const at = (minutes: number) => new Date(Date.parse(ORDER_DAY) + minutes * 60_000).toISOString();
const order = (customerId: string | null, fields: Parameters<typeof orderFacts>[0] = {}) =>
  orderFacts({ customerId, amountMinor: 10_000, ...fields });
const full = (facts: OrderFacts, minutes = 1) =>
  later(facts, { refunds: [refundFacts({ unallocatedMinor: 10_000 })] }, minutes);

describe("guests", () => {
  it("B08 a guest's order earns nothing, and is granted once when Shopify gives it a customer in time", async () => {
    await program();
    const guest = order(null, { email: "hanako@example.jp" });
    expect(await arrive(guest)).toEqual({ outcome: "unchanged" });
    expect(await queryShop(shopId, "SELECT id FROM member WHERE shop_id = $1", [shopId])).toEqual([]);
    const customerId = newGid("Customer");
    const attached = later(guest, { customerId }, 60 * 24);
    expect(await arrive(attached)).toEqual({ outcome: "posted", entries: 1 });
    await arrive(later(attached, { customerId: null }, 1));
    expect(await balanceOf(shopId, customerId)).toMatchObject({ available: 100, ordersCount: 1 });
    const late = order(null, { email: "hanako@example.jp" });
    await arrive(late);
    await arrive(later(late, { customerId }, 60 * 24 * 61));
    expect(await balanceOf(shopId, customerId)).toMatchObject({ available: 100 });
    await expectLedgerAddsUp(database.owner());
  });

  it("B08 a signed-in member claims the guest orders of their own address, once, within the window, and no one else does", async () => {
    await program({ guestClaimDays: 30 });
    const member = await createTestMember(shopId, { email: " Hanako@Example.JP " });
    const stranger = await createTestMember(shopId, { email: "hana.ko@example.jp" });
    const recent = order(null, { email: "hanako@example.jp" });
    const old = order(null, { email: "hanako@example.jp", processedAt: "2026-04-01T00:00:00.000Z" });
    for (const facts of [recent, old]) await arrive(facts);
    const claim = (memberId: number) => inShop(shopId, (tx) => claimGuestOrders(tx, memberId, NOW));
    expect(await claim(stranger.memberId)).toEqual({ outcome: "nothing_to_claim" });
    expect(await claim(member.memberId)).toEqual({ outcome: "claimed", orders: 1 });
    expect(await claim(member.memberId)).toEqual({ outcome: "nothing_to_claim" });
    expect(await claim(999_999)).toEqual({ outcome: "unknown_member" });
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 100, ordersCount: 1 });
    await arrive(full(recent));
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 0, revoked: 100 });
    await expectLedgerAddsUp(database.owner());
  });

  it("B08 two members with one address cannot both claim an order", async () => {
    await program();
    const email = "shared@example.jp";
    const members = [await createTestMember(shopId, { email }), await createTestMember(shopId, { email })];
    await arrive(order(null, { email }));
    const outcomes = await Promise.all(
      members.map(({ memberId }) => inShop(shopId, (tx) => claimGuestOrders(tx, memberId, NOW))),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["claimed", "nothing_to_claim"]);
  });

  it("B08 an address typed at a checkout proves nothing", async () => {
    await program();
    await arrive(order(null, { email: "victim@example.jp" }));
    const thief = newGid("Customer");
    await arrive(order(thief, { email: "victim@example.jp" }));
    const [row] = await queryShop<{ id: number }>(shopId, "SELECT id FROM member WHERE shop_id = $1", [shopId]);
    const outcome = await inShop(shopId, (tx) => claimGuestOrders(tx, row?.id ?? 0, NOW));
    expect(outcome).toEqual({ outcome: "nothing_to_claim" });
  });

  it("B10 identity is the customer, never the address", async () => {
    await program();
    const [a, b] = [newGid("Customer"), newGid("Customer")];
    await arrive(order(a, { email: "taro@example.jp" }));
    await arrive(order(b, { email: "TARO@example.jp" }));
    await arrive(order(b, { email: "ta.ro+shop@example.jp" }));
    expect(await balanceOf(shopId, a)).toMatchObject({ available: 100 });
    expect(await balanceOf(shopId, b)).toMatchObject({ available: 200 });
  });
});

describe("merge", () => {
  it("B09 moves open lots, debt and orders by transfer entries; a replay moves nothing", async () => {
    await program();
    const [kept, gone] = [newGid("Customer"), newGid("Customer")];
    const [first, second] = [order(kept), order(gone)];
    for (const facts of [first, second]) await arrive(facts);
    const merge = () => inShop(shopId, (tx) => mergeMembers(tx, kept, gone, NOW));
    expect(await merge()).toMatchObject({ outcome: "merged", pointsMoved: 100 });
    const entries = await countEntries(database.owner());
    expect(await merge()).toEqual({ outcome: "already_merged" });
    expect(await countEntries(database.owner())).toBe(entries);
    expect(await balanceOf(shopId, kept)).toMatchObject({ available: 200, ordersCount: 2 });
    expect(await balanceOf(shopId, gone)).toMatchObject({ available: 0, pending: 0, status: "merged" });
    // What is told later under the old customer belongs to the one who was kept.
    await arrive(full(second));
    await arrive(order(gone));
    expect(await balanceOf(shopId, kept)).toMatchObject({ available: 200, revoked: 100, ordersCount: 3 });
    await expectLedgerAddsUp(database.owner());
  });

  it("B09 two members' first-order bonuses do not double", async () => {
    await program({ firstOrderBonus: { points: 500, onRefund: "proportional" } });
    const [kept, gone] = [newGid("Customer"), newGid("Customer")];
    await arrive(order(kept, { processedAt: at(5) }));
    await arrive(order(gone, { processedAt: at(0) }));
    await inShop(shopId, (tx) => mergeMembers(tx, kept, gone, NOW));
    expect(await balanceOf(shopId, kept)).toMatchObject({ available: 700, debt: 0 });
    await expectLedgerAddsUp(database.owner());
  });

  it("B09 debt moves too, and the other's points repay it", async () => {
    await program();
    const [kept, gone] = [newGid("Customer"), newGid("Customer")];
    const spent = order(gone);
    await arrive(spent);
    await arrive(order(kept));
    await spend(gone, 60);
    await arrive(full(spent));
    expect(await balanceOf(shopId, gone)).toMatchObject({ available: 0, debt: 60 });
    await inShop(shopId, (tx) => mergeMembers(tx, kept, gone, NOW));
    expect(await balanceOf(shopId, kept)).toMatchObject({ available: 40, debt: 0 });
    expect(await balanceOf(shopId, gone)).toMatchObject({ debt: 0 });
    await expectLedgerAddsUp(database.owner());
  });

  it("B09 a merge we hear of before its customers still finds them, through chains", async () => {
    await program();
    const [a, b, c] = [newGid("Customer"), newGid("Customer"), newGid("Customer")];
    await inShop(shopId, (tx) => mergeMembers(tx, c, b, NOW));
    await inShop(shopId, (tx) => mergeMembers(tx, b, a, NOW));
    await arrive(order(a));
    await arrive(order(b));
    expect(await balanceOf(shopId, c)).toMatchObject({ available: 200 });
    expect(await inShop(shopId, (tx) => mergeMembers(tx, a, c, NOW))).toEqual({ outcome: "nothing_to_merge" });
  });

  it("an order that moves to another customer takes its points along", async () => {
    await program();
    const [a, b] = [newGid("Customer"), newGid("Customer")];
    const facts = order(a);
    await arrive(facts);
    await arrive(later(facts, { customerId: b }));
    expect(await balanceOf(shopId, a)).toMatchObject({ available: 0, revoked: 100, ordersCount: 0 });
    expect(await balanceOf(shopId, b)).toMatchObject({ available: 100, ordersCount: 1 });
    await expectLedgerAddsUp(database.owner());
  });

  it("a deleted customer is never brought back, and their refunds still count", async () => {
    await program();
    const gid = newGid("Customer");
    const facts = order(gid);
    await arrive(facts);
    expect(await inShop(shopId, (tx) => deleteCustomer(tx, gid, NOW))).toEqual({ outcome: "deleted" });
    expect(await inShop(shopId, (tx) => deleteCustomer(tx, gid, NOW))).toEqual({ outcome: "already_gone" });
    const update = {
      customerId: gid,
      name: "x",
      email: null,
      verifiedEmail: true,
      state: "enabled" as const,
      createdAt: null,
      updatedAt: "2026-07-01T00:00:00.000Z",
    };
    expect(await inShop(shopId, (tx) => recordCustomer(tx, update, NOW))).toEqual({ outcome: "gone" });
    await arrive(later(full(facts), { customerId: null }));
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 0, revoked: 100, status: "deleted" });
  });
});

describe("rules that look across orders", () => {
  it("gives the first-order bonus to the earliest purchase, whatever order they arrive in", async () => {
    await program({ firstOrderBonus: { points: 500, onRefund: "until_nothing_kept" } });
    const gid = newGid("Customer");
    const [first, second, third] = [
      order(gid, { processedAt: at(0) }),
      order(gid, { processedAt: at(1) }),
      order(gid, { processedAt: at(2) }),
    ];
    for (const facts of [third, second, first]) await arrive(facts);
    expect(await bonuses()).toEqual([{ orderGid: first.orderId, target: 500 }]);
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 800 });
    await arrive(later(first, { cancelledAt: ORDER_DAY }, 1));
    expect(await bonuses()).toEqual([{ orderGid: second.orderId, target: 500 }]);
    await arrive(later(first, {}, 2));
    expect(await bonuses()).toEqual([{ orderGid: first.orderId, target: 500 }]);
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 800, debt: 0 });
    await expectLedgerAddsUp(database.owner());
  });

  it("finds the first purchase behind many orders that came to nothing", async () => {
    await program({ firstOrderBonus: { points: 500, onRefund: "proportional" } });
    const gid = newGid("Customer");
    for (let index = 0; index < 12; index++)
      await arrive(order(gid, { processedAt: at(index), cancelledAt: ORDER_DAY }));
    const real = order(gid, { processedAt: at(100) });
    await arrive(real);
    await arrive(order(gid, { processedAt: at(101) }));
    expect(await bonuses()).toEqual([{ orderGid: real.orderId, target: 500 }]);
  });

  it("B13 a daily cap is shared by the day's orders in their order, and a refund makes room for later ones", async () => {
    await program({ caps: { perOrder: null, perDay: 150 } });
    const gid = newGid("Customer");
    const [first, second, tomorrow] = [
      order(gid, { processedAt: at(0) }),
      order(gid, { processedAt: at(1) }),
      order(gid, { processedAt: new Date(Date.parse(ORDER_DAY) + DAY_MS).toISOString() }),
    ];
    for (const facts of [tomorrow, second, first]) await arrive(facts);
    expect(await targets()).toEqual([100, 50, 100]);
    await arrive(full(first));
    expect(await targets()).toEqual([0, 100, 100]);
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 200 });
    await expectLedgerAddsUp(database.owner());
  });
});

describe("C07 clawback after spending", () => {
  it("C07 makes debt that later points repay first", async () => {
    await program();
    const gid = newGid("Customer");
    const facts = order(gid);
    await arrive(facts);
    await spend(gid, 80);
    await arrive(full(facts));
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 0, debt: 80 });
    await arrive(order(gid, { amountMinor: 5_000 }));
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 0, debt: 30 });
    await arrive(order(gid));
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 70, debt: 0 });
    await expectLedgerAddsUp(database.owner());
  });

  it("C07 pending points repay debt when they become available, not before", async () => {
    await program();
    const gid = newGid("Customer");
    const facts = order(gid);
    await arrive(facts);
    await spend(gid, 100);
    await arrive(full(facts));
    const unpaid = order(gid, { financialStatus: "pending", paidAt: null });
    await arrive(unpaid);
    expect(await balanceOf(shopId, gid)).toMatchObject({ pending: 100, available: 0, debt: 100 });
    await arrive(later(unpaid, { financialStatus: "paid", paidAt: at(9) }));
    expect(await balanceOf(shopId, gid)).toMatchObject({ pending: 0, available: 0, debt: 0 });
    await expectLedgerAddsUp(database.owner());
  });

  it("C07 is forgiven where the rules say so", async () => {
    await program({ clawback: "forgive" });
    const gid = newGid("Customer");
    const facts = order(gid);
    await arrive(facts);
    await spend(gid, 80);
    await arrive(full(facts));
    await arrive(order(gid));
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 100, debt: 0 });
    await expectLedgerAddsUp(database.owner());
  });
});

describe("test orders and late programs", () => {
  it("B06 marks what test orders earn and takes it back in one click, for good", async () => {
    await program({ testOrders: "always" });
    const gid = newGid("Customer");
    const test = order(gid, { test: true });
    await arrive(test);
    await arrive(order(gid));
    expect(await queryShop(shopId, "SELECT points FROM points_entry WHERE shop_id = $1 AND is_test", [shopId])).toEqual(
      [{ points: 100 }],
    );
    expect(await removeTestEntries(shopId, "staff:1", NOW)).toEqual({ orders: 1, points: 100 });
    expect(await removeTestEntries(shopId, "staff:1", NOW)).toEqual({ orders: 0, points: 0 });
    await arrive(later(test, {}));
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 100, revoked: 100 });
    expect(
      await queryShop(shopId, "SELECT actor, kind FROM points_entry WHERE shop_id = $1 AND is_test ORDER BY id", [
        shopId,
      ]),
    ).toEqual([
      { actor: "system", kind: "grant" },
      { actor: "staff:1", kind: "clawback" },
    ]);
  });

  it("without a program an order still belongs to its customer, however the news of the two arrived", async () => {
    const [rung, attached, racing] = [newGid("Customer"), newGid("Customer"), newGid("Customer")];
    const doorbell = order(rung);
    await inShop(shopId, (tx) => markOrderToBeRead(tx, doorbell.orderId, null, NOW));
    const guest = order(null);
    await arrive(guest);
    await arrive(doorbell);
    await arrive(later(guest, { customerId: attached }, 1));
    const meanwhile = order(racing);
    let arrival: Promise<unknown> = Promise.resolve();
    await inShop(shopId, async (tx) => {
      await tx.query("INSERT INTO member (shop_id, customer_gid, first_seen_at) VALUES ($1, $2, $3)", [
        shopId,
        racing,
        NOW,
      ]);
      arrival = arrive(meanwhile);
      // The order has looked for its customer, found nobody, and waits for this very transaction.
      await vi.waitFor(
        async () => {
          const { rowCount } = await database
            .owner()
            .query("SELECT FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted");
          expect(rowCount).toBeGreaterThan(0);
        },
        { timeout: 60_000 },
      );
    });
    await arrival;
    const owners = await queryShop(
      shopId,
      `SELECT o.order_gid, m.customer_gid FROM customer_order o LEFT JOIN member m ON m.shop_id = o.shop_id AND m.id = o.member_id
        WHERE o.shop_id = $1`,
      [shopId],
    );
    expect(new Map(owners.map((row) => [row.order_gid, row.customer_gid]))).toEqual(
      new Map([
        [doorbell.orderId, rung],
        [guest.orderId, attached],
        [meanwhile.orderId, racing],
      ]),
    );
    await program({}, NOW);
    expect(await settleWaitingOrders(shopId, NOW)).toEqual({ settled: 3 });
    for (const gid of [rung, attached, racing])
      expect(await balanceOf(shopId, gid)).toMatchObject({ available: 100, ordersCount: 1 });
  });

  it("orders from before the first program are settled once there is one", async () => {
    const gid = newGid("Customer");
    expect(await arrive(order(gid))).toEqual({ outcome: "no_program" });
    await program({}, NOW);
    expect(await settleWaitingOrders(shopId, NOW)).toEqual({ settled: 1 });
    expect(await settleWaitingOrders(shopId, NOW)).toEqual({ settled: 0 });
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 100 });
  });

  it("tags and collections of a line stay as they were when it was first seen", async () => {
    await program({
      products: {
        include: { productIds: [], variantIds: [], collectionIds: [], tags: ["tea"] },
        exclude: yen.products.exclude,
      },
    });
    const gid = newGid("Customer");
    const productId = newGid("Product");
    const fact = (tags: string[]) =>
      inShop(shopId, (tx) =>
        tx.query(
          `INSERT INTO product_fact (shop_id, product_gid, title, tags, collection_ids, updated_at) VALUES ($1, $2, '', $3, '{}', $4)
           ON CONFLICT (shop_id, product_gid) DO UPDATE SET tags = EXCLUDED.tags`,
          [shopId, productId, tags, NOW],
        ),
      );
    const facts = order(gid);
    facts.lines = facts.lines.map((line) => ({ ...line, productId }));
    const unknown = await inShop(shopId, (tx) => recordOrder(tx, facts, "payload", NOW));
    expect(unknown.unknownProductIds).toEqual([productId]);
    await fact(["Tea"]);
    await arrive(later(facts, {}, 1));
    await fact(["coffee"]);
    await arrive(later(facts, { refunds: [refundFacts({ unallocatedMinor: 4_000 })] }, 2));
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 60, revoked: 40 });
  });
});

async function bonuses() {
  return queryShop(
    shopId,
    `SELECT o.order_gid AS "orderGid", e.target FROM order_earning e JOIN customer_order o ON o.shop_id = e.shop_id AND o.id = e.order_id WHERE e.shop_id = $1 AND e.rule = 'first_order' AND e.target > 0`,
    [shopId],
  );
}
async function targets() {
  const rows = await queryShop<{ target: number }>(
    shopId,
    `SELECT e.target FROM order_earning e JOIN customer_order o ON o.shop_id = e.shop_id AND o.id = e.order_id WHERE e.shop_id = $1 AND e.rule = 'order' ORDER BY o.processed_at`,
    [shopId],
  );
  return rows.map(({ target }) => target);
}
/** Spends points the way a redemption would: available lots shrink, redeemed grows. */
async function spend(customerGid: string, points: number): Promise<void> {
  await inShop(shopId, async (tx) => {
    const { lockMembers, openAccount, postEntries, readOpenLots } = await import("../../../app/loyalty/ledger.server");
    const [member] = await lockMembers(tx, { customerGids: [customerGid] });
    if (!member) throw new Error("no such member");
    const account = openAccount(member, (await readOpenLots(tx, [member.id])).get(member.id) ?? []);
    const source = {
      type: "redemption",
      id: newGid("Test"),
      rule: "redemption",
      version: null,
      actor: "shopper",
      isTest: false,
    };
    account.takeAvailable(
      points,
      { kind: "redemption", to: "redeemed" },
      { source, keyPrefix: source.id, reason: "adjust_other", params: {} },
    );
    await postEntries(tx, { accounts: [account], now: NOW });
  });
}
