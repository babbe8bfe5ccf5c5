// npm run bench: each hot path beside the least that could do the same, on this machine, in this run.
//   npm run bench -- [--json FILE] [--only NAME,…] [--quick] [--growth] [--scale 0.1]
//   npm run bench -- --report FILE [--report FILE…]
// --quick    six figures, smaller, in less than ten minutes
// --growth   only how the hot paths grow with the number of members
// --scale    makes the long figures (backlog, audit, expiry, import, backfill, growth) smaller; names keep the full size
// --report   measures nothing and writes RESULTS.md from what --json has written, in one run or in several
import fs from "node:fs";
import os from "node:os";
import { parseArgs } from "node:util";

import type { Figure } from "./figure";
import { audit } from "./figures/audit";
import { backfill } from "./figures/backfill";
import { backlog } from "./figures/backlog";
import { expiry } from "./figures/expiry";
import { importPoints } from "./figures/import";
import { adminCls, adminInp, adminLcp } from "./figures/admin-pages";
import { ingestAt, ingestSaturation } from "./figures/ingest";
import { ingestOverload } from "./figures/ingest-overload";
import { membersList } from "./figures/members-list";
import { membersPage } from "./figures/members-page";
import { postingBatch, postingSingle } from "./figures/posting";
import { reviewsList, reviewsQueue } from "./figures/reviews-queue";
import { memoryIdle, start, storefrontBytes } from "./figures/size";
import { redemption } from "./figures/redemption";
import { storefrontAnonymous } from "./figures/storefront-anonymous";
import { storefrontRead } from "./figures/storefront-read";
import { visible } from "./figures/visible";
import { measureGrowth, type Growth } from "./growth";
import { merge, toMarkdown, type Results } from "./results";
import { openStage, type Stage } from "./stage";

type Measure = (stage: Stage) => Promise<Figure>;

/** Measured on the app that runs with its workers; the others come after it has stopped. */
const WITH_WORKERS = new Map<string, Measure>([["visible", visible]]);
const ALONE = new Map<string, Measure>([
  ["ingest.saturation", ingestSaturation],
  ["ingest.500", ingestAt(500)],
  ["ingest.1000", ingestAt(1_000)],
  ["ingest.overload", ingestOverload],
  ["posting.batch", postingBatch],
  ["posting.single", postingSingle],
  ["backlog.100k", backlog],
  ["storefront.read", storefrontRead],
  ["storefront.anonymous", storefrontAnonymous],
  ["redemption", redemption],
  ["members.list", membersList],
  ["members.page", membersPage],
  ["reviews.queue", reviewsQueue],
  ["reviews.list", reviewsList],
  ["admin.lcp", adminLcp],
  ["admin.inp", adminInp],
  ["admin.cls", adminCls],
  ["audit.10m", audit],
  ["expiry.1m", expiry],
  ["import.1m", importPoints],
  ["backfill.1m", backfill],
  ["start", start],
  ["memory.idle", memoryIdle],
  ["storefront.bytes", storefrontBytes],
]);
/** Those of them that need a shop which has the app. */
const AT_SHOPIFY = new Set(["redemption", "backfill.1m"]);
const QUICK = ["ingest.saturation", "ingest.500", "posting.batch", "storefront.read", "members.list", "visible"];

const say = (line: string) => process.stderr.write(`${line}\n`);
const { values: asked } = parseArgs({
  options: {
    json: { type: "string" },
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    growth: { type: "boolean", default: false },
    scale: { type: "string" },
    report: { type: "string", multiple: true },
  },
});
const page = new URL("RESULTS.md", import.meta.url);
if (asked.report) {
  const runs = asked.report.map((file) => JSON.parse(fs.readFileSync(file, "utf8")) as Results);
  fs.writeFileSync(page, toMarkdown(merge(runs)));
  process.exit(0);
}
const isAll = !asked.only && !asked.quick && !asked.growth;
const ofAll = asked.quick ? QUICK : asked.growth ? [] : [...WITH_WORKERS.keys(), ...ALONE.keys()];
const names = asked.only?.split(",") ?? ofAll;
const unknown = names.filter((name) => !WITH_WORKERS.has(name) && !ALONE.has(name));
if (unknown.length > 0) {
  say(`There is no figure ${unknown.join(", ")}. There are: ${[...WITH_WORKERS.keys(), ...ALONE.keys()].join(", ")}`);
  process.exit(2);
}

const scale = Number(asked.scale ?? (asked.quick ? 0.1 : 1));
const isInstalled = names.some((name) => WITH_WORKERS.has(name) || AT_SHOPIFY.has(name));
const stage = await openStage({ isQuick: asked.quick, isInstalled, scale, say });
const figures: Figure[] = [];
const failed: string[] = [];
let growth: Growth[] | undefined;

/** What fails takes nothing of the others along. */
async function attempt(name: string, work: () => Promise<void>): Promise<void> {
  say(`measuring ${name}`);
  await work().catch((error: unknown) => {
    say(`  ${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    failed.push(name);
  });
}
async function measure(part: ReadonlyMap<string, Measure>): Promise<void> {
  for (const [name, work] of part) {
    if (!names.includes(name)) continue;
    await attempt(name, async () => {
      const measured = await work(stage);
      const share = measured.share === null ? "" : `, ${(measured.share * 100).toFixed(0)} % of bare`;
      say(`  ${measured.value.toFixed(1)} ${measured.unit}${share}`);
      figures.push(measured);
      await keep();
    });
  }
}
async function keep(): Promise<Results> {
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
    scale,
    figures,
    ...(growth ? { growth } : {}),
  };
  if (asked.json) fs.writeFileSync(asked.json, `${JSON.stringify(results, null, 2)}\n`);
  return results;
}

try {
  await measure(WITH_WORKERS);
  await stage.stack.app.stop();
  await measure(ALONE);
  if (isAll || asked.growth) {
    await attempt("growth", async () => {
      growth = await measureGrowth(stage);
    });
  }
  const report = toMarkdown(await keep());
  if (isAll && failed.length === 0) fs.writeFileSync(page, report);
  process.stdout.write(report);
} finally {
  const { closeDatabase } = await import("../../app/db.server");
  await closeDatabase();
  await stage.stop();
}
if (failed.length > 0) {
  say(`not measured: ${failed.join(", ")}`);
  process.exitCode = 1;
}
