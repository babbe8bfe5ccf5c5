// Referrals as rows: read, locked (always after their advocate's member), and changed.
import type { Queryable, ShopId, ShopTx } from "../../db.server";
import { lockMembers, type LockedMember } from "../ledger.server";
import type { ReferralFlag, ReferralStatus } from "./referral";

export interface Referral {
  id: number;
  advocateId: number;
  friendId: number | null;
  code: string | null;
  status: ReferralStatus;
  orderId: number | null;
  flags: ReferralFlag[];
  points: number;
  claimedAt: Date;
  /** A person approved it: checks no longer hold it. */
  decidedBy: string | null;
  attempts: number;
  nextAttempt: Date | null;
  lastError: string | null;
  /** Keyed hashes of the claim's network and request. */
  signals: { network?: string; request?: string };
}
const COLUMNS = `id, advocate_id AS "advocateId", friend_id AS "friendId", code, status, order_id AS "orderId", flags, points,
  claimed_at AS "claimedAt", decided_by AS "decidedBy", attempts, next_attempt AS "nextAttempt", last_error AS "lastError", signals`;

async function readReferral(tx: Queryable & { shopId: ShopId }, id: number): Promise<Referral | null> {
  const { rows } = await tx.query<Referral & { [column: string]: unknown }>(
    `SELECT ${COLUMNS} FROM referral WHERE shop_id = $1 AND id = $2`,
    [tx.shopId, id],
  );
  return rows[0] ?? null;
}

/** Locks a referral's advocate, then the referral; a merge in between is followed. */
export async function lockReferral(
  tx: ShopTx,
  id: number,
): Promise<{ referral: Referral; advocate: LockedMember } | null> {
  for (let round = 0; round < 3; round++) {
    const before = await readReferral(tx, id);
    if (!before) return null;
    const members = await lockMembers(tx, { ids: [before.advocateId] });
    const { rows } = await tx.query<Referral & { [column: string]: unknown }>(
      `SELECT ${COLUMNS} FROM referral WHERE shop_id = $1 AND id = $2 FOR NO KEY UPDATE`,
      [tx.shopId, id],
    );
    const referral = rows[0];
    const advocate = members.find((member) => member.id === referral?.advocateId);
    if (referral && advocate) return { referral, advocate };
  }
  throw new Error("a referral changed its advocate again and again");
}

export interface ReferralChange {
  status?: ReferralStatus;
  flags?: ReferralFlag[];
  points?: number;
  shopifyGid?: string | null;
  attempts?: number;
  nextAttempt?: Date | null;
  lastError?: string | null;
  decidedBy?: string;
  decidedAt?: Date;
  eraseSignals?: boolean;
}
/** Writes what changed; what is not named stays. The row is locked. */
export async function changeReferral(tx: ShopTx, id: number, change: ReferralChange): Promise<void> {
  const columns: [string, unknown][] = [];
  const set = (column: string, value: unknown) => {
    if (value !== undefined) columns.push([column, value]);
  };
  set("status", change.status);
  set("flags", change.flags);
  set("points", change.points);
  set("shopify_gid", change.shopifyGid);
  set("attempts", change.attempts);
  set("next_attempt", change.nextAttempt);
  set("last_error", change.lastError);
  set("decided_by", change.decidedBy);
  set("decided_at", change.decidedAt);
  if (change.eraseSignals) set("signals", "{}");
  const assignments = columns.map(([column], index) => `${column} = $${index + 3}`).join(", ");
  await tx.query(`UPDATE referral SET ${assignments} WHERE shop_id = $1 AND id = $2`, [
    tx.shopId,
    id,
    ...columns.map(([, value]) => value),
  ]);
}
