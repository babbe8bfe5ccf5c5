// A file of a million balances: read and checked as the upload does it, then moved by the worker.
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { figure, type Figure } from "../figure";
import { dropIndexes } from "../seed/drop-indexes";
import type { OwnDatabase, Stage } from "../stage";
import { workOff } from "../work-off";

const ROWS = 1_000_000;

interface Staged {
  batchId: number;
  shopId: number;
  milliseconds: number;
}

/** Rows a second, looking at the file and moving the points together. */
export async function importPoints(stage: Stage): Promise<Figure> {
  const database = await stage.openDatabase("import");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-import-"));
  try {
    const file = path.join(folder, "points.csv");
    const rows = await fill(stage, database, file);
    const ran = await stage.run("tests/bench/programs/stage-import.ts", [file], { database });
    const staged = JSON.parse(ran.output) as Staged;
    const worker = await stage.startApp("worker", { database });
    const moved = await workOff(worker, async () => !(await isRunning(database, staged.batchId)));
    await expectMoved(database, rows);
    return figure({
      name: "import.1m",
      value: rows / (moved.seconds + staged.milliseconds / 1_000),
      unit: "rows/s",
      cpuMs: moved.cpuMs / rows,
      note:
        `${rows} rows: the file was checked in ${(staged.milliseconds / 1_000).toFixed(1)} s (peak ${Math.round(ran.peakMiB)} MiB), ` +
        `its points moved in ${moved.seconds.toFixed(1)} s (peak ${Math.round(moved.peakMiB)} MiB), one process each`,
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
    await database.drop();
  }
}

async function fill(stage: Stage, { owner, ...database }: OwnDatabase, file: string): Promise<number> {
  const rows = stage.sized(ROWS);
  const opened = await stage.run("tests/bench/programs/open-shops.ts", ["1", "import"], { database });
  const shopId = (JSON.parse(opened.output) as { shops: number[] }).shops[0];
  const restore = await dropIndexes(owner, ["member"]);
  await owner.query(
    `INSERT INTO member (shop_id, customer_gid, email, tags, search_grams, first_seen_at)
     SELECT $1::int, 'gid://shopify/Customer/' || n, 'person' || n || '@example.jp', '{}', '{}', now() FROM generate_series(1, $2::int) n`,
    [shopId, rows],
  );
  await restore();
  await owner.query("VACUUM (ANALYZE) member");
  const out = fs.createWriteStream(file);
  out.write("email,points\n");
  for (let n = 1; n <= rows; n++)
    if (!out.write(`person${n}@example.jp,${100 + (n % 900)}\n`)) await once(out, "drain");
  await new Promise<void>((resolve) => out.end(() => resolve()));
  return rows;
}

async function isRunning({ owner }: OwnDatabase, batchId: number): Promise<boolean> {
  const { rowCount } = await owner.query("SELECT FROM adjustment_batch WHERE id = $1 AND status = 'running'", [
    batchId,
  ]);
  return rowCount === 1;
}

async function expectMoved({ owner }: OwnDatabase, rows: number): Promise<void> {
  const { rows: found } = await owner.query<{ given: number; entries: number }>(
    `SELECT (SELECT count(*) FROM member WHERE available = 100 + substr(customer_gid, 24)::int % 900)::int AS given,
            (SELECT count(*) FROM points_entry)::int AS entries`,
  );
  const { given = 0, entries = 0 } = found[0] ?? {};
  if (given !== rows || entries !== rows) throw new Error(`${rows} rows gave ${given} balances and ${entries} entries`);
}
