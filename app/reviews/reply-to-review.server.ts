import { inShop, type ShopId } from "../db.server";
import { lockReview } from "./review-rows.server";
import { recordEvents, tellAuthors } from "./review-trail.server";
import { cleanText } from "./staff-text";

export const REPLY_MAX = 2_000;

/** Answers a review in public, changes the answer, or takes it back (an empty text). The author hears of it once. */
export async function replyToReview(
  shopId: ShopId,
  reviewId: number,
  text: string,
  actor: string,
  now: Date,
): Promise<{ outcome: "replied" | "removed" | "unchanged" | "not_published" | "not_found" | "too_long" }> {
  const reply = cleanText(text) || null;
  if (reply !== null && reply.length > REPLY_MAX) return { outcome: "too_long" };
  return inShop(shopId, async (tx) => {
    const review = await lockReview(tx, reviewId);
    if (!review || review.status === "deleted") return { outcome: "not_found" };
    if (review.status !== "published" && reply !== null) return { outcome: "not_published" };
    if (review.reply === reply) return { outcome: "unchanged" };
    await tx.query(
      `UPDATE review SET reply = $3, replied_at = CASE WHEN $3::text IS NULL THEN NULL ELSE $4::timestamptz END,
              replied_by = CASE WHEN $3::text IS NULL THEN NULL ELSE $5 END, updated_at = $4 WHERE shop_id = $1 AND id = $2`,
      [shopId, reviewId, reply, now, actor],
    );
    await recordEvents(tx, [{ reviewId, kind: reply === null ? "reply_removed" : "replied", actor }], now);
    if (reply !== null)
      await tellAuthors(tx, [{ reviewId, kind: "review_replied", key: `review_replied/${reviewId}` }], now);
    return { outcome: reply === null ? "removed" : "replied" };
  });
}
