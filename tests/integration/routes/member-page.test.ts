// One person's story as the staff see it, and what they may do there.
import type { Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { env } from "../../../app/env.server";
import type { ShopId } from "../../../app/db.server";
import type { TierPlan, WayToEarn } from "../../../app/loyalty/program-parts";
import { readGlance } from "../../../app/loyalty/program-glance.server";
import { setTierOverride } from "../../../app/loyalty/tiers/tier-overrides.server";
import { action, loader } from "../../../app/routes/app.members.$memberId/route";
import { loader as list } from "../../../app/routes/app.members._index/route";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { refundOrder } from "../../simulator/order-engine";
import { AMOUNT_OFF, startRedemptionShop, type RedemptionShop } from "../loyalty/redemption-shop";
import { DOMAIN } from "../simulator/platform";
import { besideTheClock, listening } from "../storefront/beside-the-clock";
import { adminPost, adminRequest, sessionToken, statusOf } from "./admin-requests";

const database = useTestDatabase();

const step = { multiplierPercent: 100, entryPoints: null, perks: [], color: null };
const PLAN: TierPlan = {
  effectiveAt: "2026-01-01T00:00:00.000Z",
  enabled: true,
  metric: "spend",
  window: { kind: "calendar_year", startMonth: 1 },
  graceDays: 0,
  grandfather: false,
  tiers: [
    { ...step, id: "member", name: { en: "Member", ja: "会員" }, threshold: 0 },
    { ...step, id: "gold", name: { en: "Gold", ja: "ゴールド" }, threshold: 30_000 },
  ],
};
const way = { enabled: true, points: 100, holdDays: 0 };
const WAYS: WayToEarn[] = [
  { ...way, id: "join", kind: "join" },
  { ...way, id: "birthday", kind: "birthday", noticeDays: 30, lockDays: 365 },
];

let shop: RedemptionShop;
let clock: Server;
let token: string;
let reward = 0;
let theirShop: ShopId;
let theirs: { memberId: number; redemptionId: number };

beforeAll(async () => {
  shop = await startRedemptionShop(() => database.owner(), { ways: WAYS, tierPlans: [PLAN] });
  clock = besideTheClock(shop.platform.address, () => shop.now);
  env().SHOPIFY_SIMULATOR_URL = await listening(clock);
  token = await sessionToken(DOMAIN);
  reward = await shop.reward(AMOUNT_OFF);
  theirShop = await createTestShop("member-theirs.myshopify.com");
  const { memberId } = await createTestMember(theirShop);
  theirs = { memberId, redemptionId: await addRedemption(theirShop, memberId, "issued") };
});
afterAll(async () => {
  await new Promise((resolve) => clock.close(resolve));
  await shop.stop();
});

/** A row as another shop has it: what matters is whose it is. */
async function addRedemption(shopId: ShopId, memberId: number, status: string): Promise<number> {
  const texts = JSON.stringify({ title: { en: "A gift", ja: "贈り物" }, description: { en: "", ja: "" } });
  const { rows } = await database.owner().query<{ id: string }>(
    `WITH made AS (INSERT INTO reward (shop_id, kind, points, terms, texts, status, created_at, updated_at, actor)
                   VALUES ($1, 'amount_off', 100, $4, $5, 'active', $6, $6, 'staff:1') RETURNING id)
     INSERT INTO redemption (shop_id, member_id, reward_id, kind, request_key, request_hash, points, value_minor, currency, code, terms, texts,
                             status, reserved_at, last_error, actor)
     SELECT $1, $2, made.id, 'amount_off', gen_random_uuid()::text, '', 100, 500, 'JPY', gen_random_uuid()::text, $4, $5, $3, $6, 'use_not_found', 'shopper'
       FROM made RETURNING id`,
    [shopId, memberId, status, JSON.stringify(AMOUNT_OFF), texts, shop.now],
  );
  return Number(rows[0]?.id);
}
const args = (request: Request, memberId: number) => ({
  request,
  params: { memberId: String(memberId) },
  context: {},
});
const open = (memberId: number) => loader(args(adminRequest(`/app/members/${memberId}`, token), memberId));
const send = (memberId: number, body: unknown) =>
  action(args(adminPost(`/app/members/${memberId}`, token, body), memberId));
const dayIn = (days: number) => new Date(shop.now.getTime() + days * 86_400_000).toISOString().slice(0, 10);

describe("the story", () => {
  it("holds tier, rewards, ways, birthday, referral and messages beside the history", async () => {
    const member = await shop.member(600);
    await shop.redeem(member.customerGid, reward);
    await database
      .owner()
      .query(
        `UPDATE member SET birthday = '02-29', birthday_set_at = $3, joined_at = $3, referral_code = 'HANAKO12' WHERE shop_id = $1 AND id = $2`,
        [shop.shopId, member.memberId, shop.now],
      );
    await database
      .owner()
      .query(
        `INSERT INTO referral (shop_id, advocate_id, friend_key, status, claimed_at) VALUES ($1, $2, 'a', 'rewarded', $3), ($1, $2, 'b', 'issued', $3)`,
        [shop.shopId, member.memberId, shop.now],
      );
    await database.owner().query(
      `INSERT INTO message (shop_id, member_id, kind, key, locale, status, why, due_at)
       VALUES ($1, $2, 'tier_changed', 'm1', 'ja', 'skipped', 'no_consent', $3)`,
      [shop.shopId, member.memberId, shop.now],
    );
    const page = await open(member.memberId);
    expect(page.member).toMatchObject({
      birthday: "02-29",
      referralCode: "HANAKO12",
      referrals: { invited: 2, rewarded: 1 },
      balances: { available: 500, reserved: 100, redeemed: 0 },
    });
    expect(page.redemptions).toMatchObject([
      { status: "issued", points: 100, valueMinor: 500, texts: { title: { en: "¥500 off" } } },
    ]);
    expect(page.redemptions[0]?.code).toMatch(/\S{10,}/);
    expect(page.ways.map(({ kind, state }) => [kind, state])).toEqual([
      ["join", "done"],
      ["birthday", "waiting"],
    ]);
    expect(page.messages).toMatchObject([{ kind: "tier_changed", status: "skipped", why: "no_consent" }]);
    expect(page.tier?.tiers.map(({ id }) => id)).toEqual(["member", "gold"]);
    // The reward is named in the line of the ledger.
    expect(page.history.items[0]).toMatchObject({
      reason: "reward_reserved",
      change: -100,
      order: null,
      params: { name: { en: "¥500 off", ja: "500円オフ" } },
    });
  });

  it("sums what unused rewards hold into what the shop owes, and nets what was returned", async () => {
    const before = await readGlance(shop.shopId, shop.now);
    const member = await shop.member(300);
    const taken = await shop.redeem(member.customerGid, reward);
    if (!("redemption" in taken)) throw new Error(taken.outcome);
    const held = await readGlance(shop.shopId, shop.now);
    expect(held).toMatchObject({
      redeemed: before.redeemed,
      liabilityPoints: before.liabilityPoints + 300,
      reservedPoints: before.reservedPoints + 100,
    });
    shop.now = new Date(Math.max(shop.now.getTime(), shop.platform.sim.now().getTime()));
    const order = shop.order({ customerId: member.customerId, discountCodes: [taken.redemption.code ?? ""] });
    await shop.hear(order);
    await shop.complete();
    const used = await readGlance(shop.shopId, shop.later(1_000));
    expect(used.redeemed).toBe(before.redeemed + 100);
    expect(used.reservedPoints).toBe(before.reservedPoints);
    refundOrder(shop.platform.sim, DOMAIN, order.id, { lines: [{ lineId: order.lines[0]?.id ?? "", quantity: 1 }] });
    await shop.hear(order);
    await shop.complete();
    const returned = await readGlance(shop.shopId, shop.later(1_000));
    expect(returned.redeemed).toBe(before.redeemed);
    expect(returned.days.every(({ redeemed }) => redeemed >= 0)).toBe(true);
  });
});

describe("a tier set by hand", () => {
  it("lasts to the end of its last day in the shop's zone, and can be ended", async () => {
    const { memberId } = await shop.member(0);
    const lastDay = dayIn(30);
    expect(await send(memberId, { intent: "set_tier", tierId: "gold", lastDay })).toEqual({ outcome: "set" });
    const { tier } = await open(memberId);
    expect(tier).toMatchObject({ tierId: "gold", override: { tierId: "gold", actor: "staff:42" } });
    expect(Date.parse(tier?.override?.until ?? "")).toBe(Date.parse(`${lastDay}T15:00:00Z`));
    expect(await send(memberId, { intent: "end_tier" })).toEqual({ outcome: "ended" });
    expect((await open(memberId)).tier).toMatchObject({ tierId: "member", override: null });
    expect(await send(memberId, { intent: "end_tier" })).toEqual({ outcome: "nothing_to_end" });
  });

  it("refuses a day that is over, a tier that is none, and anything else", async () => {
    const { memberId } = await shop.member(0);
    const set = (change: object) => send(memberId, { intent: "set_tier", tierId: "gold", lastDay: null, ...change });
    expect(await set({ lastDay: dayIn(-2) })).toEqual({ outcome: "ends_in_past" });
    expect(await set({ tierId: "emerald" })).toEqual({ outcome: "unknown_tier" });
    for (const change of [{ lastDay: "2026-02-30" }, { lastDay: "soon" }, { tierId: "" }, { actor: "staff:1" }])
      expect(await set(change)).toEqual({ outcome: "invalid" });
    expect(await set({})).toEqual({ outcome: "set" });
  });
});

describe("a redemption of the member", () => {
  it("is cancelled, and its code goes on its way back", async () => {
    const member = await shop.member(100);
    const taken = await shop.redeem(member.customerGid, reward);
    if (!("redemption" in taken)) throw new Error(taken.outcome);
    const { id } = taken.redemption;
    expect(await send(member.memberId, { intent: "cancel_redemption", id })).toEqual({ outcome: "returning" });
    expect((await open(member.memberId)).redemptions).toMatchObject([{ id, status: "returning" }]);
    const stuck = await addRedemption(shop.shopId, member.memberId, "needs_person");
    expect(await send(member.memberId, { intent: "cancel_redemption", id: stuck })).toEqual({ outcome: "too_late" });
    expect((await open(member.memberId)).redemptions[0]).toMatchObject({
      status: "needs_person",
      lastError: "use_not_found",
    });
    await database.owner().query("UPDATE redemption SET status = 'voided' WHERE id = $1", [stuck]);
  });
});

describe("D08 the member's page", () => {
  it("D08 answers 404 for redemptions and members of another shop, and for another member's redemption", async () => {
    const mine = await shop.member(100);
    const other = await shop.member(100);
    const taken = await shop.redeem(other.customerGid, reward);
    if (!("redemption" in taken)) throw new Error(taken.outcome);
    const cancel = (memberId: number, id: number) => statusOf(send(memberId, { intent: "cancel_redemption", id }));
    expect(await cancel(mine.memberId, theirs.redemptionId)).toBe(404);
    expect(await cancel(mine.memberId, taken.redemption.id)).toBe(404);
    expect(await cancel(theirs.memberId, theirs.redemptionId)).toBe(404);
    expect(await shop.read(taken.redemption.id)).toMatchObject({ status: "issued" });
    const { rows } = await database.owner().query("SELECT status FROM redemption WHERE id = $1", [theirs.redemptionId]);
    expect(rows).toEqual([{ status: "issued" }]);
  });

  it("D08 sets and ends no tier of another shop's member", async () => {
    await database
      .owner()
      .query(
        `INSERT INTO tier_override (shop_id, member_id, tier_id, from_at, until_at, actor) VALUES ($1, $2, 'gold', $3, NULL, 'staff:9')`,
        [theirShop, theirs.memberId, shop.now],
      );
    const set = { intent: "set_tier", tierId: "gold", lastDay: null };
    expect(await statusOf(send(theirs.memberId, set))).toBe(404);
    expect(await statusOf(send(theirs.memberId, { intent: "end_tier" }))).toBe(404);
    expect(await statusOf(send(999_999, { intent: "end_tier" }))).toBe(404);
    const { rows } = await database
      .owner()
      .query("SELECT ended_at, actor FROM tier_override WHERE member_id = $1 AND shop_id = $2", [
        theirs.memberId,
        theirShop,
      ]);
    expect(rows).toEqual([{ ended_at: null, actor: "staff:9" }]);
  });
});

describe("the list", () => {
  it("names the tiers and shows one tier's members, or those without; a tier that is none filters nothing", async () => {
    const { memberId } = await shop.member(0);
    await setTierOverride(shop.shopId, { memberId, tierId: "gold", until: null, actor: "staff:1" }, shop.now);
    const ask = (query: string) =>
      list({ request: adminRequest(`/app/members${query}`, token), params: {}, context: {} });
    const gold = await ask("?tier=gold");
    expect(gold.tiers.map(({ id }) => id)).toEqual(["member", "gold"]);
    expect(gold.page.members.map((each) => each.tierId)).toEqual(gold.page.members.map(() => "gold"));
    expect(gold.page.members[0]?.memberId).toBe(memberId);
    const none = await ask("?tier=-");
    expect(none.page.members.length).toBeGreaterThan(0);
    expect(none.page.members.every((each) => each.tierId === null)).toBe(true);
    expect(await ask("?tier=emerald")).toMatchObject({ tier: null });
    expect((await ask("?tier=gold&q=nobody-at-all")).page.members).toEqual([]);
  });
});
