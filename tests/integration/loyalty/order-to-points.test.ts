// One order's life in the ledger: what is recorded, what is posted, what stays when it is told again.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { readHistory } from "../../../app/loyalty/member-history.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { explain } from "../../../app/loyalty/reasons";
import { markOrderToBeRead, recordOrder } from "../../../app/loyalty/record-order.server";
import { releaseDuePoints } from "../../../app/loyalty/release-due-points.server";
import { settleOrder, type SettleOutcome } from "../../../app/loyalty/settle-order.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { balanceOf, createTestMember, type TestMember } from "../../builders/member";
import {
  DAY_MS,
  later,
  newGid,
  ORDER_DAY,
  orderFacts,
  orderLine,
  refundFacts,
  refundOfLine,
} from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { expectLedgerAddsUp } from "./ledger-invariants";

const database = useTestDatabase();
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const START = new Date("2026-01-01T00:00:00Z");
const NOW = new Date("2026-06-10T00:00:00Z");

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  shopId = await createTestShop();
  member = await createTestMember(shopId);
});
const program = (change: Partial<EarningRules> = {}, at = START) =>
  saveProgram(shopId, { ...yen, ...change }, "staff:1", at);
const mine = (fields: Parameters<typeof orderFacts>[0] = {}) =>
  orderFacts({ customerId: member.customerGid, ...fields });
const arrive = (facts: OrderFacts, now = NOW, from: "payload" | "read" = "payload"): Promise<SettleOutcome> =>
  inShop(shopId, async (tx) => {
    const { orderId } = await recordOrder(tx, facts, from, now);
    return settleOrder(tx, orderId, now);
  });
const balance = () => balanceOf(shopId, member.customerGid);

describe("an order becomes points", () => {
  it("A02 grants once, however often and under whatever event the order arrives", async () => {
    await program();
    const facts = mine();
    expect(await arrive(facts)).toEqual({ outcome: "posted", entries: 1 });
    expect(await arrive(facts)).toEqual({ outcome: "unchanged" });
    expect(await arrive(later(facts, {}))).toEqual({ outcome: "unchanged" });
    expect(await balance()).toMatchObject({ available: 137, pending: 0, ordersCount: 1 });
    await expectLedgerAddsUp(database.owner());
  });

  it("A03 asks to be read while nobody said how much was paid by gift card or store credit", async () => {
    await program({ base: { ...yen.base, includePaidWithGiftCard: false } });
    const facts = mine();
    const isDue = async () => {
      const [row] = await queryShop<{ due: boolean }>(
        shopId,
        "SELECT read_due_at IS NOT NULL AS due FROM customer_order WHERE shop_id = $1",
        [shopId],
      );
      return row?.due;
    };
    await arrive({ ...facts, uncarried: ["paidWith"] });
    expect(await isDue()).toBe(true);
    await arrive({ ...later(facts, {}), uncarried: ["paidWith"] });
    expect(await isDue()).toBe(true);
    await arrive(later(facts, { paidWithGiftCardMinor: 10_000 }), NOW, "read");
    expect(await isDue()).toBe(false);
    expect(await balance()).toMatchObject({ available: 37 });
    // A read once told the amounts: the next body need not.
    await arrive({ ...later(facts, {}, 2), uncarried: ["paidWith"] });
    expect(await isDue()).toBe(false);
    expect(await balance()).toMatchObject({ available: 37 });
    const other = mine();
    await arrive(other);
    await arrive({ ...later(other, {}), uncarried: ["dispute"] });
    expect(await isDue()).toBe(false);
  });

  it("keeps a reason the shopper can read, the order, the version and the actor", async () => {
    await program();
    const facts = mine();
    await arrive(facts);
    const { items } = await readHistory(shopId, member.memberId);
    expect(items).toMatchObject([
      {
        kind: "grant",
        from: "issued",
        to: "available",
        points: 137,
        change: 137,
        actor: "system",
        order: { orderGid: facts.orderId, name: "#1001" },
      },
    ]);
    const [item] = items;
    expect(item && explain(item.reason, item.params, "en")).toBe("137 points: ¥13,780 × 1 per ¥100, rounded down");
  });

  it("without a program nothing is posted, and the order is not forgotten", async () => {
    expect(await arrive(mine())).toEqual({ outcome: "no_program" });
    expect(await queryShop(shopId, "SELECT id FROM points_entry WHERE shop_id = $1", [shopId])).toEqual([]);
    expect(await queryShop(shopId, "SELECT id FROM customer_order WHERE shop_id = $1", [shopId])).toHaveLength(1);
    expect(await balance()).toMatchObject({ available: 0 });
  });

  it("A05 an older state never overwrites a newer one, in any order of arrival", async () => {
    await program();
    const created = mine({ financialStatus: "pending", paidAt: null });
    const paid = later(created, { financialStatus: "paid", paidAt: ORDER_DAY }, 1);
    const refunded = later(paid, { refunds: [refundOfLine(created.lines[0] ?? orderLine(), 1, 13_780)] }, 2);
    await arrive(refunded);
    expect(await balance()).toMatchObject({ available: 0, pending: 0 });
    await arrive(created);
    await arrive(paid);
    expect(await balance()).toMatchObject({ available: 0, pending: 0, debt: 0, revoked: 0 });
    expect((await queryShop(shopId, "SELECT id FROM points_entry WHERE shop_id = $1", [shopId])).length).toBe(0);
  });

  it("two states of the same second: the one that went further stands, and the order is read", async () => {
    await program();
    const created = mine({ financialStatus: "pending", paidAt: null });
    const paid: OrderFacts = { ...created, financialStatus: "paid", paidAt: ORDER_DAY };
    for (const states of [
      [created, paid],
      [paid, created],
    ]) {
      const facts = states.map((state) => ({
        ...state,
        orderId: states[0] === created ? created.orderId : newGid("Order"),
      }));
      const orderId = facts[0]?.orderId ?? "";
      for (const state of facts) await arrive({ ...state, orderId });
      const [row] = await queryShop<{ status: string; due: Date | null }>(
        shopId,
        "SELECT facts->>'financialStatus' AS status, read_due_at AS due FROM customer_order WHERE shop_id = $1 AND order_gid = $2",
        [shopId, orderId],
      );
      expect(row).toMatchObject({ status: "paid", due: NOW });
    }
  });
});

describe("trigger and hold", () => {
  it("B07 shows points as pending until the order is paid, and takes them back when it never is", async () => {
    await program();
    const pending = mine({ financialStatus: "pending", paidAt: null });
    await arrive(pending);
    expect(await balance()).toMatchObject({ pending: 137, available: 0 });
    await arrive(later(pending, { financialStatus: "paid", paidAt: NOW.toISOString() }));
    expect(await balance()).toMatchObject({ pending: 0, available: 137 });
    const other = mine({ financialStatus: "pending", paidAt: null });
    await arrive(other);
    await arrive(later(other, { financialStatus: "voided" }));
    expect(await balance()).toMatchObject({ pending: 0, available: 137, revoked: 137 });
    await expectLedgerAddsUp(database.owner());
  });

  it("releases what is due, once, and late runs catch up", async () => {
    await program({ holdDays: 14, expiry: { kind: "after_months", months: 1 } });
    const facts = mine();
    await arrive(facts);
    expect(await balance()).toMatchObject({ pending: 137 });
    const due = new Date(Date.parse(ORDER_DAY) + 14 * DAY_MS);
    expect(await releaseDuePoints(shopId, new Date(due.getTime() - 1))).toEqual({ released: 0 });
    expect(await releaseDuePoints(shopId, new Date(due.getTime() + 3 * DAY_MS))).toEqual({ released: 1 });
    expect(await releaseDuePoints(shopId, new Date(due.getTime() + 3 * DAY_MS))).toEqual({ released: 0 });
    expect(await balance()).toMatchObject({ pending: 0, available: 137 });
    const [lot] = await queryShop<{ expiresAt: Date }>(
      shopId,
      `SELECT expires_at AS "expiresAt" FROM lot WHERE shop_id = $1`,
      [shopId],
    );
    // Available on 20 June in Tokyo: usable until the end of 20 July there.
    expect(lot?.expiresAt.toISOString()).toBe("2026-07-20T15:00:00.000Z");
    expect(await arrive(later(facts, {}), due)).toEqual({ outcome: "unchanged" });
    await expectLedgerAddsUp(database.owner());
  });

  it("B07 a dispute holds what is unspent; losing it takes the points back, winning it returns them", async () => {
    await program();
    const facts = mine();
    await arrive(facts);
    await arrive(later(facts, { dispute: "open" }, 1));
    expect(await balance()).toMatchObject({ pending: 137, available: 0 });
    expect(await releaseDuePoints(shopId, new Date("2027-01-01T00:00:00Z"))).toEqual({ released: 0 });
    await arrive(later(facts, { dispute: "none" }, 2));
    expect(await balance()).toMatchObject({ pending: 0, available: 137 });
    await arrive(later(facts, { dispute: "open" }, 3));
    await arrive(later(facts, { dispute: "lost" }, 4));
    expect(await balance()).toMatchObject({ pending: 0, available: 0, revoked: 137 });
    await expectLedgerAddsUp(database.owner());
  });
});

describe("refunds, edits, cancellations", () => {
  it("B01 a full refund in any number of parts takes back exactly the grant", async () => {
    await program();
    const line = orderLine({ quantity: 3, amountMinor: 10_001 });
    const facts = mine({ lines: [line] });
    await arrive(facts);
    const refunds = [3_333, 3_334, 3_334].map((amount) => refundOfLine(line, 1, amount));
    for (const [index] of refunds.entries()) {
      await arrive(
        later(
          facts,
          { refunds: refunds.slice(0, index + 1), financialStatus: index === 2 ? "refunded" : "partially_refunded" },
          index + 1,
        ),
      );
    }
    expect(await balance()).toMatchObject({ available: 0, revoked: 100, debt: 0 });
    const { items } = await readHistory(shopId, member.memberId);
    expect(items.map(({ change }) => change)).toEqual([-33, -33, -34, 100]);
    expect(items[0] && explain(items[0].reason, items[0].params, "en")).toBe(
      "33 points taken back: ¥10,001 was refunded, so this order earns 0 points",
    );
    await expectLedgerAddsUp(database.owner());
  });

  it("B02 a refund by amount and a shipping refund follow the base", async () => {
    await program();
    const facts = mine({ shippingMinor: 800 });
    await arrive(facts);
    await arrive(later(facts, { refunds: [refundFacts({ shippingMinor: 800 })] }, 1));
    expect(await balance()).toMatchObject({ available: 137 });
    await arrive(
      later(facts, { refunds: [refundFacts({ shippingMinor: 800 }), refundFacts({ unallocatedMinor: 3_000 })] }, 2),
    );
    expect(await balance()).toMatchObject({ available: 107 });
  });

  it("B03 a refund that fails gives the points back", async () => {
    await program();
    const facts = mine();
    const line = facts.lines[0] ?? orderLine();
    const refund = refundOfLine(line, 1, 13_780, { status: "pending" });
    await arrive(facts);
    await arrive(later(facts, { refunds: [refund] }, 1));
    expect(await balance()).toMatchObject({ available: 137 });
    await arrive(later(facts, { refunds: [{ ...refund, status: "success" }] }, 2));
    expect(await balance()).toMatchObject({ available: 0 });
    await arrive(later(facts, { refunds: [{ ...refund, status: "failure" }] }, 3));
    expect(await balance()).toMatchObject({ available: 137, revoked: 137 });
    await expectLedgerAddsUp(database.owner());
  });

  it("B04 an edit posts the difference, up and down", async () => {
    await program();
    const facts = mine();
    await arrive(facts);
    await arrive(later(facts, { lines: [...facts.lines, orderLine({ amountMinor: 2_000 })] }, 1));
    expect(await balance()).toMatchObject({ available: 157 });
    await arrive(later(facts, { lines: [{ ...(facts.lines[0] ?? orderLine()), amountMinor: 5_000 }] }, 2));
    expect(await balance()).toMatchObject({ available: 50, revoked: 107 });
    const { items } = await readHistory(shopId, member.memberId);
    expect(items.map(({ change }) => change).reduce((a, b) => a + b, 0)).toBe(50);
    await expectLedgerAddsUp(database.owner());
  });

  it("B05 an exchange, a store-credit refund and a return without money end where their states say", async () => {
    await program();
    const [kept, returned] = [orderLine({ amountMinor: 6_000 }), orderLine({ amountMinor: 4_000 })];
    const facts = mine({ lines: [kept, returned] });
    await arrive(facts);
    expect(await balance()).toMatchObject({ available: 100 });
    const back = refundOfLine(returned, 1, 4_000);
    await arrive(later(facts, { refunds: [back] }, 1));
    expect(await balance()).toMatchObject({ available: 60 });
    await arrive(later(facts, { lines: [kept, returned, orderLine({ amountMinor: 5_000 })], refunds: [back] }, 2));
    expect(await balance()).toMatchObject({ available: 110 });
  });

  it("A07 a cancellation and its refund take the points back once", async () => {
    await program();
    const facts = mine();
    const refunds = [refundOfLine(facts.lines[0] ?? orderLine(), 1, 13_780)];
    await arrive(facts);
    await arrive(later(facts, { refunds, financialStatus: "refunded" }, 1));
    await arrive(later(facts, { refunds, financialStatus: "refunded", cancelledAt: ORDER_DAY }, 2));
    expect(await balance()).toMatchObject({ available: 0, revoked: 137, debt: 0 });
  });

  it("B14 a late refund is judged by the rules of the grant", async () => {
    await program();
    const facts = mine();
    await arrive(facts);
    await program({ rate: { points: 5, perMinor: 100 } }, new Date("2026-06-20T00:00:00Z"));
    await program({ status: "paused" }, new Date("2026-06-21T00:00:00Z"));
    await arrive(
      later(facts, { refunds: [refundFacts({ unallocatedMinor: 3_780 })] }),
      new Date("2026-09-01T00:00:00Z"),
    );
    expect(await balance()).toMatchObject({ available: 100, revoked: 37 });
    const rows = await queryShop<{ version: number }>(
      shopId,
      "SELECT DISTINCT version FROM points_entry WHERE shop_id = $1",
      [shopId],
    );
    expect(rows).toEqual([{ version: 1 }]);
  });

  it("B11 old entries stay in the currency of their order when the shop's currency changes", async () => {
    await program();
    const before = mine();
    await arrive(before);
    await program(
      { ...defaultEarningRules({ currency: "USD", taxesIncluded: true }) },
      new Date("2026-06-08T00:00:00Z"),
    );
    const after = mine({
      currency: "USD",
      presentmentCurrency: "JPY",
      amountMinor: 5_000,
      processedAt: "2026-06-09T00:00:00.000Z",
    });
    await arrive(after);
    expect(await balance()).toMatchObject({ available: 187 });
    await arrive(later(before, { refunds: [refundFacts({ unallocatedMinor: 13_780 })] }));
    expect(await balance()).toMatchObject({ available: 50 });
  });
});

describe("doorbells", () => {
  it("A04 a refund that comes before its order waits for it, and both net right", async () => {
    await program();
    const facts = mine();
    const { orderId } = await inShop(shopId, (tx) => markOrderToBeRead(tx, facts.orderId, null, NOW));
    expect(await inShop(shopId, (tx) => settleOrder(tx, orderId, NOW))).toEqual({ outcome: "no_facts" });
    const refunded = { ...facts, refunds: [refundFacts({ unallocatedMinor: 3_780 })] };
    await arrive(refunded, NOW, "read");
    expect(await balance()).toMatchObject({ available: 100, revoked: 0 });
    const [row] = await queryShop<{ due: Date | null }>(
      shopId,
      "SELECT read_due_at AS due FROM customer_order WHERE shop_id = $1",
      [shopId],
    );
    expect(row?.due).toBeNull();
  });

  it("a doorbell that rings while the order is being read stays due", async () => {
    await program();
    const facts = mine();
    await inShop(shopId, (tx) => markOrderToBeRead(tx, facts.orderId, null, new Date(NOW.getTime() + 1_000)));
    await arrive(facts, NOW, "read");
    const [row] = await queryShop<{ due: Date | null }>(
      shopId,
      "SELECT read_due_at AS due FROM customer_order WHERE shop_id = $1",
      [shopId],
    );
    expect(row?.due).toEqual(new Date(NOW.getTime() + 1_000));
  });
});
