// What a customer bought and what they wrote about it, as their own pages show it.
import { queryShop, type ShopId } from "../db.server";

export interface Buyer {
  memberId: number | null;
  customerGid: string;
}
/** An order that still stands; what was refunded is labelled, not shut out. */
const IS_PURCHASE = `o.deleted_at IS NULL AND o.kind <> 'anonymised' AND o.facts->>'cancelledAt' IS NULL
        AND o.facts->>'financialStatus' NOT IN ('voided', 'expired')`;

/** The customer's newest review of a product; null: they wrote none. */
export async function findReviewOf(shopId: ShopId, customerGid: string, productGid: string): Promise<number | null> {
  const [row] = await queryShop<{ id: number }>(
    shopId,
    `SELECT id FROM review WHERE shop_id = $1 AND product_gid = $2 AND customer_gid = $3 AND status <> 'deleted'
      ORDER BY id DESC LIMIT 1`,
    [shopId, productGid, customerGid],
  );
  return row?.id ?? null;
}

/** A product of an order that arrived, as the customer's own pages list it. */
export interface OrderedProduct {
  [column: string]: unknown;
  orderId: number;
  lineId: string;
  productGid: string;
  title: string;
  reviewId: number | null;
  status: string | null;
  rating: number | null;
}

/**
 * What the customer bought, got and can review: of one order everything, with the reviews there are; of all their
 * orders (`orderGid` null) the newest products that have none.
 */
export async function readOrderedProducts(
  shopId: ShopId,
  { memberId }: Buyer,
  orderGid: string | null,
): Promise<OrderedProduct[]> {
  // The orders of a customer are found by member; a customer without a member has none that we know of.
  if (memberId === null) return [];
  return orderGid === null
    ? queryShop(shopId, `${ORDERED} AND recency = 1 AND "reviewId" IS NULL ${NEWEST} LIMIT 5`, [shopId, memberId, null])
    : queryShop(shopId, `${ORDERED} ${NEWEST} LIMIT 30`, [shopId, memberId, orderGid]);
}

/** What the customer bought in their newest orders and got, each product once, with the reviews there are. */
export async function readBoughtProducts(shopId: ShopId, memberId: number | null): Promise<OrderedProduct[]> {
  if (memberId === null) return [];
  return queryShop(shopId, `${ORDERED} AND recency = 1 ${NEWEST} LIMIT 30`, [shopId, memberId, null]);
}

const HAS_ARRIVED = `(o.facts->>'fulfilledAt' IS NOT NULL OR o.facts->>'deliveredAt' IS NOT NULL)`;
const NEWEST = "ORDER BY bought DESC, place";
const ORDERED = `SELECT * FROM (
       SELECT o.id AS "orderId", line->>'lineId' AS "lineId", line->>'productId' AS "productGid", coalesce(p.title, line->>'title') AS title,
              r.id AS "reviewId", r.status, r.rating, o.processed_at AS bought, place,
              row_number() OVER (PARTITION BY line->>'productId' ORDER BY o.processed_at DESC, o.id DESC, place) AS recency
         FROM (SELECT * FROM customer_order WHERE shop_id = $1 AND member_id = $2 AND ($3::text IS NULL OR order_gid = $3)
                ORDER BY processed_at DESC NULLS LAST, id DESC LIMIT 10) o
        CROSS JOIN LATERAL jsonb_array_elements(o.facts->'lines') WITH ORDINALITY AS lines (line, place)
         LEFT JOIN product_fact p ON p.shop_id = $1 AND p.product_gid = line->>'productId'
         LEFT JOIN review r ON r.shop_id = $1 AND r.line_id = line->>'lineId' AND r.status <> 'deleted'
        WHERE ${IS_PURCHASE} AND ${HAS_ARRIVED}
          AND line->>'productId' IS NOT NULL AND (line->>'quantity')::int > 0 AND line->>'isGiftCard' = 'false') found
      WHERE true`;
