// pg-boss on the router role's pool: it may work the queue's rows, never its tables; the owner made those.
import { PgBoss } from "pg-boss";

import { routerPool } from "../db.server";
import { log } from "../log.server";
import { DEAD_JOBS, JOBS, type JobName, type QueueSettings } from "./catalog";

const JOBS_SCHEMA = "pgboss";

/** A pg-boss that has not been started. */
export function createBoss(options: { supervise: boolean }): PgBoss {
  const boss = new PgBoss({
    schema: JOBS_SCHEMA,
    db: { executeSql: async (text, values) => routerPool().query(text, values) },
    migrate: false,
    createSchema: false,
    // Rebuilding indexes needs their owner.
    reindex: false,
    supervise: options.supervise,
    schedule: options.supervise,
    superviseIntervalSeconds: 15,
    maintenanceIntervalSeconds: 300,
    monitorIntervalSeconds: 15,
    cronMonitorIntervalSeconds: 20,
    cronWorkerIntervalSeconds: 5,
  });
  boss.on("error", (error) =>
    log().warn({ reason: error.name, code: (error as { code?: string }).code }, "the job queue stumbled"),
  );
  boss.on("warning", (warning) => log().warn({ warning: warning.message }, "the job queue warns"));
  return boss;
}

let preparing: Promise<void> | undefined;
/** Makes the queues that the catalog names and brings their settings up to date; once per process. */
export function prepareQueues(): Promise<void> {
  preparing ??= (async () => {
    const boss = createBoss({ supervise: false });
    await boss.start();
    try {
      await createQueues(boss);
    } finally {
      await boss.stop({ graceful: false });
    }
  })().catch((error: unknown) => {
    preparing = undefined;
    throw error;
  });
  return preparing;
}

/** The same on a started pg-boss. */
export async function createQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(DEAD_JOBS, {
    policy: "standard",
    retryLimit: 2,
    retryDelay: 30,
    deleteAfterSeconds: 14 * 86_400,
  });
  for (const name of Object.keys(JOBS) as JobName[]) {
    const settings: QueueSettings = JOBS[name].settings;
    const options = {
      retryLimit: settings.retryLimit,
      retryDelay: settings.retryDelay,
      retryBackoff: true,
      retryDelayMax: settings.retryDelayMax,
      expireInSeconds: settings.expireInSeconds,
      heartbeatSeconds: settings.heartbeatSeconds,
      deleteAfterSeconds: 86_400,
      deadLetter: DEAD_JOBS,
    };
    await boss.createQueue(name, { ...options, policy: settings.policy });
    await boss.updateQueue(name, options);
  }
}
