import { moveReviews } from "../../reviews/groups/move-reviews.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Reviews follow their products into the groups that share them. */
export async function moveShopReviews(
  { shopId }: JobData<"move-reviews">,
  { signal }: JobContext,
): Promise<{ moved: number }> {
  const outcome = await moveReviews(shopId, signal);
  if (outcome.moved > 0) nudgeWork(shopId, ["recount"]);
  return outcome;
}
