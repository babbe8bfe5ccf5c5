// The bulk action of the member list: each member in a transaction of its own, so that one refusal or a
// crash half-way leaves the others right, and running it again with the same key finishes it.
import type { ShopId } from "../db.server";
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
  for (const memberId of new Set(memberIds)) {
    const { outcome } = await adjustPoints(
      shopId,
      { ...adjustment, memberId, key: `${adjustment.key}/${memberId}` },
      now,
    );
    if (outcome === "adjusted" || outcome === "already_adjusted") result.adjusted += 1;
    else result.refused.push({ memberId, outcome });
  }
  return result;
}
