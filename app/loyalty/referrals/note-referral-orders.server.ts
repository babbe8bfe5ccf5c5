// Orders ring at the referrals whose codes they used. Nothing is judged here: the referral's own step does that.
import type { ShopTx } from "../../db.server";
import type { OrderWithCodes } from "../rewards/note-code-uses.server";
import { FRIEND_CODE_PREFIX } from "./referral-keys.server";

/**
 * Called by a settlement, in its transaction, after the members' locks: for every order it settles. The first
 * order with a friend's code is the attributed one; each later state of it makes the referral due for a look.
 */
export async function noteReferralOrders(tx: ShopTx, orders: readonly OrderWithCodes[], now: Date): Promise<void> {
  const uses = orders.flatMap(({ orderId, codes }) =>
    codes.flatMap((code) => {
      const upper = code.toUpperCase();
      return upper.startsWith(FRIEND_CODE_PREFIX) ? [{ orderId, code: upper }] : [];
    }),
  );
  if (uses.length === 0) return;
  // Rows in order of their ids, so that two settlements never wait for each other.
  await tx.query("SELECT FROM referral WHERE shop_id = $1 AND code = ANY ($2) ORDER BY id FOR NO KEY UPDATE", [
    tx.shopId,
    uses.map(({ code }) => code),
  ]);
  await tx.query(
    `UPDATE referral r SET order_id = used.order_id, next_attempt = LEAST(coalesce(r.next_attempt, $4), $4),
            friend_id = (SELECT o.member_id FROM customer_order o WHERE o.shop_id = $1 AND o.id = used.order_id)
       FROM unnest($2::text[], $3::bigint[]) AS used (code, order_id)
      WHERE r.shop_id = $1 AND r.code = used.code AND (r.order_id IS NULL OR r.order_id = used.order_id)
        AND (r.status IN ('claimed', 'issued', 'expired', 'ordered') OR r.status = 'held' AND r.order_id IS NULL)`,
    [tx.shopId, uses.map(({ code }) => code), uses.map(({ orderId }) => orderId), now],
  );
}
