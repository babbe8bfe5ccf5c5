// The queues are made by the migration, as the owner: whoever enqueues, web or worker, finds them there.
import type { PgBoss } from "pg-boss";

import { DEAD_JOBS, JOBS, type JobName, type QueueSettings } from "./catalog";

/** Makes the queues that the catalog names and brings their settings up to date, on a started pg-boss. */
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
