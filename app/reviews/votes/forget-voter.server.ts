import type { ShopTx } from "../../db.server";
import { voterKeysOf } from "./vote-review.server";

/** Votes of an erased customer stay counted and lead to nobody. */
export async function forgetVoter(tx: ShopTx, customerGid: string): Promise<void> {
  await tx.query(
    `UPDATE review_vote SET voter_key = 'old/' || gen_random_uuid() WHERE shop_id = $1 AND signed_in AND voter_key = ANY ($2)`,
    [tx.shopId, voterKeysOf(tx.shopId, customerGid)],
  );
}
