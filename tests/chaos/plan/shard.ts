// A process that plays seeds: its orders come on stdin as JSON, the figures go to stdout.
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

import { rewriteSources, type SourceRewrite } from "../plant/rewrite-sources";
import type { ChaosFigures } from "../report";

export interface ShardOrder {
  seeds: readonly number[];
  /** A file of SQL that the owner runs once the schema is there. */
  plant: string | null;
  /** Bugs that are put into the code as it is loaded. */
  rewrites: readonly SourceRewrite[];
  isUntilCaught: boolean;
  trace: boolean;
}

const order = JSON.parse(await text(process.stdin)) as ShardOrder;
rewriteSources(order.rewrites);
// The app's code is loaded only now.
const { runPlanSeeds } = await import("./run-plan-seeds");
const figures = await runPlanSeeds({
  seeds: order.seeds,
  plant: order.plant === null ? null : readFileSync(order.plant, "utf8"),
  isUntilCaught: order.isUntilCaught,
  trace: order.trace,
  onProgress: tellSeed,
});
process.stdout.write(JSON.stringify(figures), () => process.exit(0));

function tellSeed(seed: number, { deliveries, kills, dropped, healed, violations, seconds }: ChaosFigures): void {
  const verdict = violations.length === 0 ? "ok" : `${violations.length} violations`;
  process.stderr.write(
    `seed ${seed}: ${deliveries} deliveries, ${dropped} lost on the way, ${healed} healed, ${kills} crashes, ${seconds} s: ${verdict}\n`,
  );
  // The first of them at once: the figures come when all seeds are over.
  for (const { invariant, detail } of violations.slice(0, 5)) process.stderr.write(`  ${invariant}: ${detail}\n`);
}
