// What a signed-in shopper has: one round trip, whatever the length of their history.
import { queryShop, type ShopId } from "../db.server";
import { nextExpiry } from "./next-expiry.server";

export interface ShopperBalance {
  memberId: number;
  available: number;
  pending: number;
  debt: number;
  /** The points that expire first and the instant they do; null: nothing expires. */
  nextExpiry: { points: number; expiresAt: Date } | null;
  joinedAt: Date | null;
  /** The tier they hold and the instant it ends or is judged again; null: none. */
  tier: { id: string; until: Date | null } | null;
  /** As the tier's review left it. */
  progress: TierProgress | null;
  /** Ids of the ways to earn that were granted and are granted once in a life. */
  doneWays: string[];
  referralCode: string | null;
  balanceSeq: number;
  /** Business time of the newest entry. */
  updatedAt: Date | null;
}

/** How far the next tier is, as stored with the member. */
export interface TierProgress {
  metric: "spend" | "points" | "orders";
  current: number;
  nextTierId: string | null;
  nextThreshold: number | null;
  periodEnd: string | null;
}

/** The balance of a customer's member. null: this customer is no member (yet), or no longer. */
export async function readShopperBalance(
  shopId: ShopId,
  customerGid: string,
  now: Date,
): Promise<ShopperBalance | null> {
  const [row] = await queryShop<
    Omit<ShopperBalance, "nextExpiry" | "tier"> & {
      nextExpiry: { points: number; expiresAt: string } | null;
      tierId: string | null;
      tierUntil: Date | null;
      [column: string]: unknown;
    }
  >(
    shopId,
    `SELECT m.id AS "memberId", m.available, m.pending, m.debt, m.balance_seq AS "balanceSeq",
            m.joined_at AS "joinedAt", m.tier_id AS "tierId", m.tier_until AS "tierUntil", m.tier_progress AS progress,
            m.referral_code AS "referralCode",
            ARRAY(SELECT DISTINCT way_id FROM way_grant WHERE shop_id = $1 AND member_id = m.id AND state = 'granted'
                     AND (kind IN ('join', 'newsletter', 'sms') OR occasion = 'once') ORDER BY way_id) AS "doneWays",
            (SELECT jsonb_build_object('expiresAt', expires_at, 'points', sum(remaining)) FROM lot
              WHERE shop_id = $1 AND member_id = m.id AND remaining > 0 AND state = 'available' AND expires_at > $3
              GROUP BY expires_at ORDER BY expires_at LIMIT 1) AS "nextExpiry",
            (SELECT at FROM points_entry WHERE shop_id = $1 AND member_id = m.id ORDER BY id DESC LIMIT 1) AS "updatedAt"
       FROM member m WHERE m.shop_id = $1 AND m.customer_gid = $2 AND m.status = 'active'`,
    [shopId, customerGid, now],
  );
  if (!row) return null;
  const { tierId, tierUntil, ...balance } = row;
  const stored = row.nextExpiry && { points: row.nextExpiry.points, expiresAt: new Date(row.nextExpiry.expiresAt) };
  return {
    ...balance,
    tier: tierId === null ? null : { id: tierId, until: tierUntil },
    nextExpiry: await nextExpiry(shopId, row.memberId, stored, now),
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
