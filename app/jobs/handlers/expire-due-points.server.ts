import { expireDuePoints } from "../../loyalty/expire-due-points.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Points whose last day is over expire; the storefront hears of it at once. */
export async function expirePoints(
  { shopId }: JobData<"expire-due-points">,
  { now }: JobContext,
): Promise<{ expired: number }> {
  const outcome = await expireDuePoints(shopId, now);
  if (outcome.expired > 0) nudgeWork(shopId, ["publish"]);
  return outcome;
}
