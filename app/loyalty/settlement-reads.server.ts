// What a settlement reads, in as few round trips as its locks allow.
import type { ShopTx } from "../db.server";
import type { Instant } from "../shopify/order-facts";
import type { EarningExplanation, EarningState } from "./earning-rules";
import type { PostedRule } from "./order-plan";
import { VERSION_STAMPS, type VersionStamp } from "./program-versions.server";
import type { StoredFacts, StoredOrder } from "./stored-order";

/** An order to settle, its row locked. */
export interface OrderToSettle {
  id: number;
  orderGid: string;
  memberId: number | null;
  customerGid: string | null;
  kind: string;
  facts: StoredFacts | null;
}
export interface SettlementShop {
  timeZone: string;
  isDevelopment: boolean;
  stamps: VersionStamp[];
}

/** Locks orders by id, and reads the shop's zone and versions beside them. */
export async function lockOrders(
  tx: ShopTx,
  orderIds: number[],
): Promise<{ orders: OrderToSettle[]; shop: SettlementShop }> {
  const { rows } = await tx.query<OrderToSettle & { shop: SettlementShop | null; [column: string]: unknown }>(
    `SELECT id, order_gid AS "orderGid", member_id AS "memberId", customer_gid AS "customerGid", kind, facts,
            (SELECT jsonb_build_object('timeZone', time_zone, 'isDevelopment', is_development, 'stamps', ${VERSION_STAMPS})
               FROM shop_profile WHERE shop_id = $1) AS shop
       FROM customer_order WHERE shop_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE`,
    [tx.shopId, orderIds],
  );
  const shop = rows[0]?.shop ?? { timeZone: "UTC", isDevelopment: false, stamps: [] };
  return { orders: rows, shop };
}

/** What was posted for orders so far, by order and rule. Read after the members are locked. */
export async function readPosted(
  tx: ShopTx,
  orderIds: number[],
): Promise<Map<number, Map<string, PostedRule & { version: number }>>> {
  const { rows } = await tx.query<{
    orderId: number;
    rule: string;
    version: number;
    target: number;
    gross: number;
    revision: number;
    state: EarningState;
    availableAt: Date | null;
    explanation: EarningExplanation;
  }>(
    `SELECT order_id AS "orderId", rule, version, target, gross, revision, state, available_at AS "availableAt", explanation
       FROM order_earning WHERE shop_id = $1 AND order_id = ANY ($2)`,
    [tx.shopId, orderIds],
  );
  const posted = new Map<number, Map<string, PostedRule & { version: number }>>();
  for (const { orderId, rule, availableAt, ...row } of rows) {
    const ofOrder = posted.get(orderId) ?? new Map<string, PostedRule & { version: number }>();
    posted.set(orderId, ofOrder.set(rule, { ...row, availableAt: availableAt?.toISOString() ?? null }));
  }
  return posted;
}

const ORDER_COLUMNS = `o.id, o.order_gid AS "orderGid", o.member_id AS "memberId", o.kind, o.facts`;

/**
 * Other orders of a member that rules looking across orders may touch: those of the given shop-local
 * days, the holder of the first-order bonus, and the earliest ones.
 */
export async function readNeighbours(
  tx: ShopTx,
  memberId: number,
  wanted: { days: { from: Instant; until: Instant }[]; earliest: number },
): Promise<StoredOrder[]> {
  const { rows } = await tx.query<StoredOrder & { [column: string]: unknown }>(
    `SELECT ${ORDER_COLUMNS} FROM customer_order o
      WHERE o.shop_id = $1 AND o.member_id = $2 AND o.facts IS NOT NULL
        AND (EXISTS (SELECT FROM unnest($3::timestamptz[], $4::timestamptz[]) AS day (since, until)
                      WHERE o.processed_at >= day.since AND o.processed_at < day.until)
          OR o.id IN (SELECT e.order_id FROM order_earning e JOIN customer_order own ON own.shop_id = e.shop_id AND own.id = e.order_id
                       WHERE own.shop_id = $1 AND own.member_id = $2 AND e.rule = 'first_order' AND e.target > 0)
          OR o.id IN (SELECT early.id FROM customer_order early
                       WHERE early.shop_id = $1 AND early.member_id = $2 AND early.facts IS NOT NULL
                       ORDER BY early.processed_at, early.id LIMIT $5))`,
    [tx.shopId, memberId, wanted.days.map(({ from }) => from), wanted.days.map(({ until }) => until), wanted.earliest],
  );
  return rows;
}

/** Further orders by id. Their rows are not locked: the members' locks guard their answers. */
export async function readOrders(tx: ShopTx, orderIds: number[]): Promise<StoredOrder[]> {
  if (orderIds.length === 0) return [];
  const { rows } = await tx.query<StoredOrder & { [column: string]: unknown }>(
    `SELECT ${ORDER_COLUMNS} FROM customer_order o WHERE o.shop_id = $1 AND o.id = ANY ($2) AND o.facts IS NOT NULL`,
    [tx.shopId, orderIds],
  );
  return rows;
}

/** Which of the codes are ours, bought with points. */
export async function readOurCodes(tx: ShopTx, codes: string[]): Promise<string[]> {
  if (codes.length === 0) return [];
  const { rows } = await tx.query<{ code: string }>(
    "SELECT code FROM redemption WHERE shop_id = $1 AND code = ANY ($2)",
    [tx.shopId, codes],
  );
  return rows.map(({ code }) => code);
}

/** Moves orders to the members they belong to now. The orders' rows are locked. */
export async function attributeOrders(tx: ShopTx, moves: { orderId: number; memberId: number }[]): Promise<void> {
  if (moves.length === 0) return;
  await tx.query(
    `UPDATE customer_order o SET member_id = move.member_id FROM unnest($2::bigint[], $3::bigint[]) AS move (order_id, member_id)
      WHERE o.shop_id = $1 AND o.id = move.order_id`,
    [tx.shopId, moves.map(({ orderId }) => orderId), moves.map(({ memberId }) => memberId)],
  );
}
