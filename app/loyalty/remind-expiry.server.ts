// Reminders of points that end soon: once a shop-local day, from nine in the morning. What was missed while
// nothing ran is made up for by one reminder, with the days that are really left.
import { DateTime } from "luxon";

import { inShop, queryShop, type ShopId, type ShopTx } from "../db.server";
import { announceEvents, type LoyaltyEvent } from "./announce-event.server";
import { lastUsableDay } from "./expiry";
import { effectiveExpiry, readInactivity } from "./member-activity.server";
import { planReminders, type ReminderLot } from "./plan-reminders";
import { readProgram } from "./program.server";

/** Hour of the shop's day at which reminders go out. */
export const REMIND_AT_HOUR = 9;
const MEMBERS_PER_BATCH = 200;

/** Announces what ends soon to every member concerned; any number of runs announces each reminder once. */
export async function remindExpiry(shopId: ShopId, now: Date): Promise<{ reminded: number }> {
  const [shop] = await queryShop<{ timeZone: string; remindAt: Date | null }>(
    shopId,
    `SELECT time_zone AS "timeZone", remind_at AS "remindAt" FROM shop_profile`,
  );
  if (!shop || (shop.remindAt !== null && shop.remindAt > now)) return { reminded: 0 };
  const local = DateTime.fromJSDate(now, { zone: shop.timeZone });
  let reminded = 0;
  if (local.hour >= REMIND_AT_HOUR) {
    const { rules, version } = await readProgram(shopId);
    const daysBefore = version === 0 ? [] : rules.expiryReminders;
    if (daysBefore.length > 0) reminded = await remindMembers(shopId, { ...shop, daysBefore, now });
  }
  await inShop(shopId, (tx) =>
    tx.query("UPDATE shop_profile SET remind_at = $2 WHERE shop_id = $1", [shopId, nextRun(local)]),
  );
  return { reminded };
}

function nextRun(local: DateTime): Date {
  const today = local.startOf("day").set({ hour: REMIND_AT_HOUR });
  return (local < today ? today : local.startOf("day").plus({ days: 1 }).set({ hour: REMIND_AT_HOUR })).toJSDate();
}

interface Round {
  timeZone: string;
  daysBefore: readonly number[];
  now: Date;
}

async function remindMembers(shopId: ShopId, round: Round): Promise<number> {
  const until = DateTime.fromJSDate(round.now, { zone: round.timeZone })
    .startOf("day")
    .plus({ days: Math.max(...round.daysBefore) + 1 })
    .toJSDate();
  let reminded = 0;
  for (let after = 0; ;) {
    const due = await queryShop<{ memberId: number }>(
      shopId,
      `SELECT DISTINCT l.member_id AS "memberId" FROM lot l JOIN member m ON m.shop_id = l.shop_id AND m.id = l.member_id
        WHERE l.shop_id = $1 AND l.state = 'available' AND l.remaining > 0 AND l.expires_at <= $2 AND NOT l.is_test AND m.status = 'active'
          AND l.member_id > $3 ORDER BY 1 LIMIT ${MEMBERS_PER_BATCH}`,
      [shopId, until, after],
    );
    const last = due.at(-1);
    if (!last) return reminded;
    after = last.memberId;
    reminded += await inShop(shopId, (tx) =>
      announceTo(
        tx,
        due.map(({ memberId }) => memberId),
        round,
      ),
    );
  }
}

async function announceTo(tx: ShopTx, memberIds: number[], { timeZone, daysBefore, now }: Round): Promise<number> {
  const lots = await readLots(tx, memberIds, now, timeZone);
  const at = { now: now.toISOString(), timeZone };
  const events = memberIds.flatMap((memberId) =>
    planReminders(lots.get(memberId) ?? [], daysBefore, at).map((reminder): LoyaltyEvent => ({
      memberId,
      kind: "points_expiring",
      key: `points-expiring/${memberId}/${reminder.on}/${reminder.daysBefore}`,
      params: { ...reminder },
    })),
  );
  return announceEvents(tx, events, now);
}

async function readLots(
  tx: ShopTx,
  memberIds: number[],
  now: Date,
  timeZone: string,
): Promise<Map<number, ReminderLot[]>> {
  const inactivity = await readInactivity(tx, memberIds, now);
  const { rows } = await tx.query<{
    memberId: number;
    version: number | null;
    points: number;
    availableAt: Date | null;
    expiresAt: Date;
    [column: string]: unknown;
  }>(
    `SELECT member_id AS "memberId", version, remaining AS points, available_at AS "availableAt", expires_at AS "expiresAt" FROM lot
      WHERE shop_id = $1 AND member_id = ANY ($2) AND state = 'available' AND remaining > 0 AND expires_at IS NOT NULL AND NOT is_test`,
    [tx.shopId, memberIds],
  );
  const lots = new Map<number, ReminderLot[]>();
  for (const { memberId, version, points, availableAt, expiresAt } of rows) {
    const from = availableAt?.toISOString() ?? null;
    const until = effectiveExpiry(
      { version, availableAt: from, expiresAt: expiresAt.toISOString() },
      memberId,
      inactivity,
    );
    if (until === null || Date.parse(until) <= now.getTime()) continue;
    const lot = { points, on: lastUsableDay(until, timeZone), availableAt: from };
    lots.set(memberId, [...(lots.get(memberId) ?? []), lot]);
  }
  return lots;
}
