import { reviewPromise } from "../../loyalty/ways/review-promise.server";
import { planRequests } from "../../reviews/requests/plan-requests.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Orders whose day has come are asked about, with what the program promises for a review. */
export async function planReviewRequests(
  { shopId }: JobData<"plan-review-requests">,
  { now, signal }: JobContext,
): Promise<{ asked: number; ended: number }> {
  const outcome = await planRequests(shopId, await reviewPromise(shopId, now), now, signal);
  if (outcome.asked > 0) nudgeWork(shopId, ["notify"]);
  return outcome;
}
