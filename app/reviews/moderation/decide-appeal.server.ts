import type { ShopId } from "../../db.server";
import { readRejectReason } from "./read-reject-reason.server";
import { decideReviews, type DecisionResult } from "./decide-reviews.server";

/** A person looks again: the review is shown after all, or stays rejected for its reason. */
export async function decideAppeal(
  shopId: ShopId,
  reviewId: number,
  decision: "uphold" | "dismiss",
  actor: string,
  now: Date,
): Promise<{ outcome: DecisionResult | "no_appeal" }> {
  const rejected = await readRejectReason(shopId, reviewId);
  if (rejected?.appeal !== "open") return { outcome: "no_appeal" };
  const decided = await decideReviews(
    shopId,
    [reviewId],
    decision === "uphold" ? { decision: "publish" } : { decision: "reject", reason: rejected.reason },
    actor,
    now,
  );
  if (decided.outcome !== "decided") throw new Error(`an appeal was not decided: ${decided.outcome}`);
  return { outcome: decided.results[0]?.result ?? "gone" };
}
