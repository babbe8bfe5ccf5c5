// Two customers became one at Shopify: lots (open or expired), debt and orders of the one that is gone move to the one
// that was kept, by transfer entries on both sides. Locks: orders first, then both members by id.
import type { ShopTx } from "../db.server";
import {
  byId,
  lockMembers,
  openAccount,
  postEntries,
  readOpenLots,
  standing,
  type LockedMember,
} from "./ledger.server";
import type { AccountDraft, Posting } from "./posting-plan";
import { rulesOfVersion, VERSION_STAMPS, type VersionStamp } from "./program-versions.server";
import type { ReasonCode } from "./reasons";
import { moveRedemptions } from "./rewards/move-redemptions.server";
import { settleOrders } from "./settle-order.server";
import { applyMergedTiers, moveTierFacts } from "./tiers/merge-tiers.server";
import { mergeWays } from "./ways/merge-ways.server";

export type MergeOutcome =
  | { outcome: "merged"; keptMemberId: number; pointsMoved: number }
  | { outcome: "already_merged" }
  | { outcome: "nothing_to_merge" };

/** Call only for a merge that Shopify completed. Which of the two is kept is Shopify's choice; a replay moves nothing. */
export async function mergeMembers(tx: ShopTx, keptGid: string, deletedGid: string, now: Date): Promise<MergeOutcome> {
  if (keptGid === deletedGid) return { outcome: "nothing_to_merge" };
  await ensureMembers(tx, [keptGid, deletedGid], now);
  const orderIds = await lockOrdersOf(tx, deletedGid);
  const members = await lockMembers(tx, { customerGids: [keptGid, deletedGid] });
  const from = members.find(({ customerGid }) => customerGid === deletedGid);
  const named = members.find(({ customerGid }) => customerGid === keptGid);
  const into = named && standing(byId(members), named.id);
  if (!from || !into || from.id === into.id) return { outcome: "nothing_to_merge" };
  if (from.status === "merged") return { outcome: "already_merged" };
  const { pointsMoved, movedSources } = await transfer(tx, from, into, now);
  await moveIdentity(tx, from.id, into.id, orderIds);
  await mergeWays(tx, { fromId: from.id, intoId: into.id, movedSources }, now);
  await moveTierFacts(tx, from.id, into.id);
  await applyMergedTiers(tx, from.id, into.id, now);
  // First-order bonuses and daily caps see one history now.
  await settleOrders(tx, orderIds, now);
  return { outcome: "merged", keptMemberId: into.id, pointsMoved };
}

// Someone we have not met yet may be merged before we hear of them: their late events must find the way.
async function ensureMembers(tx: ShopTx, customerGids: string[], now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO member (shop_id, customer_gid, tags, search_grams, first_seen_at)
     SELECT $1, gid, '{}', '{}', $3 FROM unnest($2::text[]) AS gid
     ON CONFLICT (shop_id, customer_gid) DO NOTHING`,
    [tx.shopId, customerGids.toSorted(), now],
  );
}

async function lockOrdersOf(tx: ShopTx, customerGid: string): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `SELECT id FROM customer_order
      WHERE shop_id = $1 AND member_id = (SELECT id FROM member WHERE shop_id = $1 AND customer_gid = $2) ORDER BY id FOR NO KEY UPDATE`,
    [tx.shopId, customerGid],
  );
  return rows.map(({ id }) => id);
}

interface Transferred {
  pointsMoved: number;
  /** Sources of the lots that came over from ways to earn and tiers reached. */
  movedSources: Set<string>;
}
async function transfer(tx: ShopTx, from: LockedMember, into: LockedMember, now: Date): Promise<Transferred> {
  // What expired moves too: a refund takes an order's expired points back before anything else.
  const lots = await readOpenLots(tx, [from.id, into.id], { withExpired: true });
  const giver = openAccount(from, lots.get(from.id) ?? []);
  const taker = openAccount(into, lots.get(into.id) ?? []);
  const out = posting(from.id, "out", "merged_out");
  const back = posting(from.id, "in", "merged_in");
  let pointsMoved = 0;
  const movedSources = new Set<string>();
  for (const lot of [...giver.lots]) {
    const sent = giver.sendLot(lot, out);
    taker.receiveLot(lot, sent, back);
    pointsMoved += sent.open;
    if (lot.sourceType === "way" || lot.sourceType === "tier") movedSources.add(lot.sourceId);
  }
  await moveRedemptions(tx, giver, taker, from.id, into.id);
  taker.takeOverDebt(giver.settleDebtByTransfer(out), back);
  if (await repaysDebtFirst(tx)) repayAll(taker, back);
  if (giver.entries.length > 0) await postEntries(tx, { accounts: [giver, taker], now });
  return { pointsMoved, movedSources };
}

function posting(fromId: number, side: "out" | "in", reason: ReasonCode): Posting {
  return {
    source: { type: "merge", id: String(fromId), rule: "merge", version: null, actor: "system", isTest: false },
    keyPrefix: `merge/${fromId}/${side}`,
    reason,
    params: {},
  };
}
function repayAll(account: AccountDraft, posting: Posting): void {
  const available = account.lots.filter((lot) => lot.state === "available" && lot.remaining > 0);
  available.forEach((lot, index) => account.repayDebt(lot, { ...posting, keyPrefix: `${posting.keyPrefix}/${index}` }));
}
async function repaysDebtFirst(tx: ShopTx): Promise<boolean> {
  const { rows } = await tx.query<{ stamps: VersionStamp[] }>(`SELECT ${VERSION_STAMPS} AS stamps`, [tx.shopId]);
  const newest = rows[0]?.stamps.at(-1);
  return newest ? (await rulesOfVersion(tx, newest)).repayDebtFirst : true;
}

async function moveIdentity(tx: ShopTx, fromId: number, intoId: number, orderIds: number[]): Promise<void> {
  // An order that came in between is moved too, unless someone is at work on it: its settlement follows the merge.
  await tx.query(
    `UPDATE customer_order SET member_id = $3
      WHERE shop_id = $1 AND (id = ANY ($4) OR id IN (SELECT id FROM customer_order WHERE shop_id = $1 AND member_id = $2 FOR NO KEY UPDATE SKIP LOCKED))`,
    [tx.shopId, fromId, intoId, orderIds],
  );
  await tx.query("UPDATE member_note SET member_id = $3 WHERE shop_id = $1 AND member_id = $2", [
    tx.shopId,
    fromId,
    intoId,
  ]);
  // Friends they brought, and what they have not been told yet.
  await tx.query(
    `WITH brought AS (UPDATE referral SET advocate_id = $3 WHERE shop_id = $1 AND advocate_id = $2),
          told AS (UPDATE loyalty_event SET member_id = $3 WHERE shop_id = $1 AND member_id = $2 AND announced_at IS NULL)
     UPDATE referral SET friend_id = $3 WHERE shop_id = $1 AND friend_id = $2 AND advocate_id <> $2`,
    [tx.shopId, fromId, intoId],
  );
  await tx.query(
    `UPDATE member into_member
        SET orders_count = into_member.orders_count + gone.orders_count, last_order_at = GREATEST(into_member.last_order_at, gone.last_order_at),
            joined_at = LEAST(into_member.joined_at, gone.joined_at), first_seen_at = LEAST(into_member.first_seen_at, gone.first_seen_at)
       FROM member gone WHERE gone.shop_id = $1 AND gone.id = $2 AND into_member.shop_id = $1 AND into_member.id = $3`,
    [tx.shopId, fromId, intoId],
  );
  await tx.query(
    "UPDATE member SET status = 'merged', merged_into = $3, orders_count = 0 WHERE shop_id = $1 AND id = $2",
    [tx.shopId, fromId, intoId],
  );
}
