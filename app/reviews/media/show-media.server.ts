// Staff look at media, take some away, and describe them. What a review shows is counted anew each time.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import type { MediaFile } from "./media-limits";
import { mediaUrl } from "./media-place.server";

export interface MediaView {
  mediaId: number;
  reviewId: number | null;
  kind: "photo" | "video";
  alt: string;
  width: number | null;
  height: number | null;
  isViewed: boolean;
  isCurated: boolean;
  /** Absolute addresses, smallest first; of a video the film first, then its poster. */
  files: { url: string; width: number | null; height: number | null; type: string }[];
}
interface MediaRow {
  [column: string]: unknown;
  id: number;
  reviewId: number | null;
  kind: "photo" | "video";
  folder: string;
  files: MediaFile[];
  alt: string;
  width: number | null;
  height: number | null;
  viewedAt: Date | null;
  curatedAt: Date | null;
}
const COLUMNS = `id, review_id AS "reviewId", kind, storage_key AS folder, files, alt, width, height, viewed_at AS "viewedAt", curated_at AS "curatedAt"`;

function viewOf(shopId: ShopId, row: MediaRow): MediaView {
  return {
    mediaId: row.id,
    reviewId: row.reviewId,
    kind: row.kind,
    alt: row.alt,
    width: row.width,
    height: row.height,
    isViewed: row.viewedAt !== null,
    isCurated: row.curatedAt !== null,
    files: row.files.map((file) => ({
      url: mediaUrl(shopId, row.folder, file),
      width: file.width,
      height: file.height,
      type: file.type,
    })),
  };
}

/** The media of reviews, in their order. `shown`: only what shoppers may see. */
export async function readMedia(
  tx: ShopTx,
  reviewIds: readonly number[],
  which: "shown" | "all",
): Promise<MediaView[]> {
  if (reviewIds.length === 0) return [];
  const { rows } = await tx.query<MediaRow>(
    `SELECT ${COLUMNS} FROM review_media
      WHERE shop_id = $1 AND review_id = ANY ($2) AND status = 'ready' AND ($3 OR viewed_at IS NOT NULL) ORDER BY review_id, position, id`,
    [tx.shopId, reviewIds, which === "all"],
  );
  return rows.map((row) => viewOf(tx.shopId, row));
}

/** Writes down how many photos and videos a review shows; call it wherever one of them changes. */
export async function recountMedia(tx: ShopTx, reviewIds: readonly number[]): Promise<void> {
  await tx.query(
    // More to see may be worth more points: whoever keeps them looks again.
    `UPDATE review r SET photos = n.photos, videos = n.videos, award_due = r.award_due OR r.status = 'published'
       FROM (SELECT w.id, count(m.id) FILTER (WHERE m.kind = 'photo') AS photos, count(m.id) FILTER (WHERE m.kind = 'video') AS videos
               FROM unnest($2::bigint[]) AS w (id)
               LEFT JOIN review_media m ON m.shop_id = $1 AND m.review_id = w.id AND m.status = 'ready' AND m.viewed_at IS NOT NULL
              GROUP BY w.id) n
      WHERE r.shop_id = $1 AND r.id = n.id AND (r.photos, r.videos) IS DISTINCT FROM (n.photos, n.videos)`,
    [tx.shopId, [...reviewIds].sort((a, b) => a - b)],
  );
}

/** Staff saw the media: from now on shoppers see them with the review. @returns how many were new */
export async function approveMedia(tx: ShopTx, mediaIds: readonly number[], actor: string, now: Date): Promise<number> {
  const { rows } = await tx.query<{ reviewId: number }>(
    `UPDATE review_media SET viewed_at = $3, viewed_by = $4
      WHERE shop_id = $1 AND id = ANY ($2) AND status = 'ready' AND viewed_at IS NULL AND review_id IS NOT NULL RETURNING review_id AS "reviewId"`,
    [tx.shopId, mediaIds, now, actor],
  );
  await recountMedia(tx, [...new Set(rows.map(({ reviewId }) => reviewId))]);
  return rows.length;
}

/** Takes media away for good; their files follow soon. @returns how many were there */
export async function removeMedia(tx: ShopTx, mediaIds: readonly number[], now: Date): Promise<number> {
  const { rows } = await tx.query<{ reviewId: number | null }>(
    `UPDATE review_media SET status = 'removed', removed_at = $3, check_at = NULL, curated_at = NULL, gallery_position = NULL, alt = ''
      WHERE shop_id = $1 AND id = ANY ($2) AND status IN ('ready', 'received') RETURNING review_id AS "reviewId"`,
    [tx.shopId, mediaIds, now],
  );
  await recountMedia(tx, [...new Set(rows.flatMap(({ reviewId }) => reviewId ?? []))]);
  return rows.length;
}

/** Describes a photo or video for those who cannot see it. */
export async function describeMedia(shopId: ShopId, mediaId: number, alt: string): Promise<void> {
  await inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ reviewId: number | null }>(
      `UPDATE review_media SET alt = $3 WHERE shop_id = $1 AND id = $2 AND status = 'ready' RETURNING review_id AS "reviewId"`,
      [shopId, mediaId, alt.slice(0, 300)],
    );
    // What the page shows has changed, and no column of the review tells.
    await tx.query(
      `INSERT INTO rating_change (shop_id, group_key) SELECT $1, group_key FROM review WHERE shop_id = $1 AND id = $2 AND status = 'published'`,
      [shopId, rows[0]?.reviewId ?? null],
    );
  });
}
