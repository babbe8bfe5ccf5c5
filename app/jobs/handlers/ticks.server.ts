// What the cron lines ring: one job per shop, spread over the window so that shops do not all call Shopify
// in the same second.
import { routerPool, type ShopId } from "../../db.server";
import { enqueue } from "../queue.server";
import { runsAfterUninstall, type ShopJobName } from "../catalog";
import { COMPLIANCE_BODIES_HOURS, RETENTION } from "../../privacy/retention";
import type { JobContext } from "../handlers.server";

const SPREAD_MS_PER_SHOP = 2_000;
const SPREAD_MS_MAX = 12 * 60 * 1000;

async function forEachShop(
  name: Extract<ShopJobName, "check-subscriptions" | "reconcile-shop" | "seal-ledger" | "keep-privacy">,
): Promise<{ shops: number }> {
  const { rows } = await routerPool().query<{ id: ShopId }>(
    "SELECT id FROM shop WHERE uninstalled_at IS NULL OR $1 ORDER BY id",
    [runsAfterUninstall(name)],
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

const ROWS_AT_ONCE = 2_000;
const COMPLIANCE_TOPICS = ["customers/redact", "customers/data_request", "shop/redact"];

/**
 * Hourly: what the routing list keeps reaches its end here, and every shop seals its closed days and ends what it
 * has kept for long enough.
 */
export async function tickRetention(_data: object, { signal }: JobContext): Promise<{ changed: number }> {
  let changed = 0;
  for (const [text, values] of [
    [
      `UPDATE webhook_inbox SET body = NULL WHERE id IN (SELECT id FROM webhook_inbox
         WHERE body IS NOT NULL AND status IN ('done', 'ignored')
           AND (settled_at < now() - $1 * interval '1 day' OR (topic = ANY($2) AND settled_at < now() - $3 * interval '1 hour')) LIMIT $4)`,
      [RETENTION.delivery_bodies.days, COMPLIANCE_TOPICS, COMPLIANCE_BODIES_HOURS, ROWS_AT_ONCE],
    ],
    [
      `DELETE FROM webhook_inbox WHERE id IN (SELECT id FROM webhook_inbox
         WHERE status NOT IN ('pending', 'parked') AND received_at < now() - $1 * interval '1 day' LIMIT $2)`,
      [RETENTION.delivery_lines.days, ROWS_AT_ONCE],
    ],
    // The offline session of a shop renews itself; those of people end.
    [
      `DELETE FROM shopify_session WHERE id IN (SELECT id FROM shopify_session
         WHERE id NOT LIKE 'offline\\_%' AND expires_at < now() - $1 * interval '1 day' LIMIT $2)`,
      [RETENTION.ended_sessions.days, ROWS_AT_ONCE],
    ],
  ] as const) {
    for (let rows = ROWS_AT_ONCE; rows === ROWS_AT_ONCE && !signal.aborted; changed += rows) {
      rows = (await routerPool().query(text, [...values])).rowCount ?? 0;
    }
  }
  await forEachShop("seal-ledger");
  await forEachShop("keep-privacy");
  return { changed };
}
