// A shop whose points buy things: the app's use cases against the simulated platform, over HTTP.
import type pg from "pg";
import { expect } from "vitest";

import { env } from "../../../app/env.server";
import { inShop, type ShopId } from "../../../app/db.server";
import { applyOrder } from "../../../app/ingest/apply-order.server";
import { adjustPoints } from "../../../app/loyalty/adjust-points.server";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { saveProgram } from "../../../app/loyalty/program.server";
import { completeRedemptions } from "../../../app/loyalty/rewards/complete-redemptions.server";
import { redeem, type RedeemOutcome } from "../../../app/loyalty/rewards/redeem.server";
import { readRedemption } from "../../../app/loyalty/rewards/redemption-rows.server";
import type { Redemption } from "../../../app/loyalty/rewards/redemption";
import type { RewardTerms } from "../../../app/loyalty/rewards/reward-terms";
import { saveReward } from "../../../app/loyalty/rewards/save-reward.server";
import { readOrder } from "../../../app/shopify/read-orders.server";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { createOrder, type CreateOrderInput } from "../../simulator/order-engine";
import type { SimOrder } from "../../simulator/state";
import { DOMAIN, startPlatform, type Platform } from "../simulator/platform";

export const CODE_TERMS = {
  perMemberLimit: null,
  tierIds: [],
  from: null,
  until: null,
  validDays: 30,
  minimumOrderMinor: null,
  combinesWith: { order: false, product: false, shipping: true },
};
export const AMOUNT_OFF: RewardTerms = {
  kind: "amount_off",
  ...CODE_TERMS,
  valueMinor: 500,
  appliesTo: null,
  worthMore: "limit",
};
const TITLE = { en: "¥500 off", ja: "500円オフ" };

export interface RedemptionShop {
  platform: Platform;
  shopId: ShopId;
  /** Business time of the test: moved by hand. */
  now: Date;
  later(ms: number): Date;
  /** A customer of the platform who is a member with so many points. */
  member(points: number): Promise<{ memberId: number; customerGid: string; customerId: string }>;
  give(memberId: number, points: number, at?: Date): Promise<void>;
  reward(terms: RewardTerms, more?: { points?: number; stock?: number | null }): Promise<number>;
  redeem(customerGid: string, rewardId: number, more?: { points?: number; key?: string }): Promise<RedeemOutcome>;
  complete(): Promise<number>;
  read(id: number): Promise<Redemption>;
  /** The leases of a worker that died run out. */
  endLeases(): Promise<void>;
  order(input: Omit<CreateOrderInput, "lines"> & { lines?: CreateOrderInput["lines"] }): SimOrder;
  /** The app hears of the order's newest state and settles it. */
  hear(order: SimOrder): Promise<number>;
  balance(memberId: number): Promise<{ available: number; reserved: number; redeemed: number; debt: number }>;
  stop(): Promise<void>;
}

let customers = 9_000;
let keys = 0;

/** Starts the platform and the shop; call in beforeAll. */
export async function startRedemptionShop(
  owner: () => pg.Pool,
  rules: Partial<EarningRules> = {},
): Promise<RedemptionShop> {
  const platform = await startPlatform();
  // Its schema is built with the first call, which a shopper's four seconds must not have to pay for.
  await platform.ask("{ shop { name } }");
  env().SHOPIFY_SIMULATOR_URL = platform.address;
  platform.shop.bucket = { available: 1e6, maximum: 1e6, restorePerSecond: 1e5, at: Date.now() };
  const shopId = await createTestShop(DOMAIN);
  await storeTestSession(DOMAIN, { accessToken: "shpat_test" });
  const start = new Date(platform.sim.now().getTime() - 86_400_000);
  const program = { ...defaultEarningRules({ currency: "JPY", taxesIncluded: true }), ...rules };
  const saved = await saveProgram(shopId, program, "staff:1", new Date("2026-01-01T00:00:00Z"));
  expect(saved.outcome).toBe("saved");
  const shop: RedemptionShop = {
    platform,
    shopId,
    now: platform.sim.now(),
    later(ms) {
      shop.now = new Date(shop.now.getTime() + ms);
      return shop.now;
    },
    async member(points) {
      const id = String(customers++);
      const template = platform.shop.customers["301"];
      if (!template) throw new Error("the platform has no customer");
      platform.shop.customers[id] = { ...template, id, email: `c${id}@example.com` };
      const customerGid = `gid://shopify/Customer/${id}`;
      const { memberId } = await createTestMember(
        shopId,
        { customerId: customerGid, email: `c${id}@example.com` },
        start,
      );
      if (points > 0) await shop.give(memberId, points);
      return { memberId, customerGid, customerId: id };
    },
    async give(memberId, points, at = shop.now) {
      const key = `give-${keys++}`;
      const given = await adjustPoints(
        shopId,
        { memberId, points, reason: "adjust_gift", note: null, actor: "staff:1", key },
        at,
      );
      expect(given.outcome).toBe("adjusted");
    },
    async reward(terms, { points = 100, stock = null } = {}) {
      const draft = { points, terms, texts: { title: TITLE, description: { en: "", ja: "" } }, picture: null, stock };
      const made = await saveReward(shopId, { id: null, draft, status: "active" }, "staff:1", shop.now);
      if (made.outcome !== "saved") throw new Error(JSON.stringify(made));
      return made.reward.id;
    },
    redeem: (customerGid, rewardId, { points, key = `key-${keys++}` } = {}) =>
      redeem(
        shopId,
        { customerGid, rewardId, requestKey: key, actor: "shopper", ...(points === undefined ? {} : { points }) },
        shop.now,
      ),
    async complete() {
      return (await completeRedemptions(shopId, shop.now, new AbortController().signal)).completed;
    },
    async read(id) {
      const redemption = await inShop(shopId, (tx) => readRedemption(tx, id));
      if (!redemption) throw new Error("no such redemption");
      return redemption;
    },
    async endLeases() {
      await owner().query(
        "UPDATE redemption SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL",
      );
    },
    order: (input) => createOrder(platform.sim, DOMAIN, { lines: [{ variantId: "9101", quantity: 1 }], ...input }),
    async hear(order) {
      const reading = await readOrder(shopId, `gid://shopify/Order/${order.id}`, { processedAt: null, now: shop.now });
      if (reading.outcome !== "found") throw new Error(`the order is ${reading.outcome}`);
      const { orderId } = await inShop(shopId, (tx) => applyOrder(tx, reading.facts, "read", shop.now));
      return orderId;
    },
    async balance(memberId) {
      const { rows } = await owner().query<{ available: number; reserved: number; redeemed: number; debt: number }>(
        "SELECT available::int, reserved::int, redeemed::int, debt::int FROM member WHERE shop_id = $1 AND id = $2",
        [shopId, memberId],
      );
      if (!rows[0]) throw new Error("no such member");
      return rows[0];
    },
    async stop() {
      delete env().SHOPIFY_SIMULATOR_URL;
      await platform.stop();
    },
  };
  return shop;
}

/** Every discount of the platform with a mark of ours, by redemption: two for one redemption is what must never be. */
export function codesOfRedemption(shop: RedemptionShop, id: number): string[] {
  return Object.values(shop.platform.shop.discounts)
    .filter((discount) => JSON.stringify(discount).includes(`Kizuna redemption ${id}"`))
    .map(({ code }) => code);
}
