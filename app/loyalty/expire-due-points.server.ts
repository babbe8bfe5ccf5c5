// The clock's part of a lot's end: available points whose last day is over expire. A lot is judged again
// under its member's lock, so that a refund, an adjustment or another sweep that came first is seen. Points
// that end by inactivity get their new date here where the member was active meanwhile.
import { inShop, queryShop, type ShopId, type ShopTx } from "../db.server";
import { lockMembers, openAccount, postEntries, readOpenLots } from "./ledger.server";
import { effectiveExpiry, readInactivity, type Inactivity } from "./member-activity.server";
import type { AccountDraft } from "./posting-plan";

const LOTS_PER_BATCH = 500;

interface DueLot {
  [column: string]: unknown;
  lotId: number;
  memberId: number;
  expiresAt: Date;
}

/** Expires every lot that is due at `now`; late or repeated runs expire each lot once. */
export async function expireDuePoints(shopId: ShopId, now: Date): Promise<{ expired: number }> {
  let expired = 0;
  let after = { expiresAt: new Date(0), lotId: 0 };
  for (;;) {
    const due = await queryShop<DueLot>(
      shopId,
      `SELECT id AS "lotId", member_id AS "memberId", expires_at AS "expiresAt" FROM lot
        WHERE shop_id = $1 AND state = 'available' AND remaining > 0 AND expires_at <= $2 AND (expires_at, id) > ($3, $4)
        ORDER BY expires_at, id LIMIT ${LOTS_PER_BATCH}`,
      [shopId, now, after.expiresAt, after.lotId],
    );
    const last = due.at(-1);
    if (!last) return { expired };
    const memberIds = [...new Set(due.map(({ memberId }) => memberId))];
    expired += await inShop(shopId, (tx) => expireLotsOf(tx, memberIds, now));
    after = last;
  }
}

async function expireLotsOf(tx: ShopTx, memberIds: number[], now: Date): Promise<number> {
  const members = await lockMembers(tx, { ids: memberIds });
  const ids = members.map(({ id }) => id);
  const lots = await readOpenLots(tx, ids);
  const inactivity = await readInactivity(tx, ids, now);
  const accounts = members.map((member) => openAccount(member, lots.get(member.id) ?? []));
  const extended = accounts.filter((account) => extend(account, inactivity, now));
  const expired = accounts.reduce((sum, account) => sum + account.expireDue(now.toISOString()), 0);
  const changed = accounts.filter((account) => account.entries.length > 0 || account.lots.some((lot) => lot.isChanged));
  if (changed.length > 0) await postEntries(tx, { accounts: changed, now });
  await republish(
    tx,
    extended.map(({ memberId }) => memberId),
  );
  return expired;
}

// An activity while the points were alive moves their date: at the latest now, when they would end.
function extend(account: AccountDraft, inactivity: Inactivity, now: Date): boolean {
  let isExtended = false;
  for (const lot of account.lots) {
    if (lot.remaining === 0 || lot.state !== "available" || lot.expiresAt === null) continue;
    if (Date.parse(lot.expiresAt) > now.getTime()) continue;
    const expiresAt = effectiveExpiry(lot, account.memberId, inactivity);
    if (expiresAt === lot.expiresAt) continue;
    account.setTerms(lot, { ...lot, expiresAt });
    isExtended = true;
  }
  return isExtended;
}

// No points moved, but the day that the storefront names did.
async function republish(tx: ShopTx, memberIds: number[]): Promise<void> {
  if (memberIds.length === 0) return;
  await tx.query("UPDATE member SET published_seq = 0 WHERE shop_id = $1 AND id = ANY ($2) AND balance_seq > 0", [
    tx.shopId,
    memberIds,
  ]);
}
