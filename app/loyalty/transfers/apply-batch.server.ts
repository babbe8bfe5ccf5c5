// An import moves points: lines that are ready become adjustments, a few hundred members in one transaction.
// A line changes its state in the commit in which its points move, so a crash repeats nothing.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { noteRowsWritten } from "../../grown-tables.server";
import { POINTS_MAX } from "../earning-rules";
import { lotExpiresAt } from "../expiry";
import { lockMembers, openAccount, postEntries, readOpenLots, standing } from "../ledger.server";
import type { AccountDraft } from "../posting-plan";
import { batchPosting, type BatchRow } from "./batch-posting";
import { readBatchTerms, type BatchTerms } from "./batch-reads.server";

const ROWS_AT_ONCE = 200;

/** Applies what is ready until nothing is. @returns how many lines this run applied */
export async function applyBatch(
  shopId: ShopId,
  batchId: number,
  now: Date,
  signal: AbortSignal,
): Promise<{ applied: number }> {
  // From line to line, so that a million lines that are done are not looked at again for each of the next.
  for (let applied = 0, after = 0; ;) {
    signal.throwIfAborted();
    const lines = await inShop(shopId, (tx) => applySome(tx, batchId, after, now));
    if (lines.length === 0 && after === 0) return { applied };
    applied += lines.length;
    await noteRowsWritten(lines.length);
    after = lines.at(-1) ?? 0;
  }
}

/** The lines that were applied. When there is none, not even from the first line on, the import is done. */
async function applySome(tx: ShopTx, batchId: number, after: number, now: Date): Promise<number[]> {
  const terms = await readBatchTerms(tx, batchId, "running");
  if (!terms) return [];
  const { rows } = await tx.query<BatchRow & { [column: string]: unknown }>(
    `SELECT row, member_id AS "memberId", points FROM adjustment_row
      WHERE shop_id = $1 AND batch_id = $2 AND row > $3 AND outcome = 'ready' ORDER BY row LIMIT ${ROWS_AT_ONCE} FOR UPDATE SKIP LOCKED`,
    [tx.shopId, batchId, after],
  );
  if (rows.length === 0) {
    if (after === 0)
      await tx.query("UPDATE adjustment_batch SET status = 'done' WHERE shop_id = $1 AND id = $2", [
        tx.shopId,
        batchId,
      ]);
    return [];
  }
  const members = new Map(
    (await lockMembers(tx, { ids: rows.map(({ memberId }) => memberId) })).map((member) => [member.id, member]),
  );
  const lots = await readOpenLots(tx, terms.batch.mode === "set" ? [...members.keys()] : []);
  const accounts = new Map<number, AccountDraft>();
  const outcomes = rows.map((row) => {
    const member = standing(members, row.memberId);
    if (member?.status !== "active") return { row: row.row, points: null, outcome: "member_inactive" };
    const account = accounts.get(member.id) ?? openAccount(member, lots.get(member.id) ?? []);
    accounts.set(member.id, account);
    return { row: row.row, ...planRow(account, { ...row, memberId: member.id }, terms, now) };
  });
  await postEntries(tx, { accounts: [...accounts.values()].filter(({ entries }) => entries.length > 0), now });
  await tx.query(
    `UPDATE adjustment_row r SET outcome = done.outcome, points = coalesce(done.points, r.points)
       FROM jsonb_to_recordset($3::jsonb) AS done (row int, points bigint, outcome text)
      WHERE r.shop_id = $1 AND r.batch_id = $2 AND r.row = done.row`,
    [tx.shopId, batchId, JSON.stringify(outcomes)],
  );
  return rows.map(({ row }) => row);
}

function planRow(
  account: AccountDraft,
  row: BatchRow,
  { batch, version, rules, timeZone }: BatchTerms,
  now: Date,
): { points: number; outcome: string } {
  const points = batch.mode === "set" ? row.points - account.balances.available : row.points;
  const posting = batchPosting(batch, { ...row, points }, { version });
  if (points > 0) {
    if (account.balances.available + points > POINTS_MAX) return { points: row.points, outcome: "too_many_points" };
    const availableAt = now.toISOString();
    const expiresAt = rules && lotExpiresAt(availableAt, rules.expiry, timeZone);
    account.grant(points, { state: "available", availableAt, expiresAt, createdAt: availableAt }, posting, {
      repayDebt: batch.mode === "add" && (rules?.repayDebtFirst ?? true),
    });
  } else if (points < 0) {
    const missing = account.takeAvailable(-points, { kind: "adjustment", to: "revoked" }, posting);
    if (missing > 0) throw new Error("a member's available points are not in its lots");
  }
  return { points, outcome: "applied" };
}
