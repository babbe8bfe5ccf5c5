import { tidyMedia } from "../../reviews/media/tidy-media.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";

/** Erases uploads nobody took and media that were removed. */
export async function tidyReviewMedia(
  { shopId }: JobData<"tidy-review-media">,
  { now, signal }: JobContext,
): Promise<void> {
  await tidyMedia(shopId, now, signal);
}
