import { inShop, type ShopId } from "../db.server";
import { addNote } from "./message-author.server";
import { settleQueue } from "./moderation/settle-queue.server";
import { lockReview } from "./review-rows.server";
import { recordEvents } from "./review-trail.server";
import { cleanText } from "./staff-text";

export const APPEAL_MAX = 2_000;

/** The author says, once, why the rejection was wrong; a person looks again. */
export async function appealReview(
  shopId: ShopId,
  reviewId: number,
  text: string,
  now: Date,
): Promise<{ outcome: "appealed" | "already_appealed" | "not_rejected" | "empty" | "too_long" | "not_found" }> {
  const words = cleanText(text);
  if (words === "") return { outcome: "empty" };
  if (words.length > APPEAL_MAX) return { outcome: "too_long" };
  return inShop(shopId, async (tx) => {
    const review = await lockReview(tx, reviewId);
    if (!review || review.status === "deleted") return { outcome: "not_found" };
    if (review.appeal !== null) return { outcome: "already_appealed" };
    if (review.status !== "rejected") return { outcome: "not_rejected" };
    await tx.query("UPDATE review SET appeal = 'open', updated_at = $3 WHERE shop_id = $1 AND id = $2", [
      shopId,
      reviewId,
      now,
    ]);
    await addNote(tx, { reviewId, kind: "appeal", text: words, actor: "author" }, now);
    await recordEvents(tx, [{ reviewId, kind: "appealed", actor: "author" }], now);
    await settleQueue(tx, [reviewId], now);
    return { outcome: "appealed" };
  });
}
