// A campaign's budget, its cost before it is saved, and what points paid for.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { closeSpentCampaigns } from "../../../app/loyalty/campaigns/close-spent-campaigns.server";
import { previewCampaignCost } from "../../../app/loyalty/campaigns/preview-cost.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { readHistory } from "../../../app/loyalty/member-history.server";
import { readProgram, saveProgram } from "../../../app/loyalty/program.server";
import { explain } from "../../../app/loyalty/reasons";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { settleOrder, type SettleOutcome } from "../../../app/loyalty/settle-order.server";
import { simulateProgram } from "../../../app/loyalty/simulate-program.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { campaign, goldPlan, NO_PRODUCTS, TEA } from "../../builders/campaigns";
import { balanceOf, createTestMember, type TestMember } from "../../builders/member";
import { DAY_MS, later, orderFacts, orderLine, refundFacts, refundOfLine } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { expectLedgerAddsUp } from "./ledger-invariants";

const database = useTestDatabase();
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const START = new Date("2025-12-01T00:00:00Z");
const NOW = new Date("2026-06-20T00:00:00Z");

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
const arrive = (facts: OrderFacts, now = NOW): Promise<SettleOutcome> =>
  inShop(shopId, async (tx) => {
    const { orderId } = await recordOrder(tx, facts, "payload", now);
    return settleOrder(tx, orderId, now);
  });
const write = (text: string, values: unknown[]) => inShop(shopId, (tx) => tx.query(text, values));
const daysBefore = (days: number) => new Date(NOW.getTime() - days * DAY_MS).toISOString();

describe("a budget", () => {
  const limited = campaign({ caps: { perOrder: null, perMember: null, budget: 250 } });

  it("B13 switches the campaign off by a new version; what came before keeps its version", async () => {
    await program({ campaigns: [limited, campaign({ id: "other", priority: 10 })] });
    await arrive(mine({ amountMinor: 20_000 }));
    expect(await closeSpentCampaigns(shopId, NOW)).toEqual({ closed: [] });
    const second = mine({ amountMinor: 20_000 });
    await arrive(second);
    // What is in flight may overshoot the budget.
    expect(await closeSpentCampaigns(shopId, NOW)).toEqual({ closed: ["sale"] });
    expect(await closeSpentCampaigns(shopId, NOW)).toEqual({ closed: [] });
    const { version, rules } = await readProgram(shopId);
    expect(version).toBe(2);
    expect(rules.campaigns.map(({ id, enabled }) => [id, enabled])).toEqual([
      ["sale", false],
      ["other", true],
    ]);
    const [row] = await queryShop<{ actor: string }>(
      shopId,
      "SELECT actor FROM program_version WHERE shop_id = $1 AND version = 2",
      [shopId],
    );
    expect(row?.actor).toBe("system");
    // The refund of an order of before is judged by the version of before.
    await arrive(later(second, { refunds: [refundFacts({ unallocatedMinor: 10_000 })] }));
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 200 + 200 + 100 + 100 });
    await expectLedgerAddsUp(database.owner());
  });

  it("is nobody's concern before the window, after it, or without a program", async () => {
    expect(await closeSpentCampaigns(shopId, NOW)).toEqual({ closed: [] });
    await program({ campaigns: [limited] });
    await arrive(mine({ amountMinor: 200_000 }));
    expect(await closeSpentCampaigns(shopId, new Date("2026-07-01T00:00:00Z"))).toEqual({ closed: [] });
  });
});

describe("the reasons a shopper reads", () => {
  it("name the campaign, its factor and what a refund left of it", async () => {
    const line = orderLine({ quantity: 2, amountMinor: 20_000 });
    await program({ campaigns: [campaign({ caps: { perOrder: 150, perMember: null, budget: null } })] });
    const facts = mine({ lines: [line] });
    await arrive(facts);
    await arrive(later(facts, { refunds: [refundOfLine(line, 1, 10_000)] }));
    const { items } = await readHistory(shopId, member.memberId);
    const sentences = (locale: "en" | "ja") =>
      items.map(({ reason, params }) => explain(reason, params, locale)).toReversed();
    expect(sentences("en")).toEqual([
      "200 points: ¥20,000 × 1 per ¥100, rounded down",
      "150 points: June fair, points ×2, limited to 150 points per order",
      "100 points taken back: ¥10,000 was refunded, so this order earns 100 points",
      "50 points taken back: ¥10,000 was refunded, so this bonus is now 100 points",
    ]);
    expect(sentences("ja")).toEqual([
      "200ポイント：¥20,000 × 100円ごとに1ポイント（端数切り捨て）",
      "150ポイント：6月のフェア、ポイント2倍（1注文の上限150ポイント）",
      "100ポイントの取り消し：¥10,000の返金により、この注文は100ポイントになりました",
      "50ポイントの取り消し：¥10,000の返金により、このボーナスは100ポイントになりました",
    ]);
  });
});

describe("the cost before it is saved", () => {
  it("is the difference the campaign would have made in the same days just before now", async () => {
    await program();
    await arrive(mine({ processedAt: daysBefore(2), amountMinor: 10_000 }));
    await arrive(mine({ processedAt: daysBefore(6), lines: [orderLine({ productId: TEA, amountMinor: 5_000 })] }));
    await arrive(mine({ processedAt: daysBefore(40), amountMinor: 90_000 }));
    const next = { from: "2026-08-01T00:00:00.000Z", until: "2026-08-08T00:00:00.000Z" };
    expect(await previewCampaignCost(shopId, campaign(next), NOW)).toEqual({
      days: 7,
      pastDays: 7,
      orders: 2,
      replayed: 2,
      points: 150,
      liability: null,
    });
    const products = { include: { ...NO_PRODUCTS, productIds: [TEA] }, exclude: NO_PRODUCTS };
    expect(await previewCampaignCost(shopId, campaign({ ...next, products }), NOW)).toMatchObject({ points: 50 });
    const caps = { perOrder: null, perMember: null, budget: 120 };
    expect(await previewCampaignCost(shopId, campaign({ ...next, caps }), NOW)).toMatchObject({ points: 120 });
    // Longer than the past that is looked at: in proportion.
    const long = {
      from: "2026-08-01T00:00:00.000Z",
      until: new Date(Date.parse("2026-08-01") + 180 * DAY_MS).toISOString(),
    };
    expect(await previewCampaignCost(shopId, campaign(long), NOW)).toMatchObject({ pastDays: 90, points: 2 * 1_050 });
    expect((await readProgram(shopId)).version).toBe(1);
  });

  it("sees what already runs beside it, ranks and tiers of older orders", async () => {
    const next = { from: "2026-08-01T00:00:00.000Z", until: "2026-08-08T00:00:00.000Z" };
    await program({ campaigns: [campaign({ id: "strong", ...next, priority: 90 })], tierPlans: [goldPlan()] });
    await arrive(mine({ processedAt: daysBefore(30), amountMinor: 25_000 }));
    await arrive(mine({ processedAt: daysBefore(2), amountMinor: 10_000 }));
    expect(await previewCampaignCost(shopId, campaign(next), NOW)).toMatchObject({ points: 0 });
    const adds = campaign({ ...next, stacking: "adds" });
    expect(await previewCampaignCost(shopId, adds, NOW)).toMatchObject({ points: 100 });
    const audience = { tierIds: ["gold"], tags: [], channels: [], orders: "repeat" as const };
    expect(await previewCampaignCost(shopId, { ...adds, audience }, NOW)).toMatchObject({ points: 100 });
    const first = { ...audience, orders: "first" as const };
    expect(await previewCampaignCost(shopId, { ...adds, audience: first }, NOW)).toMatchObject({ points: 0 });
  });

  it("of changed rules is told in points, and in money once a reward says what a point is worth", async () => {
    await program();
    await arrive(mine({ processedAt: daysBefore(2), amountMinor: 10_000 }));
    await arrive(mine({ processedAt: daysBefore(100), amountMinor: 10_000 }));
    const changes = { rate: { points: 3, perMinor: 100 } };
    expect(await simulateProgram(shopId, changes, NOW)).toEqual({
      outcome: "simulated",
      from: new Date(NOW.getTime() - 90 * DAY_MS).toISOString(),
      days: 90,
      orders: 1,
      replayed: 1,
      pointsNow: 100,
      pointsThen: 300,
      liability: null,
      members: { looked: 1, more: 1, fewer: 0, tierUp: 0, tierDown: 0 },
    });
    const terms = {
      kind: "amount_off",
      perMemberLimit: null,
      tierIds: [],
      from: null,
      until: null,
      validDays: 30,
      minimumOrderMinor: null,
      combinesWith: { order: false, product: false, shipping: true },
      valueMinor: 500,
      appliesTo: null,
      worthMore: "limit",
    };
    await write(
      `INSERT INTO reward (shop_id, kind, status, points, terms, texts, created_at, updated_at, actor)
       VALUES ($1, 'amount_off', 'active', 250, $2, '{}', $3, $3, 'staff:1')`,
      [shopId, JSON.stringify(terms), NOW],
    );
    expect(await simulateProgram(shopId, changes, NOW)).toMatchObject({ liability: { minor: 400, currency: "JPY" } });
    expect(await simulateProgram(shopId, { rate: { points: 0, perMinor: 1 } }, NOW)).toMatchObject({
      outcome: "invalid",
      problems: [{ field: "rate.points", code: "too_small" }],
    });
    expect((await readProgram(shopId)).version).toBe(1);
  });
});

describe("a trial of changed rules", () => {
  it("says who would gain and who would lose, points and tiers, of the newest orders where there are many", async () => {
    await program({ tierPlans: [goldPlan()] });
    const TAKEN = "wholesale";
    const [other, third] = [await createTestMember(shopId), await createTestMember(shopId)];
    await arrive(mine({ processedAt: daysBefore(20), amountMinor: 10_000 }));
    await arrive(mine({ processedAt: daysBefore(10), amountMinor: 25_000, customerId: other.customerGid }));
    await arrive(
      mine({ processedAt: daysBefore(5), amountMinor: 25_000, customerId: third.customerGid, customerTags: [TAKEN] }),
    );
    // More for everybody, nothing for one: whoever is excluded no longer qualifies either.
    const changes = {
      rate: { points: 2, perMinor: 100 },
      participation: {
        ...defaultEarningRules({ currency: "JPY", taxesIncluded: true }).participation,
        excludeTags: [TAKEN],
      },
    };
    expect(await simulateProgram(shopId, changes, NOW)).toMatchObject({
      orders: 3,
      replayed: 3,
      pointsNow: 600,
      pointsThen: 700,
      members: { looked: 3, more: 2, fewer: 1, tierUp: 0, tierDown: 1 },
    });
    expect(await simulateProgram(shopId, changes, NOW, 2)).toMatchObject({
      from: daysBefore(10),
      orders: 3,
      replayed: 2,
      pointsNow: 500,
      pointsThen: 500,
      members: { looked: 2, more: 1, fewer: 1 },
    });
  });
});

describe("codes bought with points", () => {
  async function redemption(code: string): Promise<void> {
    await write(
      `WITH reward AS (
         INSERT INTO reward (shop_id, kind, status, points, terms, texts, created_at, updated_at, actor)
         VALUES ($1, 'amount_off', 'active', 100, '{}', '{}', $2, $2, 'staff:1') RETURNING id)
       INSERT INTO redemption (shop_id, member_id, reward_id, kind, request_key, request_hash, points, currency, code, terms, texts, status,
                               reserved_at, actor)
       SELECT $1, $3, id, 'amount_off', $4, '', 100, 'JPY', $4, '{}', '{}', 'issued', $2, 'shopper' FROM reward`,
      [shopId, NOW, member.memberId, code],
    );
  }
  const line = () => orderLine({ amountMinor: 10_000, discountMinor: 3_000 });
  const codes = [
    { code: "kz-abcd", amountMinor: 2_000 },
    { code: "SPRING", amountMinor: 1_000 },
  ];

  it("C08 each order that used one makes its redemption due, again with every newer state", async () => {
    await program();
    await redemption("KZ-ABCD");
    const due = async () => {
      const [row] = await queryShop<{ due: boolean; uses: number }>(
        shopId,
        `SELECT next_attempt IS NOT NULL AS due, (SELECT count(*)::int FROM code_use u WHERE u.shop_id = r.shop_id AND u.code = r.code) AS uses
           FROM redemption r WHERE r.shop_id = $1`,
        [shopId],
      );
      return row;
    };
    const facts = mine({ lines: [line()], discountCodes: codes });
    expect(await due()).toEqual({ due: false, uses: 0 });
    await arrive(facts);
    expect(await due()).toEqual({ due: true, uses: 1 });
    await write("UPDATE redemption SET next_attempt = NULL WHERE shop_id = $1", [shopId]);
    await arrive(later(facts, { cancelledAt: NOW.toISOString() }));
    expect(await due()).toEqual({ due: true, uses: 1 });
  });

  it("earn nothing unless the program says so; other codes are discounts like any", async () => {
    await redemption("KZ-ABCD");
    await program();
    await arrive(mine({ processedAt: daysBefore(20), lines: [line()], discountCodes: codes }));
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 70 });
    await program({ base: { ...yen.base, includePaidWithPoints: true } }, new Date(daysBefore(10)));
    await arrive(mine({ processedAt: daysBefore(5), lines: [line()], discountCodes: codes }));
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 70 + 90 });
    await expectLedgerAddsUp(database.owner());
  });
});
