import { inShop, type ShopId } from "../../db.server";
import { lockReview } from "../review-rows.server";
import { recordEvents } from "../review-trail.server";
import { settleQueue } from "./settle-queue.server";

/** A person read the reports of a review and leaves it as it is. */
export async function resolveReports(
  shopId: ShopId,
  reviewId: number,
  actor: string,
  now: Date,
): Promise<{ outcome: "resolved" | "nothing_open" | "not_found" }> {
  return inShop(shopId, async (tx) => {
    if (!(await lockReview(tx, reviewId))) return { outcome: "not_found" };
    const { rowCount } = await tx.query(
      "UPDATE review_report SET resolved_at = $3 WHERE shop_id = $1 AND review_id = $2 AND resolved_at IS NULL",
      [shopId, reviewId, now],
    );
    if (!rowCount) return { outcome: "nothing_open" };
    await recordEvents(tx, [{ reviewId, kind: "reports_resolved", actor, params: { reports: rowCount } }], now);
    await settleQueue(tx, [reviewId], now);
    return { outcome: "resolved" };
  });
}
