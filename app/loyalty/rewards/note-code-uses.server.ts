// Orders ring at the redemptions whose codes they used: each use is remembered once, and every new state of
// such an order makes the redemption due for a review. Nothing moves here; the completer moves the points.
import type { ShopTx } from "../../db.server";

/** An order whose newest state was just settled, with the discount codes it used. */
export interface OrderWithCodes {
  orderId: number;
  codes: readonly string[];
}

/**
 * Called by a settlement, in its transaction, after the members' locks: for every order it settles.
 * Locks redemption rows by id; the transaction may not wait for orders or members afterwards.
 * @returns how many redemptions will be looked at
 */
export async function noteCodeUses(
  tx: ShopTx,
  orders: readonly OrderWithCodes[],
  now: Date,
): Promise<{ redemptions: number }> {
  const uses = orders.flatMap(({ orderId, codes }) => codes.map((code) => ({ orderId, code: code.toUpperCase() })));
  if (uses.length === 0) return { redemptions: 0 };
  const codes = uses.map(({ code }) => code);
  // Most codes are not ours: those leave no trace.
  const { rows: ours } = await tx.query<{ id: number; code: string }>(
    "SELECT id, code FROM redemption WHERE shop_id = $1 AND code = ANY ($2) ORDER BY id FOR NO KEY UPDATE",
    [tx.shopId, [...new Set(codes)]],
  );
  if (ours.length === 0) return { redemptions: 0 };
  const known = new Set(ours.map(({ code }) => code));
  const noted = uses.filter(({ code }) => known.has(code));
  await tx.query(
    `INSERT INTO code_use (shop_id, code, order_id, seen_at) SELECT $1, code, order_id, $4 FROM unnest($2::text[], $3::bigint[]) AS used (code, order_id)
     ON CONFLICT DO NOTHING`,
    [tx.shopId, noted.map(({ code }) => code), noted.map(({ orderId }) => orderId), now],
  );
  await tx.query(
    "UPDATE redemption SET next_attempt = LEAST(coalesce(next_attempt, $3), $3) WHERE shop_id = $1 AND id = ANY ($2)",
    [tx.shopId, ours.map(({ id }) => id), now],
  );
  return { redemptions: ours.length };
}
