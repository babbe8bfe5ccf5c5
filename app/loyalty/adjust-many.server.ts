// The bulk action of the member list: each member in a transaction of its own, so that one refusal or a
// crash half-way leaves the others right, and running it again with the same key finishes it.
import { inShop, type ShopId } from "../db.server";
import { adjustPoints, type Adjustment, type AdjustOutcome } from "./adjust-points.server";

export interface BulkAdjustment extends Omit<Adjustment, "memberId"> {
  memberIds: number[];
}
export interface BulkAdjustResult {
  adjusted: number;
  /** Members that were not adjusted, with the reason. */
  refused: { memberId: number; outcome: Exclude<AdjustOutcome["outcome"], "adjusted" | "already_adjusted"> }[];
}

/** Adjusts many members by the same points. */
export async function adjustMany(
  shopId: ShopId,
  { memberIds, ...adjustment }: BulkAdjustment,
  now: Date,
): Promise<BulkAdjustResult> {
  const result: BulkAdjustResult = { adjusted: 0, refused: [] };
  const adjusted: number[] = [];
  for (const memberId of new Set(memberIds)) {
    const { outcome } = await adjustPoints(
      shopId,
      { ...adjustment, memberId, key: `${adjustment.key}/${memberId}` },
      now,
    );
    if (outcome === "adjusted" || outcome === "already_adjusted") adjusted.push(memberId);
    else result.refused.push({ memberId, outcome });
  }
  await rememberBatch(shopId, adjustment, adjusted, now);
  return { ...result, adjusted: adjusted.length };
}

// One act, however many requests it came in: what can be undone together is written down together.
async function rememberBatch(
  shopId: ShopId,
  { key, reason, points, actor }: Omit<BulkAdjustment, "memberIds">,
  memberIds: number[],
  now: Date,
): Promise<void> {
  if (memberIds.length === 0) return;
  await inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `INSERT INTO adjustment_batch (shop_id, kind, key, status, reason, actor, at) VALUES ($1, 'bulk', $2, 'done', $3, $4, $5)
       ON CONFLICT (shop_id, key) DO UPDATE SET at = adjustment_batch.at RETURNING id`,
      [shopId, key, reason, actor, now],
    );
    // The batch's row is locked by the upsert: two requests of one act number their lines one after the other.
    await tx.query(
      `INSERT INTO adjustment_row (shop_id, batch_id, row, member_id, points, outcome)
       SELECT $1, $2, (SELECT coalesce(max(row), 0) FROM adjustment_row WHERE shop_id = $1 AND batch_id = $2) + given.place, given.id, $4, 'applied'
         FROM unnest($3::bigint[]) WITH ORDINALITY AS given (id, place)
        WHERE NOT EXISTS (SELECT FROM adjustment_row r WHERE r.shop_id = $1 AND r.batch_id = $2 AND r.member_id = given.id)`,
      [shopId, rows[0]?.id, memberIds, points],
    );
  });
}
