import { inShop, routerPool } from "../db.server";
import { raiseAlertInShop } from "../ingest/alert.server";
import type { JobData } from "../jobs/catalog";
import type { JobContext } from "../jobs/handlers.server";
import { log } from "../log.server";
import { isCurrentInstall } from "../shops/is-current-install.server";
import { mediaStore } from "../storage/media-store.server";

const ROWS_AT_ONCE = 5_000;

/**
 * Erases everything of an uninstalled shop and leaves a tombstone. A shop that was installed again since
 * is left alone, and the decision is on its health page.
 */
export async function redactShop(
  data: JobData<"shop-redact">,
  { now }: Pick<JobContext, "now">,
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
  await mediaStore().removeShop(data.shopId);
  await inShop(data.shopId, (tx) => tx.query("SELECT erase_shop($1, $2)", [data.shopId, now]));
  log().info({ shopId: data.shopId }, "a shop was erased");
  return { outcome: "erased" };
}
