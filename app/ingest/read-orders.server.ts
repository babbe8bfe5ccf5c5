// Reads, outside any transaction, of the orders that events of a batch ask for.
import { queryShop, type ShopId } from "../db.server";
import { readOrder, type OrderReading } from "../shopify/read-orders.server";
import { RefusedByShopifyError } from "../shopify/shopify-errors";

export type OrderAnswer = OrderReading | { outcome: "failed"; error: unknown };

const READS_AT_ONCE = 3;

/** An answer for each order; a read that failed fails only its own order. */
export async function readOrdersFor(shopId: ShopId, orderGids: string[], now: Date): Promise<Map<string, OrderAnswer>> {
  const known = await queryShop<{ order_gid: string; processed_at: Date | null }>(
    shopId,
    "SELECT order_gid, processed_at FROM customer_order WHERE order_gid = ANY($1)",
    [orderGids],
  );
  const processedAt = new Map(known.map((row) => [row.order_gid, row.processed_at]));
  const answers = new Map<string, OrderAnswer>();
  const queue = [...new Set(orderGids)];
  const work = async (): Promise<void> => {
    for (let gid = queue.shift(); gid !== undefined; gid = queue.shift()) {
      answers.set(gid, await tryToRead(shopId, gid, { processedAt: processedAt.get(gid) ?? null, now }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(READS_AT_ONCE, queue.length) }, work));
  return answers;
}

async function tryToRead(
  shopId: ShopId,
  gid: string,
  known: { processedAt: Date | null; now: Date },
): Promise<OrderAnswer> {
  try {
    return await readOrder(shopId, gid, known);
  } catch (error) {
    // A missing scope or approval is an answer: this shop's orders cannot be read.
    if (error instanceof RefusedByShopifyError && error.isAccessDenied) return { outcome: "not_readable" };
    return { outcome: "failed", error };
  }
}
