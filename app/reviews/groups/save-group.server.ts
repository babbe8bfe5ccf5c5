// Which products share their reviews. New reviews follow at once; those that are there are moved by a job, in small
// steps, because a product may have a hundred thousand.
import { inShop, type ShopId, type ShopTx } from "../../db.server";

export const GROUP_PRODUCTS_MAX = 100;

export type SaveGroup = { outcome: "saved"; groupKey: string } | { outcome: "dissolved" } | { outcome: "too_many" };

/**
 * Makes these products one group. A product leaves the group it was in; a group that is left with one product is none.
 * @param groupKey the group to change; null: a new one. Fewer than two products dissolve it
 */
export async function saveReviewGroup(
  shopId: ShopId,
  groupKey: string | null,
  productGids: readonly string[],
): Promise<SaveGroup> {
  const products = [...new Set(productGids)];
  if (products.length > GROUP_PRODUCTS_MAX) return { outcome: "too_many" };
  return inShop(shopId, async (tx) => {
    // The shop's profile row stands for the shop: two people who group at once do it one after the other.
    await tx.query("SELECT FROM shop_profile WHERE shop_id = $1 FOR NO KEY UPDATE", [shopId]);
    await tx.query("DELETE FROM review_group WHERE shop_id = $1 AND (group_key = $2 OR product_gid = ANY ($3))", [
      shopId,
      groupKey,
      products,
    ]);
    const key = groupKey ?? `group/${crypto.randomUUID()}`;
    if (products.length > 1)
      await tx.query("INSERT INTO review_group (shop_id, product_gid, group_key) SELECT $1, unnest($2::text[]), $3", [
        shopId,
        products,
        key,
      ]);
    await dissolveSingles(tx);
    return products.length > 1 ? { outcome: "saved", groupKey: key } : { outcome: "dissolved" };
  });
}

async function dissolveSingles(tx: ShopTx): Promise<void> {
  await tx.query(
    `DELETE FROM review_group WHERE shop_id = $1 AND group_key IN (
       SELECT group_key FROM review_group WHERE shop_id = $1 GROUP BY group_key HAVING count(*) < 2)`,
    [tx.shopId],
  );
}
