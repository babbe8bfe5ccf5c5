// The backfill: Shopify writes a file of past orders on its side, we apply it as it streams. Progress and
// cancellation live in its reconciliation_run row, so any worker can go on with it.
import { setTimeout as wait } from "node:timers/promises";

import { applyOrders } from "../../ingest/apply-order.server";
import { TOGETHER } from "../../ingest/claim.server";
import { inShop, queryShop, type ShopId, type ShopTx } from "../../db.server";
import { noteRowsWritten } from "../../grown-tables.server";
import { markOrderToBeRead } from "../../loyalty/record-order.server";
import { cancelBulkOrders, readBulkOrders, readBulkState, startBulkOrders } from "../../shopify/bulk-orders.server";
import type { BulkOrder } from "../../shopify/bulk-file";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

const ASK_EVERY_MS = 1_000;
const BUNDLES_AT_ONCE = 3;

interface Backfill {
  status: string;
  detail: { since?: string | null; bulkOperation?: string; total?: number; applied?: number };
}

/** Works one backfill to its end, or until somebody cancels it. */
export async function backfillOrders(
  { shopId, runId }: JobData<"backfill-orders">,
  { now, signal }: JobContext,
): Promise<{ outcome: string }> {
  const backfill = await readBackfillRow(shopId, runId);
  if (backfill?.status !== "running") return { outcome: "over" };
  const bulkOperation = backfill.detail.bulkOperation ?? (await startOperation(shopId, runId, backfill));
  const file = await waitForFile(shopId, runId, bulkOperation, signal);
  switch (file.outcome) {
    case "cancelled":
      await cancelBulkOrders(shopId, bulkOperation);
      return { outcome: "cancelled" };
    case "failed":
      await update(shopId, runId, { status: "failed", detail: { reason: file.reason } });
      return { outcome: "failed" };
    case "finished":
      return {
        outcome:
          file.url === null ? await finish(shopId, runId, 0) : await applyFile(shopId, runId, file.url, now, signal),
      };
  }
}

async function startOperation(shopId: ShopId, runId: number, backfill: Backfill): Promise<string> {
  const since = backfill.detail.since ? new Date(backfill.detail.since) : null;
  const start = await startBulkOrders(shopId, since);
  // Shopify runs a few bulk operations of a shop at once; ours comes back.
  if (start.outcome === "busy") throw new Error("Shopify is busy with other bulk operations of the shop");
  await update(shopId, runId, { detail: { bulkOperation: start.bulkOperation } });
  return start.bulkOperation;
}

type File =
  { outcome: "finished"; url: string | null } | { outcome: "failed"; reason: string } | { outcome: "cancelled" };
async function waitForFile(shopId: ShopId, runId: number, bulkOperation: string, signal: AbortSignal): Promise<File> {
  for (;;) {
    if ((await readBackfillRow(shopId, runId))?.status !== "running") return { outcome: "cancelled" };
    const state = await readBulkState(shopId, bulkOperation);
    if (state.outcome === "failed") return state;
    await update(shopId, runId, { detail: { total: state.orders } });
    if (state.outcome === "finished") return state;
    await wait(ASK_EVERY_MS, undefined, { signal });
  }
}

async function applyFile(shopId: ShopId, runId: number, url: string, now: Date, signal: AbortSignal): Promise<string> {
  const bundles = bundlesOf(readBulkOrders(url));
  let applied = 0;
  let isOver = false;
  // Several transactions at once, each with some orders: a commit is most of what an order costs.
  const work = async () => {
    try {
      for (let next = await bundles.next(); !next.done && !isOver; next = await bundles.next()) {
        signal.throwIfAborted();
        const bundle = next.value;
        await inShop(shopId, (tx) => applyBundle(tx, bundle, now));
        applied += bundle.length;
        await noteRowsWritten(bundle.length);
        const isRunning = await update(shopId, runId, { seen: applied, detail: { applied } });
        if (!isRunning) return;
        nudgeWork(shopId, ["publish", "read", "learn"]);
      }
    } finally {
      isOver = true;
    }
  };
  try {
    await Promise.all(Array.from({ length: BUNDLES_AT_ONCE }, work));
  } finally {
    await bundles.return(undefined);
  }
  nudgeWork(shopId, ["publish", "read", "learn"]);
  return finish(shopId, runId, applied);
}

async function* bundlesOf(orders: AsyncIterable<BulkOrder>): AsyncGenerator<BulkOrder[], undefined> {
  let bundle: BulkOrder[] = [];
  for await (const order of orders) {
    bundle.push(order);
    if (bundle.length < TOGETHER) continue;
    yield bundle;
    bundle = [];
  }
  if (bundle.length > 0) yield bundle;
}

async function applyBundle(tx: ShopTx, bundle: BulkOrder[], now: Date): Promise<void> {
  const states = bundle.flatMap((order) => (order.outcome === "facts" ? [order.facts] : []));
  await applyOrders(tx, states, "read", now);
  for (const order of bundle) if (order.outcome === "to_be_read") await markOrderToBeRead(tx, order.orderId, null, now);
}

async function finish(shopId: ShopId, runId: number, applied: number): Promise<string> {
  const isRunning = await update(shopId, runId, { status: "done", seen: applied, detail: { applied } });
  return isRunning ? "done" : "cancelled";
}

async function readBackfillRow(shopId: ShopId, runId: number): Promise<Backfill | undefined> {
  const rows = await queryShop<Backfill>(
    shopId,
    "SELECT status, detail FROM reconciliation_run WHERE id = $1 AND kind = 'backfill'",
    [runId],
  );
  return rows[0];
}

/** False when the run is not running any more: somebody cancelled it. */
async function update(
  shopId: ShopId,
  runId: number,
  change: { status?: "done" | "failed"; seen?: number; detail: Record<string, unknown> },
): Promise<boolean> {
  const { rowCount } = await inShop(shopId, (tx) =>
    tx.query(
      `UPDATE reconciliation_run
          SET detail = detail || $3, status = coalesce($4, status), seen = coalesce($5, seen), healed = coalesce($5, healed),
              finished_at = CASE WHEN $4::text IS NULL THEN NULL ELSE greatest(now(), started_at) END
        WHERE shop_id = $1 AND id = $2 AND kind = 'backfill' AND status = 'running'`,
      [shopId, runId, JSON.stringify(change.detail), change.status ?? null, change.seen ?? null],
    ),
  );
  return rowCount === 1;
}
