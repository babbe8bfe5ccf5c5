// Files nobody needs any more leave the store: uploads whose review never came, what was refused or removed.
import { inShop, queryShop, type ShopId } from "../../db.server";
import { mediaStore } from "../../storage/media-store.server";
import { TICKET_HOURS, type MediaFile } from "./media-limits";

const AT_ONCE = 100;

/** Gives up what was left behind and erases the files of what is gone. */
export async function tidyMedia(
  shopId: ShopId,
  now: Date,
  signal: AbortSignal,
): Promise<{ given: number; erased: number }> {
  const { rowCount } = await inShop(shopId, (tx) =>
    tx.query(
      `UPDATE review_media SET status = 'removed', removed_at = $2
        WHERE shop_id = $1 AND removed_at IS NULL
          AND ((review_id IS NULL AND created_at <= $2::timestamptz - $3 * interval '1 hour')
            OR (status = 'received' AND created_at <= $2::timestamptz - interval '1 hour'))`,
      [shopId, now, TICKET_HOURS],
    ),
  );
  let erased = 0;
  for (let gone = await nextGone(shopId); gone.length > 0 && !signal.aborted; gone = await nextGone(shopId)) {
    for (const { id, folder, files } of gone) {
      if (signal.aborted) break;
      await mediaStore().remove(
        shopId,
        folder,
        files.flatMap(({ ref }) => ref ?? []),
      );
      await inShop(shopId, (tx) =>
        tx.query(
          `UPDATE review_media SET erased_at = $3, files = '[]', bytes = 0, alt = '' WHERE shop_id = $1 AND id = $2`,
          [shopId, id, now],
        ),
      );
      erased += 1;
    }
  }
  return { given: rowCount ?? 0, erased };
}

async function nextGone(shopId: ShopId) {
  return queryShop<{ id: number; folder: string; files: MediaFile[] }>(
    shopId,
    `SELECT id, storage_key AS folder, files FROM review_media
      WHERE shop_id = $1 AND status IN ('refused', 'removed') AND erased_at IS NULL ORDER BY id LIMIT ${AT_ONCE}`,
    [shopId],
  );
}
