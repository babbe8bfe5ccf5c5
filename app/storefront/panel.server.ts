// GET /proxy/panel: what a signed-in shopper has and can do, newer than what the page was rendered with.
import { queryShop, type ShopId } from "../db.server";
import { readProgram } from "../loyalty/program.server";
import { listRedemptions, type ListedRedemption } from "../loyalty/rewards/list-redemptions.server";
import { listRewards } from "../loyalty/rewards/list-rewards.server";
import { whyNot, type NotForYou, type Shopper } from "../loyalty/rewards/reward-offer";
import { isCodeKind, type Reward } from "../loyalty/rewards/reward-terms";
import { readShopperBalance, type ShopperBalance } from "../loyalty/shopper-balance.server";
import { readWaysOf } from "../loyalty/ways/read-ways.server";
import { toGid } from "../shopify/gid";
import { shown } from "./redeem.server";

export type Availability = "available" | NotForYou | "insufficient_points" | "limit_reached" | "out_of_stock";

/** Everything the panel shows of one shopper; a customer we have not met has nothing yet. */
export async function readPanel(shopId: ShopId, customerId: string, now: Date) {
  const customerGid = toGid("Customer", customerId);
  const [balance, { rules }, rewards] = await Promise.all([
    readShopperBalance(shopId, customerGid, now),
    readProgram(shopId),
    listRewards(shopId, { forShoppers: true }),
  ]);
  const memberId = balance?.memberId ?? null;
  const [ways, own, taken] = await Promise.all([
    readWaysOf(shopId, memberId, now),
    memberId === null ? [] : readOwn(shopId, memberId),
    readTaken(shopId, customerGid),
  ]);
  const shopper = {
    customerGid,
    joinedAt: balance?.joinedAt ?? null,
    tags: taken.tags,
    tierId: balance?.tier?.id ?? null,
  };
  return {
    outcome: "found" as const,
    balance: toBalance(balance),
    joined: shopper.joinedAt !== null,
    tier: balance?.tier ?? null,
    progress: balance?.progress ?? null,
    ways,
    rewards: rewards.map((reward) => ({
      id: reward.id,
      points: reward.points,
      availability: availabilityOf(reward, {
        refusal: whyNot(rules, reward.terms, shopper, now),
        available: balance?.available ?? 0,
        taken: taken.counts[reward.id] ?? 0,
      }),
      missing: Math.max(0, reward.points - (balance?.available ?? 0)),
    })),
    redemptions: own.map((redemption) => ({ ...shown(redemption), cancellable: isCancellable(redemption) })),
    referral: balance?.referralCode ?? null,
  };
}

function toBalance(balance: ShopperBalance | null) {
  if (!balance) return { available: 0, pending: 0, debt: 0, nextExpiry: null };
  const { available, pending, debt, nextExpiry } = balance;
  return { available, pending, debt, nextExpiry };
}

function availabilityOf(
  { points, stock, terms }: Reward,
  facts: { refusal: NotForYou | null; available: number; taken: number },
): Availability {
  if (facts.refusal) return facts.refusal;
  if (stock === 0) return "out_of_stock";
  if (terms.perMemberLimit !== null && facts.taken >= terms.perMemberLimit) return "limit_reached";
  return facts.available < points ? "insufficient_points" : "available";
}

// What is open, and what was given as a code that the shopper may still want to look up.
async function readOwn(shopId: ShopId, memberId: number): Promise<ListedRedemption[]> {
  const { redemptions } = await listRedemptions(shopId, { memberId, limit: 50 });
  return redemptions.filter(
    ({ status, kind, code }) =>
      status === "reserved" ||
      status === "issued" ||
      status === "returning" ||
      status === "needs_person" ||
      (status === "posted" && code !== null && !isCodeKind(kind)),
  );
}
function isCancellable({ status, kind }: ListedRedemption): boolean {
  return status === "issued" && isCodeKind(kind);
}

async function readTaken(
  shopId: ShopId,
  customerGid: string,
): Promise<{ tags: Shopper["tags"]; counts: Record<string, number> }> {
  const [row] = await queryShop<{ tags: string[]; counts: Record<string, number> }>(
    shopId,
    `SELECT m.tags, coalesce((SELECT jsonb_object_agg(t.reward_id, t.taken) FROM (
              SELECT reward_id, count(*)::int AS taken FROM redemption
               WHERE shop_id = $1 AND member_id = m.id AND status <> 'voided' GROUP BY reward_id) t), '{}') AS counts
       FROM member m WHERE m.shop_id = $1 AND m.customer_gid = $2 AND m.status = 'active'`,
    [shopId, customerGid],
  );
  return row ?? { tags: [], counts: {} };
}
