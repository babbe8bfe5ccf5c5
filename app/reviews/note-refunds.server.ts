import type { ShopTx } from "../db.server";
import { isLineRefunded, type MatchedFacts } from "./order-match";
import { lockReviews } from "./review-rows.server";

/** Labels the reviews of orders whose state changed: what was given back is said beside them. Orders are locked by the caller. */
export async function noteRefundsForReviews(
  tx: ShopTx,
  orderIds: readonly number[],
  now: Date,
): Promise<{ changed: number }> {
  const { rows } = await tx.query<{ id: number; lineId: string; refunded: boolean; facts: MatchedFacts | null }>(
    `SELECT r.id, r.line_id AS "lineId", r.refunded, o.facts FROM review r JOIN customer_order o ON o.shop_id = r.shop_id AND o.id = r.order_id
      WHERE r.shop_id = $1 AND r.order_id = ANY ($2) AND r.line_id IS NOT NULL`,
    [tx.shopId, orderIds],
  );
  const changed = rows.filter(
    ({ facts, lineId, refunded }) => facts !== null && isLineRefunded(facts, lineId) !== refunded,
  );
  if (changed.length === 0) return { changed: 0 };
  await lockReviews(
    tx,
    changed.map(({ id }) => id),
  );
  await tx.query("UPDATE review SET refunded = NOT refunded, updated_at = $3 WHERE shop_id = $1 AND id = ANY ($2)", [
    tx.shopId,
    changed.map(({ id }) => id),
    now,
  ]);
  return { changed: changed.length };
}
