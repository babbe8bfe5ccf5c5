// One click takes back every point that test orders earned; the entries that say so are marked as tests too.
import { inShop, queryShop, type ShopId, type ShopTx } from "../db.server";
import { settleOrders } from "./settle-order.server";

const ORDERS_PER_BATCH = 50;

/** Test orders that hold points now, and how many; what `removeTestEntries` would take back. */
export async function readTestPoints(shopId: ShopId): Promise<{ orders: number; points: number }> {
  const [row] = await queryShop<{ orders: number; points: number }>(
    shopId,
    `SELECT count(DISTINCT o.id) AS orders, coalesce(sum(e.target), 0)::bigint AS points
       FROM customer_order o JOIN order_earning e ON e.shop_id = o.shop_id AND e.order_id = o.id
      WHERE o.shop_id = $1 AND o.kind = 'test' AND e.target > 0`,
    [shopId],
  );
  return row ?? { orders: 0, points: 0 };
}

/** Test orders earn nothing from now on, whatever the setting says; later test orders follow the setting. */
export async function removeTestEntries(
  shopId: ShopId,
  actor: string,
  now: Date,
): Promise<{ orders: number; points: number }> {
  const removed = { orders: 0, points: 0 };
  for (;;) {
    const batch = await inShop(shopId, (tx) => removeBatch(tx, actor, now));
    if (batch.orders === 0) return removed;
    removed.orders += batch.orders;
    removed.points += batch.points;
  }
}

async function removeBatch(tx: ShopTx, actor: string, now: Date): Promise<{ orders: number; points: number }> {
  const { rows } = await tx.query<{ id: number; points: number }>(
    `WITH earning AS MATERIALIZED (
       SELECT o.id FROM customer_order o
        WHERE o.shop_id = $1 AND o.kind = 'test'
          AND EXISTS (SELECT FROM order_earning e WHERE e.shop_id = $1 AND e.order_id = o.id AND e.target > 0)
        ORDER BY o.id LIMIT ${ORDERS_PER_BATCH} FOR NO KEY UPDATE)
     UPDATE customer_order o SET kind = 'test_removed' FROM earning WHERE o.shop_id = $1 AND o.id = earning.id
     RETURNING o.id, (SELECT coalesce(sum(e.target), 0)::bigint FROM order_earning e WHERE e.shop_id = $1 AND e.order_id = o.id) AS points`,
    [tx.shopId],
  );
  if (rows.length === 0) return { orders: 0, points: 0 };
  await settleOrders(
    tx,
    rows.map(({ id }) => id),
    now,
    actor,
  );
  return { orders: rows.length, points: rows.reduce((sum, { points }) => sum + points, 0) };
}
