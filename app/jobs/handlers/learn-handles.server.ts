// The addresses of products that reviews lead to: known from product webhooks and orders, else read here.
import { inShop, queryShop, type ShopId } from "../../db.server";
import { businessNow } from "../../clock.server";
import { readProducts } from "../../shopify/read-products.server";
import { recordProduct } from "../../shops/record-product.server";

const AT_ONCE = 50;

/** Reads products with published reviews whose address is not known, a few at a time. */
export async function learnHandles(shopId: ShopId): Promise<{ learned: number }> {
  const rows = await queryShop<{ gid: string }>(
    shopId,
    `SELECT known.group_key AS gid FROM rating_summary known
       LEFT JOIN product_fact p ON p.shop_id = known.shop_id AND p.product_gid = known.group_key
      WHERE known.shop_id = $1 AND starts_with(known.group_key, 'gid://') AND (p.product_gid IS NULL OR p.handle = '') AND p.deleted_at IS NULL
      UNION SELECT g.product_gid FROM review_group g
       LEFT JOIN product_fact p ON p.shop_id = g.shop_id AND p.product_gid = g.product_gid
      WHERE g.shop_id = $1 AND (p.product_gid IS NULL OR p.handle = '') AND p.deleted_at IS NULL
      LIMIT $2`,
    [shopId, AT_ONCE],
  );
  if (rows.length === 0) return { learned: 0 };
  const found = await readProducts(
    shopId,
    rows.map(({ gid }) => gid),
  );
  const now = await businessNow();
  await inShop(shopId, async (tx) => {
    for (const facts of found.values()) await recordProduct(tx, facts, now);
    // Gone at Shopify before we knew it: not asked for again.
    await tx.query(
      `INSERT INTO product_fact (shop_id, product_gid, title, tags, collection_ids, deleted_at, updated_at)
       SELECT $1, gone, '', '{}', '{}', $3, $3 FROM unnest($2::text[]) gone ON CONFLICT DO NOTHING`,
      [shopId, rows.map(({ gid }) => gid).filter((gid) => !found.has(gid)), now],
    );
  });
  return { learned: found.size };
}
