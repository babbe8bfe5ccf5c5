// The merchant changed or deleted a discount in the admin: if it is one of ours, the completer looks at it.
import type { ShopTx } from "../../db.server";

/** @returns whether the discount is a code of ours that is still open */
export async function noteCodeChange(tx: ShopTx, discountGid: string, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE redemption SET next_attempt = LEAST(coalesce(next_attempt, $3), $3)
      WHERE shop_id = $1 AND shopify_gid = $2 AND status IN ('issued', 'returning')
        AND (status = 'issued' OR deactivated_at IS NULL)`,
    [tx.shopId, discountGid, now],
  );
  return (rowCount ?? 0) > 0;
}
