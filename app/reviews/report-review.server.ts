import { inShop, type ShopId } from "../db.server";
import { settleQueue } from "./moderation/settle-queue.server";
import { REJECT_REASONS } from "./review-content";
import { lockReview } from "./review-rows.server";
import { recordEvents } from "./review-trail.server";
import { cleanText } from "./staff-text";

/** Why somebody may report a review: the reasons for which one may be rejected, and nothing about stars. */
export const REPORT_REASONS = REJECT_REASONS;
export const REPORT_TEXT_MAX = 1_000;

export interface Report {
  reason: string;
  text: string;
  /** customer gid or keyed hash of a visitor: one report each. */
  reporter: string;
}

/** Puts a published review into the queue because somebody says it should not be shown; it stays shown. */
export async function reportReview(
  shopId: ShopId,
  reviewId: number,
  { reason, text, reporter }: Report,
  now: Date,
): Promise<{ outcome: "reported" | "already_reported" | "not_found" | "bad_reason" }> {
  if (!REPORT_REASONS.some((known) => known === reason)) return { outcome: "bad_reason" };
  return inShop(shopId, async (tx) => {
    const review = await lockReview(tx, reviewId);
    if (review?.status !== "published") return { outcome: "not_found" };
    const { rowCount } = await tx.query(
      `INSERT INTO review_report (shop_id, review_id, reason, text, reporter, at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (shop_id, review_id, reporter) DO NOTHING`,
      [shopId, reviewId, reason, cleanText(text).slice(0, REPORT_TEXT_MAX), reporter, now],
    );
    if (rowCount === 0) return { outcome: "already_reported" };
    await recordEvents(tx, [{ reviewId, kind: "reported", actor: "visitor", params: { reason } }], now);
    await settleQueue(tx, [reviewId], now);
    return { outcome: "reported" };
  });
}
