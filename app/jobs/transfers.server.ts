// The merchant's side of imports and undone acts: each is a job, so that it can be left and returned to.
import { inShop, type ShopId } from "../db.server";
import { ringJob } from "./nudge";
import { enqueue } from "./queue.server";

/** Runs an import that was looked at. */
export async function startImport(shopId: ShopId, batchId: number): Promise<{ outcome: "started" | "not_in_preview" }> {
  const started = await inShop(shopId, async (tx) => {
    const { rowCount } = await tx.query(
      "UPDATE adjustment_batch SET status = 'running' WHERE shop_id = $1 AND id = $2 AND kind = 'import' AND status = 'preview'",
      [shopId, batchId],
    );
    if (rowCount === 1) await enqueue(tx, "apply-batch", { shopId, batchId }, { key: String(batchId) });
    return rowCount === 1;
  });
  if (started) ringJob("apply-batch");
  return { outcome: started ? "started" : "not_in_preview" };
}

/** Takes back a finished import or bulk adjustment. */
export async function startUndo(
  shopId: ShopId,
  batchId: number,
  actor: string,
): Promise<{ outcome: "started" | "not_done" }> {
  const started = await inShop(shopId, async (tx) => {
    const { rowCount } = await tx.query(
      "UPDATE adjustment_batch SET status = 'undoing', undone_by = $3 WHERE shop_id = $1 AND id = $2 AND status = 'done'",
      [shopId, batchId, actor],
    );
    if (rowCount === 1) await enqueue(tx, "undo-batch", { shopId, batchId }, { key: String(batchId) });
    return rowCount === 1;
  });
  if (started) ringJob("undo-batch");
  return { outcome: started ? "started" : "not_done" };
}
