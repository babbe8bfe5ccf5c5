import { advanceReferrals } from "../../loyalty/referrals/advance-referrals.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Friends' codes, their orders and the rewards of who brought them. */
export async function advanceDueReferrals(
  { shopId }: JobData<"advance-referrals">,
  { now, signal }: JobContext,
): Promise<{ advanced: number }> {
  const outcome = await advanceReferrals(shopId, now, signal);
  if (outcome.advanced > 0) nudgeWork(shopId, ["publish"]);
  return outcome;
}
