// Desired state for a redemption: what the order that used its code keeps, in its newest state, is what the
// redemption keeps spent. Runs under the locks of the member and the redemption; orders are only read.
import type { ShopTx } from "../../db.server";
import type { LockedMember } from "../ledger.server";
import type { StoredFacts } from "../stored-order";
import type { Redemption } from "./redemption";
import { postPoints, settleSpent } from "./redemption-points.server";
import { changeRedemption, lockRedemption } from "./redemption-rows.server";
import { spentPoints } from "./redemption-use";

interface Use {
  orderId: number;
  memberId: number | null;
  facts: StoredFacts;
}

/**
 * Moves the points to where the orders say. A use of a code whose points went back is charged; a code used
 * more than once (somebody raised its limit) is charged once and shown.
 */
export async function reviewRedemption(
  tx: ShopTx,
  subject: { redemption: Redemption; member: LockedMember },
  now: Date,
): Promise<Redemption> {
  let { redemption } = subject;
  const { member } = subject;
  if (redemption.code === null) return redemption;
  const uses = await readUses(tx, redemption.code);
  const use = uses.find(({ orderId }) => orderId === redemption.orderId) ?? uses[0];
  if (!use) return redemption;
  const { name: orderName } = use.facts;
  const wanted = { ...spentPoints(redemption, use.facts), orderId: use.orderId, orderName };
  const odd = oddity(uses, use, redemption);
  if (odd !== null && redemption.lastError !== odd)
    redemption = await changeRedemption(tx, redemption, { lastError: odd });
  if (redemption.status !== "posted" && redemption.status !== "voided") {
    await postPoints(tx, { redemption, member }, { orderId: use.orderId }, now, { orderName });
    // The balances moved: the next movement is planned on what they are now.
    const moved = await lockRedemption(tx, redemption.id);
    return moved ? settleSpent(tx, moved, wanted, now) : redemption;
  }
  const settled = await settleSpent(tx, { redemption, member }, wanted, now);
  return settled.nextAttempt === null ? settled : changeRedemption(tx, settled, { nextAttempt: null });
}

// What a merchant may have made possible by editing the code: shown to the staff, charged once all the same.
function oddity(uses: Use[], use: Use, { memberId }: Redemption): "used_again" | "used_by_other" | null {
  if (uses.length > 1) return "used_again";
  return use.memberId !== null && use.memberId !== memberId ? "used_by_other" : null;
}

async function readUses(tx: ShopTx, code: string): Promise<Use[]> {
  const { rows } = await tx.query<Use & { [column: string]: unknown }>(
    `SELECT o.id AS "orderId", o.member_id AS "memberId", o.facts FROM code_use u JOIN customer_order o ON o.shop_id = u.shop_id AND o.id = u.order_id
      WHERE u.shop_id = $1 AND u.code = $2 AND o.facts IS NOT NULL ORDER BY u.seen_at, o.id`,
    [tx.shopId, code],
  );
  return rows;
}
