import { settleMedia } from "../../reviews/media/settle-media.server";
import { tidyMedia } from "../../reviews/media/tidy-media.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";

/** Asks after files that the store was not ready with, and erases uploads nobody took and media that were removed. */
export async function tidyReviewMedia(
  { shopId }: JobData<"tidy-review-media">,
  { now, signal }: JobContext,
): Promise<void> {
  await settleMedia(shopId, now, signal);
  await tidyMedia(shopId, now, signal);
}
