import { completeRedemptions } from "../../loyalty/rewards/complete-redemptions.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Redemptions that are due go on; the storefront and the orders they found hear of it at once. */
export async function completeDueRedemptions(
  { shopId }: JobData<"complete-redemptions">,
  { now, signal }: JobContext,
): Promise<{ completed: number }> {
  const outcome = await completeRedemptions(shopId, now, signal);
  if (outcome.completed > 0) nudgeWork(shopId, ["publish", "read"]);
  return outcome;
}
