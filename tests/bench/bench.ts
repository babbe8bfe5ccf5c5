// npm run bench: each hot path beside the least that could do the same, on this machine, in this run.
//   npm run bench -- --json FILE [--only NAME,…] [--quick]
import fs from "node:fs";
import os from "node:os";
import { parseArgs } from "node:util";

import type { Figure } from "./figure";
import { ingestAt, ingestSaturation } from "./figures/ingest";
import { membersList } from "./figures/members-list";
import { postingBatch, postingSingle } from "./figures/posting";
import { memoryIdle, start, storefrontBytes } from "./figures/size";
import { storefrontRead } from "./figures/storefront-read";
import { visible } from "./figures/visible";
import { toMarkdown, type Results } from "./results";
import { openStage, type Stage } from "./stage";

type Measure = (stage: Stage) => Promise<Figure>;

/** Measured on the app that runs with its workers; the others come after it has stopped. */
const WITH_WORKERS = new Map<string, Measure>([["visible", visible]]);
const ALONE = new Map<string, Measure>([
  ["ingest.saturation", ingestSaturation],
  ["ingest.500", ingestAt(500)],
  ["ingest.1000", ingestAt(1_000)],
  ["posting.batch", postingBatch],
  ["posting.single", postingSingle],
  ["storefront.read", storefrontRead],
  ["members.list", membersList],
  ["start", start],
  ["memory.idle", memoryIdle],
  ["storefront.bytes", storefrontBytes],
]);
const QUICK = ["ingest.saturation", "ingest.500", "posting.batch", "storefront.read", "members.list", "visible"];

const say = (line: string) => process.stderr.write(`${line}\n`);
const { values: asked } = parseArgs({
  options: { json: { type: "string" }, only: { type: "string" }, quick: { type: "boolean", default: false } },
});
const names = asked.only?.split(",") ?? (asked.quick ? QUICK : [...WITH_WORKERS.keys(), ...ALONE.keys()]);
const unknown = names.filter((name) => !WITH_WORKERS.has(name) && !ALONE.has(name));
if (unknown.length > 0) {
  say(`There is no figure ${unknown.join(", ")}. There are: ${[...WITH_WORKERS.keys(), ...ALONE.keys()].join(", ")}`);
  process.exit(2);
}

const stage = await openStage({ isQuick: asked.quick, isInstalled: names.some((name) => WITH_WORKERS.has(name)), say });
try {
  const figures: Figure[] = [];
  const measure = async (part: ReadonlyMap<string, Measure>) => {
    for (const [name, work] of part) {
      if (!names.includes(name)) continue;
      say(`measuring ${name}`);
      const measured = await work(stage);
      say(
        `  ${measured.value.toFixed(1)} ${measured.unit}${measured.share === null ? "" : `, ${(measured.share * 100).toFixed(0)} % of bare`}`,
      );
      figures.push(measured);
    }
  };
  await measure(WITH_WORKERS);
  await stage.stack.app.stop();
  await measure(ALONE);
  const { rows } = await stage.owner.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  const results: Results = {
    machine: {
      cpu: os.cpus()[0]?.model ?? "unknown",
      cores: os.availableParallelism(),
      memoryGiB: Math.round(os.totalmem() / 2 ** 30),
      node: process.version,
      postgres: rows[0]?.version ?? "unknown",
    },
    date: new Date().toISOString().slice(0, 10),
    quick: asked.quick,
    figures,
  };
  if (asked.json) fs.writeFileSync(asked.json, `${JSON.stringify(results, null, 2)}\n`);
  if (!asked.quick && !asked.only) fs.writeFileSync(new URL("RESULTS.md", import.meta.url), toMarkdown(results));
  process.stdout.write(toMarkdown(results));
} finally {
  const { closeDatabase } = await import("../../app/db.server");
  await closeDatabase();
  await stage.stop();
}
