// Orders that were recorded while no program existed, settled once there is one.
import { inShop, queryShop, type ShopId } from "../db.server";
import { settleOrders } from "./settle-order.server";

const ORDERS_PER_BATCH = 50;

/** Settles every recorded order that no program has answered yet. Repeating it finds nothing. */
export async function settleWaitingOrders(shopId: ShopId, now: Date): Promise<{ settled: number }> {
  let settled = 0;
  let after = 0;
  for (;;) {
    const waiting = await queryShop<{ id: number }>(
      shopId,
      `SELECT o.id FROM customer_order o
        WHERE o.shop_id = $1 AND o.facts IS NOT NULL AND o.id > $2
          AND NOT EXISTS (SELECT FROM order_earning e WHERE e.shop_id = $1 AND e.order_id = o.id)
        ORDER BY o.id LIMIT ${ORDERS_PER_BATCH}`,
      [shopId, after],
    );
    if (waiting.length === 0) return { settled };
    const ids = waiting.map(({ id }) => id);
    await inShop(shopId, (tx) => settleOrders(tx, ids, now));
    settled += ids.length;
    after = ids.at(-1) ?? after;
  }
}
