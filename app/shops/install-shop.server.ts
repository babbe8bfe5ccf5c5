import { routerPool, type ShopId } from "../db.server";
import { enqueue } from "../jobs/queue.server";
import { log } from "../log.server";
import { forgetShop } from "./find-shop.server";
import { refreshShop } from "./refresh-shop.server";

export interface InstallOutcome {
  outcome: "installed" | "reinstalled" | "already_installed";
  shopId: ShopId;
}
/**
 * Writes the shop's routing row after a token exchange and starts what an install needs: shop facts,
 * subscriptions, the program the storefront reads, the customers. Parallel calls for one shop install it once.
 * @throws while the shop's earlier data is being erased, which takes minutes at most
 */
export async function installShop(input: { domain: string; scopes: string; now: Date }): Promise<InstallOutcome> {
  const row = await writeRow(input).catch(async (error: unknown) => {
    throw isBeingErased(error) ? await resumeErasure(input.domain, error) : error;
  });
  forgetShop(input.domain);
  if (row.outcome !== "already_installed") await beginInstall(row.shopId);
  log().info(row, "shop install");
  return row;
}

// Two statements, each atomic: of parallel calls one reinstalls or inserts, the others find it done.
async function writeRow({
  domain,
  scopes,
  now,
}: {
  domain: string;
  scopes: string;
  now: Date;
}): Promise<InstallOutcome> {
  const returned = await routerPool().query<{ id: ShopId }>(
    `UPDATE shop SET scopes = $2, installed_at = $3, install_seq = install_seq + 1, uninstalled_at = NULL
      WHERE domain = $1 AND uninstalled_at IS NOT NULL RETURNING id`,
    [domain, scopes, now],
  );
  if (returned.rows[0]) return { outcome: "reinstalled", shopId: returned.rows[0].id };
  const { rows } = await routerPool().query<{ id: ShopId; created: boolean }>(
    `INSERT INTO shop (domain, scopes, installed_at) VALUES ($1, $2, $3)
     ON CONFLICT (domain) DO UPDATE SET scopes = excluded.scopes RETURNING id, xmax = 0 AS created`,
    [domain, scopes, now],
  );
  const row = rows[0];
  if (!row) throw new Error("installing wrote no shop");
  return { outcome: row.created ? "installed" : "already_installed", shopId: row.id };
}

async function beginInstall(shopId: ShopId): Promise<void> {
  for (const name of ["refresh-shop", "check-subscriptions", "publish-program", "read-all-customers"] as const) {
    await enqueue(null, name, { shopId });
  }
  // The first page wants currency and zone at once; where Shopify stumbles now, the job follows.
  await refreshShop(shopId).catch((error: unknown) => {
    log().warn({ shopId, reason: error instanceof Error ? error.name : "unknown" }, "first read of the shop failed");
  });
}

function isBeingErased(error: unknown): boolean {
  return (error as { constraint?: string }).constraint === "shop_erasing";
}
// Whoever comes back meanwhile waits for the end; a job that died on the way must not keep them out for ever.
async function resumeErasure(domain: string, cause: unknown): Promise<Error> {
  const { rows } = await routerPool().query<{ id: ShopId }>("SELECT id FROM shop WHERE domain = $1", [domain]);
  if (rows[0]) await enqueue(null, "shop-redact", { shopId: rows[0].id });
  return new Error("the shop's earlier data is being erased: it can be installed in a few minutes", { cause });
}
