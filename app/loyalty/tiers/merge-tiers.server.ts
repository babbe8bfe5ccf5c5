// Two members became one: what one of them bought counts for the other, and tiers set by hand go along.
import type { ShopTx } from "../../db.server";
import { applyTiers } from "./apply-tier.server";
import { historyOf, readTierFacts, readTierShop } from "./tier-history.server";

/** Moves qualifying orders and tiers set by hand. Both members are locked. */
export async function moveTierFacts(tx: ShopTx, fromId: number, intoId: number): Promise<void> {
  const values = [tx.shopId, fromId, intoId];
  await tx.query("UPDATE order_qualifying SET member_id = $3 WHERE shop_id = $1 AND member_id = $2", values);
  await tx.query("UPDATE tier_override SET member_id = $3 WHERE shop_id = $1 AND member_id = $2", values);
}

/** The tiers of both after the merge: one holds what both earned, the other nothing. */
export async function applyMergedTiers(tx: ShopTx, fromId: number, intoId: number, now: Date): Promise<void> {
  const shop = await readTierShop(tx);
  if (shop.plans.length === 0) return;
  const facts = await readTierFacts(tx, [fromId, intoId]);
  const cases = [...facts].map(([memberId, ofMember]) => ({ memberId, history: historyOf(ofMember, shop) }));
  await applyTiers(tx, cases, now, "merge");
}
