// Rewards as rows.
import type { Queryable, ShopId } from "../../db.server";
import type { Reward } from "./reward-terms";

/** SQL for the columns of a reward. A voucher's stock is what is left of its pool. */
export const REWARD_COLUMNS = `id, status, position, points, terms, texts, picture, taken, revision,
  CASE WHEN kind = 'voucher' THEN (SELECT count(*)::integer FROM voucher_code v
    WHERE v.shop_id = reward.shop_id AND v.reward_id = reward.id AND v.redemption_id IS NULL) ELSE stock END AS stock`;

/** One reward, whatever its status. */
export async function readReward(tx: Queryable & { shopId: ShopId }, id: number): Promise<Reward | null> {
  const { rows } = await tx.query<Reward & { [column: string]: unknown }>(
    `SELECT ${REWARD_COLUMNS} FROM reward WHERE shop_id = $1 AND id = $2`,
    [tx.shopId, id],
  );
  return rows[0] ?? null;
}
