// Staff took back what a shopper was given: the points move, and the pages that count places and donations hear of it.
import type { ShopId } from "../db.server";
import {
  withdrawRedemption,
  type Withdrawal,
  type WithdrawOutcome,
} from "../loyalty/rewards/withdraw-redemption.server";
import { nudgeWork } from "./nudge";
import { enqueue } from "./queue.server";

/** Takes a redemption back and publishes what follows from it. */
export async function withdrawReward(shopId: ShopId, asked: Withdrawal, now: Date): Promise<WithdrawOutcome> {
  const answer = await withdrawRedemption(shopId, asked, now);
  if (answer.outcome === "voided") {
    await enqueue(null, "publish-program", { shopId });
    nudgeWork(shopId, ["publish"]);
  }
  return answer;
}
