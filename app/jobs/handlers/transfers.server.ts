// Imports and undone acts, as far as the signal lets them; a repeated job goes on where the last one stopped.
import { applyBatch } from "../../loyalty/transfers/apply-batch.server";
import { undoBatch } from "../../loyalty/transfers/undo-batch.server";
import type { JobData } from "../catalog";
import type { JobContext } from "../handlers.server";
import { nudgeWork } from "../nudge";

/** Moves the points of an import. */
export async function applyTransfer({ shopId, batchId }: JobData<"apply-batch">, { now, signal }: JobContext) {
  const result = await applyBatch(shopId, batchId, now, signal);
  nudgeWork(shopId, ["publish"]);
  return result;
}

/** Takes an import or a bulk adjustment back. */
export async function undoTransfer({ shopId, batchId }: JobData<"undo-batch">, { now, signal }: JobContext) {
  const result = await undoBatch(shopId, batchId, now, signal);
  nudgeWork(shopId, ["publish"]);
  return result;
}
