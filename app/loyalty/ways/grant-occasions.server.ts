// The calendar's part: birthdays and anniversaries at the shop-local midnight of their day. A day that was
// missed is caught up for a week; each is judged by the program that was in force on the day itself.
import { inShop, queryShop, type ShopId, type ShopTx } from "../../db.server";
import { lockMembers } from "../ledger.server";
import { BIRTHDAY_COLUMNS, openBirthday, type StoredBirthday } from "./birthday-cipher.server";
import { grantWay } from "./grant-way.server";
import { lastBirthdayReward } from "./last-birthday.server";
import { setNextOccasion } from "./next-occasion.server";
import { doesBirthdayCount, occasionsAt, type CalendarMember, type Occasion } from "./occasions";
import { offeredWay, programAt, readCalendar, type ProgramCalendar } from "./program-now.server";

const MEMBERS_PER_BATCH = 200;

/** Grants every day that is due at `now`; late or repeated runs grant each day once. */
export async function grantOccasions(shopId: ShopId, now: Date, signal?: AbortSignal): Promise<{ granted: number }> {
  let granted = 0;
  let after = 0;
  for (;;) {
    const due = await queryShop<{ id: number }>(
      shopId,
      `SELECT id FROM member WHERE shop_id = $1 AND occasion_due_at <= $2 AND id > $3 ORDER BY id LIMIT ${MEMBERS_PER_BATCH}`,
      [shopId, now, after],
    );
    if (due.length === 0) return { granted };
    for (const { id } of due) {
      signal?.throwIfAborted();
      granted += await inShop(shopId, (tx) => celebrate(tx, id, now));
    }
    after = due.at(-1)?.id ?? after;
  }
}

async function celebrate(tx: ShopTx, memberId: number, now: Date): Promise<number> {
  await lockMembers(tx, { ids: [memberId] });
  const { rows } = await tx.query<CalendarMember & StoredBirthday>(
    `SELECT ${BIRTHDAY_COLUMNS}, birthday_set_at AS "birthdaySetAt", joined_at AS "joinedAt" FROM member
      WHERE shop_id = $1 AND id = $2 AND status = 'active' AND occasion_due_at <= $3`,
    [tx.shopId, memberId, now],
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
