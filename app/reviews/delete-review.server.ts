// A review goes: its words, names and media everywhere, at once. Its star and its date stay in the book.
import { inShop, type ShopId, type ShopTx } from "../db.server";
import { lockReview } from "./review-rows.server";
import { recordEvents } from "./review-trail.server";

/** Empties what was written and by whom, of reviews that are locked. Counts and audit rows hold no words. */
export async function emptyReviews(tx: ShopTx, ids: readonly number[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `UPDATE review SET status = 'deleted', title = '', body = '', pros = '', cons = '', answers = '[]', author_name = '', author_email = NULL,
            author_key = NULL, visitor_key = NULL, findings = '[]', hold_reasons = '{}', hold_until = NULL, queued_at = NULL, appeal = NULL,
            reply = NULL, replied_at = NULL, replied_by = NULL, search_grams = '{}', photos = 0, videos = 0, award_due = true, updated_at = $3
      WHERE shop_id = $1 AND id = ANY ($2)`,
    [tx.shopId, ids, now],
  );
  await tx.query("DELETE FROM review_version WHERE shop_id = $1 AND review_id = ANY ($2)", [tx.shopId, ids]);
  await tx.query("DELETE FROM review_note WHERE shop_id = $1 AND review_id = ANY ($2)", [tx.shopId, ids]);
  await tx.query("DELETE FROM review_report WHERE shop_id = $1 AND review_id = ANY ($2)", [tx.shopId, ids]);
  await tx.query("DELETE FROM review_mention WHERE shop_id = $1 AND review_id = ANY ($2)", [tx.shopId, ids]);
  // What was not told yet is told no more.
  await tx.query("DELETE FROM review_notice WHERE shop_id = $1 AND review_id = ANY ($2) AND announced_at IS NULL", [
    tx.shopId,
    ids,
  ]);
  await tx.query(
    `UPDATE review_media SET status = 'removed', removed_at = $3, check_at = NULL, alt = '', licence = '{}', curated_at = NULL, curated_by = NULL, gallery_position = NULL
      WHERE shop_id = $1 AND review_id = ANY ($2) AND status <> 'removed'`,
    [tx.shopId, ids, now],
  );
}

/** Deletes a review. @param by author, or who acts for them */
export async function deleteReview(
  shopId: ShopId,
  reviewId: number,
  by: string,
  now: Date,
): Promise<{ outcome: "deleted" | "already_deleted" | "not_found" }> {
  return inShop(shopId, async (tx) => {
    const review = await lockReview(tx, reviewId);
    if (!review) return { outcome: "not_found" };
    if (review.status === "deleted") return { outcome: "already_deleted" };
    await emptyReviews(tx, [reviewId], now);
    await recordEvents(tx, [{ reviewId, kind: "deleted", actor: by }], now);
    return { outcome: "deleted" };
  });
}
