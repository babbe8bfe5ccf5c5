import { queryShop, type ShopId } from "../db.server";

const TYPES_MAX = 200;

/** The product types of the shop as far as they are known, by name. */
export async function readProductTypes(shopId: ShopId): Promise<string[]> {
  const rows = await queryShop<{ type: string }>(
    shopId,
    `SELECT DISTINCT product_type AS type FROM product_fact
      WHERE shop_id = $1 AND product_type <> '' AND deleted_at IS NULL ORDER BY 1 LIMIT $2`,
    [shopId, TYPES_MAX],
  );
  return rows.map(({ type }) => type);
}
