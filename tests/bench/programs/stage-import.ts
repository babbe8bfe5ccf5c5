// Looks at a file of points as the upload does, and starts its import. Started as a process of its own, so that its
// memory can be seen.
//   node --import tsx tests/bench/programs/stage-import.ts FILE
import fs from "node:fs";

import { closeDatabase, routerPool } from "../../../app/db.server";
import { startImport } from "../../../app/jobs/transfers.server";
import { stagePointsImport } from "../../../app/loyalty/transfers/stage-points-import.server";

const file = process.argv[2] ?? "";
const { rows } = await routerPool().query<{ id: number }>("SELECT id FROM shop ORDER BY id LIMIT 1");
const shopId = rows[0]?.id ?? 0;
const begun = performance.now();
const upload = { name: "points.csv", bytes: fs.readFileSync(file), mode: "add" as const, actor: "staff:1" };
const staged = await stagePointsImport(shopId, upload, new Date());
const milliseconds = performance.now() - begun;
if (staged.outcome !== "staged") throw new Error(`the file was not staged: ${staged.outcome}`);
await startImport(shopId, staged.batchId);
await closeDatabase();
process.stdout.write(JSON.stringify({ shopId, batchId: staged.batchId, milliseconds }));
