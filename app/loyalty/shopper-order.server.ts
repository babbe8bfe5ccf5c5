// What one order of a signed-in customer earns, as the order's own pages say it.
import { queryShop, type ShopId } from "../db.server";
import type { ReasonCode, ReasonParams } from "./reasons";

export interface ShopperOrder {
  /** The sum of all rules. */
  points: number;
  state: "waiting" | "pending" | "available" | "none";
  /** Of the plain rate; null: nothing was worked out yet. */
  explanation: { code: ReasonCode; params: ReasonParams } | null;
}

/** An order of this customer. null: not theirs, or not known (yet). */
export async function readShopperOrder(
  shopId: ShopId,
  customerGid: string,
  orderGid: string,
): Promise<ShopperOrder | null> {
  const [row] = await queryShop<ShopperOrder & { [column: string]: unknown }>(
    shopId,
    `SELECT coalesce(e.points, 0) AS points, coalesce(main.state, 'none') AS state, main.explanation
       FROM member m
       JOIN customer_order o ON o.shop_id = m.shop_id AND o.member_id = m.id AND o.order_gid = $3
       LEFT JOIN order_earning main ON main.shop_id = o.shop_id AND main.order_id = o.id AND main.rule = 'order'
       LEFT JOIN LATERAL (SELECT sum(target)::bigint AS points FROM order_earning WHERE shop_id = $1 AND order_id = o.id) e ON true
      WHERE m.shop_id = $1 AND m.customer_gid = $2 AND m.status = 'active' AND o.facts IS NOT NULL`,
    [shopId, customerGid, orderGid],
  );
  return row ?? null;
}
