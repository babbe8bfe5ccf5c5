import { grantOccasions } from "../../loyalty/ways/grant-occasions.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Birthdays and anniversaries whose day has begun; the storefront hears of it at once. */
export async function grantDueOccasions(
  { shopId }: JobData<"grant-occasions">,
  { now, signal }: JobContext,
): Promise<{ granted: number }> {
  const outcome = await grantOccasions(shopId, now, signal);
  if (outcome.granted > 0) nudgeWork(shopId, ["publish"]);
  return outcome;
}
