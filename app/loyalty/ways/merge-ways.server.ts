// Two members became one: what each had been given for acts and days is one history now. What both were
// given once in a life is taken back once, from the member who is gone.
import type { ShopTx } from "../../db.server";
import { lockMembers, openAccount, postEntries, readOpenLots } from "../ledger.server";
import type { DraftLot, Posting } from "../posting-plan";
import { BIRTHDAY_COLUMNS, openBirthday, type StoredBirthday } from "./birthday-cipher.server";
import { setNextOccasion } from "./next-occasion.server";
import { isSameOccasion, type GivenOccasion } from "./occasions";
import { programAt, readCalendar } from "./program-now.server";
import { writeBirthday } from "./write-birthday.server";

interface GrantRow extends GivenOccasion {
  points: number;
  version: number | null;
}
export interface WaysToMerge {
  fromId: number;
  intoId: number;
  /** Sources of the lots that came over: a duplicate is taken from its own lot first. */
  movedSources: ReadonlySet<string>;
}

/** Joins the grants and the calendars. Both members are locked, and their lots have moved. */
export async function mergeWays(tx: ShopTx, { fromId, intoId, movedSources }: WaysToMerge, now: Date): Promise<void> {
  const gone = await readGrants(tx, fromId);
  const kept = await readGrants(tx, intoId);
  const duplicates = gone.filter((row) => kept.some((own) => isSameOccasion(own, row)));
  await moveGrants(tx, fromId, intoId, duplicates);
  if (duplicates.length > 0) await takeBack(tx, { fromId, intoId, movedSources }, duplicates, now);
  await moveBirthday(tx, fromId, intoId);
  const { timeZone } = await readCalendar(tx);
  for (const id of [fromId, intoId]) await setNextOccasion(tx, id, timeZone, now);
}

// The seal is bound to the member, so the birthday is opened and sealed again for the one who stays.
async function moveBirthday(tx: ShopTx, fromId: number, intoId: number): Promise<void> {
  const { rows } = await tx.query<StoredBirthday & { id: number; setAt: Date | null }>(
    `SELECT id, ${BIRTHDAY_COLUMNS}, birthday_set_at AS "setAt" FROM member WHERE shop_id = $1 AND id = ANY ($2)`,
    [tx.shopId, [fromId, intoId]],
  );
  const [gone, kept] = [fromId, intoId].map((id) => rows.find((row) => row.id === id));
  const birthday = gone ? openBirthday(tx.shopId, fromId, gone) : null;
  if (!kept || birthday === null || openBirthday(tx.shopId, intoId, kept) !== null) return;
  await writeBirthday(tx, intoId, birthday, gone?.setAt ?? null);
}

async function readGrants(tx: ShopTx, memberId: number): Promise<GrantRow[]> {
  const { rows } = await tx.query<GrantRow & { [column: string]: unknown }>(
    `SELECT way_id AS "wayId", occasion, kind, points, version, at FROM way_grant
      WHERE shop_id = $1 AND member_id = $2 AND state = 'granted' ORDER BY way_id, occasion`,
    [tx.shopId, memberId],
  );
  return rows;
}

// A duplicate cannot move: it stays with the member who is gone, revoked.
async function moveGrants(tx: ShopTx, fromId: number, intoId: number, duplicates: GrantRow[]): Promise<void> {
  const named = [duplicates.map(({ wayId }) => wayId), duplicates.map(({ occasion }) => occasion)];
  await tx.query(
    `UPDATE way_grant SET state = 'revoked' FROM unnest($3::text[], $4::text[]) AS twice (way_id, occasion)
      WHERE shop_id = $1 AND member_id = $2 AND way_grant.way_id = twice.way_id AND way_grant.occasion = twice.occasion`,
    [tx.shopId, fromId, ...named],
  );
  await tx.query("UPDATE way_grant SET member_id = $3 WHERE shop_id = $1 AND member_id = $2 AND state = 'granted'", [
    tx.shopId,
    fromId,
    intoId,
  ]);
}

async function takeBack(
  tx: ShopTx,
  { fromId, intoId, movedSources }: WaysToMerge,
  duplicates: GrantRow[],
  now: Date,
): Promise<void> {
  const [member] = await lockMembers(tx, { ids: [intoId] });
  if (!member) throw new Error("the member that was kept is gone");
  const lots = (await readOpenLots(tx, [intoId], { withExpired: true })).get(intoId) ?? [];
  const account = openAccount(member, lots);
  const policy = (await programAt(tx, await readCalendar(tx), now))?.rules.clawback ?? "debt";
  for (const row of duplicates) {
    const { type, act, rule } = sourceOf(row);
    const posting: Posting = {
      source: { type, id: `${fromId}/${act}`, rule, version: row.version, actor: "system", isTest: false },
      keyPrefix: `${type}/${fromId}/${act}/revoked`,
      reason: "way_duplicate",
      params: { points: row.points },
    };
    const isOwn = (lot: DraftLot) =>
      lot.sourceType === type && lot.sourceId.endsWith(`/${act}`) && movedSources.has(lot.sourceId);
    account.clawBack(row.points, isOwn, policy, posting);
  }
  await postEntries(tx, { accounts: [account], now });
}

// Entry rewards of tiers share the table of grants, under sources of their own.
const TIER_ENTRY = "tier-entry-";
function sourceOf({ kind, wayId, occasion }: GrantRow): { type: "way" | "tier"; act: string; rule: string } {
  if (kind !== "tier_entry") return { type: "way", act: `${wayId}/${occasion}`, rule: `way:${wayId}` };
  const tierId = wayId.startsWith(TIER_ENTRY) ? wayId.slice(TIER_ENTRY.length) : wayId;
  return { type: "tier", act: tierId, rule: `tier-entry:${tierId}` };
}
