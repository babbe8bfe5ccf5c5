// When a member's anniversary must be looked at next: a fact of the member alone, so that ways which are switched
// on later find every member's days. Birthdays leave no date behind: they are found by their keyed day.
import type { ShopTx } from "../../db.server";
import { occasionsAt, type CalendarMember } from "./occasions";

/** Remembers the next instant at which an anniversary may be due. The member is locked. */
export async function setNextOccasion(tx: ShopTx, memberId: number, timeZone: string, now: Date): Promise<void> {
  const { rows } = await tx.query<Pick<CalendarMember, "joinedAt"> & { isActive: boolean }>(
    `SELECT joined_at AS "joinedAt", status = 'active' AS "isActive" FROM member WHERE shop_id = $1 AND id = $2`,
    [tx.shopId, memberId],
  );
  const member = rows[0];
  const calendar = { birthday: null, birthdaySetAt: null, joinedAt: member?.joinedAt ?? null };
  const nextAt = member?.isActive ? occasionsAt(calendar, timeZone, now).nextAt : null;
  await tx.query("UPDATE member SET occasion_due_at = $3 WHERE shop_id = $1 AND id = $2", [
    tx.shopId,
    memberId,
    nextAt,
  ]);
}
