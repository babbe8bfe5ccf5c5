import { releaseDuePoints } from "../../loyalty/release-due-points.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Pending points whose hold is over become available; the storefront hears of it at once. */
export async function releasePoints(
  { shopId }: JobData<"release-due-points">,
  { now }: JobContext,
): Promise<{ released: number }> {
  const outcome = await releaseDuePoints(shopId, now);
  if (outcome.released > 0) nudgeWork(shopId, ["publish"]);
  return outcome;
}
