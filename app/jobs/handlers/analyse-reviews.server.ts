import { analyseReviews } from "../../reviews/highlights/analyse-reviews.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Finds what published reviews talk about. */
export async function analyseShopReviews(
  { shopId }: JobData<"analyse-reviews">,
  { signal }: JobContext,
): Promise<{ analysed: number }> {
  const outcome = await analyseReviews(shopId, signal);
  if (outcome.analysed > 0) nudgeWork(shopId, ["recount"]);
  return outcome;
}
