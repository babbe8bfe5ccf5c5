// A person decides: shown, or rejected with a reason of the list. Words are never edited, and what an author has
// to confirm nobody else can.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { publishReview } from "../publish-review.server";
import { REJECT_REASONS, type RejectReason } from "../review-content";
import { lockReviews, pendingVersions, type PendingVersion, type ReviewRow } from "../review-rows.server";
import { recordEvents, tellAuthors } from "../review-trail.server";
import { needsConfirmation } from "./hold";
import { settleQueue } from "./settle-queue.server";

export const DECIDED_AT_ONCE = 250;
export interface Decision {
  decision: "publish" | "reject";
  /** Of REJECT_REASONS; needed to reject. */
  reason?: RejectReason;
  /** Where an edit waits behind shown words, a decision is about the edit unless it says "review". */
  about?: "review" | "edit";
}
/**
 * kept: it was shown already, and stays (open reports are settled by that). unchanged: it was so already.
 * needs_confirmation: only its author can release it. gone: deleted, or no review of this shop.
 */
export type DecisionResult = "published" | "rejected" | "kept" | "unchanged" | "needs_confirmation" | "gone";
export type DecideOutcome =
  | { outcome: "decided"; results: { reviewId: number; result: DecisionResult }[] }
  | { outcome: "reason_missing" | "too_many" };

/** Decides up to 250 reviews in one transaction; each has its own result. */
export async function decideReviews(
  shopId: ShopId,
  ids: readonly number[],
  decision: Decision,
  actor: string,
  now: Date,
): Promise<DecideOutcome> {
  const wanted = [...new Set(ids)];
  if (wanted.length > DECIDED_AT_ONCE) return { outcome: "too_many" };
  if (decision.decision === "reject" && !REJECT_REASONS.some((reason) => reason === decision.reason))
    return { outcome: "reason_missing" };
  return inShop(shopId, async (tx) => {
    const reviews = new Map((await lockReviews(tx, wanted)).map((review) => [review.id, review]));
    const pending = new Map((await pendingVersions(tx, wanted)).map((version) => [version.reviewId, version]));
    const results: { reviewId: number; result: DecisionResult }[] = [];
    for (const reviewId of [...wanted].sort((a, b) => a - b)) {
      const review = reviews.get(reviewId);
      results.push({
        reviewId,
        result: review ? await decide(tx, review, { pending: pending.get(reviewId), decision, actor }, now) : "gone",
      });
    }
    await settleReports(
      tx,
      results.filter(({ result }) => !["gone", "needs_confirmation"].includes(result)),
      actor,
      now,
    );
    await settleQueue(tx, wanted, now);
    return { outcome: "decided", results };
  });
}

interface Wish {
  pending: PendingVersion | undefined;
  decision: Decision;
  actor: string;
}

/** One locked review. */
async function decide(
  tx: ShopTx,
  review: ReviewRow,
  { pending, decision, actor }: Wish,
  now: Date,
): Promise<DecisionResult> {
  if (review.status === "deleted") return "gone";
  const edit = review.status === "published" && decision.about !== "review" ? pending : undefined;
  if (decision.decision === "publish") {
    if (edit) return publishEdit(tx, review, edit, actor, now);
    return publishHeld(tx, review, actor, now);
  }
  const reason = decision.reason;
  if (!reason) throw new Error("a rejection has a reason");
  if (edit) return rejectEdit(tx, edit, { reason, actor }, now);
  return reject(tx, review, { reason, actor }, now);
}

/** Shows a review that waits or was rejected. @returns kept when it is shown already */
export async function publishHeld(tx: ShopTx, review: ReviewRow, actor: string, now: Date): Promise<DecisionResult> {
  if (review.status === "published") {
    await recordEvents(tx, [{ reviewId: review.id, kind: "looked_at", actor }], now);
    return "kept";
  }
  if (review.status === "unconfirmed" || needsConfirmation(review.holdReasons)) return "needs_confirmation";
  const { id: reviewId, groupKey, version, findings } = review;
  await publishReview(tx, { reviewId, groupKey, version, content: review, findings }, actor, now);
  if (review.appeal === "open")
    await tx.query("UPDATE review SET appeal = 'upheld' WHERE shop_id = $1 AND id = $2", [tx.shopId, reviewId]);
  await recordEvents(
    tx,
    [
      ...(review.appeal === "open" ? [{ reviewId, kind: "appeal_upheld" as const, actor }] : []),
      { reviewId, kind: "published", actor, params: { version } },
    ],
    now,
  );
  await tellAuthors(
    tx,
    [{ reviewId, kind: "review_published", key: `review_published/${reviewId}/${version}/${now.getTime()}` }],
    now,
  );
  return "published";
}

async function publishEdit(
  tx: ShopTx,
  review: ReviewRow,
  edit: PendingVersion,
  actor: string,
  now: Date,
): Promise<DecisionResult> {
  const { id: reviewId, groupKey } = review;
  const { version, content, findings } = edit;
  await publishReview(tx, { reviewId, groupKey, version, content, findings }, actor, now);
  await recordEvents(tx, [{ reviewId, kind: "edit_published", actor, params: { version } }], now);
  await tellAuthors(tx, [{ reviewId, kind: "review_published", key: `review_published/${reviewId}/${version}` }], now);
  return "published";
}

/** The earlier words stay. */
async function rejectEdit(
  tx: ShopTx,
  { reviewId, version }: PendingVersion,
  { reason, actor }: { reason: RejectReason; actor: string },
  now: Date,
): Promise<DecisionResult> {
  await tx.query(
    `UPDATE review_version SET status = 'rejected', hold_until = NULL, decided_at = $4, decided_by = $5 WHERE shop_id = $1 AND review_id = $2 AND version = $3`,
    [tx.shopId, reviewId, version, now, actor],
  );
  await recordEvents(tx, [{ reviewId, kind: "edit_rejected", actor, params: { version, reason } }], now);
  await tellAuthors(
    tx,
    [
      {
        reviewId,
        kind: "review_rejected",
        key: `review_rejected/${reviewId}/${version}`,
        params: { reason, edit: true },
      },
    ],
    now,
  );
  return "rejected";
}

async function reject(
  tx: ShopTx,
  review: ReviewRow,
  { reason, actor }: { reason: RejectReason; actor: string },
  now: Date,
): Promise<DecisionResult> {
  const { id: reviewId, version } = review;
  if (review.status === "rejected" && review.appeal !== "open") return "unchanged";
  const isDismissal = review.appeal === "open";
  // What the author has not confirmed stays unconfirmed, whatever becomes of a rejection: hold_reasons stay.
  await tx.query(
    `UPDATE review SET status = 'rejected', reject_reason = $3, hold_until = NULL, search_grams = '{}', decided_at = $4, decided_by = $5,
            appeal = CASE WHEN appeal = 'open' THEN 'dismissed' ELSE appeal END, award_due = true, updated_at = $4
      WHERE shop_id = $1 AND id = $2`,
    [tx.shopId, reviewId, reason, now, actor],
  );
  await tx.query(
    `UPDATE review_version SET status = CASE WHEN version > $3 THEN 'superseded' ELSE 'rejected' END, hold_until = NULL, decided_at = $4, decided_by = $5
      WHERE shop_id = $1 AND review_id = $2 AND status IN ('held', 'shown')`,
    [tx.shopId, reviewId, version, now, actor],
  );
  await recordEvents(
    tx,
    [{ reviewId, kind: isDismissal ? "appeal_dismissed" : "rejected", actor, params: { reason, version } }],
    now,
  );
  await tellAuthors(
    tx,
    [
      {
        reviewId,
        kind: "review_rejected",
        key: `review_rejected/${reviewId}/${version}/${now.getTime()}`,
        params: { reason, ...(isDismissal && { appeal: "dismissed" }) },
      },
    ],
    now,
  );
  return "rejected";
}

// Whoever decides about a review has read what was reported of it.
async function settleReports(tx: ShopTx, decided: { reviewId: number }[], actor: string, now: Date): Promise<void> {
  const { rows } = await tx.query<{ reviewId: number }>(
    `UPDATE review_report SET resolved_at = $3 WHERE shop_id = $1 AND review_id = ANY ($2) AND resolved_at IS NULL RETURNING review_id AS "reviewId"`,
    [tx.shopId, decided.map(({ reviewId }) => reviewId), now],
  );
  const settled = [...new Set(rows.map(({ reviewId }) => reviewId))];
  await recordEvents(
    tx,
    settled.map((reviewId) => ({ reviewId, kind: "reports_resolved" as const, actor })),
    now,
  );
}
