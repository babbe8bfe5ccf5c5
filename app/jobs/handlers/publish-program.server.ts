// Writes the program where the storefront reads it.
import { readProgram } from "../../loyalty/program.server";
import { listRewards, readDonationTotals } from "../../loyalty/rewards/list-rewards.server";
import { publishProgram } from "../../shopify/publish-metafields.server";
import { readShopProfile } from "../../shops/read-shop-profile.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { programValue } from "../program-value";

/** Publishes program, rewards, tiers and campaigns as they are now. */
export async function publishShopProgram({ shopId }: JobData<"publish-program">, { now }: JobContext): Promise<void> {
  const shop = await readShopProfile(shopId);
  if (shop === null) return; // The first read of the shop enqueues this job again.
  const [{ rules, version }, rewards, totals] = await Promise.all([
    readProgram(shopId),
    listRewards(shopId, { forShoppers: true }),
    readDonationTotals(shopId),
  ]);
  const donated = new Map(totals.map(({ rewardId, totalMinor }) => [rewardId, totalMinor]));
  await publishProgram(shopId, programValue({ rules, version, shop, rewards, donated, now }));
}
