import { inShop, type ShopId, type ShopTx } from "../db.server";
import { restoreSubscriptions, type SubscriptionCheck } from "../shopify/subscriptions.server";

export type SubscriptionOutcome = SubscriptionCheck &
  (
    | { outcome: "complete" }
    /** The shop's first subscriptions: nothing was missed. */
    | { outcome: "created" }
    /** Something was missing: deliveries were lost since some time after `since`; reconcile from there. */
    | { outcome: "gap"; since: Date | null }
  );

/**
 * Hourly: are all the shop's webhook subscriptions there, as wanted? Restores them and records the pass.
 * Shopify removes a subscription after four hours of failed deliveries, so a restored one is a gap.
 * @throws what the Admin API client throws
 */
export async function checkSubscriptions(shopId: ShopId): Promise<SubscriptionOutcome> {
  const check = await restoreSubscriptions(shopId);
  return inShop(shopId, async (tx) => {
    const isFirst = !(await hasCheckedBefore(tx));
    await recordPass(tx, check);
    if (check.restored.length === 0) return { ...check, outcome: "complete" };
    if (isFirst) return { ...check, outcome: "created" };
    return { ...check, outcome: "gap", since: await highWaterMark(tx) };
  });
}

async function hasCheckedBefore(tx: ShopTx): Promise<boolean> {
  const { rows } = await tx.query(
    "SELECT FROM reconciliation_run WHERE shop_id = $1 AND kind = 'subscriptions' AND status = 'done' LIMIT 1",
    [tx.shopId],
  );
  return rows.length > 0;
}

// On real time: when the pass ran is a fact about us, not about the shop's business.
async function recordPass(tx: ShopTx, check: SubscriptionCheck): Promise<void> {
  await tx.query(
    `INSERT INTO reconciliation_run (shop_id, kind, finished_at, seen, matched, healed, unexplained, detail, status)
     VALUES ($1, 'subscriptions', now(), $2, $3, $4, $5, $6, 'done')`,
    [
      tx.shopId,
      check.present + check.removed + check.restored.length + check.refused.length,
      check.present,
      check.restored.length,
      check.refused.length,
      JSON.stringify({ restored: check.restored, refused: check.refused, removed: check.removed }),
    ],
  );
}

// The newest order known to be reconciled: everything before it is safe.
async function highWaterMark(tx: ShopTx): Promise<Date | null> {
  const { rows } = await tx.query<{ mark: Date | null }>(
    "SELECT max(mark) AS mark FROM reconciliation_run WHERE shop_id = $1 AND kind = 'orders' AND status = 'done'",
    [tx.shopId],
  );
  return rows[0]?.mark ?? null;
}
