// Lets the platform write the file of the first shop's past orders, and waits for it. Started as a process of its own.
//   node --import tsx tests/bench/programs/run-bulk.ts
import { setTimeout as sleep } from "node:timers/promises";

import { closeDatabase, routerPool } from "../../../app/db.server";
import { readBulkState, startBulkOrders } from "../../../app/shopify/bulk-orders.server";

const { rows } = await routerPool().query<{ id: number }>("SELECT id FROM shop ORDER BY id LIMIT 1");
const shopId = rows[0]?.id ?? 0;
const start = await startBulkOrders(shopId, null);
if (start.outcome !== "started") throw new Error(start.outcome);
for (;;) {
  const state = await readBulkState(shopId, start.bulkOperation);
  if (state.outcome === "finished") break;
  if (state.outcome === "failed") throw new Error(state.reason);
  await sleep(200);
}
await closeDatabase();
