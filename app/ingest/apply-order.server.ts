// Orders' states, from wherever they came, to points and review requests: the same few steps for the drain,
// the readers and the reconciler.
import type { ShopTx } from "../db.server";
import { recordOrders, type RecordOrderOutcome } from "../loyalty/record-order.server";
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
  const recorded = await recordOrders(tx, states, from, now);
  await wantProducts(tx, recorded);
  const applied = recorded.map(({ outcome, orderId }): AppliedOrder => ({
    outcome: outcome === "stale" ? "stale" : "applied",
    orderId,
  }));
  const changed = [...new Set(applied.flatMap(({ outcome, orderId }) => (outcome === "applied" ? orderId : [])))];
  if (changed.length > 0) {
    await settleOrders(tx, changed, now);
    await noteOrdersForReviews(tx, changed, now);
    await noteRefundsForReviews(tx, changed, now);
  }
  return applied;
}

async function wantProducts(tx: ShopTx, recorded: readonly RecordOrderOutcome[]): Promise<void> {
  const wanted = recorded.flatMap(({ orderId, unknownProductIds }) =>
    unknownProductIds.map((productId) => ({ orderId, productId })),
  );
  if (wanted.length === 0) return;
  // Always in one order: two transactions that want the same do not wait for each other both ways.
  await tx.query(
    `INSERT INTO product_wanted (shop_id, product_gid, order_id)
     SELECT $1, product_gid, order_id FROM unnest($2::text[], $3::bigint[]) AS wanted (product_gid, order_id) ORDER BY product_gid, order_id
     ON CONFLICT DO NOTHING`,
    [tx.shopId, wanted.map(({ productId }) => productId), wanted.map(({ orderId }) => orderId)],
  );
}
