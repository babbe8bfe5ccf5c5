// Redemptions for people: a member's own, or all of a shop, newest first.
import { queryShop, type ShopId } from "../../db.server";
import type { Redemption, RedemptionStatus } from "./redemption";
import { REDEMPTION_COLUMNS, toRedemption } from "./redemption-rows.server";

export interface ListedRedemption extends Redemption {
  memberName: string | null;
  /** "#1001", the order that used it. */
  orderName: string | null;
}
const PAGE = 50;

/** A page of redemptions. @returns `next`: the cursor of the next page, null at the end */
export async function listRedemptions(
  shopId: ShopId,
  which: {
    memberId?: number;
    rewardId?: number;
    status?: RedemptionStatus;
    /** The whole code, in either case. */
    code?: string;
    cursor?: number | null;
    limit?: number;
  } = {},
): Promise<{ redemptions: ListedRedemption[]; next: number | null }> {
  const limit = Math.min(which.limit ?? PAGE, 200);
  const rows = await queryShop<Parameters<typeof toRedemption>[0]>(
    shopId,
    `SELECT ${REDEMPTION_COLUMNS}, m.name AS "memberName", o.name AS "orderName"
       FROM redemption r JOIN member m ON m.shop_id = r.shop_id AND m.id = r.member_id
       LEFT JOIN customer_order o ON o.shop_id = r.shop_id AND o.id = r.order_id
      WHERE r.shop_id = $1 AND ($2::bigint IS NULL OR r.member_id = $2) AND ($3::bigint IS NULL OR r.reward_id = $3)
        AND ($4::text IS NULL OR r.status = $4) AND ($5::bigint IS NULL OR r.id < $5)
        AND ($7::text IS NULL OR upper(r.code) = upper($7)
             OR r.id = ANY (SELECT v.redemption_id FROM voucher_code v WHERE v.shop_id = $1 AND upper(v.code) = upper($7)))
      ORDER BY r.id DESC LIMIT $6`,
    [
      shopId,
      which.memberId ?? null,
      which.rewardId ?? null,
      which.status ?? null,
      which.cursor ?? null,
      limit + 1,
      which.code ?? null,
    ],
  );
  const redemptions = rows.slice(0, limit).map((row) => toRedemption(row) as ListedRedemption);
  return { redemptions, next: rows.length > limit ? (redemptions.at(-1)?.id ?? null) : null };
}
