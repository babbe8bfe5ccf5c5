// Points that end: on the shop's calendar, once, and without ever turning into debt.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { sweepOnce } from "../../../app/jobs/sweep.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { expireDuePoints } from "../../../app/loyalty/expire-due-points.server";
import { readHistory } from "../../../app/loyalty/member-history.server";
import { readMemberPage } from "../../../app/loyalty/member-page.server";
import { mergeMembers } from "../../../app/loyalty/merge-members.server";
import { readGlance } from "../../../app/loyalty/program-glance.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { explain } from "../../../app/loyalty/reasons";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { releaseDuePoints } from "../../../app/loyalty/release-due-points.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import { readShopperBalance } from "../../../app/loyalty/shopper-balance.server";
import type { OrderFacts } from "../../../app/shopify/order-facts";
import { balanceOf, createTestMember, type TestMember } from "../../builders/member";
import { DAY_MS, later, newGid, ORDER_DAY, orderFacts, refundFacts } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { countEntries, expectLedgerAddsUp } from "./ledger-invariants";

const database = useTestDatabase();
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const START = new Date("2026-01-01T00:00:00Z");
const NOW = new Date("2026-06-10T00:00:00Z");
/** The order's day in Tokyo and ten more, to the last moment. */
const END = new Date("2026-06-16T15:00:00Z");
const plus = (instant: Date | string, ms: number) => new Date(new Date(instant).getTime() + ms);

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  shopId = await createTestShop();
  member = await createTestMember(shopId);
});
const program = (change: Partial<EarningRules> = {}) =>
  saveProgram(shopId, { ...yen, expiry: { kind: "after_days", days: 10 }, ...change }, "staff:1", START);
const mine = (fields: Parameters<typeof orderFacts>[0] = {}) =>
  orderFacts({ customerId: member.customerGid, ...fields });
const arrive = (facts: OrderFacts, now = NOW) =>
  inShop(shopId, async (tx) => {
    const { orderId } = await recordOrder(tx, facts, "payload", now);
    return settleOrder(tx, orderId, now);
  });
const refunded = (facts: OrderFacts, minor: number, fields: Parameters<typeof refundFacts>[0] = {}) =>
  later(facts, { refunds: [...facts.refunds, refundFacts({ unallocatedMinor: minor, ...fields })] });
const balance = () => balanceOf(shopId, member.customerGid);
const take = (points: number, now: Date, key = newGid("Test")) =>
  adjustPoints(
    shopId,
    { memberId: member.memberId, points: -points, reason: "adjust_correction", note: null, actor: "staff:1", key },
    now,
  );
// A shop that was never reminded is due to be: not what these tests are about.
const dueWork = async (at: Date) =>
  (
    await routerPool().query<{ work: string }>(
      "SELECT work FROM due_shops($1) WHERE shop_id = $2 AND work <> 'remind' ORDER BY work",
      [at, shopId],
    )
  ).rows.map(({ work }) => work);

describe("expiry", () => {
  it("C10 posts once under two parallel sweeps: not a moment early, nothing on a repeat or with the clock back", async () => {
    await program();
    const facts = mine();
    await arrive(facts);
    expect(await expireDuePoints(shopId, plus(END, -1))).toEqual({ expired: 0 });
    expect(await balance()).toMatchObject({ available: 137, expired: 0 });

    const sweeps = await Promise.all([expireDuePoints(shopId, END), expireDuePoints(shopId, END)]);
    expect(sweeps.map(({ expired }) => expired).sort()).toEqual([0, 1]);
    expect(await expireDuePoints(shopId, plus(END, -3_600_000))).toEqual({ expired: 0 });
    expect(await expireDuePoints(shopId, plus(END, DAY_MS))).toEqual({ expired: 0 });
    expect(await balance()).toMatchObject({ available: 0, expired: 137, revoked: 0, debt: 0 });

    const { items } = await readHistory(shopId, member.memberId);
    expect(items).toMatchObject([
      {
        kind: "expiry",
        from: "available",
        to: "expired",
        points: 137,
        change: -137,
        at: END,
        reason: "points_expired",
        actor: "system",
        order: { orderGid: facts.orderId },
      },
      { kind: "grant" },
    ]);
    const [item] = items;
    expect(item && [explain(item.reason, item.params, "en"), explain(item.reason, item.params, "ja")]).toEqual([
      "137 points expired",
      "137ポイントの有効期限が切れました",
    ]);
    const entries = await queryShop<{ rule: string; version: number; lotId: number; key: string }>(
      shopId,
      `SELECT rule, version, lot_id AS "lotId", key FROM points_entry WHERE shop_id = $1 AND kind = 'expiry'`,
      [shopId],
    );
    const lotId = entries[0]?.lotId;
    expect(entries).toEqual([{ rule: "order", version: 1, lotId, key: `expiry/${lotId}/${END.toISOString()}` }]);
    expect(await readMemberPage(shopId, member.memberId)).toMatchObject({
      balances: { available: 0, expired: 137 },
      lots: [],
      orders: [{ points: 137, state: "available" }],
    });
    expect(await readGlance(shopId, END)).toMatchObject({ issued: 137, removed: 137, liabilityPoints: 0 });
    await expectLedgerAddsUp(database.owner());
  });

  it("C10 catches up after three days, over every member and lot, in one run", async () => {
    await program();
    const others = await Promise.all(Array.from({ length: 6 }, () => createTestMember(shopId)));
    for (const each of [member, ...others])
      for (const days of [0, 1, 9])
        await arrive(
          mine({
            customerId: each.customerGid,
            amountMinor: 10_000,
            processedAt: plus(ORDER_DAY, days * DAY_MS).toISOString(),
          }),
          plus(ORDER_DAY, 9 * DAY_MS),
        );
    expect(await expireDuePoints(shopId, plus(END, 3 * DAY_MS))).toEqual({ expired: 14 });
    for (const each of [member, ...others])
      expect(await balanceOf(shopId, each.customerGid)).toMatchObject({ available: 100, expired: 200 });
    await expectLedgerAddsUp(database.owner());
  });

  it("the sweep asks for it in the same second, the job does it, and the balance is published again", async () => {
    await program();
    await arrive(mine());
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET published_seq = balance_seq WHERE shop_id = $1", [shopId]),
    );
    expect(await dueWork(plus(END, -1))).toEqual([]);
    expect(await dueWork(END)).toEqual(["expire"]);
    // The jobs' clock is the database's, and END is long past there.
    expect((await sweepOnce()).queued).toBeGreaterThan(0);
    const { rows } = await database
      .owner()
      .query("SELECT name FROM pgboss.job WHERE (data->>'shopId')::int = $1 AND name = 'expire-due-points'", [shopId]);
    expect(rows).toHaveLength(1);
    await runJob("expire-due-points", { shopId }, new AbortController().signal);
    expect(await dueWork(END)).toEqual(["publish"]);
    expect(await balance()).toMatchObject({ available: 0, expired: 137 });
  });

  it("what expires next is never what is past already", async () => {
    await program();
    await arrive(mine({ amountMinor: 1_000 }));
    await arrive(mine({ amountMinor: 2_000, processedAt: plus(ORDER_DAY, DAY_MS).toISOString() }));
    const next = async (now: Date) => (await readShopperBalance(shopId, member.customerGid, now))?.nextExpiry;
    expect(await next(NOW)).toEqual({ points: 10, expiresAt: END });
    expect(await next(END)).toEqual({ points: 20, expiresAt: plus(END, DAY_MS) });
    expect(await next(plus(END, DAY_MS))).toBeNull();
  });
});

describe("C12 the shop's calendar", () => {
  const cases: [string, string, string, string][] = [
    // Zone, available at, the first instant after ten more days there, why.
    ["Asia/Tokyo", "2026-06-06T01:00:00.000Z", "2026-06-16T15:00:00.000Z", "no summer time"],
    ["America/New_York", "2026-06-06T01:00:00.000Z", "2026-06-16T04:00:00.000Z", "still 5 June there"],
    ["America/New_York", "2026-02-26T17:00:00.000Z", "2026-03-09T04:00:00.000Z", "the last day has 23 hours"],
    ["America/New_York", "2025-10-23T16:00:00.000Z", "2025-11-03T05:00:00.000Z", "the last day has 25 hours"],
  ];
  it.each(cases)("C12 %s: points of %s expire at %s, %s", async (timeZone, from, until) => {
    shopId = await createTestShop(undefined, { timeZone });
    member = await createTestMember(shopId);
    await saveProgram(
      shopId,
      { ...yen, expiry: { kind: "after_days", days: 10 } },
      "staff:1",
      new Date("2025-01-01T00:00:00Z"),
    );
    await arrive(mine({ processedAt: from }), new Date(from));
    expect(await expireDuePoints(shopId, plus(until, -1))).toEqual({ expired: 0 });
    expect(await expireDuePoints(shopId, new Date(until))).toEqual({ expired: 1 });
    await expectLedgerAddsUp(database.owner());
  });
});

describe("C09 expiry among others", () => {
  it("C09 sweeps, refunds, adjustments and a merge at once: no deadlock, no lot eaten twice, no debt", async () => {
    await program();
    const guests = await Promise.all(Array.from({ length: 5 }, () => createTestMember(shopId)));
    const all = [member, ...guests];
    const orders = all.flatMap(({ customerGid }) =>
      Array.from({ length: 4 }, () => mine({ customerId: customerGid, amountMinor: 10_000 })),
    );
    for (const facts of orders) await arrive(facts);
    const [kept, gone] = [newGid("Customer"), guests[0]?.customerGid ?? ""];
    const results = await Promise.all([
      expireDuePoints(shopId, END),
      ...orders.filter((_, index) => index % 2 === 0).map((facts) => arrive(refunded(facts, 10_000), END)),
      ...Array.from({ length: 4 }, () => take(60, END)),
      expireDuePoints(shopId, END),
      inShop(shopId, (tx) => mergeMembers(tx, kept, gone, END)),
      expireDuePoints(shopId, END),
    ]);
    expect(results).toHaveLength(12 + 6 + 2);
    await expireDuePoints(shopId, END);
    await expectLedgerAddsUp(database.owner());
    for (const { customerGid } of all.slice(2))
      expect(await balanceOf(shopId, customerGid)).toMatchObject({ available: 0, expired: 200, revoked: 200, debt: 0 });
    // An order that was refunded while its member was merged away is told again.
    for (const facts of orders.slice(4, 8)) await arrive(later(refunded(facts, 10_000), {}), END);
    expect(await balanceOf(shopId, kept)).toMatchObject({ available: 0, debt: 0 });
    expect(await balanceOf(shopId, gone)).toMatchObject({ available: 0, expired: 0, debt: 0, status: "merged" });
    await expectLedgerAddsUp(database.owner());
  });
});

describe("a refund after expiry", () => {
  beforeEach(() => program());

  it("takes the order's own expired points and makes no debt, in any number of parts", async () => {
    const facts = mine();
    const soon = plus(ORDER_DAY, 20 * DAY_MS);
    await arrive(facts);
    await expireDuePoints(shopId, END);
    await arrive(mine({ amountMinor: 5_000, processedAt: soon.toISOString() }), soon);
    const part = refunded(facts, 3_780);
    await arrive(part, soon);
    expect(await balance()).toMatchObject({ available: 50, expired: 100, revoked: 37, debt: 0 });
    await arrive(refunded(part, 10_000), soon);
    expect(await balance()).toMatchObject({ available: 50, expired: 0, revoked: 137, debt: 0 });
    // What the shopper reads does not change: those points were gone before.
    const { items } = await readHistory(shopId, member.memberId);
    expect(items.map(({ kind, change }) => [kind, change])).toEqual([
      ["clawback", 0],
      ["clawback", 0],
      ["grant", 50],
      ["expiry", -137],
      ["grant", 137],
    ]);
    expect(await readGlance(shopId, soon)).toMatchObject({ issued: 187, removed: 137 });
    await expectLedgerAddsUp(database.owner());
  });

  it("a refund that comes before the sweep ends the same", async () => {
    const facts = mine();
    await arrive(facts);
    await arrive(refunded(facts, 3_780), plus(END, 1_000));
    expect(await balance()).toMatchObject({ available: 0, expired: 100, revoked: 37, debt: 0 });
    expect(await expireDuePoints(shopId, plus(END, 2_000))).toEqual({ expired: 0 });
    await expectLedgerAddsUp(database.owner());
  });

  it("owes only what was spent before the rest expired", async () => {
    const facts = mine({ amountMinor: 10_000 });
    await arrive(facts);
    await take(60, NOW);
    await expireDuePoints(shopId, END);
    await arrive(refunded(facts, 10_000), plus(END, DAY_MS));
    expect(await balance()).toMatchObject({ available: 0, expired: 0, debt: 60 });
    await expectLedgerAddsUp(database.owner());
  });

  it("B03 one that fails brings the points back where they were: expired", async () => {
    const facts = mine();
    await arrive(facts);
    await expireDuePoints(shopId, END);
    const refund = refundFacts({ unallocatedMinor: 13_780 });
    await arrive(later(facts, { refunds: [refund] }), plus(END, DAY_MS));
    expect(await balance()).toMatchObject({ expired: 0, revoked: 137 });
    await arrive(later(facts, { refunds: [{ ...refund, status: "failure" }] }, 2), plus(END, DAY_MS));
    expect(await balance()).toMatchObject({ available: 0, expired: 137, revoked: 137, debt: 0 });
    const entries = await countEntries(database.owner());
    await arrive(later(facts, { refunds: [{ ...refund, status: "failure" }] }, 3), plus(END, DAY_MS));
    expect(await countEntries(database.owner())).toBe(entries);
    await expectLedgerAddsUp(database.owner());
  });

  it("B09 finds them after a merge, too, and after the order moved to another customer", async () => {
    const kept = newGid("Customer");
    const facts = mine();
    await arrive(facts);
    await expireDuePoints(shopId, END);
    await inShop(shopId, (tx) => mergeMembers(tx, kept, member.customerGid, plus(END, DAY_MS)));
    expect(await balanceOf(shopId, kept)).toMatchObject({ available: 0, expired: 137 });
    expect(await balance()).toMatchObject({ expired: 0, status: "merged" });
    const third = newGid("Customer");
    const moved = later(facts, { customerId: third });
    await arrive(moved, plus(END, DAY_MS));
    expect(await balanceOf(shopId, kept)).toMatchObject({ expired: 0, revoked: 137, debt: 0 });
    expect(await balanceOf(shopId, third)).toMatchObject({ available: 0, expired: 137 });
    await arrive(refunded(moved, 13_780), plus(END, DAY_MS));
    expect(await balanceOf(shopId, third)).toMatchObject({ available: 0, expired: 0, debt: 0 });
    expect(await readGlance(shopId, plus(END, DAY_MS))).toMatchObject({ liabilityPoints: 0, debtPoints: 0 });
    await expectLedgerAddsUp(database.owner());
  });
});

describe("points that are late", () => {
  it("an old order that is brought in is granted and expired in one go", async () => {
    await program();
    const facts = mine();
    const now = new Date("2026-11-20T00:00:00Z");
    expect(await arrive(facts, now)).toEqual({ outcome: "posted", entries: 2 });
    expect(await balance()).toMatchObject({ available: 0, pending: 0, expired: 137, ordersCount: 1 });
    expect(await dueWork(now)).toEqual(["publish"]);
    expect(await arrive(later(facts, {}), now)).toEqual({ outcome: "unchanged" });
    await arrive(refunded(later(facts, {}), 13_780), now);
    expect(await balance()).toMatchObject({ available: 0, expired: 0, revoked: 137, debt: 0 });
    await expectLedgerAddsUp(database.owner());
  });

  it("pending points released after their last day repay what is owed and expire at once", async () => {
    await program({ holdDays: 5, caps: { perOrder: null, perDay: null } });
    const first = mine({ amountMinor: 3_000, processedAt: plus(ORDER_DAY, -20 * DAY_MS).toISOString() });
    await arrive(first, plus(ORDER_DAY, -14 * DAY_MS));
    await take(30, plus(ORDER_DAY, -13 * DAY_MS));
    await arrive(refunded(first, 3_000), plus(ORDER_DAY, -12 * DAY_MS));
    await arrive(mine({ amountMinor: 10_000 }), new Date(ORDER_DAY));
    expect(await balance()).toMatchObject({ pending: 100, debt: 30 });
    const late = plus(ORDER_DAY, 40 * DAY_MS);
    expect(await dueWork(late)).toContain("release");
    expect(await releaseDuePoints(shopId, late)).toEqual({ released: 1 });
    expect(await balance()).toMatchObject({ pending: 0, available: 0, expired: 70, debt: 0 });
    expect(await expireDuePoints(shopId, late)).toEqual({ expired: 0 });
    await expectLedgerAddsUp(database.owner());
  });

  it("a dispute that is won after the last day gives the points back to expire; a hold moves no date", async () => {
    await program();
    const facts = mine();
    await arrive(facts);
    const held = later(facts, { dispute: "open" });
    await arrive(held, NOW);
    expect(await balance()).toMatchObject({ pending: 137, available: 0 });
    expect(await expireDuePoints(shopId, END)).toEqual({ expired: 0 });
    await arrive(later(held, { dispute: "none" }), plus(END, DAY_MS));
    expect(await balance()).toMatchObject({ pending: 0, available: 0, expired: 137, debt: 0 });
    await expectLedgerAddsUp(database.owner());
  });
});
