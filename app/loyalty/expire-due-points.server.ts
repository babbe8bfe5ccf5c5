// The clock's part of a lot's end: available points whose last day is over expire. A lot is judged again
// under its member's lock, so that a refund, an adjustment or another sweep that came first is seen.
import { inShop, queryShop, type ShopId, type ShopTx } from "../db.server";
import { lockMembers, openAccount, postEntries, readOpenLots } from "./ledger.server";

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
  const lots = await readOpenLots(
    tx,
    members.map(({ id }) => id),
  );
  const accounts = members.map((member) => openAccount(member, lots.get(member.id) ?? []));
  const expired = accounts.reduce((sum, account) => sum + account.expireDue(now.toISOString()), 0);
  if (expired > 0) await postEntries(tx, { accounts: accounts.filter(({ entries }) => entries.length > 0), now });
  return expired;
}
