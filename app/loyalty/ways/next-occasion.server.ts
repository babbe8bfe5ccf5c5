// When a member's calendar must be looked at next: a fact of the member alone, so that ways which are
// switched on later find every member's days.
import type { ShopTx } from "../../db.server";
import { BIRTHDAY_COLUMNS, openBirthday, type StoredBirthday } from "./birthday-cipher.server";
import { occasionsAt, type CalendarMember } from "./occasions";

/** Remembers the next instant at which a birthday or an anniversary may be due. The member is locked. */
export async function setNextOccasion(tx: ShopTx, memberId: number, timeZone: string, now: Date): Promise<void> {
  const { rows } = await tx.query<CalendarMember & StoredBirthday & { isActive: boolean }>(
    `SELECT ${BIRTHDAY_COLUMNS}, birthday_set_at AS "birthdaySetAt", joined_at AS "joinedAt", status = 'active' AS "isActive"
       FROM member WHERE shop_id = $1 AND id = $2`,
    [tx.shopId, memberId],
  );
  const member = rows[0];
  const birthday = member ? openBirthday(tx.shopId, memberId, member) : null;
  const nextAt = member?.isActive ? occasionsAt({ ...member, birthday }, timeZone, now).nextAt : null;
  await tx.query("UPDATE member SET occasion_due_at = $3 WHERE shop_id = $1 AND id = $2", [
    tx.shopId,
    memberId,
    nextAt,
  ]);
}
