import { settleWaitingOrders } from "../../loyalty/settle-waiting-orders.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Orders that came before the first program get its answer. */
export async function settleWaiting(
  { shopId }: JobData<"settle-waiting-orders">,
  { now }: JobContext,
): Promise<{ settled: number }> {
  const outcome = await settleWaitingOrders(shopId, now);
  if (outcome.settled > 0) nudgeWork(shopId, ["publish"]);
  return outcome;
}
