// The way into the queue for every room: in the caller's own transaction, or in one of its own.
import { inShop, type ShopTx } from "../db.server";
import { traceparent } from "../tracing.server";
import { JOBS, type JobData, type ShopJobName } from "./catalog";
import { ringJob } from "./nudge";

export interface EnqueueOptions {
  startAfter?: Date;
  /** Beside the shop: jobs of one name with other keys may wait side by side. */
  key?: string;
}

/**
 * Puts a job of one shop into the queue. With `tx` the job exists if and only if the transaction commits.
 * @returns queued, or already_queued when the same job of the shop waits or runs
 */
export async function enqueue<Name extends ShopJobName>(
  tx: ShopTx | null,
  name: Name,
  data: JobData<Name>,
  options: EnqueueOptions = {},
): Promise<{ outcome: "queued" | "already_queued" }> {
  const valid = JOBS[name].schema.parse(data);
  const insert = async (shop: ShopTx): Promise<{ outcome: "queued" | "already_queued" }> => {
    const { rows } = await shop.query<{ added: boolean }>("SELECT enqueue_job($1, $2, $3, $4) AS added", [
      name,
      JSON.stringify({ ...valid, traceparent: traceparent() }),
      options.key === undefined ? String(data.shopId) : `${data.shopId}:${options.key}`,
      options.startAfter ?? null,
    ]);
    return { outcome: rows[0]?.added ? "queued" : "already_queued" };
  };
  if (tx) return insert(tx);
  const queued = await inShop(data.shopId, insert);
  ringJob(name);
  return queued;
}
