// Products that orders named before we knew them: read once, then the waiting orders fix their lines.
import { recordProduct } from "../../shops/record-product.server";
import { inShop, type ShopTx } from "../../db.server";
import { recordOrder } from "../../loyalty/record-order.server";
import { settleOrder } from "../../loyalty/settle-order.server";
import type { OrderFacts } from "../../shopify/order-facts";
import { readProducts } from "../../shopify/read-products.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

const PRODUCTS_AT_ONCE = 50;
const ORDERS_AT_ONCE = 50;

/** Learns every wanted product of the shop and records the orders that waited for it again. */
export async function learnProducts(
  { shopId }: JobData<"learn-products">,
  { now, signal }: JobContext,
): Promise<{ learned: number }> {
  let learned = 0;
  while (!signal.aborted) {
    const wanted = await inShop(shopId, async (tx) => {
      const { rows } = await tx.query<{ product_gid: string }>(
        "SELECT DISTINCT product_gid FROM product_wanted WHERE shop_id = $1 LIMIT $2",
        [shopId, PRODUCTS_AT_ONCE],
      );
      return rows.map((row) => row.product_gid);
    });
    if (wanted.length === 0) break;
    const found = await readProducts(shopId, wanted);
    await inShop(shopId, async (tx) => {
      for (const facts of found.values()) await recordProduct(tx, facts, now);
    });
    learned += found.size;
    while ((await inShop(shopId, (tx) => recordAgain(tx, wanted, now))) === ORDERS_AT_ONCE && !signal.aborted);
  }
  if (learned > 0) nudgeWork(shopId, ["publish"]);
  return { learned };
}

// One order a time and in one order of ids, as everybody else who locks orders.
async function recordAgain(tx: ShopTx, productGids: string[], now: Date): Promise<number> {
  const { rows } = await tx.query<{ order_id: number; facts: OrderFacts | null; facts_from: "payload" | "read" }>(
    `SELECT o.id AS order_id, o.facts, o.facts_from FROM customer_order o
      WHERE o.shop_id = $1 AND o.id IN (SELECT order_id FROM product_wanted WHERE shop_id = $1 AND product_gid = ANY($2))
      ORDER BY o.id LIMIT $3`,
    [tx.shopId, productGids, ORDERS_AT_ONCE],
  );
  for (const order of rows) {
    if (order.facts) {
      await recordOrder(tx, order.facts, order.facts_from, now);
      await settleOrder(tx, order.order_id, now);
    }
  }
  // A product that Shopify does not know either is not wanted for ever.
  await tx.query("DELETE FROM product_wanted WHERE shop_id = $1 AND product_gid = ANY($2) AND order_id = ANY($3)", [
    tx.shopId,
    productGids,
    rows.map((row) => row.order_id),
  ]);
  return rows.length;
}
