// What the ledger refuses, and what holds when many hands reach for it at once.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { adjustMany } from "../../../app/loyalty/adjust-many.server";
import { adjustPoints, type Adjustment } from "../../../app/loyalty/adjust-points.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { mergeMembers } from "../../../app/loyalty/merge-members.server";
import { readProgram, saveProgram } from "../../../app/loyalty/program.server";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { releaseDuePoints } from "../../../app/loyalty/release-due-points.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { balanceOf, createTestMember } from "../../builders/member";
import { later, newGid, ORDER_DAY, orderFacts, orderLine, refundFacts } from "../../builders/order-facts";
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

describe("many at once", () => {
  it("A01 40 parallel deliveries of one order by a new customer post once", async () => {
    await program();
    const gid = newGid("Customer");
    const facts = orderFacts({ customerId: gid });
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => arrive(facts)));
    expect(outcomes.filter(({ outcome }) => outcome === "posted")).toHaveLength(1);
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 137, ordersCount: 1 });
    await expectLedgerAddsUp(database.owner());
  });

  it("parallel orders, refunds and releases of one member neither deadlock nor lose a point", async () => {
    await program({
      firstOrderBonus: { points: 500, onRefund: "proportional" },
      caps: { perOrder: null, perDay: 5_000 },
    });
    const gid = newGid("Customer");
    const orders = Array.from({ length: 12 }, (_, index) =>
      orderFacts({
        customerId: gid,
        amountMinor: 10_000,
        processedAt: new Date(Date.parse(ORDER_DAY) + index * 60_000).toISOString(),
      }),
    );
    const refunded = orders.map((facts, index) =>
      index % 3 === 0 ? later(facts, { refunds: [refundFacts({ unallocatedMinor: 10_000 })] }) : facts,
    );
    await Promise.all([...orders, ...refunded, ...orders].map((facts) => arrive(facts)));
    await releaseDuePoints(shopId, NOW);
    expect(await balanceOf(shopId, gid)).toMatchObject({
      available: 8 * 100 + 500,
      pending: 0,
      debt: 0,
      ordersCount: 12,
    });
    await expectLedgerAddsUp(database.owner());
  });

  it("orders that arrive while their member is merged away end with the one who is kept", async () => {
    await program();
    const [kept, gone] = [newGid("Customer"), newGid("Customer")];
    await arrive(orderFacts({ customerId: gone }));
    const orders = Array.from({ length: 8 }, () => orderFacts({ customerId: gone, amountMinor: 10_000 }));
    await Promise.all([
      inShop(shopId, (tx) => mergeMembers(tx, kept, gone, NOW)),
      ...orders.map((facts) => arrive(facts)),
    ]);
    for (const facts of orders) await arrive(later(facts, {}));
    expect(await balanceOf(shopId, kept)).toMatchObject({ available: 137 + 800, ordersCount: 9 });
    await expectLedgerAddsUp(database.owner());
  });

  it("two people who save at once make two versions", async () => {
    const saves = await Promise.all(
      [1, 2, 3, 4].map((points) => saveProgram(shopId, { ...yen, rate: { points, perMinor: 100 } }, "staff:1", NOW)),
    );
    expect(saves.map((save) => (save.outcome === "saved" ? save.version : 0)).sort()).toEqual([1, 2, 3, 4]);
    expect(await saveProgram(shopId, (await readProgram(shopId)).rules, "staff:1", NOW)).toEqual({
      outcome: "unchanged",
      version: 4,
    });
  });
});

describe("C15 append-only", () => {
  it.each([
    "UPDATE points_entry SET points = points + 1",
    "DELETE FROM points_entry",
    "TRUNCATE points_entry",
    "UPDATE program_version SET actor = 'x'",
    "DELETE FROM program_version",
  ])("C15 the app cannot %s", async (sql) => {
    await program();
    await arrive(orderFacts({ customerId: newGid("Customer") }));
    await expect(inShop(shopId, (tx) => tx.query(sql))).rejects.toThrow(/permission denied|refused/);
    await expect(database.owner().query(sql)).rejects.toThrow(/append-only/);
  });

  it("C15 a mistake is corrected by adding: a reason, an actor, and both entries stay", async () => {
    const { memberId, customerGid } = await createTestMember(shopId);
    const give: Adjustment = {
      memberId,
      points: 500,
      reason: "adjust_goodwill",
      note: "late parcel",
      actor: "staff:7",
      key: "a",
    };
    await adjustPoints(shopId, give, NOW);
    await adjustPoints(shopId, { ...give, points: -450, reason: "adjust_correction", note: null, key: "b" }, NOW);
    expect(await balanceOf(shopId, customerGid)).toMatchObject({ available: 50, revoked: 450 });
    expect(
      await queryShop(shopId, "SELECT reason, actor FROM points_entry WHERE shop_id = $1 ORDER BY id", [shopId]),
    ).toEqual([
      { reason: "adjust_goodwill", actor: "staff:7" },
      { reason: "adjust_correction", actor: "staff:7" },
    ]);
    expect(await queryShop(shopId, "SELECT text FROM member_note WHERE shop_id = $1", [shopId])).toEqual([
      { text: "late parcel" },
    ]);
  });
});

describe("B15 adjustments", () => {
  it("B15 refuses nothing, fractions, overflow, unknown reasons and unknown members", async () => {
    const { memberId } = await createTestMember(shopId);
    const give: Adjustment = { memberId, points: 1, reason: "adjust_gift", note: null, actor: "staff:7", key: "k" };
    const outcome = async (change: Partial<Adjustment>) =>
      (await adjustPoints(shopId, { ...give, ...change }, NOW)).outcome;
    for (const points of [0, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e13, -1e13, Number.MAX_SAFE_INTEGER])
      expect(await outcome({ points })).toBe("invalid_points");
    expect(await outcome({ reason: "because" as "adjust_gift" })).toBe("invalid_reason");
    expect(await outcome({ memberId: 999_999 })).toBe("unknown_member");
    expect(await outcome({ points: 1_000_000_000_000 })).toBe("adjusted");
    expect(await outcome({ key: "k2" })).toBe("invalid_points");
    await expectLedgerAddsUp(database.owner());
  });

  it("B15 the database itself refuses what is not a positive whole number of points", async () => {
    const { memberId } = await createTestMember(shopId);
    const insert = (points: string) =>
      inShop(shopId, (tx) =>
        tx.query(
          `INSERT INTO points_entry (shop_id, member_id, kind, from_bucket, to_bucket, points, key, source_type, source_id, rule, reason, actor, at)
           VALUES ($1, $2, 'adjustment', 'issued', 'debt', $3, gen_random_uuid()::text, 'x', 'x', 'x', 'x', 'x', $4)`,
          [shopId, memberId, points, NOW],
        ),
      );
    await expect(insert("0")).rejects.toThrow(/points_entry_points/);
    await expect(insert("-5")).rejects.toThrow(/points_entry_points/);
    await expect(insert("9223372036854775807")).rejects.toThrow(/points_entry_points/);
    await expect(insert("0.5")).rejects.toThrow(/bigint/);
  });

  it("B15 taking is limited to what is available: no debt by hand, pending points untouched", async () => {
    await program();
    const gid = newGid("Customer");
    await arrive(orderFacts({ customerId: gid, amountMinor: 10_000 }));
    await arrive(orderFacts({ customerId: gid, amountMinor: 10_000, financialStatus: "pending", paidAt: null }));
    const [row] = await queryShop<{ id: number }>(shopId, "SELECT id FROM member WHERE shop_id = $1", [shopId]);
    const take = (points: number, key: string) =>
      adjustPoints(
        shopId,
        { memberId: row?.id ?? 0, points, reason: "adjust_misuse", note: null, actor: "staff:7", key },
        NOW,
      );
    expect(await take(-150, "t1")).toEqual({ outcome: "insufficient_points", available: 100 });
    expect(await take(-100, "t2")).toEqual({ outcome: "adjusted", available: 0 });
    expect(await balanceOf(shopId, gid)).toMatchObject({ available: 0, pending: 100, debt: 0 });
  });

  it("the same key adjusts once, even 20 times at once; for something else it is refused", async () => {
    const { memberId, customerGid } = await createTestMember(shopId);
    const give: Adjustment = {
      memberId,
      points: 100,
      reason: "adjust_gift",
      note: null,
      actor: "staff:7",
      key: "form-1",
    };
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => adjustPoints(shopId, give, NOW)));
    expect(outcomes.filter(({ outcome }) => outcome === "adjusted")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "already_adjusted")).toHaveLength(19);
    expect(await adjustPoints(shopId, { ...give, points: 200 }, NOW)).toEqual({ outcome: "key_reused" });
    expect(await balanceOf(shopId, customerGid)).toMatchObject({ available: 100 });
  });

  it("adjusts many, names those it could not, and finishes when repeated", async () => {
    const members = [await createTestMember(shopId), await createTestMember(shopId)];
    const memberIds = [...members.map(({ memberId }) => memberId), 999_999];
    const bulk = {
      memberIds,
      points: 30,
      reason: "adjust_event" as const,
      note: null,
      actor: "staff:7",
      key: "bulk-1",
    };
    for (let round = 0; round < 2; round++) {
      expect(await adjustMany(shopId, bulk, NOW)).toEqual({
        adjusted: 2,
        refused: [{ memberId: 999_999, outcome: "unknown_member" }],
      });
    }
    for (const { customerGid } of members)
      expect(await balanceOf(shopId, customerGid)).toMatchObject({ available: 30 });
  });
});

describe("settings", () => {
  it("refuses rules that make no sense, with the field and a code", async () => {
    const bad = {
      ...yen,
      rate: { points: 1, perMinor: 0 },
      holdDays: 91,
      participation: { ...yen.participation, who: "tagged" },
    };
    expect(await saveProgram(shopId, bad, "staff:1", NOW)).toEqual({
      outcome: "invalid",
      problems: [
        { field: "rate.perMinor", code: "too_small" },
        { field: "holdDays", code: "too_big" },
        { field: "participation.tags", code: "tags_missing" },
      ],
    });
    expect(await readProgram(shopId)).toMatchObject({ version: 0, rules: { rate: { points: 1, perMinor: 100 } } });
  });
});

// ─── The law of desired state, on a real database ───────────────────────────────────────────────────

interface Life {
  customer: number;
  currency: "JPY" | "USD" | "KWD";
  amounts: number[];
  refunds: number[];
  end: "kept" | "cancelled";
}
const life: fc.Arbitrary<Life> = fc.record({
  customer: fc.nat(1),
  currency: fc.constantFrom("JPY" as const, "USD" as const, "KWD" as const),
  amounts: fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 3 }),
  refunds: fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 3 }),
  end: fc.constantFrom("kept" as const, "kept" as const, "cancelled" as const),
});

/** Every state an order went through, oldest first. */
function statesOf({ currency, amounts, refunds, end }: Life, customerId: string, index: number): OrderFacts[] {
  const created = orderFacts({
    customerId,
    currency,
    lines: amounts.map((amountMinor) => orderLine({ amountMinor })),
    financialStatus: "pending",
    paidAt: null,
    processedAt: new Date(Date.parse(ORDER_DAY) + index * 1_000).toISOString(),
  });
  const states = [created, later(created, { financialStatus: "paid", paidAt: created.processedAt })];
  const given = refunds.map((unallocatedMinor) => refundFacts({ unallocatedMinor }));
  given.forEach((_, count) => {
    const last = states.at(-1) ?? created;
    states.push(later(last, { refunds: given.slice(0, count + 1), financialStatus: "partially_refunded" }));
  });
  const last = states.at(-1) ?? created;
  if (end === "cancelled") states.push(later(last, { cancelledAt: ORDER_DAY }));
  return states;
}
/** Naive: whole points of the money each order kept in the end; nobody asks how it got there. */
function naiveTotal(lives: Life[], customer: number): number {
  return lives
    .filter((each) => each.customer === customer && each.end === "kept")
    .reduce((sum, { amounts, refunds }) => {
      const kept = amounts.reduce((a, b) => a + b, 0) - refunds.reduce((a, b) => a + b, 0);
      return sum + Math.floor(Math.max(0, kept) / 100);
    }, 0);
}

describe("order and duplicate independence", () => {
  it("any order of deliveries with any duplicates ends where the naive model ends, and a replay changes nothing", async () => {
    await program();
    const plan = fc.record({
      lives: fc.array(life, { minLength: 1, maxLength: 4 }),
      picks: fc.array(fc.nat(10_000), { minLength: 4, maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ lives, picks }) => {
        const customers = [newGid("Customer"), newGid("Customer")];
        const states = lives.flatMap((each, index) => statesOf(each, customers[each.customer] ?? "", index));
        const duplicated = [...states, ...picks.map((pick) => states[pick % states.length])].filter(
          (state) => state !== undefined,
        );
        const deliveries = duplicated
          .map((state, index) => ({ state, key: picks[index % picks.length] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ state }) => state);
        for (const state of deliveries) await arrive(state);
        const ends = [0, 1].filter((customer) => lives.some((each) => each.customer === customer));
        for (const customer of ends) {
          const { available, pending, debt } = await balanceOf(shopId, customers[customer] ?? "");
          expect(available + pending - debt).toBe(naiveTotal(lives, customer));
          expect(debt).toBe(0);
        }
        const entries = await countEntries(database.owner());
        for (const state of deliveries.slice(0, 6)) await arrive(state);
        expect(await countEntries(database.owner())).toBe(entries);
      }),
      { numRuns: 60 },
    );
    await expectLedgerAddsUp(database.owner());
  }, 180_000);
});
