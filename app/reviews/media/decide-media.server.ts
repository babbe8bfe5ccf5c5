// A person looks at the photos and videos of a review: shown, taken away for good, or described. What follows for
// the queue, the record and the points is written with it.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { settleQueue } from "../moderation/settle-queue.server";
import { lockReview } from "../review-rows.server";
import { recordEvents } from "../review-trail.server";
import { approveMedia, describeMedia, readMedia, removeMedia, type MediaView } from "./show-media.server";

export type MediaDecision = { outcome: "approved" | "removed"; changed: number } | { outcome: "not_found" };

/** All media of a review that are kept, seen or not, in their order. */
export async function readReviewMedia(shopId: ShopId, reviewId: number): Promise<MediaView[]> {
  return inShop(shopId, (tx) => readMedia(tx, [reviewId], "all"));
}

/** Shows media with their review, or removes them. Media of another review are left alone. */
export async function decideMedia(
  shopId: ShopId,
  reviewId: number,
  { mediaIds, decision }: { mediaIds: readonly number[]; decision: "approve" | "remove" },
  actor: string,
  now: Date,
): Promise<MediaDecision> {
  return inShop(shopId, async (tx) => {
    const review = await lockReview(tx, reviewId);
    if (!review || review.status === "deleted") return { outcome: "not_found" };
    const own = await ownMedia(tx, reviewId, mediaIds);
    if (own.length === 0) return { outcome: "not_found" };
    const changed = decision === "approve" ? await approveMedia(tx, own, actor, now) : await removeMedia(tx, own, now);
    if (changed > 0) {
      // A photo that is seen now may be worth points of its own.
      await tx.query("UPDATE review SET award_due = true WHERE shop_id = $1 AND id = $2 AND status = 'published'", [
        shopId,
        reviewId,
      ]);
      await recordEvents(tx, [{ reviewId, kind: "looked_at", actor, params: { media: changed, decision } }], now);
    }
    await settleQueue(tx, [reviewId], now);
    return { outcome: decision === "approve" ? "approved" : "removed", changed };
  });
}

/** Says what a photo or video of this review shows. */
export async function describeReviewMedia(
  shopId: ShopId,
  reviewId: number,
  mediaId: number,
  alt: string,
): Promise<{ outcome: "described" | "not_found" }> {
  const own = await inShop(shopId, (tx) => ownMedia(tx, reviewId, [mediaId]));
  if (own.length === 0) return { outcome: "not_found" };
  await describeMedia(shopId, mediaId, alt.trim());
  return { outcome: "described" };
}

async function ownMedia(tx: ShopTx, reviewId: number, mediaIds: readonly number[]): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    "SELECT id FROM review_media WHERE shop_id = $1 AND review_id = $2 AND id = ANY ($3)",
    [tx.shopId, reviewId, [...mediaIds]],
  );
  return rows.map(({ id }) => id);
}
