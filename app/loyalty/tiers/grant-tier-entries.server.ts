// The reward for reaching a tier, once in a life: the row of way_grant decides, under the member's lock.
import { inShop, queryShop, type ShopId, type ShopTx } from "../../db.server";
import { POINTS_MAX } from "../earning-rules";
import { lotExpiresAt } from "../expiry";
import { lockMembers, openAccount, postEntries, type LockedMember } from "../ledger.server";
import type { Posting } from "../posting-plan";
import type { Tier } from "../program-parts";
import { whyNotTakingPart } from "../ways/taking-part";
import { readTierShop, type TierShop } from "./tier-history.server";
import { planAt } from "./tier-timeline";

const CHANGES_PER_BATCH = 100;

interface DueEntry {
  [column: string]: unknown;
  id: number;
  memberId: number;
  tierId: string;
  at: Date;
}

/** Grants every entry reward that is due. @returns how many were granted */
export async function grantTierEntries(shopId: ShopId, now: Date, signal?: AbortSignal): Promise<number> {
  let granted = 0;
  for (;;) {
    signal?.throwIfAborted();
    const due = await queryShop<DueEntry>(
      shopId,
      `SELECT id, member_id AS "memberId", to_tier_id AS "tierId", at FROM tier_change
        WHERE shop_id = $1 AND entry_due ORDER BY id LIMIT ${CHANGES_PER_BATCH}`,
      [shopId],
    );
    if (due.length === 0) return granted;
    for (const entry of due) granted += await inShop(shopId, (tx) => grantEntry(tx, entry, now));
  }
}

async function grantEntry(tx: ShopTx, entry: DueEntry, now: Date): Promise<number> {
  const member = await lockFinal(tx, entry.memberId);
  const { rowCount } = await tx.query(
    "UPDATE tier_change SET entry_due = false WHERE shop_id = $1 AND id = $2 AND entry_due",
    [tx.shopId, entry.id],
  );
  if (rowCount === 0 || member?.status !== "active") return 0;
  const shop = await readTierShop(tx);
  // What the tier promised when it was reached.
  const tier = planAt(shop.plans, entry.at.toISOString())?.tiers.find(({ id }) => id === entry.tierId);
  const points = tier?.entryPoints ?? 0;
  if (!tier || points === 0 || shop.newest === null || !(await takesPart(tx, member, shop, now))) return 0;
  if (member.available + member.pending + points > POINTS_MAX) return 0;
  const { version, rules } = shop.newest;
  const { rowCount: isFirst } = await tx.query(
    `INSERT INTO way_grant (shop_id, member_id, way_id, occasion, kind, points, version, at) VALUES ($1, $2, $3, 'entry', 'tier_entry', $4, $5, $6)
     ON CONFLICT (shop_id, member_id, way_id, occasion) DO NOTHING`,
    [tx.shopId, member.id, `tier-entry-${tier.id}`, points, version, now],
  );
  if (isFirst === 0) return 0;
  const at = now.toISOString();
  const account = openAccount(member, []);
  const expiresAt = lotExpiresAt(at, rules.expiry, shop.timeZone);
  const terms = { state: "available", availableAt: at, expiresAt, createdAt: at } as const;
  account.grant(points, terms, postingOf(member.id, tier, version), { repayDebt: rules.repayDebtFirst });
  await postEntries(tx, { accounts: [account], now });
  return 1;
}
function postingOf(memberId: number, { id: tierId, name }: Tier, version: number): Posting {
  const key = `${memberId}/${tierId}`;
  return {
    source: { type: "tier", id: key, rule: `tier-entry:${tierId}`, version, actor: "system", isTest: false },
    keyPrefix: `tier-entry/${key}`,
    reason: "tier_entry",
    params: { name, tierId },
  };
}

async function takesPart(tx: ShopTx, member: LockedMember, shop: TierShop, now: Date): Promise<boolean> {
  const { rows } = await tx.query<{ tags: string[] }>("SELECT tags FROM member WHERE shop_id = $1 AND id = $2", [
    tx.shopId,
    member.id,
  ]);
  const participant = { ...member, tags: rows[0]?.tags ?? [] };
  return shop.newest !== null && whyNotTakingPart(shop.newest.rules, participant, now) === null;
}

async function lockFinal(tx: ShopTx, memberId: number): Promise<LockedMember | undefined> {
  const members = await lockMembers(tx, { ids: [memberId] });
  let member = members.find(({ id }) => id === memberId);
  while (member?.mergedInto) {
    const { mergedInto } = member;
    member = members.find(({ id }) => id === mergedInto);
  }
  return member;
}
