// Rules that look at all a member ever ordered: the n-th order, tiers, campaigns with a cap per member. Whatever
// arrives in whatever order, everything ends where the newest states say.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { mergeMembers } from "../../../app/loyalty/merge-members.server";
import type { WayToEarn } from "../../../app/loyalty/program-parts";
import { saveProgram } from "../../../app/loyalty/program.server";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { releaseDuePoints } from "../../../app/loyalty/release-due-points.server";
import { settleOrder, settleOrders, type SettleOutcome } from "../../../app/loyalty/settle-order.server";
import { recomputeEarnings } from "../../../app/operator/recompute-earnings.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { campaign, goldPlan, NO_PRODUCTS, TEA } from "../../builders/campaigns";
import { balanceOf, createTestMember, type TestMember } from "../../builders/member";
import { DAY_MS, later, newGid, orderFacts, orderLine, refundFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { countEntries, expectLedgerAddsUp } from "./ledger-invariants";

const database = useTestDatabase();
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const START = new Date("2025-12-01T00:00:00Z");
const NOW = new Date("2026-07-20T00:00:00Z");
const JUNE = Date.parse("2026-06-02T01:00:00Z");

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  shopId = await createTestShop();
  member = await createTestMember(shopId);
});
const program = (change: Partial<EarningRules> = {}, at = START) =>
  saveProgram(shopId, { ...yen, ...change }, "staff:1", at);
/** An order of the member, on a day of June. */
const onDay = (day: number, fields: Parameters<typeof orderFacts>[0] = {}) =>
  orderFacts({
    customerId: member.customerGid,
    processedAt: new Date(JUNE + day * DAY_MS).toISOString(),
    amountMinor: 10_000,
    ...fields,
  });
const arrive = (facts: OrderFacts, now = NOW): Promise<SettleOutcome> =>
  inShop(shopId, async (tx) => {
    const { orderId } = await recordOrder(tx, facts, "payload", now);
    return settleOrder(tx, orderId, now);
  });
/** Points by rule of each order, by the order's name; zeros left out. */
async function earnings(): Promise<Record<string, Record<string, number>>> {
  const rows = await queryShop<{ name: string; rule: string; target: number }>(
    shopId,
    `SELECT o.name, e.rule, e.target FROM order_earning e JOIN customer_order o ON o.shop_id = e.shop_id AND o.id = e.order_id
      WHERE e.shop_id = $1 AND e.target > 0 ORDER BY o.processed_at, o.order_gid, e.rule`,
    [shopId],
  );
  const byOrder: Record<string, Record<string, number>> = {};
  for (const { name, rule, target } of rows) byOrder[name] = { ...byOrder[name], [rule]: target };
  return byOrder;
}
/** How many orders do not hold what the audit recomputes, after a change that is taken back again. */
async function recomputed(change = "SELECT 1", values: unknown[] = []): Promise<number> {
  const client = await database.owner().connect();
  try {
    await client.query("BEGIN");
    await client.query(change, values);
    const { violations } = await recomputeEarnings(client);
    await client.query("ROLLBACK");
    return violations;
  } finally {
    client.release();
  }
}
async function expectRecomputed(): Promise<void> {
  expect(await recomputed(), "I12").toBe(0);
  await expectLedgerAddsUp(database.owner());
}
const summaries = () =>
  queryShop<{ name: string; tier: string | null; orders: number }>(
    shopId,
    `SELECT o.name, q.tier_used AS tier, jsonb_array_length(q.steps) AS orders FROM order_qualifying q
       JOIN customer_order o ON o.shop_id = q.shop_id AND o.id = q.order_id WHERE q.shop_id = $1 ORDER BY o.processed_at`,
    [shopId],
  );

const second: WayToEarn = {
  id: "second",
  kind: "nth_order",
  enabled: true,
  points: 500,
  holdDays: 0,
  n: 2,
  repeat: "once",
  onRefund: "proportional",
};

describe("the n-th order", () => {
  it("is counted by processed_at over purchases, whatever arrives first", async () => {
    await program({ ways: [second] });
    await arrive(onDay(3, { name: "#C" }));
    await arrive(onDay(1, { name: "#A" }));
    expect(await earnings()).toEqual({ "#A": { order: 100 }, "#C": { order: 100, "way:second": 500 } });
    await arrive(onDay(2, { name: "#B" }));
    expect(await earnings()).toEqual({
      "#A": { order: 100 },
      "#B": { order: 100, "way:second": 500 },
      "#C": { order: 100 },
    });
    await expectRecomputed();
  });

  it("moves when an earlier order is no purchase any more, and back", async () => {
    await program({ ways: [second] });
    const first = onDay(1, { name: "#A" });
    await arrive(first);
    await arrive(onDay(2, { name: "#B" }));
    await arrive(onDay(3, { name: "#C" }));
    await arrive(later(first, { cancelledAt: NOW.toISOString() }));
    expect(await earnings()).toEqual({ "#B": { order: 100 }, "#C": { order: 100, "way:second": 500 } });
    const { available } = await balanceOf(shopId, member.customerGid);
    expect(available).toBe(700);
    expect(await arrive(later(first, { cancelledAt: NOW.toISOString() }, 2))).toEqual({ outcome: "unchanged" });
    await expectRecomputed();
  });

  it("waits as long as the way says, beside points that are usable at once", async () => {
    await program({ ways: [{ ...second, holdDays: 60 }] });
    await arrive(onDay(1, { name: "#A" }));
    await arrive(onDay(2, { name: "#B" }));
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 200, pending: 500 });
    await releaseDuePoints(shopId, new Date(JUNE + 62 * DAY_MS));
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 700, pending: 0 });
    expect(await arrive(onDay(3, { name: "#C" }), new Date(JUNE + 63 * DAY_MS))).toMatchObject({ entries: 1 });
    await expectRecomputed();
  });

  it("sees the orders of both when members merge", async () => {
    await program({ ways: [second] });
    const other = await createTestMember(shopId);
    await arrive(onDay(1, { name: "#A", customerId: other.customerGid }));
    await arrive(onDay(2, { name: "#B" }));
    await inShop(shopId, (tx) => mergeMembers(tx, member.customerGid, other.customerGid, NOW));
    expect(await earnings()).toEqual({ "#A": { order: 100 }, "#B": { order: 100, "way:second": 500 } });
    await expectRecomputed();
  });
});

describe("tiers", () => {
  it("the tier held at processed_at multiplies, and is stored with the grant", async () => {
    await program({ tierPlans: [goldPlan()] });
    await arrive(onDay(1, { name: "#A", amountMinor: 15_000 }));
    await arrive(onDay(2, { name: "#B", amountMinor: 15_000 }));
    await arrive(onDay(3, { name: "#C" }));
    expect(await earnings()).toEqual({ "#A": { order: 150 }, "#B": { order: 150 }, "#C": { order: 100, tier: 50 } });
    expect(await summaries()).toEqual([
      { name: "#A", tier: null, orders: 1 },
      { name: "#B", tier: null, orders: 1 },
      { name: "#C", tier: "gold", orders: 1 },
    ]);
    const [row] = await queryShop<{ tier: string; params: { tierId: string; name: unknown } }>(
      shopId,
      `SELECT m.tier_id AS tier, e.explanation -> 'params' AS params FROM member m, order_earning e WHERE m.shop_id = $1 AND m.id = $2 AND e.rule = 'tier'`,
      [shopId, member.memberId],
    );
    expect(row).toMatchObject({ tier: "gold", params: { tierId: "gold", name: { en: "Gold", ja: "ゴールド" } } });
    await expectRecomputed();
  });

  it("an older order that arrives late lifts the later ones; a late refund takes nothing from them", async () => {
    await program({ tierPlans: [goldPlan()] });
    await arrive(onDay(5, { name: "#C" }));
    expect(await earnings()).toEqual({ "#C": { order: 100 } });
    const big = onDay(1, { name: "#A", amountMinor: 25_000 });
    await arrive(big);
    expect(await earnings()).toEqual({ "#A": { order: 250 }, "#C": { order: 100, tier: 50 } });
    // After the order of day 5: what it used then it keeps.
    const refund = refundFacts({ unallocatedMinor: 20_000, createdAt: new Date(JUNE + 9 * DAY_MS).toISOString() });
    await arrive(later(big, { refunds: [refund] }));
    expect(await earnings()).toEqual({ "#A": { order: 50 }, "#C": { order: 100, tier: 50 } });
    await arrive(onDay(12, { name: "#D" }));
    expect((await earnings())["#D"]).toEqual({ order: 100 });
    await expectRecomputed();
  });

  it("I12 notices extras that history does not explain: tiers by hand, older orders, caps of campaigns", async () => {
    await program({
      tierPlans: [goldPlan()],
      ways: [second],
      campaigns: [campaign({ caps: { perOrder: null, perMember: 150, budget: null } })],
    });
    await arrive(onDay(1, { name: "#A" }));
    await arrive(onDay(2, { name: "#B" }));
    await expectRecomputed();
    const byHand = `INSERT INTO tier_override (shop_id, member_id, tier_id, from_at, actor) VALUES ($1, $2, 'gold', '2026-01-01', 'staff:1')`;
    expect(await recomputed(byHand, [shopId, member.memberId])).toBe(2);
    // An order that never counted: its rank and its share of the cap are the next one's.
    const cancelled = `UPDATE customer_order SET facts = jsonb_set(facts, '{cancelledAt}', '"2026-06-10T00:00:00.000Z"')
                        WHERE shop_id = $1 AND name = '#A'`;
    expect(await recomputed(cancelled, [shopId])).toBe(2);
  });

  it("orders settled before there were tiers are learned on the member's next order", async () => {
    await program();
    await arrive(onDay(1, { name: "#A", amountMinor: 25_000 }));
    expect(await summaries()).toEqual([]);
    await saveProgram(shopId, { tierPlans: [goldPlan()] }, "staff:1", new Date(JUNE + 2 * DAY_MS));
    await arrive(onDay(3, { name: "#B" }));
    expect(await earnings()).toEqual({ "#A": { order: 250 }, "#B": { order: 100, tier: 50 } });
    expect(await summaries()).toHaveLength(2);
    await expectRecomputed();
  });

  it("nothing is kept or read of other orders while no rule looks at them", async () => {
    const reads = async (facts: OrderFacts): Promise<number> => {
      let statements = 0;
      await inShop(shopId, async (tx) => {
        const { orderId } = await recordOrder(tx, facts, "payload", NOW);
        const counting: typeof tx = Object.create(tx, {
          query: {
            value: (text: string, values?: unknown[]) => {
              statements += 1;
              return tx.query(text, values);
            },
          },
        }) as typeof tx;
        await settleOrder(counting, orderId, NOW);
      });
      return statements;
    };
    await program();
    await reads(onDay(1, { customerId: null }));
    const plain = await reads(onDay(1, { customerId: (await createTestMember(shopId)).customerGid }));
    await program({ campaigns: [campaign()] }, new Date(START.getTime() + DAY_MS));
    await reads(onDay(1, { customerId: null }));
    expect(await reads(onDay(1, { customerId: (await createTestMember(shopId)).customerGid }))).toBe(plain);
    await arrive(onDay(1, { name: "#A" }));
    await arrive(onDay(2, { name: "#B" }));
    expect(await summaries()).toEqual([]);
    expect(await earnings()).toMatchObject({
      "#A": { "campaign:sale": 100, order: 100 },
      "#B": { "campaign:sale": 100, order: 100 },
    });
  });
});

describe("B13 campaigns with a cap per member", () => {
  const capped = campaign({ caps: { perOrder: null, perMember: 150, budget: null } });

  it("are filled by processed_at, and a refund makes room for later orders", async () => {
    await program({ campaigns: [capped] });
    const first = onDay(1, { name: "#A" });
    await arrive(onDay(2, { name: "#B" }));
    await arrive(first);
    await arrive(onDay(3, { name: "#C" }));
    expect(await earnings()).toEqual({
      "#A": { "campaign:sale": 100, order: 100 },
      "#B": { "campaign:sale": 50, order: 100 },
      "#C": { order: 100 },
    });
    await arrive(later(first, { refunds: [refundFacts({ unallocatedMinor: 8_000 })] }));
    expect(await earnings()).toEqual({
      "#A": { "campaign:sale": 20, order: 20 },
      "#B": { "campaign:sale": 100, order: 100 },
      "#C": { "campaign:sale": 30, order: 100 },
    });
    await expectRecomputed();
  });

  it("an order keeps the version of its day: the same refund a month and two versions later ends the same", async () => {
    await program({ campaigns: [capped] });
    const first = onDay(1, { name: "#A" });
    await arrive(first);
    await arrive(onDay(2, { name: "#B" }));
    await saveProgram(shopId, { campaigns: [] }, "staff:1", new Date(JUNE + 10 * DAY_MS));
    await saveProgram(shopId, { rate: { points: 5, perMinor: 100 } }, "staff:1", new Date(JUNE + 20 * DAY_MS));
    await arrive(later(first, { refunds: [refundFacts({ unallocatedMinor: 8_000 })] }));
    expect(await earnings()).toEqual({
      "#A": { "campaign:sale": 20, order: 20 },
      "#B": { "campaign:sale": 100, order: 100 },
    });
    await expectRecomputed();
  });
});

// ─── Whatever happens, in whatever order ────────────────────────────────────────────────────────────

interface Step {
  order: number;
  kept: number;
  isCancelled: boolean;
}
const history = fc.record({
  orders: fc.array(fc.record({ day: fc.nat(25), amount: fc.integer({ min: 1, max: 30 }), isTea: fc.boolean() }), {
    minLength: 2,
    maxLength: 6,
  }),
  steps: fc.array(fc.record({ order: fc.nat(5), kept: fc.nat(30), isCancelled: fc.boolean() }), { maxLength: 5 }),
  seed: fc.nat(),
});
const everything: Partial<EarningRules> = {
  caps: { perOrder: null, perDay: 400 },
  firstOrderBonus: { points: 77, onRefund: "proportional" },
  tierPlans: [goldPlan()],
  ways: [
    second,
    { ...second, id: "third", n: 3, repeat: "every", points: 30 },
    {
      id: "tea",
      kind: "product_bonus",
      enabled: true,
      points: 9,
      holdDays: 0,
      products: { ...NO_PRODUCTS, productIds: [TEA] },
      per: "order",
      unitsMax: null,
      onRefund: "proportional",
    },
    { id: "big", kind: "spend_threshold", enabled: true, points: 40, holdDays: 0, thresholdMinor: 20_000 },
  ],
  campaigns: [
    campaign({ caps: { perOrder: null, perMember: 250, budget: null } }),
    campaign({
      id: "golden",
      audience: { tierIds: ["gold"], tags: [], channels: [], orders: "any" },
      priority: 60,
      effect: { kind: "multiplier", percent: 150 },
    }),
    campaign({
      id: "again",
      audience: { tierIds: [], tags: [], channels: [], orders: "repeat" },
      stacking: "adds",
      effect: { kind: "bonus", points: 25, onRefund: "until_nothing_kept" },
    }),
  ],
};

function shuffled<T>(items: T[], seed: number): T[] {
  return items
    .map((item, index) => ({ item, key: Math.imul(seed + index + 1, 2_654_435_761) >>> 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
/** All states that each order goes through, newest last. */
function statesOf(
  orders: { day: number; amount: number; isTea: boolean }[],
  steps: Step[],
  customerId: string,
): OrderFacts[][] {
  return orders.map(({ day, amount, isTea }, index) => {
    const states = [
      orderFacts({
        orderId: newGid("Order"),
        name: `#${index}`,
        customerId,
        processedAt: new Date(JUNE + day * DAY_MS + index * 1_000).toISOString(),
        lines: [orderLine({ amountMinor: amount * 1_000, productId: isTea ? TEA : null })],
      }),
    ];
    for (const { order, kept, isCancelled } of steps.filter(({ order: which }) => which % orders.length === index)) {
      const before = states.at(-1);
      if (!before) break;
      const back = Math.max(0, amount - kept - order) * 100;
      const refund = refundFacts({
        unallocatedMinor: back,
        createdAt: new Date(JUNE + (day + 1) * DAY_MS).toISOString(),
      });
      states.push(
        later(before, {
          refunds: [...before.refunds, refund],
          ...(isCancelled && kept % 4 === 0 ? { cancelledAt: new Date(JUNE + (day + 2) * DAY_MS).toISOString() } : {}),
        }),
      );
    }
    return states;
  });
}

describe("order independence", () => {
  it("orders of one member that settle at the same moment neither block nor miss each other", async () => {
    await program(everything);
    const all = Array.from({ length: 16 }, (_, index) => onDay(index % 5, { name: `#${index}`, amountMinor: 3_000 }));
    await Promise.all(shuffled([...all, ...all], 7).map((facts) => arrive(facts)));
    await expectRecomputed();
    const cancelled = all.map((facts, index) =>
      index % 3 === 0 ? later(facts, { cancelledAt: NOW.toISOString() }) : facts,
    );
    await Promise.all(cancelled.map((facts) => arrive(facts)));
    await expectRecomputed();
  });

  it(
    "B13 deliveries in any order, twice or together end where the newest states end",
    { timeout: 240_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(history, async ({ orders, steps, seed }) => {
          const results: unknown[] = [];
          const ids = new Map<string, string>();
          for (const how of ["in order", "shuffled, twice", "newest only, together"] as const) {
            shopId = await createTestShop();
            member = await createTestMember(shopId);
            await program(everything);
            const states = statesOf(orders, steps, member.customerGid);
            states.flat().forEach(({ orderId, name }) => ids.set(orderId, name));
            if (how === "newest only, together") {
              await inShop(shopId, async (tx) => {
                const recorded: number[] = [];
                for (const each of shuffled(states, seed)) {
                  const newest = each.at(-1);
                  if (newest) recorded.push((await recordOrder(tx, newest, "payload", NOW)).orderId);
                }
                await settleOrders(tx, recorded, NOW);
              });
            } else {
              const all = states.flat();
              const deliveries = how === "in order" ? all : shuffled([...all, ...all], seed);
              for (const facts of deliveries) await arrive(facts);
            }
            const entries = await countEntries(database.owner());
            for (const newest of states.flatMap((each) => each.at(-1) ?? [])) await arrive(newest);
            expect(await countEntries(database.owner()), "a replay posts nothing").toBe(entries);
            const { available, pending, debt } = await balanceOf(shopId, member.customerGid);
            results.push({ earned: await earnings(), available, pending, debt });
          }
          expect(results[1]).toEqual(results[0]);
          expect(results[2]).toEqual(results[0]);
        }),
        { numRuns: 12 },
      );
      await expectRecomputed();
    },
  );
});
