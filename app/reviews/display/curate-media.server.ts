// The gallery: shoppers' photos and videos that the shop chose to show elsewhere than beside their review. Only
// what a person has seen, of a published review, whose author agreed to it; it leaves with its review.
import { inShop, queryShop, type ShopId, type ShopTx } from "../../db.server";
import { mediaUrl } from "../media/media-place.server";
import type { Finding } from "../moderation/findings";
import { shownText } from "../moderation/mask-text";
import { readReviewSettings } from "../read-settings.server";
import { displayName } from "./display-name";
import { shownMedia, type MediaRow, type ShownMedia } from "./shown-media";

/** What a page of the storefront holds. */
export const GALLERY_MAX = 48;

export interface GalleryItem extends ShownMedia {
  reviewId: string;
  /** Empty: anonymous. */
  name: string;
  rating: number;
  verified: boolean;
  incentivised: boolean;
  product: { gid: string; title: string; handle: string };
}
export interface CurateOutcome {
  outcome: "curated";
  changed: number;
  /** More than a gallery shows: the last ones wait. */
  isFull: boolean;
}

/** Puts media into the gallery, at its end, or takes them out. */
export async function curateMedia(
  shopId: ShopId,
  ids: readonly number[],
  isOn: boolean,
  actor: string,
  now: Date,
): Promise<CurateOutcome> {
  return inShop(shopId, async (tx) => {
    const { rowCount } = isOn
      ? await tx.query(
          `UPDATE review_media m SET curated_at = $3, curated_by = $4,
                  gallery_position = coalesce((SELECT max(gallery_position) FROM review_media WHERE shop_id = $1 AND curated_at IS NOT NULL), 0)
                                     + array_position($2::bigint[], m.id)
            WHERE m.shop_id = $1 AND m.id = ANY ($2::bigint[]) AND m.curated_at IS NULL AND ${MAY_BE_SHOWN}`,
          [shopId, ids, now, actor],
        )
      : await tx.query(
          `UPDATE review_media SET curated_at = NULL, curated_by = NULL, gallery_position = NULL
            WHERE shop_id = $1 AND id = ANY ($2::bigint[]) AND curated_at IS NOT NULL`,
          [shopId, ids],
        );
    const changed = rowCount ?? 0;
    if (changed > 0) await noteChange(tx);
    const { rows } = await tx.query<{ count: number }>(
      "SELECT count(*) AS count FROM review_media WHERE shop_id = $1 AND curated_at IS NOT NULL AND status = 'ready'",
      [shopId],
    );
    return { outcome: "curated", changed, isFull: (rows[0]?.count ?? 0) > GALLERY_MAX };
  });
}

/** Gives the gallery this order; media that it does not name follow in theirs. */
export async function reorderGallery(shopId: ShopId, ids: readonly number[]): Promise<void> {
  await inShop(shopId, async (tx) => {
    await tx.query(
      `UPDATE review_media m SET gallery_position = ordered.position
         FROM (SELECT id, row_number() OVER (ORDER BY array_position($2::bigint[], id), gallery_position, id) AS position
                 FROM review_media WHERE shop_id = $1 AND curated_at IS NOT NULL) ordered
        WHERE m.shop_id = $1 AND m.id = ordered.id`,
      [shopId, ids],
    );
    await noteChange(tx);
  });
}

// A condition of `m`: ready, seen by a person, of a review that shoppers see.
const MAY_BE_SHOWN = `m.status = 'ready' AND m.viewed_at IS NOT NULL AND EXISTS (
  SELECT FROM review r WHERE r.shop_id = m.shop_id AND r.id = m.review_id AND r.status = 'published')`;

/** The gallery as shoppers see it, in its order. */
export function listGallery(shopId: ShopId): Promise<GalleryItem[]> {
  return readItems(shopId, `m.curated_at IS NOT NULL`, "m.gallery_position, m.id", [GALLERY_MAX]);
}

/** What could be chosen and is not yet, newest first; `before`: the id after which to go on. */
export function listGalleryCandidates(
  shopId: ShopId,
  before: number | null = null,
  limit = 50,
): Promise<GalleryItem[]> {
  return readItems(shopId, `m.curated_at IS NULL AND ($3::bigint IS NULL OR m.id < $3)`, "m.id DESC", [limit, before]);
}

type ItemRow = MediaRow & {
  [column: string]: unknown;
  reviewId: number;
  rating: number;
  verified: boolean;
  incentivised: boolean;
  authorName: string;
  findings: Finding[];
  productGid: string;
  productTitle: string | null;
  productHandle: string | null;
};

async function readItems(shopId: ShopId, where: string, order: string, values: unknown[]): Promise<GalleryItem[]> {
  const [rows, { names }] = await Promise.all([
    queryShop<ItemRow>(
      shopId,
      `SELECT m.id, m.kind, m.storage_key AS folder, m.files, m.width, m.height, m.alt, r.id AS "reviewId", r.rating, r.verified,
              r.incentivised, r.author_name AS "authorName", r.findings, r.product_gid AS "productGid",
              p.title AS "productTitle", p.handle AS "productHandle"
         FROM review_media m
         JOIN review r ON r.shop_id = m.shop_id AND r.id = m.review_id AND r.status = 'published'
         LEFT JOIN product_fact p ON p.shop_id = r.shop_id AND p.product_gid = r.product_gid AND p.deleted_at IS NULL
        WHERE m.shop_id = $1 AND m.status = 'ready' AND m.viewed_at IS NOT NULL AND ${where}
        ORDER BY ${order} LIMIT $2`,
      [shopId, ...values],
    ),
    readReviewSettings(shopId),
  ]);
  return rows.map((row) => ({
    ...shownMedia(row, mediaUrl.bind(null, shopId)),
    reviewId: String(row.reviewId),
    name: displayName(shownText("authorName", row.authorName, row.findings), names),
    rating: row.rating,
    verified: row.verified,
    incentivised: row.incentivised,
    product: { gid: row.productGid, title: row.productTitle ?? "", handle: row.productHandle ?? "" },
  }));
}

// Nothing of a review has changed, so no trigger tells: the pages that show the gallery are due.
async function noteChange(tx: ShopTx): Promise<void> {
  await tx.query("INSERT INTO rating_change (shop_id, group_key) VALUES ($1, '')", [tx.shopId]);
}
