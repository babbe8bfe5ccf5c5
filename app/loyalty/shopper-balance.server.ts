// What a signed-in shopper has: one round trip, whatever the length of their history.
import { queryShop, type ShopId } from "../db.server";

export interface ShopperBalance {
  memberId: number;
  available: number;
  pending: number;
  debt: number;
  /** The points that expire first and the instant they do; null: nothing expires. */
  nextExpiry: { points: number; expiresAt: Date } | null;
  balanceSeq: number;
  /** Business time of the newest entry. */
  updatedAt: Date | null;
}

/** The balance of a customer's member. null: this customer is no member (yet), or no longer. */
export async function readShopperBalance(
  shopId: ShopId,
  customerGid: string,
  now: Date,
): Promise<ShopperBalance | null> {
  const [row] = await queryShop<
    Omit<ShopperBalance, "nextExpiry"> & {
      nextExpiry: { points: number; expiresAt: string } | null;
      [column: string]: unknown;
    }
  >(
    shopId,
    `SELECT m.id AS "memberId", m.available, m.pending, m.debt, m.balance_seq AS "balanceSeq",
            (SELECT jsonb_build_object('expiresAt', expires_at, 'points', sum(remaining)) FROM lot
              WHERE shop_id = $1 AND member_id = m.id AND remaining > 0 AND state = 'available' AND expires_at > $3
              GROUP BY expires_at ORDER BY expires_at LIMIT 1) AS "nextExpiry",
            (SELECT at FROM points_entry WHERE shop_id = $1 AND member_id = m.id ORDER BY id DESC LIMIT 1) AS "updatedAt"
       FROM member m WHERE m.shop_id = $1 AND m.customer_gid = $2 AND m.status = 'active'`,
    [shopId, customerGid, now],
  );
  if (!row) return null;
  return {
    ...row,
    nextExpiry: row.nextExpiry && { points: row.nextExpiry.points, expiresAt: new Date(row.nextExpiry.expiresAt) },
  };
}

/** The member a signed-in customer is. null: none (yet), or no longer. */
export async function findShopper(shopId: ShopId, customerGid: string): Promise<number | null> {
  const [row] = await queryShop<{ memberId: number }>(
    shopId,
    `SELECT id AS "memberId" FROM member WHERE shop_id = $1 AND customer_gid = $2 AND status = 'active'`,
    [shopId, customerGid],
  );
  return row?.memberId ?? null;
}
