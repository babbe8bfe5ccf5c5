import { inShop, type ShopId } from "../db.server";
import { addNote, MESSAGE_MAX } from "./message-author.server";
import { lockReview } from "./review-rows.server";
import { recordEvents } from "./review-trail.server";
import { cleanText } from "./staff-text";

/** Keeps a note among staff beside a review. */
export async function noteOnReview(
  shopId: ShopId,
  reviewId: number,
  text: string,
  actor: string,
  now: Date,
): Promise<{ outcome: "noted" | "empty" | "too_long" | "not_found" }> {
  const note = cleanText(text);
  if (note === "") return { outcome: "empty" };
  if (note.length > MESSAGE_MAX) return { outcome: "too_long" };
  return inShop(shopId, async (tx) => {
    const review = await lockReview(tx, reviewId);
    if (!review || review.status === "deleted") return { outcome: "not_found" };
    await addNote(tx, { reviewId, kind: "staff_note", text: note, actor }, now);
    await recordEvents(tx, [{ reviewId, kind: "noted", actor }], now);
    return { outcome: "noted" };
  });
}
