// The life of a redemption against the simulated platform: bought, made, used, refunded, expired, cancelled.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { expireDuePoints } from "../../../app/loyalty/expire-due-points.server";
import { explain } from "../../../app/loyalty/reasons";
import { listRedemptions } from "../../../app/loyalty/rewards/list-redemptions.server";
import { readDonationTotals } from "../../../app/loyalty/rewards/list-rewards.server";
import { addVoucherCodes } from "../../../app/loyalty/rewards/save-reward.server";
import { runAudit } from "../../../app/operator/audit.server";
import { auditAtShopify } from "../../../app/operator/audit-shopify.server";
import { compareCodes } from "../../../app/loyalty/rewards/compare-codes.server";
import { cancelRedemption } from "../../../app/loyalty/rewards/cancel-redemption.server";
import { withdrawRedemption } from "../../../app/loyalty/rewards/withdraw-redemption.server";
import type { RewardTerms } from "../../../app/loyalty/rewards/reward-terms";
import { useTestDatabase } from "../../setup/postgres";
import { cancelOrder, refundOrder } from "../../simulator/order-engine";
import { DOMAIN } from "../simulator/platform";
import { expectLedgerAddsUp } from "./ledger-invariants";
import { AMOUNT_OFF, CODE_TERMS, codesOfRedemption, startRedemptionShop, type RedemptionShop } from "./redemption-shop";

const database = useTestDatabase();
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
let shop: RedemptionShop;
let reward = 0;

beforeAll(async () => {
  shop = await startRedemptionShop(() => database.owner());
  reward = await shop.reward(AMOUNT_OFF);
});
afterAll(async () => {
  await expectLedgerAddsUp(database.owner());
  await shop.stop();
});
beforeEach(() => {
  shop.now = shop.platform.sim.now();
});

async function bought(points = 100, rewardId = reward) {
  const member = await shop.member(points);
  const answer = await shop.redeem(member.customerGid, rewardId);
  if (!("redemption" in answer)) throw new Error(`not bought: ${answer.outcome}`);
  const { id } = answer.redemption;
  // The shopper waits for some seconds only; what takes longer goes on by itself.
  await expect.poll(async () => (await shop.read(id)).status, { timeout: 120_000 }).toBe("issued");
  const redemption = await shop.read(id);
  return { ...member, redemption, code: redemption.code ?? "" };
}

describe("a code", () => {
  it("F03 is bound to the member, for one use, with 90 random bits and its own minimum", async () => {
    const terms = { ...AMOUNT_OFF, minimumOrderMinor: 1_000 } as RewardTerms;
    const { code, customerId, redemption } = await bought(100, await shop.reward(terms));
    expect(code).toMatch(/^KZ-[0-9A-HJKMNP-TV-Z]{18}$/);
    const discount = Object.values(shop.platform.shop.discounts).find((each) => each.code === code);
    expect(discount).toMatchObject({ customerIds: [customerId], usageLimit: 1, minimumMinor: 1_000, value: 500 });
    expect(redemption).toMatchObject({ status: "issued", points: 100, valueMinor: 500 });
    const stranger = await shop.member(0);
    expect(() => shop.order({ customerId: stranger.customerId, discountCodes: [code] })).toThrow();
  });

  it("keeps its points reserved while unused, and redeems them when an order uses it", async () => {
    const { code, customerId, memberId, redemption } = await bought(250);
    expect(await shop.balance(memberId)).toMatchObject({ available: 150, reserved: 100, redeemed: 0 });
    await shop.hear(shop.order({ customerId, discountCodes: [code] }));
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ status: "posted", returned: 0 });
    expect(await shop.balance(memberId)).toMatchObject({ reserved: 0, redeemed: 100 });
    expect(() => shop.order({ customerId, discountCodes: [code] })).toThrow();
  });

  it("C02 the same key answers with the same code; for other points it is refused", async () => {
    const member = await shop.member(1_000);
    const [first, second] = await Promise.all([
      shop.redeem(member.customerGid, reward, { key: "click-00001" }),
      shop.redeem(member.customerGid, reward, { key: "click-00001" }),
    ]);
    const third = await shop.redeem(member.customerGid, reward, { key: "click-00001" });
    const codes = [first, second, third].map((each) => ("redemption" in each ? each.redemption.code : null));
    expect(new Set(codes).size).toBe(1);
    expect(await shop.redeem(member.customerGid, reward, { key: "click-00001", points: 100 })).toEqual({
      outcome: "key_reused",
    });
    expect(await shop.balance(member.memberId)).toMatchObject({ available: 900, reserved: 100 });
  });

  it("C08 takes the points again when a refund turns out to have failed", async () => {
    const { code, customerId, memberId, redemption } = await bought(100);
    const order = shop.order({ customerId, discountCodes: [code] });
    const orderId = await shop.hear(order);
    await shop.complete();
    refundOrder(shop.platform.sim, DOMAIN, order.id, { lines: [{ lineId: order.lines[0]?.id ?? "", quantity: 1 }] });
    await shop.hear(order);
    await shop.complete();
    expect(await shop.balance(memberId)).toMatchObject({ redeemed: 0, available: 100 });
    // The money never moved: the order's newest state has no refund that counts.
    await database
      .owner()
      .query("UPDATE customer_order SET facts = jsonb_set(facts, '{refunds,0,status}', '\"failure\"') WHERE id = $1", [
        orderId,
      ]);
    await database.owner().query("UPDATE redemption SET next_attempt = $2 WHERE id = $1", [redemption.id, shop.now]);
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ status: "posted", returned: 0 });
    expect(await shop.balance(memberId)).toMatchObject({ redeemed: 100, available: 0, debt: 0 });
  });

  it("C08 gives points back in proportion to what was refunded, once, to lots that last at least the grace", async () => {
    const { code, customerId, memberId, redemption } = await bought(100);
    const order = shop.order({
      customerId,
      discountCodes: [code],
      lines: [{ variantId: "9101", quantity: 2 }],
    });
    await shop.hear(order);
    await shop.complete();
    refundOrder(shop.platform.sim, DOMAIN, order.id, { lines: [{ lineId: order.lines[0]?.id ?? "", quantity: 1 }] });
    await shop.hear(order);
    await shop.complete();
    await shop.hear(order);
    await shop.complete();
    const half = await shop.read(redemption.id);
    expect(half).toMatchObject({ status: "posted", returned: 50 });
    expect((await shop.balance(memberId)).redeemed).toBe(50);
    refundOrder(shop.platform.sim, DOMAIN, order.id, { lines: [{ lineId: order.lines[0]?.id ?? "", quantity: 1 }] });
    await shop.hear(order);
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ status: "posted", returned: 100 });
    expect(await shop.balance(memberId)).toMatchObject({ redeemed: 0, reserved: 0, debt: 0 });
  });

  it("gives everything back when the order is cancelled", async () => {
    const { code, customerId, memberId, redemption } = await bought(100);
    const order = shop.order({ customerId, discountCodes: [code] });
    await shop.hear(order);
    await shop.complete();
    cancelOrder(shop.platform.sim, DOMAIN, order.id, {});
    await shop.hear(order);
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ returned: 100 });
    expect(await shop.balance(memberId)).toMatchObject({ available: 100, redeemed: 0 });
  });

  it("that nobody used ends at Shopify, waits a grace, and returns its points", async () => {
    const { memberId, redemption, code } = await bought(100);
    shop.later(31 * DAY_MS);
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ status: "returning" });
    expect(await shop.balance(memberId)).toMatchObject({ available: 0, reserved: 100 });
    await shop.complete();
    expect((await shop.read(redemption.id)).status).toBe("returning");
    shop.later(16 * MINUTE_MS);
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ status: "voided", returned: 100 });
    expect(await shop.balance(memberId)).toMatchObject({ available: 100, reserved: 0 });
    expect(codesOfRedemption(shop, redemption.id)).toEqual([code]);
  });

  it("an order nobody told us of keeps the points of an ended code", async () => {
    const { memberId, redemption, code, customerId } = await bought(100);
    const order = shop.order({ customerId, discountCodes: [code] });
    shop.later(31 * DAY_MS);
    await shop.complete();
    shop.later(16 * MINUTE_MS);
    await shop.complete();
    expect((await shop.read(redemption.id)).status).toBe("returning");
    const { rows } = await database
      .owner()
      .query("SELECT 1 FROM customer_order WHERE order_gid = $1 AND read_due_at IS NOT NULL", [
        `gid://shopify/Order/${order.id}`,
      ]);
    expect(rows).toHaveLength(1);
    await shop.hear(order);
    await shop.complete();
    expect((await shop.read(redemption.id)).status).toBe("posted");
    expect(await shop.balance(memberId)).toMatchObject({ reserved: 0, redeemed: 100 });
  });

  it("C06 deleted by the merchant returns its points, changed by the merchant is shown", async () => {
    const { memberId, redemption, code } = await bought(100);
    const discounts = shop.platform.shop.discounts;
    const [id] = Object.entries(discounts).find(([, each]) => each.code === code) ?? [];
    delete discounts[id ?? ""];
    await database.owner().query("UPDATE redemption SET next_attempt = $2 WHERE id = $1", [redemption.id, shop.now]);
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ status: "returning", lastError: "deleted_in_shopify" });
    shop.later(16 * MINUTE_MS);
    await shop.complete();
    expect((await shop.read(redemption.id)).status).toBe("voided");
    expect(await shop.balance(memberId)).toMatchObject({ available: 100, reserved: 0 });

    const other = await bought(100);
    const kept = Object.values(discounts).find((each) => each.code === other.code);
    if (kept) kept.usageLimit = 5;
    await database
      .owner()
      .query("UPDATE redemption SET next_attempt = $2 WHERE id = $1", [other.redemption.id, shop.now]);
    await shop.complete();
    expect(await shop.read(other.redemption.id)).toMatchObject({ status: "issued", lastError: "changed_in_shopify" });
  });

  it("C06 used by someone else, because the merchant opened it to everybody, is charged once and shown", async () => {
    const { memberId, redemption, code } = await bought(100);
    const stranger = await shop.member(0);
    const discount = Object.values(shop.platform.shop.discounts).find((each) => each.code === code);
    if (discount) discount.customerIds = null;
    await shop.hear(shop.order({ customerId: stranger.customerId, discountCodes: [code] }));
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ status: "posted", lastError: "used_by_other", returned: 0 });
    expect(await shop.balance(memberId)).toMatchObject({ available: 0, reserved: 0, redeemed: 100, debt: 0 });
  });

  it("I7 what differs between Shopify and the books is named", async () => {
    const lines: string[] = [];
    const before = await compareCodes(shop.shopId, shop.later(DAY_MS / 2));
    const { redemption, code } = await bought(100);
    shop.later(DAY_MS / 2);
    expect((await compareCodes(shop.shopId, shop.now)).differences).toEqual(before.differences);
    const discounts = shop.platform.shop.discounts;
    const ours = Object.values(discounts).find((each) => each.code === code);
    if (!ours) throw new Error("no code");
    discounts["99001"] = { ...ours, id: "99001", code: "KZ-COPY" };
    expect((await compareCodes(shop.shopId, shop.now)).differences).toContainEqual({
      redemptionId: redemption.id,
      problem: "two_codes",
    });
    delete discounts["99001"];
    delete discounts[ours.id];
    const report = await auditAtShopify(shop.now, (line) => void lines.push(line));
    expect(report.violations).toBeGreaterThan(0);
    discounts[ours.id] = ours;
  });

  it("used after its points went back is charged, to debt if need be", async () => {
    const { memberId, redemption, code, customerId } = await bought(100);
    // A checkout that was under way: the order comes through although the code has ended.
    const order = shop.order({ customerId, discountCodes: [code] });
    delete shop.platform.shop.orders[order.id];
    const discount = Object.values(shop.platform.shop.discounts).find((each) => each.code === code);
    if (discount) Object.assign(discount, { uses: [], usageCount: 0 });
    expect(await cancelRedemption(shop.shopId, redemption.id, "shopper", shop.now)).toEqual({ outcome: "returning" });
    await shop.complete();
    if (discount) delete shop.platform.shop.discounts[discount.id];
    shop.later(16 * MINUTE_MS);
    await shop.complete();
    expect((await shop.read(redemption.id)).status).toBe("voided");
    const spend = await shop.reward({ ...AMOUNT_OFF }, { points: 70 });
    await shop.redeem(`gid://shopify/Customer/${customerId}`, spend);
    shop.platform.shop.orders[order.id] = order;
    await shop.hear(order);
    await shop.complete();
    expect(await shop.read(redemption.id)).toMatchObject({ status: "posted", returned: 0 });
    // 30 were left, 8 came from the order: the rest of the 100 is owed.
    expect(await shop.balance(memberId)).toEqual({ available: 0, reserved: 70, redeemed: 100, debt: 62 });
  });

  it("worth more than the cart gives the rest back where the reward says so", async () => {
    const terms: RewardTerms = {
      kind: "points_off",
      ...CODE_TERMS,
      pointsPerStep: 1,
      minorPerStep: 1,
      pointsMax: null,
      appliesTo: null,
      worthMore: "return_rest",
    };
    const member = await shop.member(5_000);
    const answer = await shop.redeem(member.customerGid, await shop.reward(terms, { points: 1 }), { points: 2_000 });
    if (!("redemption" in answer)) throw new Error(answer.outcome);
    const { id, code } = answer.redemption;
    await shop.hear(shop.order({ customerId: member.customerId, discountCodes: [code ?? ""] }));
    await shop.complete();
    expect(await shop.read(id)).toMatchObject({ status: "posted", returned: 2_000 - 1_378 });
  });
});

describe("other kinds", () => {
  const common = { perMemberLimit: null, tierIds: [], from: null, until: null };

  it("a donation, a place and a voucher are given at once, without Shopify", async () => {
    const donation = await shop.reward({
      kind: "donation",
      ...common,
      valueMinor: 300,
      organisation: { en: "Forest fund", ja: "森の基金" },
      totalBeforeMinor: 1_000,
    });
    const place = await shop.reward({ kind: "place", ...common, happensAt: null }, { stock: 1 });
    const voucher = await shop.reward({
      kind: "voucher",
      ...common,
      partner: { en: "Café", ja: "カフェ" },
      valueMinor: null,
    });
    expect(await addVoucherCodes(shop.shopId, voucher, [" CAFE-1 ", "CAFE-1", "", "CAFE-2"], shop.now)).toEqual({
      outcome: "added",
      added: 2,
      duplicates: 1,
      left: 2,
    });
    const { customerGid, memberId } = await shop.member(1_000);
    const given = [];
    for (const id of [donation, place, voucher, voucher]) given.push(await shop.redeem(customerGid, id));
    expect(given.map(({ outcome }) => outcome)).toEqual(["issued", "issued", "issued", "issued"]);
    expect(given.slice(2).map((each) => ("redemption" in each ? each.redemption.code : null))).toEqual([
      "CAFE-1",
      "CAFE-2",
    ]);
    expect(await shop.redeem(customerGid, voucher)).toEqual({ outcome: "out_of_stock" });
    expect(await shop.redeem(customerGid, place)).toEqual({ outcome: "out_of_stock" });
    expect(await shop.balance(memberId)).toMatchObject({ available: 600, reserved: 0, redeemed: 400 });
    expect(await readDonationTotals(shop.shopId)).toEqual([{ rewardId: donation, currency: "JPY", totalMinor: 1_300 }]);
    const mine = await listRedemptions(shop.shopId, { memberId, limit: 3 });
    expect(mine.redemptions).toHaveLength(3);
    expect(mine.next).not.toBeNull();
    expect((await listRedemptions(shop.shopId, { memberId, cursor: mine.next })).redemptions).toHaveLength(1);
  });

  it("staff take back a place, a voucher or a donation of the day, with a reason, and everything adds up", async () => {
    const terms = { valueMinor: 300, organisation: { en: "Sea fund", ja: "海の基金" }, totalBeforeMinor: 0 };
    const donation = await shop.reward({ kind: "donation", ...common, ...terms });
    const place = await shop.reward({ kind: "place", ...common, happensAt: null }, { stock: 1 });
    const partner = { en: "Café", ja: "カフェ" };
    const voucher = await shop.reward({ kind: "voucher", ...common, partner, valueMinor: null });
    await addVoucherCodes(shop.shopId, voucher, ["SHOWN-1", "FREE-2"], shop.now);
    const { customerGid, memberId } = await shop.member(400);
    const given = [];
    for (const rewardId of [donation, place, voucher, donation]) {
      const answer = await shop.redeem(customerGid, rewardId);
      if (!("redemption" in answer)) throw new Error(answer.outcome);
      given.push(answer.redemption.id);
    }
    const [today = 0, seat = 0, code = 0, old = 0] = given;
    const withdraw = (id: number, why = "Called off", member = memberId) =>
      withdrawRedemption(shop.shopId, { id, why, actor: "staff:1", memberId: member }, shop.now);
    const stranger = await shop.member(100);
    expect(await withdraw(seat, " ")).toEqual({ outcome: "why_missing" });
    expect(await withdraw(seat, "Called off", stranger.memberId)).toEqual({ outcome: "unknown_redemption" });
    expect(await shop.redeem(stranger.customerGid, place)).toEqual({ outcome: "out_of_stock" });
    for (const id of [today, seat, code, seat]) expect(await withdraw(id)).toEqual({ outcome: "voided" });
    expect(await shop.balance(memberId)).toMatchObject({ available: 300, reserved: 0, redeemed: 100 });
    expect((await shop.redeem(stranger.customerGid, place)).outcome).toBe("issued");
    // A code that was seen is nobody else's.
    const { customerGid: next } = await shop.member(100);
    const other = await shop.redeem(next, voucher);
    expect("redemption" in other && other.redemption.code).toBe("FREE-2");
    const total = async () => (await readDonationTotals(shop.shopId)).find(({ rewardId }) => rewardId === donation);
    expect(await total()).toMatchObject({ totalMinor: 300 });
    shop.later(2 * DAY_MS);
    expect(await withdraw(old)).toEqual({ outcome: "day_over" });
    expect(await total()).toMatchObject({ totalMinor: 300 });
    const { rows } = await database
      .owner()
      .query(
        `SELECT e.key, n.text FROM points_entry e JOIN member_note n ON n.entry_id = e.id WHERE e.member_id = $1 ORDER BY e.id`,
        [memberId],
      );
    expect(rows).toEqual(
      [today, seat, code].map((id) => ({ key: expect.stringMatching(`^redemption/${id}/1/`), text: "Called off" })),
    );
    // A code for a discount takes the way of codes.
    const { redemption } = await bought(100);
    expect(await withdraw(redemption.id, "No", redemption.memberId)).toEqual({ outcome: "too_late" });
    // I12 rebuilds orders, and another test of this file changes one by hand.
    const { invariants } = await runAudit(database.ownerUrl());
    expect(invariants.filter(({ id, violations }) => id !== "I12" && violations > 0)).toEqual([]);
  });

  it("limits, windows, tiers and the program itself are asked before any point moves", async () => {
    const { customerGid, memberId } = await shop.member(1_000);
    const once = await shop.reward({ ...AMOUNT_OFF, perMemberLimit: 1 });
    expect((await shop.redeem(customerGid, once)).outcome).toBe("issued");
    expect(await shop.redeem(customerGid, once)).toEqual({ outcome: "limit_reached" });
    const gold = await shop.reward({ ...AMOUNT_OFF, tierIds: ["gold"] });
    expect(await shop.redeem(customerGid, gold)).toEqual({ outcome: "tier_too_low" });
    const past = await shop.reward({ ...AMOUNT_OFF, until: "2026-01-01T00:00:00Z" });
    expect(await shop.redeem(customerGid, past)).toEqual({ outcome: "not_open" });
    expect(await shop.redeem(customerGid, 999_999)).toEqual({ outcome: "unknown_reward" });
    expect(await shop.redeem("gid://shopify/Customer/1", once)).toEqual({ outcome: "unknown_member" });
    expect(await shop.balance(memberId)).toMatchObject({ available: 900, reserved: 100 });
  });

  it("a redemption that was cancelled in time gives its place back", async () => {
    const few = await shop.reward(AMOUNT_OFF, { stock: 1 });
    const first = await shop.member(100);
    const second = await shop.member(100);
    const answer = await shop.redeem(first.customerGid, few);
    if (!("redemption" in answer)) throw new Error(answer.outcome);
    expect(await shop.redeem(second.customerGid, few)).toEqual({ outcome: "out_of_stock" });
    expect(await cancelRedemption(shop.shopId, answer.redemption.id, "shopper", shop.now, second.memberId)).toEqual({
      outcome: "unknown_redemption",
    });
    await cancelRedemption(shop.shopId, answer.redemption.id, "shopper", shop.now, first.memberId);
    await shop.complete();
    shop.later(16 * MINUTE_MS);
    await shop.complete();
    expect((await shop.redeem(second.customerGid, few)).outcome).toBe("issued");
  });

  it("tells the member once, and keeps the reasons of every movement", async () => {
    const { memberId, redemption, code } = await bought(100);
    const { rows: events } = await database
      .owner()
      .query("SELECT kind, params FROM loyalty_event WHERE member_id = $1", [memberId]);
    expect(events).toEqual([
      {
        kind: "reward_issued",
        params: { redemptionId: redemption.id, title: redemption.texts.title, code, expiresAt: redemption.expiresAt },
      },
    ]);
    const { rows } = await database
      .owner()
      .query<{ reason: "reward_reserved"; params: object }>(
        "SELECT reason, params FROM points_entry WHERE member_id = $1 AND source_type = 'redemption'",
        [memberId],
      );
    expect(rows.map(({ reason, params }) => explain(reason, params, "ja"))).toEqual([
      "100ポイント：「500円オフ」と交換（ご利用まで確保）",
    ]);
  });
});

describe("points that come back late", () => {
  it("C11 a void after their last day opens a lot that lasts the grace; the old one stays accounted for", async () => {
    const { memberId, redemption } = await bought(100);
    await database.owner().query("UPDATE lot SET expires_at = $2 WHERE member_id = $1", [memberId, shop.later(DAY_MS)]);
    shop.later(31 * DAY_MS);
    await shop.complete();
    shop.later(16 * MINUTE_MS);
    await shop.complete();
    expect((await shop.read(redemption.id)).status).toBe("voided");
    const { rows } = await database
      .owner()
      .query<{ size: number; remaining: number; expiresAt: Date }>(
        `SELECT size::int, remaining::int, expires_at AS "expiresAt" FROM lot WHERE member_id = $1 ORDER BY id`,
        [memberId],
      );
    expect(rows.map(({ size, remaining }) => [size, remaining])).toEqual([
      [100, 0],
      [100, 100],
    ]);
    const days = ((rows[1]?.expiresAt.getTime() ?? 0) - shop.now.getTime()) / DAY_MS;
    expect(days).toBeGreaterThan(30);
    expect(days).toBeLessThan(31.1);
    await expirePoints(days - 0.5, memberId, 100);
    await expirePoints(1, memberId, 0);
  });

  async function expirePoints(days: number, memberId: number, left: number): Promise<void> {
    await expireDuePoints(shop.shopId, shop.later(days * DAY_MS));
    expect((await shop.balance(memberId)).available).toBe(left);
  }
});
