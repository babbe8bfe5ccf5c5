import { routerPool, type ShopId } from "../db.server";

/** Whether the shop is installed now: a shop/redact must not touch a live install, nor a job a gone one. */
export async function isCurrentInstall(shopId: ShopId): Promise<boolean> {
  const { rows } = await routerPool().query("SELECT FROM shop WHERE id = $1 AND uninstalled_at IS NULL", [shopId]);
  return rows.length === 1;
}
