// Around every handler: validated data, a shop that is still there, and the end of the road for a shop
// that refuses us.
import { randomUUID } from "node:crypto";
import { z } from "zod";

import { raiseAlertInShop } from "../ingest/alert.server";
import { businessNow } from "../clock.server";
import { withLogContext } from "../log-context.server";
import { log } from "../log.server";
import { countJob } from "../metrics.server";
import { isCurrentInstall } from "../shops/is-current-install.server";
import { traced } from "../tracing.server";
import { JOBS, runsAfterUninstall, type JobData, type JobName } from "./catalog";
import { HANDLERS } from "./handlers.server";
import { isPaused, pauseShop } from "./pause-shop.server";

export type JobOutcome = { outcome: "ran" } | { outcome: "skipped"; why: "uninstalled" | "unauthorized" | "paused" };

/**
 * Runs one job to its end.
 * @throws what the handler throws, for the queue to retry
 */
export async function runJob<Name extends JobName>(
  name: Name,
  rawData: unknown,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const started = performance.now();
  let ended: JobOutcome["outcome"] | "failed" = "failed";
  try {
    const result = await withLogContext({ run: randomUUID() }, () =>
      traced(`job ${name}`, { "kizuna.job": name }, () => runToEnd(name, rawData, signal), parentOf(rawData)),
    );
    ended = result.outcome;
    return result;
  } finally {
    countJob(name, ended, (performance.now() - started) / 1000);
  }
}

function parentOf(rawData: unknown): string | undefined {
  return z.object({ traceparent: z.string() }).safeParse(rawData).data?.traceparent;
}

async function runToEnd<Name extends JobName>(name: Name, rawData: unknown, signal: AbortSignal): Promise<JobOutcome> {
  const data = JOBS[name].schema.parse(rawData) as JobData<Name>;
  const { shopId = null } = z.object({ shopId: z.number().optional() }).parse(data);
  if (shopId !== null && !runsAfterUninstall(name)) {
    if (!(await isCurrentInstall(shopId))) return { outcome: "skipped", why: "uninstalled" };
    if (await isPaused(shopId)) return { outcome: "skipped", why: "paused" };
  }
  const handler = await HANDLERS[name]();
  try {
    await handler(data, { now: await businessNow(), signal });
    return { outcome: "ran" };
  } catch (error) {
    if (shopId === null || !(error instanceof Error) || error.name !== "UnauthorizedShopError") {
      log().warn({ job: name, shopId, err: error }, "a job failed and will be tried again");
      throw error;
    }
    await pauseShop(shopId);
    log().warn({ job: name, shopId }, "the shop refuses calls; its jobs rest");
    if (await isCurrentInstall(shopId)) await raiseAlertInShop(shopId, "shop_unauthorized", {});
    return { outcome: "skipped", why: "unauthorized" };
  }
}
