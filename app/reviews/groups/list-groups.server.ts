import { queryShop, type ShopId } from "../../db.server";

export interface ReviewGroupView {
  groupKey: string;
  products: { productGid: string; title: string }[];
}

const GROUPS_MAX = 200;

/** The groups of products that share their reviews. A product that is not known yet has an empty title. */
export async function listReviewGroups(shopId: ShopId): Promise<ReviewGroupView[]> {
  return queryShop<ReviewGroupView & { [column: string]: unknown }>(
    shopId,
    `SELECT g.group_key AS "groupKey",
            jsonb_agg(jsonb_build_object('productGid', g.product_gid, 'title', coalesce(f.title, '')) ORDER BY f.title, g.product_gid) AS products
       FROM review_group g
       LEFT JOIN product_fact f ON f.shop_id = g.shop_id AND f.product_gid = g.product_gid
      WHERE g.shop_id = $1 GROUP BY g.group_key ORDER BY min(f.title), g.group_key LIMIT $2`,
    [shopId, GROUPS_MAX],
  );
}
