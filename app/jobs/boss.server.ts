// pg-boss on the router role's pool: it may work the queue's rows, never its tables; the owner made those.
import { PgBoss } from "pg-boss";

import { routerPool } from "../db.server";
import { log } from "../log.server";

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
