// The process seeds: real processes under real signals. Seeds run one after another on one boot per batch, each
// with a shop of its own; the earlier shops of a batch stay open, so that the later ones' trouble hits them too.
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { runAudit } from "../../../app/operator/audit.server";
import { projectRoot } from "../../setup/postgres-account";
import { lawsOf } from "../invariants";
import { DELIVERIES_MIN, mergeFigures, noFigures, tooQuiet, type ChaosFigures, type Violation } from "../report";
import { Acceptance, proveEffects } from "./accepted";
import { startBench, type Bench } from "./bench";
import { forgetSome, judgePeople } from "./forget";
import { runLoads } from "./overload";
import { comeToRest, countHealed, differences, ledgerLine, reconcile, settle } from "./rest";
import { drawSchedule, type Scheduled } from "./schedule";
import { liveOn, openSeedShop, type SeedShop } from "./seed-shop";
import { Troublemaker } from "./trouble";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const SEED_MS = 20 * SECOND;
const BATCH_SEEDS = 6;
const ACTS_PER_SECOND = 12;

export interface ProcessOptions {
  /** How long there is trouble, all seeds together; starting up and the quiet end come on top. */
  minutes: number;
  seed: number;
  onProgress?: (line: string) => void;
  /** SQL that the owner runs after the migrations. */
  plant?: string;
  /** Run the build as it is, even where the sources are newer. */
  asBuilt?: boolean;
}

/**
 * Runs process seeds from `seed` on for so many minutes of trouble, and the two loads on the last batch.
 * Nothing it started outlives it.
 */
export async function runProcessSeeds(options: ProcessOptions): Promise<ChaosFigures> {
  const count = Math.max(1, Math.round((options.minutes * 60 * SECOND) / SEED_MS));
  const seeds = Array.from({ length: count }, (_, index) => options.seed + index);
  const batches: ChaosFigures[] = [];
  while (seeds.length > 0) {
    const batch = seeds.splice(0, BATCH_SEEDS);
    batches.push(await runBatch(batch, options, { isLast: seeds.length === 0 }));
  }
  const figures = mergeFigures(batches);
  for (const violation of figures.violations) violation.isProcess = true;
  return figures;
}

interface Lived {
  seedShop: SeedShop;
  schedule: Scheduled[];
  kills: number;
  freezes: number;
  strikes: number;
  deliveries: number;
}

async function runBatch(
  seeds: number[],
  options: ProcessOptions,
  { isLast }: { isLast: boolean },
): Promise<ChaosFigures> {
  const started = performance.now();
  const say = options.onProgress ?? (() => undefined);
  const bench = await startBench({ seed: seeds[0] ?? 0, say, plant: options.plant, asBuilt: options.asBuilt });
  const unhook = stopOnSignals(bench);
  const acceptance = new Acceptance(bench.simulator.webhooks);
  const lived: Lived[] = [];
  try {
    for (const seed of seeds) {
      lived.push(await liveThrough(bench, seed, lived, acceptance));
      say(told(lived.at(-1)));
    }
    const figures: ChaosFigures = await judge(bench, lived, acceptance, say);
    if (isLast) await addLoads(bench, lived, figures, say);
    figures.seconds = Math.round((performance.now() - started) / 100) / 10;
    if (figures.violations.length > 0) keepEvidence(bench, lived, figures, say);
    return figures;
  } catch (error) {
    keepEvidence(bench, lived, noFigures(), say);
    throw error;
  } finally {
    acceptance.stop();
    unhook();
    await bench.stop();
  }
}

function told(lived: Lived | undefined): string {
  if (!lived) return "";
  const { seedShop, kills, freezes, strikes, deliveries } = lived;
  return `process seed ${seedShop.seed}: ${deliveries} deliveries, ${kills} kills, ${freezes} workers stopped past their lease, ${strikes} connections broken`;
}

async function addLoads(
  bench: Bench,
  lived: readonly Lived[],
  figures: ChaosFigures,
  say: (line: string) => void,
): Promise<void> {
  const shops = lived.map(({ seedShop }) => seedShop);
  const { violations, ...load } = await runLoads(bench, shops, say);
  figures.load = load;
  figures.lost += load.overload.lost + load.databaseKilled.lost;
  figures.kills += 1;
  figures.violations.push(...violations, ...(await compareAll(bench, shops, "after the loads")));
}

async function liveThrough(
  bench: Bench,
  seed: number,
  before: readonly Lived[],
  acceptance: Acceptance,
): Promise<Lived> {
  const seedShop = await openSeedShop(bench, seed);
  const schedule = drawSchedule(seed, SEED_MS);
  const domains = [...before.map((each) => each.seedShop), seedShop].map(({ shop }) => shop.domain);
  const trouble = new Troublemaker(bench, domains);
  const over = new AbortController();
  const failed = new AbortController();
  const life = liveOn(bench, seedShop, ACTS_PER_SECOND, over.signal).catch((error: unknown) => {
    failed.abort();
    throw error;
  });
  life.catch(() => undefined);
  await trouble.run(schedule, failed.signal);
  // On a slow machine less happens in the same time; a seed with hardly any deliveries would prove nothing.
  const wanted = 1.25 * DELIVERIES_MIN;
  const { domain } = seedShop.shop;
  for (const end = Date.now() + SEED_MS; acceptance.countOf(domain) < wanted && Date.now() < end;) await sleep(100);
  over.abort();
  await life;
  await bench.fleet.allUp();
  return { seedShop, schedule, ...trouble.figures, deliveries: acceptance.countOf(domain) };
}

async function judge(
  bench: Bench,
  lived: readonly Lived[],
  acceptance: Acceptance,
  say: (line: string) => void,
): Promise<ChaosFigures> {
  const { webhooks, sim } = bench.simulator;
  const shops = lived.map(({ seedShop }) => seedShop);
  const figures = noFigures();
  say("quiet: waiting for everything to come to rest");
  await comeToRest(bench, shops);
  await reconcile(bench, shops);
  say(`${shops.reduce((sum, { people }) => sum + people.count, 0)} rewards were bought on the way`);
  figures.violations.push(...(await compareAll(bench, shops, "after the history")));
  // The platform passes on a wish to be forgotten ten days later: by then everything was read.
  sim.clock.advance(10 * 24 * HOUR);
  figures.kills = await forgetSome(bench, shops);
  await comeToRest(bench, shops);
  figures.violations.push(...(await compareAll(bench, shops, "ten days later")));

  const proof = await proveEffects(bench.owner, acceptance.acknowledged(shops.map(({ shop }) => shop.domain)));
  figures.lost = proof.lost.length;
  figures.doubled = proof.doubled.length;
  const [first] = shops;
  const seed = first?.seed ?? 0;
  for (const detail of [...proof.lost, ...proof.doubled].slice(0, 20))
    figures.violations.push({ seed, invariant: "I11", detail });
  figures.violations.push(...(await deliverAgain(bench, shops)));
  figures.violations.push(...(await audit(bench, seed)));
  for (const detail of bench.fleet.collapses) figures.violations.push({ seed, invariant: "bench", detail });
  for (const { seedShop, kills, deliveries } of lived)
    figures.violations.push(...tooQuiet(seedShop.seed, { kills, deliveries }));
  return {
    ...figures,
    ...lawsOf("process"),
    seeds: lived.length,
    deliveries: lived.reduce((sum, { deliveries }) => sum + deliveries, 0),
    kills: lived.reduce((sum, { kills }) => sum + kills, figures.kills),
    duplicates: webhooks.stats.duplicated,
    dropped: webhooks.stats.lost + webhooks.stats.failed,
    healed: await countHealed(bench.owner, shops),
  };
}

async function compareAll(bench: Bench, shops: readonly SeedShop[], when: string): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const seedShop of shops) {
    const { seed, people } = seedShop;
    await people.readBroken();
    for (const problem of people.promised().problems)
      violations.push({ seed, invariant: "I7", detail: `${when}: ${problem}` });
    for (const difference of await differences(bench, seedShop))
      violations.push({ seed, invariant: "model", detail: `${when}: ${difference}` });
    violations.push(...(await judgePeople(bench, seedShop)));
  }
  return violations;
}

/** Everything that is remembered is sent once more under new ids: the ledger may not move. */
async function deliverAgain(bench: Bench, shops: readonly SeedShop[]): Promise<Violation[]> {
  const { webhooks, sim } = bench.simulator;
  const domains = new Set(shops.map(({ shop }) => shop.domain));
  const before = await ledgerLine(bench.owner, shops);
  const remembered = webhooks.deliveries().filter(({ shop }) => domains.has(shop));
  await webhooks.deliverFrom(
    remembered.map(({ shop, topic, body, triggeredAt }) => ({ shop, topic, body: () => body, triggeredAt })),
  );
  sim.clock.advance(SECOND);
  await settle(bench, shops);
  const after = await ledgerLine(bench.owner, shops);
  const detail = `a second delivery of everything changed the ledger: ${before} → ${after}`;
  return before === after ? [] : [{ seed: shops[0]?.seed ?? 0, invariant: "I13", detail }];
}

async function audit(bench: Bench, seed: number): Promise<Violation[]> {
  const { invariants } = await runAudit(bench.ownerUrl);
  return invariants
    .filter(({ violations }) => violations > 0)
    .map(({ id, violations, rows }) => ({ seed, invariant: id, detail: `${violations} violations in ${rows} rows` }));
}

// ─── Evidence and interruption ───────────────────────────────────────────────────────────────────

/** Keeps the schedules and the end of each log where the next run does not delete them. */
function keepEvidence(bench: Bench, lived: readonly Lived[], figures: ChaosFigures, say: (line: string) => void): void {
  const folder = path.join(projectRoot, ".data/chaos", `process-${lived[0]?.seedShop.seed ?? "boot"}`);
  fs.mkdirSync(folder, { recursive: true });
  const schedules = lived.map(({ seedShop, schedule }) => ({ seed: seedShop.seed, schedule }));
  fs.writeFileSync(
    path.join(folder, "schedule.json"),
    JSON.stringify({ schedules, violations: figures.violations }, null, 1),
  );
  for (const name of fs.readdirSync(bench.folder).filter((file) => file.endsWith(".log")))
    fs.copyFileSync(path.join(bench.folder, name), path.join(folder, name));
  const minutes = Math.round((lived.length * SEED_MS) / 600) / 100;
  const again = `npm run chaos -- --seeds 0 --process-minutes ${minutes} --process-seed ${lived[0]?.seedShop.seed ?? 0}`;
  say(`what went wrong when, and the logs: ${path.relative(projectRoot, folder)}`);
  say(`once more, as far as processes can be repeated: ${again}`);
}

function stopOnSignals(bench: Bench): () => void {
  const stop = (signal: NodeJS.Signals): void => {
    unhook();
    void bench.stop().finally(() => process.kill(process.pid, signal));
  };
  const unhook = (): void => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  return unhook;
}
