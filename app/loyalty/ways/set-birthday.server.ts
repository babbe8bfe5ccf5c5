// A shopper tells their birthday: month and day, never the year. It may be changed again after the way's
// lock, and a day too close to the change counts from the next year, so that no one has two birthdays.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { lockMembers } from "../ledger.server";
import type { NothingReason } from "../reasons";
import { BIRTHDAY_COLUMNS, openBirthday, type StoredBirthday } from "./birthday-cipher.server";
import { ensureMember } from "./ensure-member.server";
import { lastBirthdayReward } from "./last-birthday.server";
import { setNextOccasion } from "./next-occasion.server";
import { birthdayLockedUntil, isBirthday, nextBirthday } from "./occasions";
import { offeredWay, programAt, readCalendar } from "./program-now.server";
import { whyNotTakingPart } from "./taking-part";
import { writeBirthday } from "./write-birthday.server";

export type SetBirthdayOutcome =
  /** `nextAt`: the first instant of the day that will be rewarded. */
  | { outcome: "set" | "unchanged"; nextAt: Date }
  | { outcome: "locked"; until: Date }
  | { outcome: "invalid" }
  | { outcome: "not_offered" }
  | { outcome: "not_taking_part"; why: NothingReason }
  | { outcome: "unknown_member" };

/**
 * Gives or changes the birthday of a signed-in customer's member.
 * @throws what the Admin API client throws, for a customer we have not met
 */
export async function setBirthday(
  shopId: ShopId,
  customerGid: string,
  birthday: string,
  now: Date,
): Promise<SetBirthdayOutcome> {
  if (!isBirthday(birthday)) return { outcome: "invalid" };
  const memberId = await ensureMember(shopId, customerGid, now);
  if (memberId === null) return { outcome: "unknown_member" };
  return inShop(shopId, (tx) => set(tx, memberId, birthday, now));
}

async function set(tx: ShopTx, memberId: number, birthday: string, now: Date): Promise<SetBirthdayOutcome> {
  const [locked] = await lockMembers(tx, { ids: [memberId] });
  const { rows } = await tx.query<StoredBirthday & { setAt: Date | null; tags: string[] }>(
    `SELECT ${BIRTHDAY_COLUMNS}, birthday_set_at AS "setAt", tags FROM member WHERE shop_id = $1 AND id = $2 AND status = 'active'`,
    [tx.shopId, memberId],
  );
  const member = rows[0];
  if (!locked || !member) return { outcome: "unknown_member" };
  const calendar = await readCalendar(tx);
  const inForce = await programAt(tx, calendar, now);
  const way = inForce && offeredWay(inForce, "birthday");
  if (!way) return { outcome: "not_offered" };
  const why = whyNotTakingPart(inForce.rules, { ...locked, tags: member.tags }, now);
  if (why) return { outcome: "not_taking_part", why };
  const known = openBirthday(tx.shopId, memberId, member);
  const isSame = known === birthday;
  if (!isSame && known !== null && member.setAt) {
    const until = birthdayLockedUntil(member.setAt, way.lockDays, calendar.timeZone);
    if (until > now) return { outcome: "locked", until };
  }
  if (!isSame) {
    await writeBirthday(tx, memberId, birthday, now);
    await setNextOccasion(tx, memberId, calendar.timeZone, now);
  }
  const terms = {
    timeZone: calendar.timeZone,
    noticeDays: way.noticeDays,
    setAt: isSame ? member.setAt : now,
    lastDay: await lastBirthdayReward(tx, memberId),
  };
  return { outcome: isSame ? "unchanged" : "set", nextAt: nextBirthday(birthday, terms, now) };
}
