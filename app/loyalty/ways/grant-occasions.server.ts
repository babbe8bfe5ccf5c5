// The calendar's part: birthdays and anniversaries at the shop-local midnight of their day. A day that was
// missed is caught up for a week; each is judged by the program that was in force on the day itself. Who was born on
// a day is asked by the day's keyed hash, once a day: no row says when a sealed birthday is.
import { inShop, queryShop, type ShopId, type ShopTx } from "../../db.server";
import { lockMembers } from "../ledger.server";
import { BIRTHDAY_COLUMNS, birthdayKeys, openBirthday, type StoredBirthday } from "./birthday-cipher.server";
import { grantWay } from "./grant-way.server";
import { lastBirthdayReward } from "./last-birthday.server";
import { setNextOccasion } from "./next-occasion.server";
import { birthdaysToKeep, doesBirthdayCount, occasionsAt, type CalendarMember, type Occasion } from "./occasions";
import { offeredWay, programAt, readCalendar, type ProgramCalendar } from "./program-now.server";

const MEMBERS_PER_BATCH = 200;

/** Grants every day that is due at `now`; late or repeated runs grant each day once. */
export async function grantOccasions(shopId: ShopId, now: Date, signal?: AbortSignal): Promise<{ granted: number }> {
  const celebrateAt = (tx: ShopTx, memberId: number) => celebrate(tx, memberId, now);
  const due = { condition: "occasion_due_at <= $3", values: [now] };
  let granted = await forEachMember(shopId, due, celebrateAt, signal);
  const [calendar] = await queryShop<{ timeZone: string; birthdaysAt: Date | null }>(
    shopId,
    `SELECT time_zone AS "timeZone", birthdays_at AS "birthdaysAt" FROM shop_profile WHERE shop_id = $1`,
    [shopId],
  );
  if (!calendar || (calendar.birthdaysAt !== null && calendar.birthdaysAt > now)) return { granted };
  const { timeZone, birthdaysAt } = calendar;
  // Rows from before: their due time may be a birthday.
  if (birthdaysAt === null) await forEachMember(shopId, DATED, (tx, id) => forgetDate(tx, id, timeZone, now), signal);
  const { birthdays, nextAt } = birthdaysToKeep(birthdaysAt, timeZone, now);
  const born = { condition: "birthday_key = ANY ($3)", values: [birthdayKeys(shopId, birthdays)] };
  const unsealed = { condition: "birthday = ANY ($3)", values: [birthdays] };
  for (const each of [born, unsealed]) granted += await forEachMember(shopId, each, celebrateAt, signal);
  await inShop(shopId, (tx) =>
    tx.query("UPDATE shop_profile SET birthdays_at = $2 WHERE shop_id = $1", [shopId, nextAt]),
  );
  return { granted };
}

interface Which {
  /** On columns of member, with values from $3 on. */
  condition: string;
  values: unknown[];
}
const DATED: Which = {
  condition: "occasion_due_at IS NOT NULL AND (birthday_key IS NOT NULL OR birthday IS NOT NULL)",
  values: [],
};

// Each in a transaction of its own. @returns the sum of what `work` returned
async function forEachMember(
  shopId: ShopId,
  { condition, values }: Which,
  work: (tx: ShopTx, memberId: number) => Promise<number>,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0;
  for (let after = 0; ;) {
    const members = await queryShop<{ id: number }>(
      shopId,
      `SELECT id FROM member WHERE shop_id = $1 AND id > $2 AND ${condition} ORDER BY id LIMIT ${MEMBERS_PER_BATCH}`,
      [shopId, after, ...values],
    );
    for (const { id } of members) {
      signal?.throwIfAborted();
      total += await inShop(shopId, (tx) => work(tx, id));
    }
    const last = members.at(-1);
    if (!last) return total;
    after = last.id;
  }
}

async function forgetDate(tx: ShopTx, memberId: number, timeZone: string, now: Date): Promise<number> {
  await lockMembers(tx, { ids: [memberId] });
  await setNextOccasion(tx, memberId, timeZone, now);
  return 0;
}

async function celebrate(tx: ShopTx, memberId: number, now: Date): Promise<number> {
  await lockMembers(tx, { ids: [memberId] });
  const { rows } = await tx.query<CalendarMember & StoredBirthday>(
    `SELECT ${BIRTHDAY_COLUMNS}, birthday_set_at AS "birthdaySetAt", joined_at AS "joinedAt" FROM member
      WHERE shop_id = $1 AND id = $2 AND status = 'active'`,
    [tx.shopId, memberId],
  );
  const calendar = await readCalendar(tx);
  let granted = 0;
  for (const row of rows) {
    const member = { ...row, birthday: openBirthday(tx.shopId, memberId, row) };
    for (const occasion of occasionsAt(member, calendar.timeZone, now).due) {
      granted += await grantDay(tx, memberId, member, { occasion, calendar, now });
    }
  }
  await setNextOccasion(tx, memberId, calendar.timeZone, now);
  return granted;
}

async function grantDay(
  tx: ShopTx,
  memberId: number,
  member: CalendarMember,
  { occasion, calendar, now }: { occasion: Occasion; calendar: ProgramCalendar; now: Date },
): Promise<number> {
  const inForce = await programAt(tx, calendar, occasion.day);
  const way = inForce && offeredWay(inForce, occasion.kind);
  if (!way) return 0;
  if (way.kind === "anniversary") {
    if (way.yearsMax !== null && occasion.years > way.yearsMax) return 0;
  } else {
    const lastDay = await lastBirthdayReward(tx, memberId);
    const terms = { timeZone: calendar.timeZone, noticeDays: way.noticeDays, setAt: member.birthdaySetAt, lastDay };
    if (!doesBirthdayCount(occasion.day, terms)) return 0;
  }
  const params = way.kind === "anniversary" ? { years: occasion.years } : {};
  const request = { memberId, way, occasion: occasion.name, inForce, at: occasion.day, params };
  return (await grantWay(tx, request, now)).outcome === "granted" ? 1 : 0;
}
