// Referrals as the merchant sees them, newest first; those on hold are the review queue.
import { queryShop, type ShopId } from "../../db.server";
import type { ReferralFlag, ReferralStatus } from "./referral";

export interface ListedReferral {
  id: number;
  status: ReferralStatus;
  flags: ReferralFlag[];
  advocate: { memberId: number; name: string };
  /** null: no order yet, or a guest's. */
  friend: { memberId: number; name: string } | null;
  order: { orderGid: string; name: string } | null;
  points: number;
  /** The friend's code once it exists: staff may hand it to a friend whose claim they approved. */
  code: string | null;
  claimedAt: Date;
  decidedAt: Date | null;
  /** staff:<id>; null: nobody had to. */
  decidedBy: string | null;
}
export interface ReferralPage {
  items: ListedReferral[];
  /** Pass as `cursor` for the next page; null: nothing older. */
  cursor: number | null;
  /** How many are on hold, whatever the page shows. */
  held: number;
}
const LIMIT = 25;

/** One page of referrals. */
export async function listReferrals(
  shopId: ShopId,
  request: { status?: ReferralStatus | null; cursor?: number | null; advocateId?: number | null } = {},
): Promise<ReferralPage> {
  const rows = await queryShop<ListedReferral & { [column: string]: unknown }>(
    shopId,
    `SELECT r.id, r.status, r.flags, r.points, CASE WHEN r.shopify_gid IS NOT NULL THEN r.code END AS code, r.claimed_at AS "claimedAt", r.decided_at AS "decidedAt", r.decided_by AS "decidedBy",
            jsonb_build_object('memberId', a.id, 'name', a.name) AS advocate,
            CASE WHEN f.id IS NULL THEN NULL ELSE jsonb_build_object('memberId', f.id, 'name', f.name) END AS friend,
            CASE WHEN o.id IS NULL THEN NULL ELSE jsonb_build_object('orderGid', o.order_gid, 'name', o.name) END AS "order"
       FROM referral r JOIN member a ON a.shop_id = r.shop_id AND a.id = r.advocate_id
       LEFT JOIN member f ON f.shop_id = r.shop_id AND f.id = r.friend_id
       LEFT JOIN customer_order o ON o.shop_id = r.shop_id AND o.id = r.order_id
      WHERE r.shop_id = $1 AND ($2::text IS NULL OR r.status = $2) AND ($4::bigint IS NULL OR r.advocate_id = $4) AND r.id < $3
      ORDER BY r.id DESC LIMIT ${LIMIT + 1}`,
    [shopId, request.status ?? null, request.cursor ?? Number.MAX_SAFE_INTEGER, request.advocateId ?? null],
  );
  const [queue] = await queryShop<{ held: number }>(
    shopId,
    "SELECT count(*)::int AS held FROM referral WHERE shop_id = $1 AND status = 'held'",
    [shopId],
  );
  const items = rows.slice(0, LIMIT);
  return { items, cursor: rows.length > LIMIT ? (items.at(-1)?.id ?? null) : null, held: queue?.held ?? 0 };
}
