// Files nobody needs any more leave the store: uploads whose review never came, what was refused or removed.
import { inShop, queryShop, type ShopId } from "../../db.server";
import { mediaStore } from "../../storage/media-store.server";
import { TICKET_HOURS, type MediaFile } from "./media-limits";
import { postponeMedia } from "./postpone-media.server";

const AT_ONCE = 100;

/** Gives up what was left behind and erases the files of what is gone. */
export async function tidyMedia(
  shopId: ShopId,
  now: Date,
  signal: AbortSignal,
): Promise<{ given: number; erased: number }> {
  const { rowCount } = await inShop(shopId, (tx) =>
    tx.query(
      `UPDATE review_media SET status = 'removed', removed_at = $2, check_at = NULL
        WHERE shop_id = $1 AND removed_at IS NULL
          AND ((review_id IS NULL AND created_at <= $2::timestamptz - $3 * interval '1 hour')
            OR (status = 'received' AND check_at IS NULL AND created_at <= $2::timestamptz - interval '1 hour'))`,
      [shopId, now, TICKET_HOURS],
    ),
  );
  let erased = 0;
  for (let gone = await nextGone(shopId, now); gone.length > 0 && !signal.aborted; gone = await nextGone(shopId, now)) {
    for (const media of gone) {
      if (signal.aborted) break;
      if (!(await erase(shopId, media, now))) continue;
      await inShop(shopId, (tx) =>
        tx.query(
          `UPDATE review_media SET erased_at = $3, files = '[]', bytes = 0, alt = '' WHERE shop_id = $1 AND id = $2`,
          [shopId, media.id, now],
        ),
      );
      erased += 1;
    }
  }
  return { given: rowCount ?? 0, erased };
}

interface GoneMedia {
  [column: string]: unknown;
  id: number;
  folder: string;
  files: MediaFile[];
  createdAt: Date;
}

/** The searches of a store are behind, but not by so much. */
const SEARCH_MS = 24 * 3_600_000;
// @returns whether its files are gone. What the store stumbles over waits, so that the others are not held up.
async function erase(shopId: ShopId, media: GoneMedia, now: Date): Promise<boolean> {
  const refs = media.files.flatMap(({ ref }) => ref ?? []);
  try {
    const outcome = await mediaStore().remove(shopId, media.folder, refs);
    const isOld = media.createdAt.getTime() <= now.getTime() - SEARCH_MS;
    if (outcome === "removed" || (outcome === "unseen" && isOld)) return true;
  } catch (error) {
    await postponeMedia(shopId, media, now);
    throw error;
  }
  await postponeMedia(shopId, media, now);
  return false;
}

async function nextGone(shopId: ShopId, now: Date): Promise<GoneMedia[]> {
  return queryShop<GoneMedia>(
    shopId,
    `SELECT id, storage_key AS folder, files, created_at AS "createdAt" FROM review_media
      WHERE shop_id = $1 AND status IN ('refused', 'removed') AND erased_at IS NULL AND (check_at IS NULL OR check_at <= $2)
      ORDER BY id LIMIT ${AT_ONCE}`,
    [shopId, now],
  );
}
