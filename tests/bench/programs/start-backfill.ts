// Starts the backfill of the first shop, as its page does. Started as a process of its own.
//   node --import tsx tests/bench/programs/start-backfill.ts
import { closeDatabase, routerPool } from "../../../app/db.server";
import { startBackfill } from "../../../app/jobs/backfill.server";

const { rows } = await routerPool().query<{ id: number }>("SELECT id FROM shop ORDER BY id LIMIT 1");
const started = await startBackfill(rows[0]?.id ?? 0, null, new Date());
if (started.outcome !== "started") throw new Error(started.outcome);
await closeDatabase();
