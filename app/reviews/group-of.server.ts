import type { ShopTx } from "../db.server";

/** The group whose products share reviews with this one; a product alone is its own group. */
export async function groupOf(tx: ShopTx, productGid: string): Promise<string> {
  const { rows } = await tx.query<{ groupKey: string }>(
    `SELECT group_key AS "groupKey" FROM review_group WHERE shop_id = $1 AND product_gid = $2`,
    [tx.shopId, productGid],
  );
  return rows[0]?.groupKey ?? productGid;
}
