// The merchant's side of a backfill: start it, watch it, stop it.
import { inShop, queryShop, type ShopId } from "../db.server";
import { enqueue } from "./queue.server";

export interface BackfillProgress {
  runId: number;
  status: "running" | "done" | "failed" | "cancelled";
  startedAt: Date;
  finishedAt: Date | null;
  /** Orders applied so far, and how many Shopify has found; null while it is still counting. */
  applied: number;
  total: number | null;
  reason: string | null;
}

/** Starts reading past orders, from `since` or as far back as Shopify lets us. One backfill at a time. */
export async function startBackfill(
  shopId: ShopId,
  since: Date | null,
  now: Date,
): Promise<{ outcome: "started" | "already_running"; runId: number }> {
  return inShop(shopId, async (tx) => {
    // The shop's profile row stands for the shop: two clicks make one backfill.
    await tx.query("SELECT FROM shop_profile WHERE shop_id = $1 FOR UPDATE", [shopId]);
    const running = await tx.query<{ id: number }>(
      "SELECT id FROM reconciliation_run WHERE shop_id = $1 AND kind = 'backfill' AND status = 'running'",
      [shopId],
    );
    if (running.rows[0]) return { outcome: "already_running", runId: running.rows[0].id };
    const { rows } = await tx.query<{ id: number }>(
      "INSERT INTO reconciliation_run (shop_id, kind, started_at, detail) VALUES ($1, 'backfill', $2, $3) RETURNING id",
      [shopId, now, JSON.stringify({ since: since?.toISOString() ?? null })],
    );
    const runId = rows[0]?.id;
    if (runId === undefined) throw new Error("a backfill did not come back");
    // Orders name their customers by id only: who they are is read beside them.
    await enqueue(tx, "read-all-customers", { shopId });
    await enqueue(tx, "backfill-orders", { shopId, runId }, { key: String(runId) });
    return { outcome: "started", runId };
  });
}

/** Stops a running backfill; what it has applied stays applied. */
export async function cancelBackfill(shopId: ShopId, runId: number): Promise<{ outcome: "cancelled" | "not_running" }> {
  const { rowCount } = await inShop(shopId, (tx) =>
    tx.query(
      "UPDATE reconciliation_run SET status = 'cancelled', finished_at = greatest(now(), started_at) WHERE shop_id = $1 AND id = $2 AND kind = 'backfill' AND status = 'running'",
      [shopId, runId],
    ),
  );
  return { outcome: rowCount === 1 ? "cancelled" : "not_running" };
}

/** The newest backfill of the shop; null when there never was one. */
export async function readBackfill(shopId: ShopId): Promise<BackfillProgress | null> {
  const rows = await queryShop<BackfillProgress>(
    shopId,
    `SELECT id AS "runId", status, started_at AS "startedAt", finished_at AS "finishedAt", coalesce((detail->>'applied')::int, 0) AS applied,
            (detail->>'total')::int AS total, detail->>'reason' AS reason
       FROM reconciliation_run WHERE kind = 'backfill' ORDER BY id DESC LIMIT 1`,
  );
  return rows[0] ?? null;
}
