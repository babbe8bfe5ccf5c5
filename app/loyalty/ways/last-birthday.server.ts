import type { Queryable, ShopId } from "../../db.server";

/** The last birthday that was rewarded, by any birthday way; null: none. */
export async function lastBirthdayReward(tx: Queryable & { shopId: ShopId }, memberId: number): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date | null }>(
    "SELECT max(at) AS at FROM way_grant WHERE shop_id = $1 AND member_id = $2 AND kind = 'birthday' AND state = 'granted'",
    [tx.shopId, memberId],
  );
  return rows[0]?.at ?? null;
}
