import { inShop, type ShopId, type ShopTx } from "../db.server";
import { lockReview, type ReviewRow } from "./review-rows.server";
import { recordEvents, tellAuthors } from "./review-trail.server";
import { cleanText } from "./staff-text";

export const MESSAGE_MAX = 4_000;

/** Writes to the author in private, by mail. The words are kept as a note beside the review. */
export async function messageAuthor(
  shopId: ShopId,
  reviewId: number,
  text: string,
  actor: string,
  now: Date,
): Promise<{ outcome: "sent"; noteId: number } | { outcome: "empty" | "too_long" | "not_found" | "no_address" }> {
  const message = cleanText(text);
  if (message === "") return { outcome: "empty" };
  if (message.length > MESSAGE_MAX) return { outcome: "too_long" };
  return inShop(shopId, async (tx) => {
    const review = await lockReview(tx, reviewId);
    if (!review || review.status === "deleted") return { outcome: "not_found" };
    if (!(await hasAddress(tx, review))) return { outcome: "no_address" };
    const noteId = await addNote(tx, { reviewId, kind: "private_message", text: message, actor }, now);
    await recordEvents(tx, [{ reviewId, kind: "messaged", actor, params: { noteId } }], now);
    await tellAuthors(
      tx,
      [{ reviewId, kind: "review_message", key: `review_message/${noteId}`, params: { noteId } }],
      now,
    );
    return { outcome: "sent", noteId };
  });
}

/** Whether anybody can be reached by mail. */
export async function hasAddress(
  tx: ShopTx,
  { authorEmail, memberId }: Pick<ReviewRow, "authorEmail" | "memberId">,
): Promise<boolean> {
  if (authorEmail !== null) return true;
  const { rows } = await tx.query(
    "SELECT FROM member WHERE shop_id = $1 AND id = $2 AND status = 'active' AND email IS NOT NULL",
    [tx.shopId, memberId],
  );
  return rows.length > 0;
}

/** Keeps words beside a review; they go when it is deleted or its author is erased. */
export async function addNote(
  tx: ShopTx,
  note: { reviewId: number; kind: "private_message" | "appeal" | "staff_note"; text: string; actor: string },
  now: Date,
): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    "INSERT INTO review_note (shop_id, review_id, kind, text, actor, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
    [tx.shopId, note.reviewId, note.kind, note.text, note.actor, now],
  );
  if (!rows[0]) throw new Error("the note did not come back");
  return rows[0].id;
}
