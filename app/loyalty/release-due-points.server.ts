// The clock's part of a grant: pending points whose hold has passed become available. A hold does not move
// the last day: points released after it repay what is owed and expire with the release.
import { inShop, queryShop, type ShopId, type ShopTx } from "../db.server";
import { lotExpiresAt } from "./expiry";
import { lockMembers, openAccount, postEntries, readOpenLots } from "./ledger.server";
import type { DraftLot, Posting } from "./posting-plan";
import { rulesOfVersion, VERSION_STAMPS, type VersionStamp } from "./program-versions.server";

const MEMBERS_PER_BATCH = 100;

/** Releases every lot that is due at `now`; late or repeated runs release each lot once. */
export async function releaseDuePoints(shopId: ShopId, now: Date): Promise<{ released: number }> {
  let released = 0;
  let after = 0;
  for (;;) {
    const due = await queryShop<{ memberId: number }>(
      shopId,
      `SELECT DISTINCT member_id AS "memberId" FROM lot
        WHERE shop_id = $1 AND state = 'pending' AND remaining > 0 AND available_at <= $2 AND member_id > $3 ORDER BY 1 LIMIT ${MEMBERS_PER_BATCH}`,
      [shopId, now, after],
    );
    if (due.length === 0) return { released };
    const memberIds = due.map(({ memberId }) => memberId);
    released += await inShop(shopId, (tx) => releaseMembers(tx, memberIds, now));
    after = memberIds.at(-1) ?? after;
  }
}

async function releaseMembers(tx: ShopTx, memberIds: number[], now: Date): Promise<number> {
  const members = await lockMembers(tx, { ids: memberIds });
  const lots = await readOpenLots(tx, memberIds);
  const { timeZone, stamps } = await readShop(tx);
  let released = 0;
  const accounts = [];
  const settled: DraftLot[] = [];
  const inactive = new Set<DraftLot>();
  for (const member of members) {
    const account = openAccount(member, lots.get(member.id) ?? []);
    for (const lot of account.lots.filter((each) => isDue(each, now))) {
      const stamp = stamps.find(([version]) => version === lot.version);
      const rules = stamp && (await rulesOfVersion(tx, stamp));
      const expiresAt = lot.expiresAt ?? (rules ? lotExpiresAt(lot.availableAt, rules.expiry, timeZone) : null);
      const posting = clockPosting(lot, member.balanceSeq);
      account.release(lot, { availableAt: lot.availableAt, expiresAt }, posting, {
        repayDebt: rules?.repayDebtFirst ?? true,
      });
      settled.push(lot);
      if (rules?.expiry.kind === "after_inactivity") inactive.add(lot);
      released += 1;
    }
    // Whether inactivity ends them depends on what the member did meanwhile: the sweep knows.
    account.expireDue(now.toISOString(), { isConcerned: (lot) => settled.includes(lot) && !inactive.has(lot) });
    accounts.push(account);
  }
  await markAvailable(tx, settled, now);
  if (released > 0) await postEntries(tx, { accounts: accounts.filter(({ entries }) => entries.length > 0), now });
  return released;
}

function isDue(lot: DraftLot, now: Date): boolean {
  return (
    lot.state === "pending" &&
    lot.remaining > 0 &&
    lot.availableAt !== null &&
    Date.parse(lot.availableAt) <= now.getTime()
  );
}
// A lot can be held and released again, so the key counts the member's postings.
function clockPosting(lot: DraftLot, balanceSeq: number): Posting {
  const { sourceType, sourceId, rule, version, isTest } = lot;
  return {
    source: { type: sourceType, id: sourceId, rule, version, actor: "system", isTest },
    keyPrefix: `release/${lot.id}/${balanceSeq}`,
    reason: "hold_passed",
    params: {},
  };
}

async function readShop(tx: ShopTx): Promise<{ timeZone: string; stamps: VersionStamp[] }> {
  const { rows } = await tx.query<{ timeZone: string; stamps: VersionStamp[] }>(
    `SELECT time_zone AS "timeZone", ${VERSION_STAMPS} AS stamps FROM shop_profile WHERE shop_id = $1`,
    [tx.shopId],
  );
  return rows[0] ?? { timeZone: "UTC", stamps: [] };
}

// What a settlement remembers follows, so that the next one finds nothing to do.
async function markAvailable(tx: ShopTx, lots: DraftLot[], now: Date): Promise<void> {
  const ofOrders = lots.filter(({ sourceType }) => sourceType === "order");
  if (ofOrders.length === 0) return;
  await tx.query(
    `UPDATE order_earning e SET state = 'available', updated_at = $4
       FROM unnest($2::bigint[], $3::text[]) AS lot (order_id, rule)
      WHERE e.shop_id = $1 AND e.order_id = lot.order_id AND e.rule = lot.rule AND e.state = 'pending'`,
    [tx.shopId, ofOrders.map(({ sourceId }) => Number(sourceId)), ofOrders.map(({ rule }) => rule), now],
  );
}
