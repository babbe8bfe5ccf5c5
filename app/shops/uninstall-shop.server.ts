import { routerPool, type ShopId } from "../db.server";
import { log } from "../log.server";
import { deleteSessionsOf } from "../shopify/session-storage.server";
import { forgetShop } from "./find-shop.server";

export interface UninstallOutcome {
  /** stale: the shop was installed again after the event; the live install stays. */
  outcome: "uninstalled" | "already_uninstalled" | "stale" | "unknown_shop";
}

/**
 * Marks the shop as gone and forgets its tokens; its data stays until shop/redact.
 * @param at when the app was uninstalled (the event's own time)
 */
export async function uninstallShop(shopId: ShopId, at: Date): Promise<UninstallOutcome> {
  const { rows } = await routerPool().query<{ domain: string; installed_at: Date; uninstalled_at: Date | null }>(
    "SELECT domain, installed_at, uninstalled_at FROM shop WHERE id = $1",
    [shopId],
  );
  const shop = rows[0];
  if (!shop) return { outcome: "unknown_shop" };
  if (shop.uninstalled_at) return { outcome: "already_uninstalled" };
  const { rowCount } = await routerPool().query(
    "UPDATE shop SET uninstalled_at = $2 WHERE id = $1 AND uninstalled_at IS NULL AND installed_at <= $2",
    [shopId, at],
  );
  if (!rowCount) {
    log().info({ shopId }, "an uninstall older than the live install was ignored");
    return { outcome: "stale" };
  }
  forgetShop(shop.domain);
  await deleteSessionsOf(shop.domain);
  return { outcome: "uninstalled" };
}
