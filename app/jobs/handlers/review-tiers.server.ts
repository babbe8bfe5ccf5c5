import { reviewTiers } from "../../loyalty/tiers/review-tiers.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Tiers that are due to be looked at, and the rewards for reaching one; the storefront hears of it at once. */
export async function reviewShopTiers(
  { shopId }: JobData<"review-tiers">,
  { now, signal }: JobContext,
): Promise<{ reviewed: number; changed: number; entries: number }> {
  const outcome = await reviewTiers(shopId, now, signal);
  if (outcome.reviewed + outcome.entries > 0) nudgeWork(shopId, ["publish"]);
  return outcome;
}
