import { recountRatings } from "../../reviews/recount-ratings.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Sums of reviews are counted anew; what shoppers see of them is published next. */
export async function recountShopRatings(
  { shopId }: JobData<"recount-ratings">,
  { now, signal }: JobContext,
): Promise<{ recounted: number }> {
  const outcome = await recountRatings(shopId, now, signal);
  if (outcome.recounted > 0) nudgeWork(shopId, ["rate"]);
  return outcome;
}
