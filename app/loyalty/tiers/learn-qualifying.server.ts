// Orders that were settled before the shop had tiers: their steps are worked out once, from the stored
// states and the version each was settled under. Later settlements keep them up to date.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { versionAt, rulesOfVersion } from "../program-versions.server";
import type { StoredFacts } from "../stored-order";
import { qualifyingSteps, type QualifyingStep } from "./qualifying-steps";
import { readTierShop, insertQualifying, type QualifyingRow, type TierShop } from "./tier-history.server";

const ORDERS_PER_BATCH = 200;

export interface OrderToLearn {
  id: number;
  memberId: number;
  kind: string;
  facts: StoredFacts;
  /** The version it was settled under; null: not yet. */
  version: number | null;
}
/** The columns of `customer_order o` behind OrderToLearn. */
export const ORDER_TO_LEARN = `o.id, o.member_id AS "memberId", o.kind, o.facts,
  (SELECT e.version FROM order_earning e WHERE e.shop_id = o.shop_id AND e.order_id = o.id LIMIT 1) AS version`;

/** Gives every order of a member its steps that has none yet. A repeated run does nothing. */
export async function learnQualifying(shopId: ShopId, signal?: AbortSignal): Promise<{ learned: number }> {
  let learned = 0;
  for (let after = 0; ;) {
    signal?.throwIfAborted();
    const batch = await inShop(shopId, (tx) => learnBatch(tx, after));
    if (batch.last === undefined) return { learned };
    learned += batch.learned;
    after = batch.last;
  }
}

async function learnBatch(tx: ShopTx, after: number): Promise<{ last: number | undefined; learned: number }> {
  const shop = await readTierShop(tx);
  const { rows } = await tx.query<OrderToLearn & { [column: string]: unknown }>(
    `SELECT ${ORDER_TO_LEARN} FROM customer_order o
      WHERE o.shop_id = $1 AND o.id > $2 AND o.facts IS NOT NULL AND o.member_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM order_qualifying q WHERE q.shop_id = o.shop_id AND q.order_id = o.id)
      ORDER BY o.id LIMIT ${ORDERS_PER_BATCH} FOR NO KEY UPDATE OF o`,
    [tx.shopId, after],
  );
  const learned: QualifyingRow[] = [];
  for (const order of rows) {
    const { id: orderId, memberId, facts } = order;
    const steps = await stepsOfOrder(tx, order, shop);
    learned.push({ orderId, memberId, processedAt: facts.processedAt, steps });
  }
  // Someone may settle an order between our look and its lock: what they wrote is newer.
  return { last: rows.at(-1)?.id, learned: await insertQualifying(tx, learned) };
}

/** An order's steps under its own version. */
export async function stepsOfOrder(
  tx: Pick<ShopTx, "query" | "shopId">,
  { facts, version, kind }: OrderToLearn,
  shop: TierShop,
): Promise<QualifyingStep[]> {
  const settled = version === null ? null : shop.stamps.find(([number]) => number === version);
  const stamp = settled ?? versionAt(shop.stamps, facts.processedAt);
  if (!stamp) return [];
  const rules = await rulesOfVersion(tx, stamp);
  return qualifyingSteps(facts, rules, {
    isDevelopmentShop: shop.isDevelopment,
    isTestRemoved: kind === "test_removed",
  });
}
