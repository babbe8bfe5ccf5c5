import { queryShop, type ShopId } from "../db.server";

/** What a product is called; empty: not known. */
export async function readProductTitle(shopId: ShopId, productGid: string): Promise<string> {
  const [row] = await queryShop<{ title: string }>(
    shopId,
    "SELECT title FROM product_fact WHERE shop_id = $1 AND product_gid = $2",
    [shopId, productGid],
  );
  return row?.title ?? "";
}
