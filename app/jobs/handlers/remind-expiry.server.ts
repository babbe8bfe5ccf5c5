import { remindExpiry } from "../../loyalty/remind-expiry.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Once a shop-local day, from nine in the morning: who loses points soon is told. */
export async function remindOfExpiry(
  { shopId }: JobData<"remind-expiry">,
  { now }: JobContext,
): Promise<{ reminded: number }> {
  const outcome = await remindExpiry(shopId, now);
  if (outcome.reminded > 0) nudgeWork(shopId, ["announce"]);
  return outcome;
}
