// What the cron lines ring: one job per shop, spread over the window so that shops do not all call Shopify
// in the same second.
import { routerPool, type ShopId } from "../../db.server";
import { enqueue } from "../queue.server";
import type { ShopJobName } from "../catalog";
import type { JobContext } from "../handlers.server";

const SPREAD_MS_PER_SHOP = 2_000;
const SPREAD_MS_MAX = 12 * 60 * 1000;

async function forEachShop(
  name: Extract<ShopJobName, "check-subscriptions" | "reconcile-shop" | "remind-expiry">,
): Promise<{ shops: number }> {
  const { rows } = await routerPool().query<{ id: ShopId }>(
    "SELECT id FROM shop WHERE uninstalled_at IS NULL ORDER BY id",
  );
  const window = Math.min(SPREAD_MS_MAX, rows.length * SPREAD_MS_PER_SHOP);
  for (const [index, { id }] of rows.entries()) {
    const startAfter = new Date(Date.now() + (window * index) / rows.length);
    await enqueue(null, name, { shopId: id }, { startAfter });
  }
  return { shops: rows.length };
}

/** Hourly: are all subscriptions of every shop still there? */
export async function tickSubscriptions(): Promise<{ shops: number }> {
  return forEachShop("check-subscriptions");
}

/** Every quarter of an hour: does what Shopify has agree with what we have? */
export async function tickReconciliation(): Promise<{ shops: number }> {
  return forEachShop("reconcile-shop");
}

const BODIES_KEPT_DAYS = 14;
const ROWS_KEPT_DAYS = 35;
const ROWS_AT_ONCE = 2_000;
const COMPLIANCE_TOPICS = ["customers/redact", "customers/data_request", "shop/redact"];

/** Hourly: settled deliveries lose their bodies and, later, themselves; compliance bodies go first. */
export async function tickRetention(_data: object, { signal }: JobContext): Promise<{ changed: number }> {
  let changed = 0;
  for (const [text, values] of [
    [
      `UPDATE webhook_inbox SET body = NULL WHERE id IN (SELECT id FROM webhook_inbox
         WHERE body IS NOT NULL AND status IN ('done', 'ignored')
           AND (settled_at < now() - $1 * interval '1 day' OR (topic = ANY($2) AND settled_at < now() - interval '1 hour')) LIMIT $3)`,
      [BODIES_KEPT_DAYS, COMPLIANCE_TOPICS, ROWS_AT_ONCE],
    ],
    [
      `DELETE FROM webhook_inbox WHERE id IN (SELECT id FROM webhook_inbox
         WHERE status NOT IN ('pending', 'parked') AND received_at < now() - $1 * interval '1 day' LIMIT $2)`,
      [ROWS_KEPT_DAYS, ROWS_AT_ONCE],
    ],
  ] as const) {
    for (let rows = ROWS_AT_ONCE; rows === ROWS_AT_ONCE && !signal.aborted; changed += rows) {
      rows = (await routerPool().query(text, [...values])).rowCount ?? 0;
    }
  }
  return { changed };
}
