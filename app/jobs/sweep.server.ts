// The sweep asks the database which shops have something due (orders to read, balances to publish, points
// to release or to expire) and queues one job for each. The rows themselves are the record: nothing can be forgotten.
import { setTimeout as wait } from "node:timers/promises";

import { businessNow } from "../clock.server";
import { routerPool, type ShopId } from "../db.server";
import { log } from "../log.server";
import type { ShopJobName } from "./catalog";
import type { Work } from "./nudge";
import { isPaused } from "./pause-shop.server";
import { enqueue } from "./queue.server";

const EVERY_MS = 1_000;
const JOB_OF = {
  publish: "publish-balances",
  read: "read-due-orders",
  release: "release-due-points",
  expire: "expire-due-points",
  learn: "learn-products",
  complete: "complete-redemptions",
  remind: "remind-expiry",
  announce: "announce-events",
  mail: "send-messages",
  ask: "plan-review-requests",
  notify: "announce-reviews",
  hold: "end-review-holds",
  media: "tidy-review-media",
  recount: "recount-ratings",
  rate: "publish-ratings",
  award: "award-reviews",
  analyse: "analyse-reviews",
  refer: "advance-referrals",
  occasion: "grant-occasions",
  tier: "review-tiers",
} as const satisfies Record<Work, ShopJobName>;

/** Queues the job for one kind of work of one shop; an equal job that waits or runs is enough. */
export async function queueWork(shopId: ShopId, work: Work): Promise<void> {
  if (!(await isPaused(shopId))) await enqueue(null, JOB_OF[work], { shopId });
}

/** One look over all shops. */
export async function sweepOnce(): Promise<{ queued: number }> {
  const { rows } = await routerPool().query<{ shop_id: ShopId; work: Work }>(
    "SELECT shop_id, work FROM due_shops($1)",
    [await businessNow()],
  );
  for (const { shop_id: shopId, work } of rows) await queueWork(shopId, work);
  return { queued: rows.length };
}

/** Sweeps every second until `signal` aborts. */
export async function runSweep({ signal }: { signal: AbortSignal }): Promise<void> {
  while (!signal.aborted) {
    await sweepOnce().catch((error: unknown) =>
      log().warn({ code: (error as { code?: string }).code }, "the sweep could not look"),
    );
    await wait(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
