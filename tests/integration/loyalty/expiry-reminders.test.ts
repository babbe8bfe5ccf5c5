// Reminders, the forecast and the dry run, on real lots.
import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, type ShopId } from "../../../app/db.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { expireDuePoints } from "../../../app/loyalty/expire-due-points.server";
import { dryRunExpiry, forecastExpiry } from "../../../app/loyalty/forecast-expiry.server";
import { mergeMembers } from "../../../app/loyalty/merge-members.server";
import { saveProgram } from "../../../app/loyalty/program.server";
import { recordOrder } from "../../../app/loyalty/record-order.server";
import { remindExpiry } from "../../../app/loyalty/remind-expiry.server";
import { settleOrder } from "../../../app/loyalty/settle-order.server";
import { readShopperBalance } from "../../../app/loyalty/shopper-balance.server";
import { balanceOf, createTestMember, type TestMember } from "../../builders/member";
import { DAY_MS, newGid, orderFacts, refundFacts, later } from "../../builders/order-facts";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { expectLedgerAddsUp } from "./ledger-invariants";

const database = useTestDatabase();
const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const START = new Date("2026-01-01T00:00:00Z");
/** 09:00 in Tokyo on a day. */
const nine = (day: string) => new Date(`${day}T00:00:00Z`);
const hours = (from: Date, count: number) => new Date(from.getTime() + count * 3_600_000);

let shopId: ShopId;
let member: TestMember;
beforeEach(async () => {
  shopId = await createTestShop();
  member = await createTestMember(shopId);
});
const program = (change: Partial<EarningRules> = {}, at = START) =>
  saveProgram(shopId, { ...yen, expiry: { kind: "after_days", days: 60 }, ...change }, "staff:1", at);
const order = (at: Date, amountMinor = 10_000, customerId = member.customerGid) =>
  inShop(shopId, async (tx) => {
    const facts = orderFacts({ customerId, amountMinor, processedAt: at.toISOString() });
    const { orderId } = await recordOrder(tx, facts, "payload", at);
    await settleOrder(tx, orderId, at);
    return facts;
  });
const events = () =>
  queryShop<{ memberId: number; params: { points: number; on: string; daysBefore: number } }>(
    shopId,
    `SELECT member_id AS "memberId", params FROM loyalty_event WHERE kind = 'points_expiring' ORDER BY id`,
  );
const said = async () => (await events()).map(({ params }) => [params.on, params.points, params.daysBefore]);

describe("C10 reminders of points that end", () => {
  it("C10 go out once for each day of the program, grouped by the day of the end", async () => {
    await program();
    await order(new Date("2026-05-01T03:00:00Z"));
    await order(new Date("2026-05-01T09:00:00Z"), 5_000);
    await order(new Date("2026-05-03T03:00:00Z"), 2_000);
    for (let day = 1; day <= 62; day++) await remindExpiry(shopId, hours(nine("2026-05-01"), day * 24));
    expect(await said()).toEqual([
      ["2026-06-30", 150, 30],
      ["2026-07-02", 20, 30],
      ["2026-06-30", 150, 7],
      ["2026-07-02", 20, 7],
    ]);
  });

  it("C10 wait for nine in the morning, and are not repeated with the clock an hour back or by parallel runs", async () => {
    await program();
    await order(new Date("2026-05-01T03:00:00Z"));
    const day = nine("2026-06-01");
    expect(await remindExpiry(shopId, hours(day, -1))).toEqual({ reminded: 0 });
    await Promise.all([remindExpiry(shopId, day), remindExpiry(shopId, day), remindExpiry(shopId, day)]);
    expect(await remindExpiry(shopId, hours(day, 1))).toEqual({ reminded: 0 });
    expect(await remindExpiry(shopId, hours(day, -1))).toEqual({ reminded: 0 });
    await inShop(shopId, (tx) => tx.query("UPDATE shop_profile SET remind_at = NULL WHERE shop_id = $1", [shopId]));
    expect(await remindExpiry(shopId, hours(day, 2))).toEqual({ reminded: 0 });
    expect(await said()).toEqual([["2026-06-30", 100, 30]]);
  });

  it("C10 after three days without a run there is one reminder, not three", async () => {
    await program({ expiryReminders: [30, 7, 5] });
    await order(new Date("2026-05-01T03:00:00Z"));
    await remindExpiry(shopId, nine("2026-05-31"));
    // Down from 22 June; back on the 26th, when both the 7 and the 5 days are passed.
    expect(await remindExpiry(shopId, nine("2026-06-26"))).toEqual({ reminded: 1 });
    expect(await remindExpiry(shopId, nine("2026-06-27"))).toEqual({ reminded: 0 });
    expect(await said()).toEqual([
      ["2026-06-30", 100, 30],
      ["2026-06-30", 100, 5],
    ]);
  });

  it("leave out pending, spent, merged and erased; short-lived points get the last one only", async () => {
    await program({ expiry: { kind: "after_days", days: 20 } });
    const kept = await createTestMember(shopId);
    await order(new Date("2026-05-01T03:00:00Z"));
    await order(new Date("2026-05-01T03:00:00Z"), 10_000, kept.customerGid);
    await adjustPoints(
      shopId,
      {
        memberId: kept.memberId,
        points: -100,
        reason: "adjust_correction",
        note: null,
        actor: "staff:1",
        key: newGid("Test"),
      },
      new Date("2026-05-02T00:00:00Z"),
    );
    await remindExpiry(shopId, nine("2026-05-02"));
    expect(await said()).toEqual([]);
    await inShop(shopId, (tx) =>
      mergeMembers(tx, kept.customerGid, member.customerGid, new Date("2026-05-03T00:00:00Z")),
    );
    await remindExpiry(shopId, nine("2026-05-15"));
    expect(await events()).toEqual([
      { memberId: kept.memberId, params: { on: "2026-05-21", points: 100, daysBefore: 7 } },
    ]);
    await inShop(shopId, (tx) => tx.query("UPDATE member SET status = 'redacted' WHERE shop_id = $1", [shopId]));
    await order(new Date("2026-05-10T03:00:00Z"), 10_000, kept.customerGid);
    await remindExpiry(shopId, nine("2026-05-25"));
    expect(await events()).toHaveLength(1);
  });

  it("say nothing before the first program, and do not come too early on a day of 23 hours", async () => {
    shopId = await createTestShop(undefined, { timeZone: "America/New_York" });
    member = await createTestMember(shopId);
    expect(await remindExpiry(shopId, new Date("2026-03-08T14:00:00Z"))).toEqual({ reminded: 0 });
    await program({ expiryReminders: [1] });
    await order(new Date("2026-01-08T17:00:00Z"));
    // 60 days after 8 January is 9 March; the day before it loses an hour.
    expect(await remindExpiry(shopId, new Date("2026-03-08T12:59:00Z"))).toEqual({ reminded: 0 });
    await inShop(shopId, (tx) => tx.query("UPDATE shop_profile SET remind_at = NULL WHERE shop_id = $1", [shopId]));
    expect(await remindExpiry(shopId, new Date("2026-03-08T12:59:00Z"))).toEqual({ reminded: 0 });
    expect(await remindExpiry(shopId, new Date("2026-03-08T13:00:00Z"))).toEqual({ reminded: 1 });
  });
});

describe("expiry by inactivity", () => {
  const inactive = { expiry: { kind: "after_inactivity", months: 3 } } as const;
  const end = (day: string) => new Date(`${day}T15:00:00Z`);

  it("each order extends every lot, in what shoppers read at once and in the sweep when the old day comes", async () => {
    await program(inactive);
    await order(new Date("2026-02-10T03:00:00Z"));
    await order(new Date("2026-04-20T03:00:00Z"), 5_000);
    const read = async (now: Date) => (await readShopperBalance(shopId, member.customerGid, now))?.nextExpiry;
    expect(await read(new Date("2026-04-21T00:00:00Z"))).toEqual({ points: 150, expiresAt: end("2026-07-20") });
    expect(await expireDuePoints(shopId, end("2026-05-10"))).toEqual({ expired: 0 });
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 150, expired: 0 });
    expect(await read(end("2026-05-10"))).toEqual({ points: 150, expiresAt: end("2026-07-20") });
    expect(await expireDuePoints(shopId, new Date(end("2026-07-20").getTime() - 1))).toEqual({ expired: 0 });
    expect(await expireDuePoints(shopId, end("2026-07-20"))).toEqual({ expired: 2 });
    await expectLedgerAddsUp(database.owner());
  });

  it("an act after the last day brings nothing back, however late the sweep is", async () => {
    await program(inactive);
    await order(new Date("2026-02-10T03:00:00Z"));
    await order(new Date("2026-05-12T03:00:00Z"), 5_000);
    expect(await expireDuePoints(shopId, end("2026-05-13"))).toEqual({ expired: 1 });
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 50, expired: 100 });
    await expectLedgerAddsUp(database.owner());
  });

  it("a refund of one order does not take back the longer life of its points", async () => {
    await program(inactive);
    const first = await order(new Date("2026-02-10T03:00:00Z"));
    await order(new Date("2026-04-20T03:00:00Z"), 5_000);
    await expireDuePoints(shopId, end("2026-05-10"));
    const part = later(first, { refunds: [refundFacts({ unallocatedMinor: 4_000 })] });
    await inShop(shopId, async (tx) => {
      const { orderId } = await recordOrder(tx, part, "payload", end("2026-05-20"));
      await settleOrder(tx, orderId, end("2026-05-20"));
    });
    expect(await expireDuePoints(shopId, end("2026-05-21"))).toEqual({ expired: 0 });
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 110, expired: 0, revoked: 40 });
    expect(await expireDuePoints(shopId, end("2026-07-20"))).toEqual({ expired: 2 });
    await expectLedgerAddsUp(database.owner());
  });

  it("an extended date is published again", async () => {
    await program(inactive);
    await order(new Date("2026-02-10T03:00:00Z"));
    await order(new Date("2026-04-20T03:00:00Z"), 10); // earns nothing, and is an act all the same
    await inShop(shopId, (tx) =>
      tx.query("UPDATE member SET published_seq = balance_seq WHERE shop_id = $1", [shopId]),
    );
    await expireDuePoints(shopId, end("2026-05-10"));
    const [row] = await queryShop<{ due: boolean }>(shopId, "SELECT balance_seq > published_seq AS due FROM member");
    expect(row?.due).toBe(true);
  });

  it("reminders and the forecast use the day that activity has moved", async () => {
    await program(inactive);
    await order(new Date("2026-02-10T03:00:00Z"));
    await order(new Date("2026-04-20T03:00:00Z"), 5_000);
    await remindExpiry(shopId, nine("2026-05-05"));
    expect(await said()).toEqual([]);
    await remindExpiry(shopId, nine("2026-07-14"));
    expect(await said()).toEqual([["2026-07-20", 150, 7]]);
    const forecast = await forecastExpiry(shopId, new Date("2026-05-05T00:00:00Z"));
    expect(forecast).toMatchObject({ points: 150, members: 1, byInactivity: true });
    expect(forecast.months.filter(({ points }) => points > 0)).toEqual([{ month: "2026-07", points: 150, members: 1 }]);
  });
});

describe("the forecast", () => {
  it("sums what ends by shop-local month, for 13 months, and no test points", async () => {
    await program({ expiry: { kind: "month_end", months: 2 } });
    const other = await createTestMember(shopId);
    await order(new Date("2026-05-31T16:00:00Z")); // 1 June in Tokyo
    await order(new Date("2026-05-31T14:00:00Z"), 5_000); // 31 May
    await order(new Date("2026-05-10T14:00:00Z"), 2_000, other.customerGid);
    const forecast = await forecastExpiry(shopId, new Date("2026-06-02T00:00:00Z"));
    expect(forecast.months).toHaveLength(13);
    expect(forecast.months.filter(({ points }) => points > 0)).toEqual([
      { month: "2026-07", points: 70, members: 2 },
      { month: "2026-08", points: 100, members: 1 },
    ]);
    expect(forecast).toMatchObject({ points: 170, members: 2, byInactivity: false });
  });
});

describe("the dry run of another policy", () => {
  it("says what new points get, that given ones keep their dates, and what a year would have cost", async () => {
    await program({ expiry: { kind: "never" } });
    await order(new Date("2026-02-10T03:00:00Z")); // 100
    await order(new Date("2026-05-10T03:00:00Z"), 5_000); // 50
    await adjustPoints(
      shopId,
      {
        memberId: member.memberId,
        points: -30,
        reason: "adjust_correction",
        note: null,
        actor: "staff:1",
        key: newGid("Test"),
      },
      new Date("2026-02-20T00:00:00Z"),
    );
    const now = new Date("2026-06-10T03:00:00Z");
    expect(await dryRunExpiry(shopId, { kind: "after_days", days: 30 }, now)).toEqual({
      lastDay: "2026-07-10",
      keptPoints: 120,
      lastYearPoints: 120,
      lastYearActual: 0,
    });
    // The second order comes after the three months: only the first lot would have ended.
    expect(await dryRunExpiry(shopId, { kind: "after_inactivity", months: 2 }, now)).toMatchObject({
      lastYearPoints: 70,
    });
    expect(await dryRunExpiry(shopId, { kind: "after_inactivity", months: 4 }, now)).toMatchObject({
      lastYearPoints: 0,
    });
    expect(await dryRunExpiry(shopId, { kind: "never" }, now)).toMatchObject({ lastDay: null, lastYearPoints: 0 });
    expect(await dryRunExpiry(shopId, { kind: "month_end", months: 0 }, now)).toMatchObject({
      lastDay: "2026-06-30",
      lastYearPoints: 120,
    });
    expect(await dryRunExpiry(shopId, { kind: "year_end", years: 0 }, now)).toMatchObject({
      lastDay: "2026-12-31",
      lastYearPoints: 0,
    });
    await expireDuePoints(shopId, new Date(now.getTime() + 400 * DAY_MS));
    expect(await balanceOf(shopId, member.customerGid)).toMatchObject({ available: 120 });
  });
});
