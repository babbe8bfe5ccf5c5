// An act on many members taken back: each line by its own opposite entry. What was given and is already spent
// becomes debt or is forgiven, as the program says.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { lotExpiresAt } from "../expiry";
import { lockMembers, openAccount, postEntries, readOpenLots, standing } from "../ledger.server";
import type { AccountDraft } from "../posting-plan";
import { batchPosting, sourceIdOf, type BatchRow } from "./batch-posting";
import { readBatchTerms, type BatchTerms } from "./batch-reads.server";

const ROWS_AT_ONCE = 200;

/** Takes back what is applied until nothing is. @returns how many lines this run took back */
export async function undoBatch(
  shopId: ShopId,
  batchId: number,
  now: Date,
  signal: AbortSignal,
): Promise<{ undone: number }> {
  for (let undone = 0; ;) {
    signal.throwIfAborted();
    const done = await inShop(shopId, (tx) => undoSome(tx, batchId, now));
    if (done === 0) return { undone };
    undone += done;
  }
}

async function undoSome(tx: ShopTx, batchId: number, now: Date): Promise<number> {
  const terms = await readBatchTerms(tx, batchId, "undoing");
  if (!terms) return 0;
  const { rows } = await tx.query<BatchRow & { [column: string]: unknown }>(
    `SELECT row, member_id AS "memberId", points FROM adjustment_row
      WHERE shop_id = $1 AND batch_id = $2 AND outcome = 'applied' ORDER BY row LIMIT ${ROWS_AT_ONCE} FOR UPDATE SKIP LOCKED`,
    [tx.shopId, batchId],
  );
  if (rows.length === 0) {
    await tx.query("UPDATE adjustment_batch SET status = 'undone', undone_at = $3 WHERE shop_id = $1 AND id = $2", [
      tx.shopId,
      batchId,
      now,
    ]);
    return 0;
  }
  const locked = await lockMembers(tx, { ids: rows.map(({ memberId }) => memberId) });
  const members = new Map(locked.map((member) => [member.id, member]));
  // What expired of a gift is taken back before anything else.
  const lots = await readOpenLots(tx, [...members.keys()], { withExpired: true });
  const { rows: undoer } = await tx.query<{ actor: string | null }>(
    "SELECT undone_by AS actor FROM adjustment_batch WHERE shop_id = $1 AND id = $2",
    [tx.shopId, batchId],
  );
  const accounts = new Map<number, AccountDraft>();
  for (const row of rows) {
    const member = standing(members, row.memberId);
    if (!member) continue;
    const account = accounts.get(member.id) ?? openAccount(member, lots.get(member.id) ?? []);
    accounts.set(member.id, account);
    takeBack(account, row, terms, { actor: undoer[0]?.actor ?? "system", now });
  }
  await postEntries(tx, { accounts: [...accounts.values()].filter(({ entries }) => entries.length > 0), now });
  await tx.query(
    "UPDATE adjustment_row SET outcome = 'undone' WHERE shop_id = $1 AND batch_id = $2 AND row = ANY ($3)",
    [tx.shopId, batchId, rows.map(({ row }) => row)],
  );
  return rows.length;
}

function takeBack(
  account: AccountDraft,
  row: BatchRow,
  { batch, version, rules, timeZone }: BatchTerms,
  { actor, now }: { actor: string; now: Date },
): void {
  const posting = batchPosting(batch, row, { version, undoneBy: actor });
  if (row.points > 0) {
    const own = sourceIdOf(batch, row);
    const isOwn = (lot: { sourceType: string; sourceId: string }) =>
      lot.sourceType === "adjustment" && lot.sourceId === own;
    account.clawBack(row.points, isOwn, rules?.clawback ?? "debt", posting);
  } else if (row.points < 0) {
    const availableAt = now.toISOString();
    const expiresAt = rules && lotExpiresAt(availableAt, rules.expiry, timeZone);
    account.grant(-row.points, { state: "available", availableAt, expiresAt, createdAt: availableAt }, posting, {
      repayDebt: false,
    });
  }
}
