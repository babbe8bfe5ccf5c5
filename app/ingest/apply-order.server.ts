// Orders' states, from wherever they came, to points and review requests: the same few steps for the drain,
// the readers and the reconciler.
import type { ShopTx } from "../db.server";
import { recordOrder } from "../loyalty/record-order.server";
import { settleOrders } from "../loyalty/settle-order.server";
import { noteRefundsForReviews } from "../reviews/note-refunds.server";
import { noteOrdersForReviews } from "../reviews/requests/note-orders.server";
import type { OrderFacts } from "../shopify/order-facts";

export interface AppliedOrder {
  /** stale: a newer state, or this very one, was known already. */
  outcome: "applied" | "stale";
  orderId: number;
}

/**
 * Records the state and posts the difference it makes.
 * @param now for a read: an instant before the read began, so that what rings meanwhile stays due
 */
export async function applyOrder(
  tx: ShopTx,
  facts: OrderFacts,
  from: "payload" | "read",
  now: Date,
): Promise<AppliedOrder> {
  const [applied] = await applyOrders(tx, [facts], from, now);
  if (!applied) throw new Error("an applied order did not come back");
  return applied;
}

/** Several orders in one transaction: all are recorded, then settled together. Answers in the order of `states`. */
export async function applyOrders(
  tx: ShopTx,
  states: OrderFacts[],
  from: "payload" | "read",
  now: Date,
): Promise<AppliedOrder[]> {
  const applied = new Map<OrderFacts, AppliedOrder>();
  // New members and orders are locked as they are written: one order for everybody, or two bundles wait for each other.
  for (const facts of [...states].sort(byCustomerAndOrder)) {
    const recorded = await recordOrder(tx, facts, from, now);
    await wantProducts(tx, recorded.orderId, recorded.unknownProductIds);
    applied.set(facts, { outcome: recorded.outcome === "stale" ? "stale" : "applied", orderId: recorded.orderId });
  }
  const changed = [...applied.values()].filter((each) => each.outcome === "applied").map((each) => each.orderId);
  if (changed.length > 0) {
    await settleOrders(tx, changed, now);
    await noteOrdersForReviews(tx, changed, now);
    await noteRefundsForReviews(tx, changed, now);
  }
  return states.flatMap((facts) => applied.get(facts) ?? []);
}

function byCustomerAndOrder(a: OrderFacts, b: OrderFacts): number {
  const [left, right] = [`${a.customerId ?? ""} ${a.orderId}`, `${b.customerId ?? ""} ${b.orderId}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

async function wantProducts(tx: ShopTx, orderId: number, productIds: string[]): Promise<void> {
  if (productIds.length === 0) return;
  await tx.query(
    `INSERT INTO product_wanted (shop_id, product_gid, order_id) SELECT $1, unnest($2::text[]), $3 ON CONFLICT DO NOTHING`,
    [tx.shopId, productIds, orderId],
  );
}
