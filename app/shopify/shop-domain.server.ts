import { routerPool, type ShopId } from "../db.server";
import { UnauthorizedShopError } from "./shopify-errors";

interface ShopRow {
  domain: string;
  uninstalled_at: Date | null;
}

/**
 * The domain to call for a shop, given our id or the domain itself.
 * @throws UnauthorizedShopError when the app is not installed there
 */
export async function installedDomain(shop: ShopId | string): Promise<string> {
  const column = typeof shop === "number" ? "id" : "domain";
  const { rows } = await routerPool().query<ShopRow>(`SELECT domain, uninstalled_at FROM shop WHERE ${column} = $1`, [
    shop,
  ]);
  const row = rows[0];
  if (!row) throw new UnauthorizedShopError(String(shop), "uninstalled");
  if (row.uninstalled_at) throw new UnauthorizedShopError(row.domain, "uninstalled");
  return row.domain;
}
