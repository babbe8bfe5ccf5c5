import { routerPool, type ShopId } from "../db.server";

/**
 * Whether the shop is installed now: a shop/redact or a late job must not touch a live install, and work
 * begun for an earlier install (`installSeq`) must stop.
 */
export async function isCurrentInstall(shopId: ShopId, installSeq?: number): Promise<boolean> {
  const { rows } = await routerPool().query<{ live: boolean }>(
    "SELECT uninstalled_at IS NULL AND install_seq = COALESCE($2, install_seq) AS live FROM shop WHERE id = $1",
    [shopId, installSeq ?? null],
  );
  return rows[0]?.live ?? false;
}
