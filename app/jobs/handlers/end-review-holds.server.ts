import { endHolds, type EndedHolds } from "../../reviews/moderation/end-holds.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Holds whose days are over end: what nobody rejected is shown, what nobody confirmed is closed. */
export async function endReviewHolds(
  { shopId }: JobData<"end-review-holds">,
  { now, signal }: JobContext,
): Promise<EndedHolds> {
  const ended = await endHolds(shopId, now, signal);
  if (ended.published + ended.editsPublished > 0) nudgeWork(shopId, ["notify", "recount"]);
  return ended;
}
