import type { ShopTx } from "../../db.server";
import { REVIEW_WAYS } from "../program-parts";

/**
 * The points a purchase's review has brought its author, all of its parts together.
 * @param review the member, and the occasion that names the purchase ("line/123")
 */
export async function readReviewPoints(
  tx: ShopTx,
  { memberId, occasion }: { memberId: number; occasion: string },
): Promise<number> {
  const { rows } = await tx.query<{ points: number }>(
    `SELECT coalesce(sum(points), 0)::bigint AS points FROM way_grant
      WHERE shop_id = $1 AND member_id = $2 AND occasion = $3 AND kind = ANY ($4) AND state = 'granted'`,
    [tx.shopId, memberId, occasion, [...REVIEW_WAYS]],
  );
  return rows[0]?.points ?? 0;
}
