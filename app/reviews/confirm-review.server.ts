// The author says that it was them: what waited for that waits no longer.
import { inShop, type ShopId, type ShopTx } from "../db.server";
import { authorKeyOf, isAuthorToken } from "./author-token.server";
import { holdAfterConfirmation, needsConfirmation } from "./moderation/hold";
import { settleQueue } from "./moderation/settle-queue.server";
import { publishReview } from "./publish-review.server";
import { reviewSettingsIn } from "./read-settings.server";
import { lockReviewByKey, type ReviewRow } from "./review-rows.server";
import { recordEvents } from "./review-trail.server";
import { asksForHelp, openTask } from "./tasks/open-task.server";

export type ConfirmOutcome =
  | { outcome: "published" | "held" | "already_confirmed"; reviewId: number }
  /** It was closed, rejected or deleted meanwhile. */
  | { outcome: "too_late" }
  | { outcome: "not_found" };

/** Confirms by the link of the mail; a second click changes nothing. */
export async function confirmReview(shopId: ShopId, token: string, now: Date): Promise<ConfirmOutcome> {
  if (!isAuthorToken(token)) return { outcome: "not_found" };
  return inShop(shopId, async (tx) => {
    const review = await lockReviewByKey(tx, authorKeyOf(token));
    if (!review) return { outcome: "not_found" };
    if (["unconfirmed", "rejected", "deleted"].includes(review.status)) return { outcome: "too_late" };
    if (!needsConfirmation(review.holdReasons)) return { outcome: "already_confirmed", reviewId: review.id };
    return confirm(tx, review, now);
  });
}

async function confirm(tx: ShopTx, review: ReviewRow, now: Date): Promise<ConfirmOutcome> {
  await tx.query("UPDATE review SET confirmed_at = $3, updated_at = $3 WHERE shop_id = $1 AND id = $2", [
    tx.shopId,
    review.id,
    now,
  ]);
  await recordEvents(tx, [{ reviewId: review.id, kind: "confirmed", actor: "author" }], now);
  const settings = await reviewSettingsIn(tx);
  if (asksForHelp(review.rating, settings))
    await openTask(
      tx,
      { reviewId: review.id, orderId: review.orderId, memberId: review.memberId, kind: "low_rating" },
      settings,
      now,
    );
  const hold = holdAfterConfirmation(review.findings, await heldSince(tx, review));
  if (hold) {
    await tx.query("UPDATE review SET hold_reasons = $3, hold_until = $4 WHERE shop_id = $1 AND id = $2", [
      tx.shopId,
      review.id,
      hold.reasons,
      hold.until,
    ]);
    return { outcome: "held", reviewId: review.id };
  }
  await publishReview(
    tx,
    {
      reviewId: review.id,
      groupKey: review.groupKey,
      version: review.version,
      content: review,
      findings: review.findings,
    },
    null,
    now,
  );
  await recordEvents(
    tx,
    [{ reviewId: review.id, kind: "published", actor: "system", params: { after: "confirmation" } }],
    now,
  );
  await settleQueue(tx, [review.id], now);
  return { outcome: "published", reviewId: review.id };
}

// The days of a hold are those of the words that wait, not of the confirmation.
async function heldSince(tx: ShopTx, review: ReviewRow): Promise<Date> {
  const { rows } = await tx.query<{ submittedAt: Date }>(
    `SELECT submitted_at AS "submittedAt" FROM review_version WHERE shop_id = $1 AND review_id = $2 AND version = $3`,
    [tx.shopId, review.id, review.version],
  );
  return rows[0]?.submittedAt ?? review.submittedAt;
}
