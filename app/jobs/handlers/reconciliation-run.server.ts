// The record of one reconciliation pass: {seen, matched, healed, unexplained}.
import { inShop, queryShop, type ShopId } from "../../db.server";

/** A pass under way. */
export interface Run {
  shopId: ShopId;
  id: number;
  mark: Date | null;
  seen: number;
  matched: number;
  healed: number;
  unexplained: number;
  /** Known here, gone at Shopify. */
  vanished: number;
  detail: Record<string, unknown>;
}

/** Goes on with a pass that was interrupted, from its mark, or opens one. */
export async function resumeRun(shopId: ShopId, kind: "all_customers", now: Date): Promise<Run> {
  const [open] = await queryShop<Omit<Run, "shopId" | "vanished">>(
    shopId,
    `SELECT id, mark, seen, matched, healed, unexplained, detail FROM reconciliation_run
      WHERE kind = $1 AND status = 'running' ORDER BY id DESC LIMIT 1`,
    [kind],
  );
  return open ? { ...open, shopId, vanished: 0 } : beginRun(shopId, kind, now);
}

/** Opens a pass; passes of the kind that a crash left open are closed as failed. */
export async function beginRun(
  shopId: ShopId,
  kind: "orders" | "customers" | "all_customers" | "ratings",
  now: Date,
): Promise<Run> {
  return inShop(shopId, async (tx) => {
    await tx.query(
      "UPDATE reconciliation_run SET status = 'failed', finished_at = $3 WHERE shop_id = $1 AND kind = $2 AND status = 'running'",
      [shopId, kind, now],
    );
    const { rows } = await tx.query<{ id: number }>(
      "INSERT INTO reconciliation_run (shop_id, kind, started_at) VALUES ($1, $2, $3) RETURNING id",
      [shopId, kind, now],
    );
    const row = rows[0];
    if (!row) throw new Error("a reconciliation run did not come back");
    return { shopId, id: row.id, mark: null, seen: 0, matched: 0, healed: 0, unexplained: 0, vanished: 0, detail: {} };
  });
}

/** Stores how far the pass is; false when somebody cancelled it. */
export async function saveRun(run: Run): Promise<boolean> {
  return write(run, "running", false);
}

/** Closes the pass. */
export async function finishRun(run: Run, status: "done" | "failed"): Promise<boolean> {
  return write(run, status, true);
}

async function write(run: Run, status: string, isOver: boolean): Promise<boolean> {
  const { rowCount } = await inShop(run.shopId, (tx) =>
    tx.query(
      `UPDATE reconciliation_run SET mark = $3, seen = $4, matched = $5, healed = $6, unexplained = $7, detail = $8, status = $9,
              finished_at = CASE WHEN $10 THEN greatest(now(), started_at) END
        WHERE shop_id = $1 AND id = $2 AND status = 'running'`,
      [
        run.shopId,
        run.id,
        run.mark,
        run.seen,
        run.matched,
        run.healed,
        run.unexplained,
        JSON.stringify({ ...run.detail, vanished: run.vanished }),
        status,
        isOver,
      ],
    ),
  );
  return rowCount === 1;
}
