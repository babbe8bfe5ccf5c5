// The catalogue as its owner looks at it: what is taken of each reward, what lies unused, what it gave.
import { queryShop, type ShopId } from "../../db.server";
import { REWARD_COLUMNS } from "./reward-rows.server";
import type { Reward } from "./reward-terms";

export interface ShelfReward extends Reward {
  /** Redemptions that hold their points: on their way, unused or used. */
  takenNow: number;
  /** Codes that nobody has used yet. */
  unused: number;
  /** Worth of what was used, in the shop's currency. */
  givenMinor: number;
  needsPerson: number;
  /** Codes ever put into a voucher's pool. */
  codesTotal: number;
}
type ShelfRow = ShelfReward & { [column: string]: unknown };

const SHELF = `SELECT ${REWARD_COLUMNS}, coalesce(r."takenNow", 0) AS "takenNow", coalesce(r.unused, 0) AS unused,
       coalesce(r.given, 0) AS "givenMinor", coalesce(r."needsPerson", 0) AS "needsPerson",
       (SELECT count(*)::int FROM voucher_code c WHERE c.shop_id = reward.shop_id AND c.reward_id = reward.id) AS "codesTotal"
  FROM reward
  LEFT JOIN (SELECT reward_id, count(*) FILTER (WHERE status <> 'voided')::int AS "takenNow",
                    count(*) FILTER (WHERE status IN ('reserved', 'issued'))::int AS unused,
                    sum(value_minor) FILTER (WHERE status = 'posted' AND currency = (SELECT currency FROM shop_profile WHERE shop_id = $1))::bigint AS given,
                    count(*) FILTER (WHERE status = 'needs_person')::int AS "needsPerson"
               FROM redemption WHERE shop_id = $1 GROUP BY reward_id) r ON r.reward_id = reward.id
 WHERE reward.shop_id = $1`;

/** Every reward, archived ones too, in the merchant's order. */
export async function readRewardShelf(shopId: ShopId): Promise<ShelfReward[]> {
  return queryShop<ShelfRow>(shopId, `${SHELF} ORDER BY position, id LIMIT 500`, [shopId]);
}

/** One reward of it. */
export async function readShelfReward(shopId: ShopId, id: number): Promise<ShelfReward | null> {
  const [row] = await queryShop<ShelfRow>(shopId, `${SHELF} AND reward.id = $2`, [shopId, id]);
  return row ?? null;
}
