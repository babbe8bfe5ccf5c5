// A worker process: the drain, the sweep, the queue's workers and the schedules. Any number of them.
import type { PgBoss } from "pg-boss";

import { raiseAlertInShop } from "../ingest/alert.server";
import { runDrain } from "../ingest/drain.server";
import { withoutValues } from "../log-error";
import { log } from "../log.server";
import { createBoss } from "./boss.server";
import { DEAD_JOBS, JOBS, SCHEDULES, type JobName, type QueueSettings } from "./catalog";
import { listenToBells, type Work } from "./nudge";
import { runJob } from "./run-job.server";
import { queueWork, runSweep } from "./sweep.server";

/** Postings of one burst become one publication. */
const NUDGE_DELAY_MS = 40;
const STOP_WITHIN_MS = 20_000;

/** Starts everything a worker does. `stop` waits for what is under way. */
export async function startWorker(): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController();
  const boss = createBoss({ supervise: true });
  await boss.start();
  const workers = new Map<JobName, string[]>();
  for (const name of Object.keys(JOBS) as JobName[]) workers.set(name, await startQueue(boss, name, stopping.signal));
  await boss.work<{ shopId?: number }>(DEAD_JOBS, { pollingIntervalSeconds: 10 }, reportDeadJobs);
  for (const [name, cron] of Object.entries(SCHEDULES)) await boss.schedule(name, cron, {}, { singletonKey: "tick" });
  const hush = listenToBells(coalesce(), (name) => {
    for (const id of workers.get(name) ?? []) boss.notifyWorker(id);
  });
  const drain = runDrain({ signal: stopping.signal });
  const sweep = runSweep({ signal: stopping.signal });
  log().info("worker started");
  return {
    async stop() {
      stopping.abort();
      hush();
      await Promise.all([drain, sweep, boss.stop({ graceful: true, timeout: STOP_WITHIN_MS })]);
      log().info("worker stopped");
    },
  };
}

async function startQueue(boss: PgBoss, name: JobName, signal: AbortSignal): Promise<string[]> {
  const settings: QueueSettings = JOBS[name].settings;
  const options = { batchSize: 1, pollingIntervalSeconds: settings.pollSeconds };
  return Promise.all(
    Array.from({ length: settings.concurrency }, () =>
      boss.work<object>(name, options, async ([job]) => {
        if (!job) return;
        return runJob(name, job.data, signal).catch((error: unknown) => {
          // The queue keeps what a job threw.
          throw withoutValues(error);
        });
      }),
    ),
  );
}

function coalesce(): (shopId: number, work: Work) => void {
  const waiting = new Set<string>();
  return (shopId, work) => {
    const key = `${shopId} ${work}`;
    if (waiting.has(key)) return;
    waiting.add(key);
    setTimeout(() => {
      waiting.delete(key);
      queueWork(shopId, work).catch((error: unknown) => {
        log().warn(
          { shopId, work, code: (error as { code?: string }).code },
          "work could not be queued; the sweep will",
        );
      });
    }, NUDGE_DELAY_MS);
  };
}

async function reportDeadJobs(jobs: { data: { shopId?: number }; id: string }[]): Promise<void> {
  for (const job of jobs) {
    log().error({ jobId: job.id, shopId: job.data.shopId }, "a job has used up its retries");
    if (job.data.shopId !== undefined) await raiseAlertInShop(job.data.shopId, "job_failed", { job: job.id });
  }
}
