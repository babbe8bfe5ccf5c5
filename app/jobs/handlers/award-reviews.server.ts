import { awardReview, takeBackReview } from "../../loyalty/ways/award-review.server";
import { markAwarded, reviewsToAward, type DueAward } from "../../reviews/reviews-to-award.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Reviews that were published give their points; those deleted by their authors give back what is left. */
export async function awardDueReviews(
  { shopId }: JobData<"award-reviews">,
  { now, signal }: JobContext,
): Promise<{ points: number; reviews: number }> {
  const total = { points: 0, reviews: 0 };
  for (let due = await reviewsToAward(shopId); due.length > 0 && !signal.aborted; due = await reviewsToAward(shopId)) {
    for (const review of due) {
      if (signal.aborted) break;
      total.points += await settle(shopId, review, now);
      total.reviews += 1;
      await markAwarded(shopId, review);
    }
  }
  if (total.points !== 0) nudgeWork(shopId, ["publish"]);
  return total;
}

async function settle(shopId: number, review: DueAward, now: Date): Promise<number> {
  const { act, memberId, occasion, photos, videos, isFirst, submittedAt } = review;
  if (act === "none" || memberId === null) return 0;
  if (act === "take") return 0 - (await takeBackReview(shopId, { memberId, occasion }, now)).points;
  const facts = { memberId, occasion, hasPhoto: photos > 0, hasVideo: videos > 0, isFirst, submittedAt };
  return (await awardReview(shopId, facts, now)).points;
}
