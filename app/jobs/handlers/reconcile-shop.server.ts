// Reconciliation: whatever was lost, late or stale, one pass makes our orders and customers what Shopify
// has, under the same keys as the deliveries would have used, and writes down what it found.
import { applyOrder } from "../../ingest/apply-order.server";
import { inShop, queryShop, routerPool, type ShopId } from "../../db.server";
import { closeSpentCampaigns } from "../../loyalty/campaigns/close-spent-campaigns.server";
import { RefusedByShopifyError } from "../../shopify/shopify-errors";
import { readChangedOrders, readOrder, WINDOW_OVERLAP_MS, type OrderSighting } from "../../shopify/read-orders.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";
import { enqueue } from "../queue.server";
import { healRatings } from "./publish-ratings.server";
import { applyReading } from "./read-due-orders.server";
import { reconcileCustomers } from "./reconcile-customers.server";
import { beginRun, finishRun, saveRun, type Run } from "./reconciliation-run.server";

const VANISHED_CHECKS_MAX = 200;
const SAVE_EVERY = 50;

/** One pass over the shop's orders and customers. */
export async function reconcileShop(
  { shopId }: JobData<"reconcile-shop">,
  { now, signal }: JobContext,
): Promise<Pick<Run, "seen" | "matched" | "healed" | "unexplained">> {
  const run = await reconcileOrders(shopId, now, signal);
  await reconcileCustomers(shopId, now, signal);
  const { closed } = await closeSpentCampaigns(shopId, now);
  if (closed.length > 0) await enqueue(null, "publish-program", { shopId });
  await healRatings(shopId, now, signal);
  if (!(await hasReadAllCustomers(shopId))) await enqueue(null, "read-all-customers", { shopId });
  nudgeWork(shopId, ["publish", "read", "learn"]);
  return { seen: run.seen, matched: run.matched, healed: run.healed, unexplained: run.unexplained };
}

// The pass after the install may have met a shop that refused calls just then.
async function hasReadAllCustomers(shopId: ShopId): Promise<boolean> {
  const [row] = await queryShop<{ has: boolean }>(
    shopId,
    "SELECT EXISTS (SELECT FROM reconciliation_run WHERE kind = 'all_customers' AND status <> 'running') AS has",
  );
  return row?.has ?? false;
}

async function reconcileOrders(shopId: ShopId, now: Date, signal: AbortSignal): Promise<Run> {
  const run = await beginRun(shopId, "orders", now);
  const window = { from: await windowStart(shopId), to: new Date(now.getTime() + 1_000) };
  const seen = new Set<string>();
  try {
    for await (const { sighting, reading } of readChangedOrders(shopId, window, (page) => upToDate(shopId, page))) {
      signal.throwIfAborted();
      seen.add(sighting.orderId);
      run.seen++;
      if (run.mark === null || sighting.updatedAt > run.mark.toISOString()) run.mark = new Date(sighting.updatedAt);
      if (reading.outcome === "known") run.matched++;
      else if (reading.outcome === "found") await heal(run, reading.facts, now);
      else if (reading.outcome === "gone")
        await inShop(shopId, (tx) => applyReading(tx, sighting.orderId, reading, now));
      else run.unexplained++;
      if (run.seen % SAVE_EVERY === 0) await saveRun(run);
    }
    await findVanished(run, window.from, seen, now, signal);
    await finishRun(run, "done");
    return run;
  } catch (error) {
    await finishRun(run, "failed");
    // Without the scope there is nothing to compare with; the health page says so.
    if (error instanceof RefusedByShopifyError && error.isAccessDenied) return run;
    throw error;
  }
}

async function heal(run: Run, facts: Parameters<typeof applyOrder>[1], now: Date): Promise<void> {
  const { outcome } = await inShop(run.shopId, (tx) => applyOrder(tx, facts, "read", now));
  // Stale: a delivery was quicker than this read.
  if (outcome === "applied") run.healed++;
  else run.matched++;
}

/** From the last pass's mark with an overlap; the first pass begins where the install began. */
async function windowStart(shopId: ShopId): Promise<Date> {
  const marks = await queryShop<{ mark: Date | null }>(
    shopId,
    "SELECT max(mark) AS mark FROM reconciliation_run WHERE kind = 'orders' AND status = 'done'",
  );
  const { rows } = await routerPool().query<{ installed_at: Date }>("SELECT installed_at FROM shop WHERE id = $1", [
    shopId,
  ]);
  const from = marks[0]?.mark ?? rows[0]?.installed_at;
  if (!from) throw new Error("a shop without an install cannot be reconciled");
  return new Date(from.getTime() - WINDOW_OVERLAP_MS);
}

// What an order of ours holds now: edits are applied to its lines, refunds stand beside them.
const UNITS = `((SELECT coalesce(sum((line->>'quantity')::int), 0) FROM jsonb_array_elements(o.facts->'lines') line)
                      - (SELECT coalesce(sum((line->>'quantity')::int), 0)
                           FROM jsonb_array_elements(o.facts->'refunds') refund, jsonb_array_elements(refund->'lines') line))`;

// The same second is not yet the same state: Shopify stamps whole seconds, and the delivery of the second
// change may be the lost one; an edit may change nothing but the units. Shopify counting a line of no goods
// otherwise than we do costs one more read a pass, which changes nothing. Disputes, risk and arrivals are in no order's body; arrivals matter to few shops.
async function upToDate(shopId: ShopId, page: OrderSighting[]): Promise<ReadonlySet<string>> {
  const rows = await queryShop<{ order_gid: string }>(
    shopId,
    `SELECT o.order_gid FROM customer_order o
       JOIN unnest($1::text[], $2::timestamptz[], $3::boolean[], $4::text[], $5::text[], $6::boolean[], $7::boolean[], $8::int[])
         AS seen (order_gid, updated_at, is_cancelled, financial_status, dispute, is_fulfilled, high_risk, units) ON seen.order_gid = o.order_gid
      WHERE (o.source_updated_at > seen.updated_at
             OR (o.source_updated_at = seen.updated_at AND (o.facts->>'cancelledAt' IS NOT NULL) = seen.is_cancelled
                 AND o.facts->>'financialStatus' = seen.financial_status AND o.facts->>'dispute' = seen.dispute
                 AND (o.facts->>'fulfilledAt' IS NOT NULL) = seen.is_fulfilled AND (o.facts->>'highRisk')::boolean = seen.high_risk
                 AND ${UNITS} = seen.units))
        AND NOT (o.facts_from = 'payload' AND o.facts->>'fulfilledAt' IS NOT NULL AND o.facts->>'deliveredAt' IS NULL
                 AND EXISTS (SELECT FROM program_version v WHERE v.rules->>'trigger' = 'delivered'))`,
    [
      page.map((each) => each.orderId),
      page.map((each) => each.updatedAt),
      page.map((each) => each.isCancelled),
      page.map((each) => each.financialStatus),
      page.map((each) => each.dispute),
      page.map((each) => each.isFulfilled),
      page.map((each) => each.highRisk),
      page.map((each) => each.units),
    ],
  );
  return new Set(rows.map((row) => row.order_gid));
}

// What we know to have changed in the window and Shopify does not show any more is asked for by id.
async function findVanished(
  run: Run,
  from: Date,
  seen: ReadonlySet<string>,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  const known = await queryShop<{ order_gid: string; processed_at: Date | null }>(
    run.shopId,
    "SELECT order_gid, processed_at FROM customer_order WHERE source_updated_at >= $1 AND deleted_at IS NULL ORDER BY source_updated_at DESC LIMIT 5000",
    [from],
  );
  const missing = known.filter((row) => !seen.has(row.order_gid)).slice(0, VANISHED_CHECKS_MAX);
  for (const row of missing) {
    signal.throwIfAborted();
    const reading = await readOrder(run.shopId, row.order_gid, { processedAt: row.processed_at, now });
    if (reading.outcome === "gone") {
      await inShop(run.shopId, (tx) => applyReading(tx, row.order_gid, reading, now));
      run.vanished++;
    }
    if (reading.outcome === "found") await heal(run, reading.facts, now);
  }
}
