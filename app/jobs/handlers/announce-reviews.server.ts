import { announceReviews } from "../../journeys/announce-reviews.server";
import { readReviewPoints } from "../../loyalty/ways/read-review-points.server";
import { noteUnsentRequests } from "../../reviews/requests/note-unsent.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** What happened to requests and reviews becomes messages; what the gate refuses stands in the list of requests. */
export async function announceShopReviews(
  { shopId }: JobData<"announce-reviews">,
  { now, signal }: JobContext,
): Promise<{ announced: number; queued: number }> {
  const outcome = await announceReviews(shopId, readReviewPoints, now, signal);
  await noteUnsentRequests(shopId, outcome.refusedRequests, now);
  if (outcome.queued > 0) nudgeWork(shopId, ["mail"]);
  return { announced: outcome.announced, queued: outcome.queued };
}
