// The catalogue: everything for the merchant, what is active for shoppers.
import { queryShop, type ShopId } from "../../db.server";
import { REWARD_COLUMNS } from "./reward-rows.server";
import type { Reward } from "./reward-terms";

const REWARDS_MAX = 500;

/** Rewards in the merchant's order; for shoppers only active ones. */
export async function listRewards(shopId: ShopId, { forShoppers }: { forShoppers: boolean }): Promise<Reward[]> {
  const which = forShoppers ? "status = 'active'" : "status <> 'archived'";
  return queryShop<Reward & { [column: string]: unknown }>(
    shopId,
    `SELECT ${REWARD_COLUMNS} FROM reward WHERE shop_id = $1 AND ${which} ORDER BY position, id LIMIT ${REWARDS_MAX}`,
    [shopId],
  );
}

/** One reward for its page, archived ones too. */
export async function readRewardById(shopId: ShopId, id: number): Promise<Reward | null> {
  const [row] = await queryShop<Reward & { [column: string]: unknown }>(
    shopId,
    `SELECT ${REWARD_COLUMNS} FROM reward WHERE shop_id = $1 AND id = $2`,
    [shopId, id],
  );
  return row ?? null;
}

/** What was given to each organisation through this program, the amount given before it included. */
export async function readDonationTotals(
  shopId: ShopId,
): Promise<{ rewardId: number; currency: string; totalMinor: number }[]> {
  return queryShop<{ rewardId: number; currency: string; totalMinor: number }>(
    shopId,
    `SELECT w.id AS "rewardId", p.currency,
            ((w.terms->>'totalBeforeMinor')::bigint + coalesce(sum(r.value_minor) FILTER (WHERE r.status = 'posted'), 0))::bigint AS "totalMinor"
       FROM reward w JOIN shop_profile p ON p.shop_id = w.shop_id
       LEFT JOIN redemption r ON r.shop_id = w.shop_id AND r.reward_id = w.id AND r.currency = p.currency
      WHERE w.shop_id = $1 AND w.kind = 'donation' AND w.status <> 'draft'
      GROUP BY w.id, w.terms, p.currency ORDER BY w.id`,
    [shopId],
  );
}
