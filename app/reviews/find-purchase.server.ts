// The order line behind a review: named by the request or the order page, or looked for among a customer's orders.
import type { ShopTx } from "../db.server";
import { matchLine, type MatchedFacts, type OrderMatch } from "./order-match";

export interface Buyer {
  memberId: number | null;
  customerGid: string | null;
  email: string | null;
}
export interface Purchase extends OrderMatch {
  orderId: number;
  lineId: string;
  memberId: number | null;
}
interface OrderRow {
  [column: string]: unknown;
  orderId: number;
  memberId: number | null;
  customerGid: string | null;
  email: string | null;
  facts: MatchedFacts | null;
  isInvited: boolean;
  isDevelopment: boolean;
}

/**
 * The named line, if it is this buyer's purchase of this product; null: it is not. The order's row stays locked
 * against refunds until the end of the transaction, so that none is missed in between.
 */
export async function findPurchase(
  tx: ShopTx,
  line: { orderId: number; lineId: string; productGid: string; requestId: number | null },
  buyer: Buyer,
): Promise<Purchase | null> {
  const { rows } = await tx.query<OrderRow>(
    `SELECT o.id AS "orderId", o.member_id AS "memberId", o.customer_gid AS "customerGid", o.email, o.facts,
            EXISTS (SELECT FROM review_request r WHERE r.shop_id = $1 AND r.id = $3 AND r.order_id = o.id) AS "isInvited",
            coalesce((SELECT is_development FROM shop_profile p WHERE p.shop_id = $1), false) AS "isDevelopment"
       FROM customer_order o WHERE o.shop_id = $1 AND o.id = $2 AND o.deleted_at IS NULL FOR SHARE OF o`,
    [tx.shopId, line.orderId, line.requestId],
  );
  const order = rows[0];
  if (!order?.facts || !(order.isInvited || isTheirs(order, buyer))) return null;
  const match = matchLine(order.facts, line, order.isDevelopment);
  return match && { ...match, orderId: order.orderId, lineId: line.lineId, memberId: order.memberId };
}

/** The newest purchase of the product by a customer that has no review yet; null: there is none. */
export async function findUnreviewedPurchase(
  tx: ShopTx,
  buyer: Buyer & { memberId: number; customerGid: string },
  productGid: string,
): Promise<Purchase | null> {
  const { rows } = await tx.query<{ orderId: number; lineId: string }>(
    `SELECT o.id AS "orderId", line->>'lineId' AS "lineId"
       FROM customer_order o CROSS JOIN LATERAL jsonb_array_elements(o.facts->'lines') AS line
      WHERE o.shop_id = $1 AND o.member_id = $2 AND o.deleted_at IS NULL AND o.facts IS NOT NULL AND line->>'productId' = $3
        AND NOT EXISTS (SELECT FROM review r WHERE r.shop_id = $1 AND r.line_id = line->>'lineId' AND r.status <> 'deleted')
      ORDER BY o.processed_at DESC, o.id DESC LIMIT 5`,
    [tx.shopId, buyer.memberId, productGid],
  );
  for (const { orderId, lineId } of rows) {
    const purchase = await findPurchase(tx, { orderId, lineId, productGid, requestId: null }, buyer);
    if (purchase) return purchase;
  }
  return null;
}

function isTheirs(order: OrderRow, { customerGid, email, memberId }: Buyer): boolean {
  if (customerGid !== null)
    return order.customerGid === customerGid || (memberId !== null && order.memberId === memberId);
  return email !== null && order.email !== null && order.email.trim().toLowerCase() === email;
}
