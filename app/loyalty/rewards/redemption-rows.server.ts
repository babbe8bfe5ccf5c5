// Redemptions as rows: read, locked (always after their member), and changed.
import type { Queryable, ShopId, ShopTx } from "../../db.server";
import { lockMembers, openAccount, readHeld, readOpenLots, type LockedMember } from "../ledger.server";
import { effectiveExpiry, readInactivity } from "../member-activity.server";
import type { AccountDraft, HeldIn, HeldPart } from "../posting-plan";
import type { Redemption } from "./redemption";

const COLUMNS = `r.id, r.member_id AS "memberId", r.reward_id AS "rewardId", r.kind, r.points, r.value_minor AS "valueMinor", r.currency,
  coalesce(r.code, (SELECT v.code FROM voucher_code v WHERE v.shop_id = r.shop_id AND v.redemption_id = r.id)) AS code,
  r.terms, r.texts, r.status, r.shopify_gid AS "shopifyGid", r.fingerprint, r.reserved_at AS "reservedAt", r.issued_at AS "issuedAt",
  r.expires_at AS "expiresAt", r.deactivated_at AS "deactivatedAt", r.posted_at AS "postedAt", r.voided_at AS "voidedAt",
  r.order_id AS "orderId", r.returned, r.revision, r.attempts, r.next_attempt AS "nextAttempt", r.last_error AS "lastError", r.actor`;

/** SQL for the columns of a redemption `r`. */
export const REDEMPTION_COLUMNS = COLUMNS;

type RedemptionRow = { [Key in keyof Redemption]: Redemption[Key] | Date } & { [column: string]: unknown };
const INSTANTS = [
  "reservedAt",
  "issuedAt",
  "expiresAt",
  "deactivatedAt",
  "postedAt",
  "voidedAt",
  "nextAttempt",
] as const;

/** A row as the rest of the app knows it: instants as text. */
export function toRedemption(row: RedemptionRow): Redemption {
  const instants = INSTANTS.map((key) => [key, row[key] instanceof Date ? row[key].toISOString() : row[key]]);
  return { ...row, ...Object.fromEntries(instants) } as Redemption;
}

/** One redemption as it is now. */
export async function readRedemption(tx: Queryable & { shopId: ShopId }, id: number): Promise<Redemption | null> {
  const { rows } = await tx.query<RedemptionRow>(
    `SELECT ${COLUMNS} FROM redemption r WHERE r.shop_id = $1 AND r.id = $2`,
    [tx.shopId, id],
  );
  return rows[0] ? toRedemption(rows[0]) : null;
}

/** A redemption and its member, both locked; `hasLease` is about real time: a worker is at it. */
export interface LockedRedemption {
  redemption: Redemption;
  member: LockedMember;
  leaseToken: string | null;
  hasLease: boolean;
}
/**
 * Locks a redemption's member, then the redemption. A merge may move it in between: then both are looked
 * up again.
 */
export async function lockRedemption(tx: ShopTx, id: number): Promise<LockedRedemption | null> {
  for (let round = 0; round < 3; round++) {
    const { rows: owner } = await tx.query<{ memberId: number }>(
      'SELECT member_id AS "memberId" FROM redemption WHERE shop_id = $1 AND id = $2',
      [tx.shopId, id],
    );
    if (!owner[0]) return null;
    const members = await lockMembers(tx, { ids: [owner[0].memberId] });
    const { rows } = await tx.query<RedemptionRow & { leaseToken: string | null; hasLease: boolean }>(
      `SELECT ${COLUMNS}, r.lease_token AS "leaseToken", coalesce(r.lease_until > now(), false) AS "hasLease"
         FROM redemption r WHERE r.shop_id = $1 AND r.id = $2 FOR NO KEY UPDATE OF r`,
      [tx.shopId, id],
    );
    const row = rows[0];
    if (!row) return null;
    const { leaseToken, hasLease, ...columns } = row;
    const member = members.find((each) => each.id === row.memberId);
    if (member) return { redemption: toRedemption(columns), member, leaseToken, hasLease };
  }
  throw new Error("a redemption kept changing its member");
}

/** What may change of a redemption; instants as dates. */
export interface RedemptionChange {
  status?: Redemption["status"];
  shopifyGid?: string;
  issuedAt?: Date;
  deactivatedAt?: Date | null;
  postedAt?: Date;
  voidedAt?: Date;
  orderId?: number;
  returned?: number;
  revision?: number;
  attempts?: number;
  nextAttempt?: Date | null;
  lastError?: string | null;
}
const COLUMN_OF: Record<keyof RedemptionChange, string> = {
  status: "status",
  shopifyGid: "shopify_gid",
  issuedAt: "issued_at",
  deactivatedAt: "deactivated_at",
  postedAt: "posted_at",
  voidedAt: "voided_at",
  orderId: "order_id",
  returned: "returned",
  revision: "revision",
  attempts: "attempts",
  nextAttempt: "next_attempt",
  lastError: "last_error",
};

/** Changes a locked redemption; `isDone` gives its lease back. @returns the redemption as it is afterwards */
export async function changeRedemption(
  tx: ShopTx,
  redemption: Redemption,
  change: RedemptionChange,
  lease: "keep" | "release" = "keep",
): Promise<Redemption> {
  const keys = (Object.keys(change) as (keyof RedemptionChange)[]).filter((key) => change[key] !== undefined);
  const sets = keys.map((key, index) => `${COLUMN_OF[key]} = $${index + 3}`);
  if (lease === "release") sets.push("lease_token = NULL", "lease_until = NULL");
  if (sets.length > 0)
    await tx.query(`UPDATE redemption SET ${sets.join(", ")} WHERE shop_id = $1 AND id = $2`, [
      tx.shopId,
      redemption.id,
      ...keys.map((key) => change[key]),
    ]);
  return toRedemption({ ...redemption, ...change });
}

/** A member's account with the lots that a redemption's points came from, and what it holds of each. */
export interface HeldAccount {
  account: AccountDraft;
  held: Record<HeldIn, HeldPart[]>;
}
/** Opens the account of a locked member for a movement of one redemption. */
export async function openHeldAccount(
  tx: ShopTx,
  member: LockedMember,
  redemptionId: number,
  now: Date,
): Promise<HeldAccount> {
  const rows = (await readHeld(tx, [redemptionId])).get(redemptionId) ?? [];
  const lotIds = rows.flatMap(({ lotId }) => lotId ?? []);
  const lots = (await readOpenLots(tx, [member.id], { lotIds })).get(member.id) ?? [];
  const account = openAccount(member, lots);
  // Under expiry by inactivity a lot may live longer than its row says yet.
  const inactivity = await readInactivity(tx, [member.id], now);
  for (const lot of lots)
    if (lot.id !== null && lotIds.includes(lot.id) && lot.state === "available")
      account.setTerms(lot, { ...lot, expiresAt: effectiveExpiry(lot, member.id, inactivity) });
  const partsIn = (bucket: HeldIn): HeldPart[] =>
    rows
      .filter((row) => row[bucket] !== 0)
      .map((row) => {
        const lot = row.lotId === null ? null : lots.find(({ id }) => id === row.lotId);
        if (lot === undefined || row[bucket] < 0) throw new Error("a redemption's points are not in its member's lots");
        return { lot, points: row[bucket] };
      });
  return { account, held: { reserved: partsIn("reserved"), redeemed: partsIn("redeemed") } };
}
