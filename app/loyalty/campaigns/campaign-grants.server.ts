// What each campaign has given so far.
import { queryShop, type ShopId } from "../../db.server";

export interface CampaignGrants {
  points: number;
  orders: number;
}

/** Points and orders by campaign, after refunds; campaigns that gave nothing are left out. */
export async function readCampaignGrants(shopId: ShopId): Promise<Record<string, CampaignGrants>> {
  const rows = await queryShop<{ id: string; points: number; orders: number }>(
    shopId,
    `SELECT substr(rule, 10) AS id, sum(target)::bigint AS points, count(*)::int AS orders
       FROM order_earning
      WHERE shop_id = $1 AND rule LIKE 'campaign:%' AND target > 0
      GROUP BY rule`,
    [shopId],
  );
  return Object.fromEntries(rows.map(({ id, points, orders }) => [id, { points: Number(points), orders }]));
}
