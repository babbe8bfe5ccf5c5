// Plan seeds, a batch to a database, the books of each batch audited as an operator would.
import { runAudit } from "../../../app/operator/audit.server";
import { closeDatabase } from "../../../app/db.server";
import { startTestCluster, type TestCluster } from "../../setup/global-postgres";
import { lawsOf } from "../invariants";
import { mergeFigures, noFigures, type ChaosFigures } from "../report";
import { installBoundary } from "./boundary";
import { playSeed } from "./play-seed";
import { openWorld, UnsafeStart } from "./world";

export interface PlanOptions {
  seeds: readonly number[];
  /** SQL that the owner runs once the schema is there. */
  plant: string | null;
  /** Ends at the first violation. */
  isUntilCaught: boolean;
  /** One line for each step, of one seed. */
  trace: boolean;
  onProgress(seed: number, figures: ChaosFigures): void;
}

const SEEDS_PER_DATABASE = 10;

/** Plays the seeds one after the other. */
export async function runPlanSeeds(options: PlanOptions): Promise<ChaosFigures> {
  installBoundary();
  const cluster = await startTestCluster();
  const all: ChaosFigures[] = [];
  try {
    for (let from = 0; from < options.seeds.length; from += SEEDS_PER_DATABASE) {
      const batch = options.seeds.slice(from, from + SEEDS_PER_DATABASE);
      all.push(await playBatch(cluster.facts, batch, options));
      if (options.isUntilCaught && all.some(({ violations }) => violations.length > 0)) break;
    }
  } finally {
    await cluster.stop();
  }
  return mergeFigures(all);
}

async function playBatch(cluster: TestCluster, seeds: readonly number[], options: PlanOptions): Promise<ChaosFigures> {
  const [first = 0] = seeds;
  const world = await openWorld(cluster, options.plant).catch((error: unknown) => {
    if (error instanceof UnsafeStart) return broken(first, "start", error);
    throw error;
  });
  if ("violations" in world) return world;
  if (options.trace) world.stage.trace = [];
  const all: ChaosFigures[] = [];
  try {
    for (const seed of seeds) {
      const figures = await playSeed(world, seed).catch((error: unknown) => broken(seed, "I22", error));
      all.push(figures);
      await world.stage.retire();
      options.onProgress(seed, figures);
      // Until something is caught the books of each seed are of interest; else those of all.
      if (options.isUntilCaught) all.push(await audit(world.ownerUrl, [seed]));
      if (options.isUntilCaught && all.some(({ violations }) => violations.length > 0)) break;
    }
    if (!options.isUntilCaught) all.push(await audit(world.ownerUrl, seeds));
    if (world.stage.trace) process.stderr.write(`${world.stage.trace.join("\n")}\n`);
    return mergeFigures(all);
  } finally {
    await closeDatabase();
    await world.stop();
  }
}

function broken(seed: number, invariant: string, error: unknown): ChaosFigures {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { ...noFigures(), seeds: 1, violations: [{ seed, invariant, detail: detail.slice(0, 1_500) }] };
}

/** What an operator's audit says of everything the batch left behind. */
async function audit(ownerUrl: string, seeds: readonly number[]): Promise<ChaosFigures> {
  const { invariants } = await runAudit(ownerUrl);
  // The audit calls a check blind that saw nothing where there is something: of these laws that is known.
  const unseen = new Set(lawsOf("plan").notApplicable.map(({ invariant }) => invariant));
  const violations = invariants
    .filter((each) => each.violations > 0 && !(each.rows === 0 && unseen.has(each.id)))
    .map(({ id, violations: count, rows }) => ({
      seed: seeds[0] ?? 0,
      invariant: id,
      detail: `${count} of ${rows} rows after ${seeds.length === 1 ? "this seed" : `the seeds ${seeds.join(", ")}`}`,
    }));
  return { ...noFigures(), violations, ...lawsOf("plan") };
}
