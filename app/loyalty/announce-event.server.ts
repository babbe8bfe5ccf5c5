// What happened to a member, for whoever wants to tell them: written in the transaction in which it happens,
// announced by a job. Loyalty does not know who listens.
import type { ShopTx } from "../db.server";

export type LoyaltyEventKind = "reward_issued" | "points_expiring" | "tier_changed" | "referral_rewarded";
export interface LoyaltyEvent {
  memberId: number;
  kind: LoyaltyEventKind;
  /** Unique per shop: the same thing is told once. */
  key: string;
  /** Numbers, ids and codes; no names and no addresses. */
  params: Record<string, unknown>;
}

/** Remembers that something happened. A key that exists already is left as it is. */
export async function announceEvent(tx: ShopTx, event: LoyaltyEvent, now: Date): Promise<void> {
  await announceEvents(tx, [event], now);
}

/** The same for many at once. @returns how many were new */
export async function announceEvents(tx: ShopTx, events: readonly LoyaltyEvent[], now: Date): Promise<number> {
  if (events.length === 0) return 0;
  const { rowCount } = await tx.query(
    `INSERT INTO loyalty_event (shop_id, member_id, kind, key, params, at)
     SELECT $1, "memberId", kind, key, params, $3
       FROM jsonb_to_recordset($2::jsonb) AS e ("memberId" bigint, kind text, key text, params jsonb)
     ON CONFLICT (shop_id, key) DO NOTHING`,
    [tx.shopId, JSON.stringify(events), now],
  );
  return rowCount ?? 0;
}
