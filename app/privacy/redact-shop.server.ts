import { inShop, routerPool, type ShopId } from "../db.server";
import { raiseAlertInShop } from "../ingest/alert.server";
import type { JobData } from "../jobs/catalog";
import type { JobContext } from "../jobs/handlers.server";
import { log } from "../log.server";
import { isCurrentInstall } from "../shops/is-current-install.server";
import { mediaStore } from "../storage/media-store.server";

const ROWS_AT_ONCE = 5_000;
/** Of all tables together, in a transaction of its own: a second or so. */
const ROWS_PER_PIECE = 5_000;

/**
 * Erases everything of an uninstalled shop, in pieces, and leaves a tombstone. A shop that was installed again
 * since is left alone, and the decision is on its health page; one whose erasure has begun cannot be installed
 * before it has ended. An erasure that stops half-way goes on where it was.
 */
export async function redactShop(
  data: JobData<"shop-redact">,
  { now, signal }: Pick<JobContext, "now" | "signal">,
): Promise<{ outcome: "erased" | "installed_again" }> {
  if (await isCurrentInstall(data.shopId)) {
    await raiseAlertInShop(data.shopId, "reinstalled_before_redact", {});
    log().info({ shopId: data.shopId }, "a shop/redact was not carried out: the shop is installed again");
    return { outcome: "installed_again" };
  }
  // Queued payloads go first, so that no drain can write after the erasure what it took before.
  let deleted: number | null;
  do {
    ({ rowCount: deleted } = await routerPool().query(
      "DELETE FROM webhook_inbox WHERE id IN (SELECT id FROM webhook_inbox WHERE shop_id = $1 LIMIT $2)",
      [data.shopId, ROWS_AT_ONCE],
    ));
  } while (deleted);
  // The files before the rows: an erasure that stops half-way is begun again, and finds no shop left behind.
  const media = await mediaStore().removeShop(data.shopId);
  while (!(await eraseRows(data.shopId, now))) signal.throwIfAborted();
  log().info({ shopId: data.shopId, media }, "a shop was erased");
  return { outcome: "erased" };
}

// One piece. @returns whether all is gone
async function eraseRows(shopId: ShopId, now: Date): Promise<boolean> {
  const { rows } = await inShop(shopId, (tx) =>
    tx.query<{ gone: boolean }>("SELECT erase_shop_rows($1, $2, $3) IS NOT NULL AS gone", [
      shopId,
      now,
      ROWS_PER_PIECE,
    ]),
  );
  return rows[0]?.gone === true;
}
