import { queryShop, type ShopId } from "../../db.server";
import type { RejectReason } from "../review-content";

/** Why a review is rejected, and whether its author appealed; null: it is not rejected. */
export async function readRejectReason(
  shopId: ShopId,
  reviewId: number,
): Promise<{ reason: RejectReason; appeal: string | null } | null> {
  const [row] = await queryShop<{ reason: RejectReason; appeal: string | null }>(
    shopId,
    "SELECT reject_reason AS reason, appeal FROM review WHERE shop_id = $1 AND id = $2 AND status = 'rejected'",
    [shopId, reviewId],
  );
  return row ?? null;
}
