// Points given or taken by hand. Giving repays debt first, like any new points. Taking eats available
// points, earliest expiry first; it never touches pending points and never makes debt.
import { inShop, type ShopId, type ShopTx } from "../db.server";
import { POINTS_MAX } from "./earning-rules";
import { lotExpiresAt } from "./expiry";
import { lockMembers, openAccount, postEntries, readOpenLots } from "./ledger.server";
import type { AccountDraft, Posting } from "./posting-plan";
import { rulesOfVersion, VERSION_STAMPS, type VersionStamp } from "./program-versions.server";
import { ADJUSTMENT_REASONS, type AdjustmentReason } from "./reasons";
import { writeNote } from "./write-note.server";

export interface Adjustment {
  memberId: number;
  /** Positive gives, negative takes. */
  points: number;
  reason: AdjustmentReason;
  /** Free text for the staff; kept beside the ledger, never in it. */
  note: string | null;
  /** staff:<id> */
  actor: string;
  /** Made once per form: the same key never adjusts twice. */
  key: string;
}
export type AdjustOutcome =
  | { outcome: "adjusted"; available: number }
  | { outcome: "already_adjusted" }
  /** The key was used before for other points or another member. */
  | { outcome: "key_reused" }
  | { outcome: "unknown_member" }
  | { outcome: "member_inactive" }
  | { outcome: "invalid_points" }
  | { outcome: "invalid_reason" }
  /** Taking back is limited to what is available. */
  | { outcome: "insufficient_points"; available: number };

/** Adjusts one member's balance in a transaction of its own; see `adjustInTransaction`. */
export async function adjustPoints(shopId: ShopId, adjustment: Adjustment, now: Date): Promise<AdjustOutcome> {
  const refusal = refuse(adjustment);
  return refusal ? { outcome: refusal } : inShop(shopId, (tx) => adjustInTransaction(tx, adjustment, now));
}

function refuse({ points, reason, key }: Adjustment): "invalid_points" | "invalid_reason" | null {
  if (!Number.isSafeInteger(points) || points === 0 || Math.abs(points) > POINTS_MAX || key === "" || key.length > 200)
    return "invalid_points";
  return ADJUSTMENT_REASONS.includes(reason) ? null : "invalid_reason";
}

async function adjustInTransaction(tx: ShopTx, adjustment: Adjustment, now: Date): Promise<AdjustOutcome> {
  const members = await lockMembers(tx, { ids: [adjustment.memberId] });
  const member = members.find(({ id }) => id === adjustment.memberId);
  if (!member) return { outcome: "unknown_member" };
  const before = await earlierUse(tx, adjustment);
  if (before) return { outcome: before };
  if (member.status !== "active") return { outcome: "member_inactive" };
  const account = openAccount(
    member,
    adjustment.points < 0 ? ((await readOpenLots(tx, [member.id])).get(member.id) ?? []) : [],
  );
  const posting = postingOf(adjustment);
  if (adjustment.points > 0) {
    if (!(await give(tx, account, adjustment.points, posting, now))) return { outcome: "invalid_points" };
  } else {
    if (member.available < -adjustment.points) return { outcome: "insufficient_points", available: member.available };
    const missing = account.takeAvailable(-adjustment.points, { kind: "adjustment", to: "revoked" }, posting);
    if (missing > 0) throw new Error("a member's available points are not in its lots");
  }
  const ids = await postEntries(tx, { accounts: [account], now });
  const { memberId, note: text, actor } = adjustment;
  await writeNote(tx, { memberId, text, actor, entryId: ids.values().next().value ?? null }, now);
  return { outcome: "adjusted", available: account.balances.available };
}

// Balances stay within what the ledger can hold exactly.
async function give(tx: ShopTx, account: AccountDraft, points: number, posting: Posting, now: Date): Promise<boolean> {
  if (account.balances.available + points > POINTS_MAX) return false;
  const { timeZone, stamps } = await readShop(tx);
  const stamp = stamps.at(-1);
  const rules = stamp ? await rulesOfVersion(tx, stamp) : null;
  const availableAt = now.toISOString();
  const terms = {
    state: "available" as const,
    availableAt,
    expiresAt: rules && lotExpiresAt(availableAt, rules.expiry, timeZone),
    createdAt: availableAt,
  };
  account.grant(
    points,
    terms,
    { ...posting, source: { ...posting.source, version: stamp?.[0] ?? null } },
    { repayDebt: rules?.repayDebtFirst ?? true },
  );
  return true;
}

function postingOf({ key, reason, points, actor }: Adjustment): Posting {
  return {
    source: { type: "adjustment", id: key, rule: "adjustment", version: null, actor, isTest: false },
    keyPrefix: `adjustment/${key}`,
    reason,
    params: { points: Math.abs(points) },
  };
}

async function earlierUse(
  tx: ShopTx,
  { key, memberId, points }: Adjustment,
): Promise<"already_adjusted" | "key_reused" | null> {
  const { rows } = await tx.query<{ memberId: number; points: number }>(
    `SELECT member_id AS "memberId", sum(CASE WHEN from_bucket = 'issued' THEN points ELSE -points END)::bigint AS points FROM points_entry
      WHERE shop_id = $1 AND source_type = 'adjustment' AND source_id = $2 AND kind = 'adjustment' GROUP BY member_id`,
    [tx.shopId, key],
  );
  const used = rows[0];
  if (!used) return null;
  return used.memberId === memberId && used.points === points ? "already_adjusted" : "key_reused";
}

async function readShop(tx: ShopTx): Promise<{ timeZone: string; stamps: VersionStamp[] }> {
  const { rows } = await tx.query<{ timeZone: string; stamps: VersionStamp[] }>(
    `SELECT time_zone AS "timeZone", ${VERSION_STAMPS} AS stamps FROM shop_profile WHERE shop_id = $1`,
    [tx.shopId],
  );
  return rows[0] ?? { timeZone: "UTC", stamps: [] };
}
