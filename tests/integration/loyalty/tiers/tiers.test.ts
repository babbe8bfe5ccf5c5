// Tiers over the database: orders raise members, the calendar lowers them, staff may decide otherwise, and the
// audit makes every tier again.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../../app/db.server";
import { defaultEarningRules } from "../../../../app/loyalty/earning-rules";
import { mergeMembers } from "../../../../app/loyalty/merge-members.server";
import type { TierPlan } from "../../../../app/loyalty/program-parts";
import { saveProgram } from "../../../../app/loyalty/program.server";
import { recordOrder } from "../../../../app/loyalty/record-order.server";
import { settleOrder } from "../../../../app/loyalty/settle-order.server";
import { previewTierPlan } from "../../../../app/loyalty/tiers/preview-tier-plan.server";
import { readMemberTier, readTierOverview } from "../../../../app/loyalty/tiers/read-tiers.server";
import { reviewMembers, reviewTiers } from "../../../../app/loyalty/tiers/review-tiers.server";
import { endTierOverride, setTierOverride } from "../../../../app/loyalty/tiers/tier-overrides.server";
import { runAudit } from "../../../../app/operator/audit.server";
import type { OrderFacts } from "../../../../app/shopify/order-facts";
import { balanceOf, createTestMember, type TestMember } from "../../../builders/member";
import { later, orderFacts, refundFacts } from "../../../builders/order-facts";
import { createTestShop } from "../../../builders/shop";
import { useTestDatabase } from "../../../setup/postgres";

const database = useTestDatabase();
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });

const tier = (id: string, threshold: number, rest: Partial<TierPlan["tiers"][number]> = {}) => ({
  id,
  name: { en: id, ja: id },
  threshold,
  multiplierPercent: 100,
  entryPoints: null,
  perks: [],
  color: null,
  ...rest,
});
const LADDER = [
  tier("member", 0),
  tier("silver", 10_000),
  tier("gold", 50_000, { entryPoints: 500, multiplierPercent: 200 }),
];
const yearly = (fields: Partial<TierPlan> = {}): TierPlan => ({
  effectiveAt: "2025-12-31T15:00:00.000Z",
  enabled: true,
  metric: "spend",
  window: { kind: "calendar_year", startMonth: 1 },
  graceDays: 0,
  grandfather: false,
  tiers: LADDER,
  ...fields,
});

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  shopId = await createTestShop();
  member = await createTestMember(shopId, {}, new Date("2025-11-01T00:00:00Z"));
});
const program = (tierPlans: TierPlan[], at = new Date("2025-12-31T15:00:00Z")) =>
  saveProgram(shopId, { ...yen, tierPlans }, "staff:1", at);
const order = (processedAt: string, amountMinor: number, who = member) =>
  orderFacts({ customerId: who.customerGid, processedAt, amountMinor });
const arrive = (facts: OrderFacts, now = new Date(facts.sourceUpdatedAt)) =>
  inShop(shopId, async (tx) => {
    const { orderId } = await recordOrder(tx, facts, "payload", now);
    return settleOrder(tx, orderId, now);
  });
interface TierRow {
  [column: string]: unknown;
  tierId: string | null;
  current: number | null;
  until: Date | null;
  reviewAt: Date | null;
  isToPublish: boolean;
}
async function tierOf(who = member): Promise<TierRow> {
  const [row] = await queryShop<TierRow>(
    shopId,
    `SELECT tier_id AS "tierId", (tier_progress ->> 'current')::int AS current, tier_until AS until, tier_review_at AS "reviewAt", balance_seq > published_seq AS "isToPublish"
       FROM member WHERE shop_id = $1 AND customer_gid = $2`,
    [shopId, who.customerGid],
  );
  if (!row) throw new Error("no such member");
  return row;
}
const events = () =>
  queryShop<{ key: string; params: Record<string, unknown> }>(
    shopId,
    "SELECT key, params FROM loyalty_event WHERE shop_id = $1 AND kind = 'tier_changed' ORDER BY id",
    [shopId],
  );
async function expectTiersAddUp(): Promise<void> {
  const { invariants } = await runAudit(database.ownerUrl());
  expect(invariants.filter(({ violations }) => violations > 0)).toEqual([]);
}

describe("tiers", () => {
  it("are reached with the order that pays for them, and the storefront is to hear of it", async () => {
    await program([yearly()]);
    await reviewTiers(shopId, new Date("2026-01-01T00:00:00Z"));
    expect(await tierOf()).toMatchObject({ tierId: "member", until: null });
    await arrive(order("2026-03-01T03:00:00.000Z", 12_000));
    expect(await tierOf()).toMatchObject({
      tierId: "silver",
      until: new Date("2026-12-31T15:00:00Z"),
      isToPublish: true,
    });
    expect(await events()).toMatchObject([{ params: { fromTierId: "member", toTierId: "silver" } }]);
    // Somebody new is given the tier that everybody holds.
    const newcomer = await createTestMember(shopId, {}, new Date("2026-03-02T00:00:00Z"));
    await reviewTiers(shopId, new Date("2026-03-02T00:00:00Z"));
    expect(await tierOf(newcomer)).toMatchObject({ tierId: "member" });
    await expectTiersAddUp();
  });

  it("C14 tier up then refund: the tier stays to the end of its year, what it gave stays, and one e-mail a day goes out", async () => {
    await program([yearly()]);
    const facts = order("2026-03-01T03:00:00.000Z", 60_000);
    await arrive(facts);
    const now = new Date("2026-03-01T04:00:00Z");
    expect(await reviewTiers(shopId, now)).toMatchObject({ entries: 1 });
    expect(await tierOf()).toMatchObject({ tierId: "gold" });
    const returned = later(
      facts,
      {
        financialStatus: "refunded",
        refunds: [refundFacts({ createdAt: "2026-03-02T03:00:00.000Z", unallocatedMinor: 60_000 })],
      },
      1_500,
    );
    await arrive(returned);
    expect(await tierOf()).toMatchObject({ tierId: "gold", until: new Date("2026-12-31T15:00:00Z") });
    // The order's points went back; the reward for reaching the tier is theirs.
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 500, debt: 0 });
    await expectTiersAddUp();

    // The year ends: nothing was kept of it. Reached again the same day, and lost again: told once each way.
    const midnight = new Date("2026-12-31T15:00:00Z");
    await reviewTiers(shopId, new Date(midnight.getTime() - 1));
    expect(await tierOf()).toMatchObject({ tierId: "gold" });
    await reviewTiers(shopId, midnight);
    expect(await tierOf()).toMatchObject({ tierId: "member" });
    await arrive(order("2026-12-31T16:00:00.000Z", 70_000));
    expect(await reviewTiers(shopId, new Date("2026-12-31T16:00:00Z"))).toMatchObject({ entries: 0 });
    expect(await tierOf()).toMatchObject({ tierId: "gold" });
    expect((await events()).map(({ params }) => params["toTierId"])).toEqual(["gold", "member", "gold"]);
    await expectTiersAddUp();
  });

  it("a first plan looks at the orders that came before it, tells nobody, and gives each entry reward once", async () => {
    await program([]);
    const others = [await createTestMember(shopId), await createTestMember(shopId)];
    await arrive(order("2026-02-01T03:00:00.000Z", 60_000));
    for (const other of others) await arrive(order("2026-02-02T03:00:00.000Z", 20_000, other));
    const now = new Date("2026-06-01T00:00:00Z");
    const plan = yearly({ effectiveAt: now.toISOString() });
    expect(await previewTierPlan(shopId, plan, now)).toMatchObject({
      outcome: "previewed",
      members: 3,
      up: 3,
      down: 0,
      entryPoints: 500,
      byTier: expect.arrayContaining([
        { from: null, to: "gold", count: 1 },
        { from: null, to: "silver", count: 2 },
      ]) as unknown,
    });
    await program([plan], now);
    const isDue = async () => {
      const { rows } = await routerPool().query("SELECT FROM due_shops($1) WHERE shop_id = $2 AND work = 'tier'", [
        now,
        shopId,
      ]);
      return rows.length === 1;
    };
    expect(await isDue()).toBe(true);
    expect(await reviewTiers(shopId, now)).toEqual({ reviewed: 3, changed: 3, entries: 1 });
    expect(await isDue()).toBe(false);
    expect(await reviewTiers(shopId, now)).toEqual({ reviewed: 0, changed: 0, entries: 0 });
    expect((await readTierOverview(shopId, now)).heads).toEqual({ gold: 1, silver: 2 });
    expect(await events()).toEqual([]);
    expect((await balanceOf(shopId, member.customerGid)).available).toBe(1_100);
    await expectTiersAddUp();
  });

  it("a plan that begins later moves people on its date, and a grandfathered one at the end of their period", async () => {
    await program([yearly()]);
    await arrive(order("2026-03-01T03:00:00.000Z", 12_000));
    const now = new Date("2026-06-01T00:00:00Z");
    const date = "2026-07-31T15:00:00.000Z";
    const harder = yearly({ effectiveAt: date, tiers: [tier("member", 0), tier("silver", 100_000)] });
    expect(await previewTierPlan(shopId, harder, now)).toMatchObject({
      up: 0,
      down: 1,
      movers: [{ from: "silver", to: "member" }],
    });
    await program([yearly(), { ...harder, grandfather: true }], now);
    await reviewTiers(shopId, now);
    await reviewTiers(shopId, new Date(date));
    expect(await tierOf()).toMatchObject({ tierId: "silver", until: new Date("2026-12-31T15:00:00Z") });
    await reviewTiers(shopId, new Date("2026-12-31T15:00:00Z"));
    expect(await tierOf()).toMatchObject({ tierId: "member" });
    await expectTiersAddUp();
  });

  it("a plan that has begun cannot be changed, whoever saves it", async () => {
    await program([yearly()]);
    const later = new Date("2026-02-01T00:00:00Z");
    const changed = await program([yearly({ graceDays: 30 })], later);
    expect(changed).toEqual({ outcome: "invalid", problems: [{ field: "tierPlans", code: "plan_in_force" }] });
    const coming = yearly({ effectiveAt: "2026-05-01T00:00:00.000Z", graceDays: 5 });
    expect(await program([yearly(), coming], later)).toMatchObject({ outcome: "saved" });
    expect(await program([yearly()], later)).toMatchObject({ outcome: "saved" });
    expect(await previewTierPlan(shopId, yearly(), later)).toEqual({ outcome: "in_past" });
  });

  it("set by hand: wins until its date or until somebody ends it, and then what was earned is back", async () => {
    await program([yearly()]);
    const now = new Date("2026-02-01T00:00:00Z");
    await reviewTiers(shopId, now);
    const request = { memberId: member.memberId, tierId: "gold", until: "2026-02-28T15:00:00.000Z", actor: "staff:7" };
    expect(await setTierOverride(shopId, { ...request, tierId: "emerald" }, now)).toEqual({ outcome: "unknown_tier" });
    expect(await setTierOverride(shopId, { ...request, until: "2026-01-01T00:00:00.000Z" }, now)).toEqual({
      outcome: "ends_in_past",
    });
    expect(await setTierOverride(shopId, request, now)).toEqual({ outcome: "set" });
    expect(await readMemberTier(shopId, member.memberId, now)).toMatchObject({
      tierId: "gold",
      override: { tierId: "gold", actor: "staff:7" },
      changes: [{ from: "member", to: "gold", cause: "override" }, { to: "member" }],
    });
    await arrive(order("2026-02-10T00:00:00.000Z", 12_000));
    expect(await tierOf()).toMatchObject({ tierId: "gold" });
    await expectTiersAddUp();
    await reviewTiers(shopId, new Date("2026-02-28T15:00:00Z"));
    expect(await tierOf()).toMatchObject({ tierId: "silver" });
    await setTierOverride(shopId, { ...request, until: null }, new Date("2026-03-05T00:00:00Z"));
    expect(await tierOf()).toMatchObject({ tierId: "gold", until: null });
    const end = new Date("2026-03-06T00:00:00Z");
    expect(await endTierOverride(shopId, member.memberId, end)).toEqual({ outcome: "ended" });
    expect(await endTierOverride(shopId, member.memberId, end)).toEqual({ outcome: "nothing_to_end" });
    expect(await tierOf()).toMatchObject({ tierId: "silver" });
    await expectTiersAddUp();
  });

  it("an order dated ahead of our clock counts at once, and one of another day when its day comes", async () => {
    await program([yearly()]);
    const now = new Date("2026-03-01T03:00:00.000Z");
    await reviewTiers(shopId, now);
    // Shopify's clock is two seconds ahead: nothing would look at the order again.
    const facts = order("2026-03-01T03:00:02.000Z", 12_000);
    await arrive(facts, now);
    expect(await tierOf()).toMatchObject({ tierId: "silver", current: 12_000 });
    const returned = refundFacts({ createdAt: "2026-03-01T03:00:09.000Z", unallocatedMinor: 5_000 });
    await arrive(later(facts, { refunds: [returned] }), new Date("2026-03-01T03:00:08.000Z"));
    expect(await tierOf()).toMatchObject({ tierId: "silver", current: 7_000 });
    await expectTiersAddUp();
    const tomorrow = new Date("2026-03-02T03:00:00.000Z");
    await arrive(order(tomorrow.toISOString(), 60_000), now);
    expect(await tierOf()).toMatchObject({ tierId: "silver", current: 7_000, reviewAt: tomorrow });
    await expectTiersAddUp();
    await reviewTiers(shopId, tomorrow);
    expect(await tierOf()).toMatchObject({ tierId: "gold", current: 67_000 });
    await expectTiersAddUp();
  });

  it("work that began before an order and goes on after it takes nothing back", async () => {
    await program([yearly()]);
    const began = new Date("2026-03-01T03:00:00.000Z");
    await reviewTiers(shopId, began);
    const first = order("2026-02-01T03:00:00.000Z", 2_000);
    await arrive(first, began);
    const second = order("2026-03-01T03:10:00.000Z", 60_000);
    await arrive(second);
    const returned = refundFacts({ createdAt: "2026-03-01T03:11:00.000Z", unallocatedMinor: 1_000 });
    await arrive(later(second, { financialStatus: "partially_refunded", refunds: [returned] }));
    const held = { tierId: "gold", current: 61_000 };
    expect(await tierOf()).toMatchObject(held);
    // A reader of past orders meets the first one again, hours after it noted the time.
    await arrive(later(first, { orderTags: ["packed"], fulfilledAt: "2026-03-01T02:00:00.000Z" }), began);
    expect(await tierOf()).toMatchObject(held);
    await reviewMembers(shopId, [member.memberId], began);
    expect(await tierOf()).toMatchObject(held);
    expect((await events()).map(({ params }) => params["toTierId"])).toEqual(["gold"]);
    // The end of a period is no more undone than an order.
    const midnight = new Date("2026-12-31T15:00:00Z");
    await reviewTiers(shopId, midnight);
    await reviewTiers(shopId, new Date("2027-12-31T15:00:00Z"));
    expect(await tierOf()).toMatchObject({ tierId: "member" });
    await reviewMembers(shopId, [member.memberId], midnight);
    expect(await tierOf()).toMatchObject({ tierId: "member" });
    await expectTiersAddUp();
  });

  it("orders from before the plan that are read in later lift their members and tell nobody", async () => {
    const start = new Date("2026-06-01T00:00:00Z");
    await program([yearly({ effectiveAt: start.toISOString() })], start);
    await reviewTiers(shopId, start);
    expect(await tierOf()).toMatchObject({ tierId: "member" });
    await arrive(order("2026-05-20T03:00:00.000Z", 20_000), new Date("2026-06-01T00:01:00Z"));
    await arrive(order("2026-05-25T03:00:00.000Z", 40_000), new Date("2026-06-01T00:02:00Z"));
    expect(await tierOf()).toMatchObject({ tierId: "gold" });
    expect(await events()).toEqual([]);
    // What happens under the plan is told, and so is another plan.
    const other = await createTestMember(shopId, {}, start);
    await reviewTiers(shopId, start);
    await arrive(order("2026-06-02T03:00:00.000Z", 20_000, other));
    expect((await events()).map(({ params }) => params["toTierId"])).toEqual(["silver"]);
    const next = new Date("2026-07-01T00:00:00Z");
    const harder = yearly({ effectiveAt: next.toISOString(), tiers: [tier("member", 0), tier("silver", 60_000)] });
    await program([yearly({ effectiveAt: start.toISOString() }), harder], next);
    await reviewTiers(shopId, next);
    expect((await events()).map(({ params }) => params["toTierId"])).toEqual(["silver", "silver", "member"]);
    await expectTiersAddUp();
  });

  it("a merge adds up what both bought, and the one who is gone holds nothing", async () => {
    await program([yearly()]);
    const other = await createTestMember(shopId);
    await arrive(order("2026-02-01T03:00:00.000Z", 30_000));
    await arrive(order("2026-02-02T03:00:00.000Z", 25_000, other));
    const now = new Date("2026-02-03T00:00:00Z");
    await inShop(shopId, (tx) => mergeMembers(tx, member.customerGid, other.customerGid, now));
    expect(await tierOf()).toMatchObject({ tierId: "gold" });
    expect(await tierOf(other)).toMatchObject({ tierId: null });
    expect(await reviewTiers(shopId, now)).toMatchObject({ entries: 1 });
    await expectTiersAddUp();
  });

  it("orders use the tier held before them, the one that reaches a tier included", async () => {
    await program([yearly()]);
    await reviewTiers(shopId, new Date("2026-01-01T00:00:00Z"));
    await arrive(order("2026-02-01T03:00:00.000Z", 60_000));
    expect((await balanceOf(shopId, member.customerGid)).available).toBe(600);
    await arrive(order("2026-02-02T03:00:00.000Z", 10_000));
    expect((await balanceOf(shopId, member.customerGid)).available).toBe(800);
    await expectTiersAddUp();
  });

  it("I16 finds a tier that nothing explains", async () => {
    await program([yearly()]);
    await reviewTiers(shopId, new Date("2026-01-01T00:00:00Z"));
    await arrive(order("2026-02-01T03:00:00.000Z", 60_000));
    await expectTiersAddUp();
    await database
      .owner()
      .query("UPDATE member SET tier_id = 'silver' WHERE shop_id = $1 AND id = $2", [shopId, member.memberId]);
    const { invariants } = await runAudit(database.ownerUrl());
    expect(invariants.filter(({ violations }) => violations > 0).map(({ id }) => id)).toEqual(["I16"]);
    await database
      .owner()
      .query("UPDATE member SET tier_id = 'gold' WHERE shop_id = $1 AND id = $2", [shopId, member.memberId]);
  });

  it("a thousand members move in one review, and a preview says beforehand how many", async () => {
    await program([yearly()]);
    const many = await inShop(shopId, (tx) =>
      tx.query(
        `INSERT INTO member (shop_id, name, tags, search_grams, first_seen_at)
         SELECT $1, 'm' || n, '{}', '{}', $2 FROM generate_series(1, 3000) n`,
        [shopId, new Date("2026-01-01T00:00:00Z")],
      ),
    );
    expect(many.rowCount).toBe(3_000);
    const now = new Date("2026-03-01T00:00:00Z");
    await reviewTiers(shopId, now);
    expect((await readTierOverview(shopId, now)).heads).toEqual({ member: 3_001 });
    const without = yearly({ effectiveAt: now.toISOString(), tiers: [tier("silver", 10_000)] });
    expect(await previewTierPlan(shopId, without, now)).toMatchObject({
      members: 3_001,
      down: 3_001,
      byTier: [{ from: "member", to: null, count: 3_001 }],
    });
    await program([yearly(), without], now);
    expect(await reviewTiers(shopId, now)).toMatchObject({ changed: 3_001 });
    await expectTiersAddUp();
  });
});
