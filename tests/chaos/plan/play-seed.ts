// One plan seed: a true history under a bad delivery plan, processes that die and stand still between any two steps,
// a quiet end, the reconciler, and the judgement.
import type { PgBoss } from "pg-boss";

import { routerPool } from "../../../app/db.server";
import { createBoss } from "../../../app/jobs/boss.server";
import type { JobName } from "../../../app/jobs/catalog";
import { runJob } from "../../../app/jobs/run-job.server";
import { sweepOnce } from "../../../app/jobs/sweep.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { noFaults } from "../../simulator/faults";
import type { Random } from "../../simulator/random";
import { DELIVERIES_MIN, noFigures, tooQuiet, type ChaosFigures } from "../report";
import { DeliveryPlan, type PlannedDelivery } from "./delivery-plan";
import { partWays } from "./farewell";
import { judge, judgeAgain, judgeSettlements } from "./judge";
import { Shoppers } from "./shoppers";
import { ProcessDied, StageProcess, type Fate } from "./stage";
import { changeRules, openShops, randomOf, type SeedShop, type World } from "./world";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const ROUNDS = 12;
const ACTS_PER_ROUND = 5;
/** How often a shopper comes by between two acts. */
const WISHES = 0.5;
const CRASHES_IN = 0.75;
const FREEZES_IN = 0.5;
const QUIET_ROUNDS_MAX = 400;

export interface Play {
  world: World;
  seed: number;
  /** Draws what happens to processes; the history and its deliveries have draws of their own. */
  random: Random;
  life: Random;
  shops: SeedShop[];
  plan: DeliveryPlan;
  workers: StageProcess[];
  /** Where shoppers' own requests are answered. */
  door: StageProcess;
  /** By shop, in the order of `shops`. */
  people: Shoppers[];
  boss: PgBoss;
}

/** Plays one seed. */
export async function playSeed(world: World, seed: number): Promise<ChaosFigures> {
  const started = performance.now();
  const random = randomOf(seed, "processes");
  const life = randomOf(seed, "history");
  const shops = await openShops(world, seed, life);
  const domains = new Set(shops.map(({ shop }) => shop.domain));
  const plan = new DeliveryPlan(world.sim, randomOf(seed, "deliveries"), seed, world.letterBox, domains);
  const people = shops.map((shop) => new Shoppers(world.sim, shop, life));
  const boss = createBoss({ supervise: false });
  const play: Play = { world, seed, random, life, shops, plan, people, workers: [], door: newDoor(), boss };
  const before = { crashes: world.stage.crashes };
  try {
    await play.boss.start();
    freshProcesses(play);
    plan.isOpen = true;
    for (const { history } of shops) history.start();
    await liveThrough(play);
    await comeToRest(play);
    const figures = { ...noFigures(), seeds: 1, ...(await judge(play)) };
    figures.kills = world.stage.crashes - before.crashes;
    Object.assign(figures, {
      deliveries: plan.figures.deliveries,
      duplicates: plan.figures.duplicates,
      dropped: plan.figures.dropped,
    });
    const again = await judgeAgain(play, () => deliverAgain(play));
    const left = await partWays(play);
    const twice = judgeSettlements(play);
    figures.violations.push(...again, ...left, ...twice, ...tooQuiet(seed, figures));
    figures.doubled += again.length + twice.length;
    figures.seconds = Math.round((performance.now() - started) / 100) / 10;
    return figures;
  } finally {
    plan.close();
    await play.boss.stop({ graceful: false });
    // Finished shops are nobody's work any more.
    await world.owner.query("UPDATE shop SET uninstalled_at = now() WHERE id = ANY ($1)", [shops.map(({ id }) => id)]);
  }
}

const newDoor = (): StageProcess => new StageProcess("door");
function freshProcesses(play: Play): void {
  if (play.door.isDead) play.door = newDoor();
  if (play.world.web.isDead) play.world.web = new StageProcess("web", true);
  for (const index of [0, 1])
    if (play.workers[index]?.isDead !== false) play.workers[index] = new StageProcess(`worker ${index + 1}`);
}

// ─── The history ─────────────────────────────────────────────────────────────────────────────────

async function liveThrough(play: Play): Promise<void> {
  const { life: random, world } = play;
  const newRulesAt = random.chance(0.5) ? ROUNDS / 2 : -1;
  // A quiet history goes on until there is enough to deliver.
  const isQuiet = (): boolean => play.plan.planned < 1.05 * DELIVERIES_MIN;
  for (let round = 0; round < ROUNDS || (isQuiet() && round < 2 * ROUNDS); round++) {
    for (let act = 0; act < ACTS_PER_ROUND; act++) {
      const { history } = random.pick(play.shops);
      while (history.act() === "refused");
      if (random.chance(WISHES)) random.pick(play.people).wish();
      world.pass(stepMs(random));
    }
    if (round === newRulesAt) await changeRules(world, random.pick(play.shops), random);
    disturb(play);
    freshProcesses(play);
    await playRound(play, drawFate(play, round));
  }
}

function stepMs(random: Random): number {
  return random.weighted([
    [random.between(0, 900), 15],
    [random.between(1, 60) * SECOND, 55],
    [random.between(1, 40) * MINUTE, 22],
    [random.between(1, 20) * HOUR, 8],
  ] as const);
}

function disturb({ world, random }: Play): void {
  const { api } = world.sim.faults;
  if (!random.chance(0.4)) return;
  const trouble = random.pick(["throttle", "status429", "status5xx", "htmlBody", "answerLost"] as const);
  api[trouble] = random.between(1, 3);
}

function drawFate(play: Play, round: number): Fate {
  const { random, workers, world } = play;
  const fate: Fate = { crash: null, freeze: null };
  // No seed without a crash: a worker's first steps always come.
  if (round === 1)
    fate.crash = { at: random.between(1, 6), process: random.pick(workers), answered: random.chance(0.5) };
  else if (random.chance(CRASHES_IN)) {
    const process = random.pick([world.web, world.web, play.door, ...workers]);
    // Deliveries come early in a round.
    const at = random.between(1, process.isServer ? 30 : 100);
    fate.crash = { at, process, answered: random.chance(0.4) };
  }
  if (random.chance(FREEZES_IN)) fate.freeze = { at: random.between(1, 60), process: random.pick(workers) };
  return fate;
}

/** Deliveries that are due arrive while two workers work; then all leases of the dead are over. */
async function playRound(play: Play, fate: Fate): Promise<void> {
  const { stage } = play.world;
  const [first, second] = play.workers;
  if (!first || !second) throw new Error("there are two workers");
  const { sim } = play.world;
  // One claim takes all there is; small ones leave the other worker something to do at the same time.
  const batch = play.random.pick([3, 8, 96]);
  const actors: Promise<unknown>[] = [
    deliverDue(play),
    stage.play(play.door, async () => {
      for (const people of play.people) await people.ask(sim.now());
    }),
    stage.play(first, () => drainTwice(batch)),
    stage.play(second, () => drainTwice(batch)),
    stage.play(play.random.pick([first, second]), () => workJobs(play)),
  ];
  await stage.direct(actors, play.random, fate, async () => {
    await endLeases(play);
    const other = play.workers.find(({ isFrozen, isDead }) => !isFrozen && !isDead) ?? new StageProcess("worker 3");
    return { taken: stage.play(other, () => drainTwice(batch)) };
  });
  await endLeases(play);
}

async function drainTwice(batch?: number): Promise<void> {
  await drainOnce({ batch });
  await drainOnce({ batch });
}

async function deliverDue(play: Play): Promise<void> {
  for (const delivery of play.plan.due()) await send(play, delivery);
}
async function send({ world, plan }: Play, delivery: PlannedDelivery): Promise<void> {
  // A server that died is back before the next attempt.
  if (world.web.isDead) world.web = new StageProcess("web", true);
  await world.stage.send(() => plan.attempt(delivery));
}

/** What the sweep and the queue's workers do: look for due work, then take one job of each name. */
async function workJobs(play: Play): Promise<void> {
  await sweepOnce();
  for (const name of await waitingJobs()) await workJob(play, name);
}
async function workJob({ boss }: Play, name: JobName): Promise<void> {
  for (const job of await boss.fetch<object>(name, { batchSize: 4 })) {
    try {
      await runJob(name, job.data, new AbortController().signal);
    } catch (error) {
      if (error instanceof ProcessDied) throw error;
      await boss.fail(name, job.id);
      continue;
    }
    await boss.complete(name, job.id);
  }
}
async function waitingJobs(): Promise<JobName[]> {
  const { rows } = await routerPool().query<{ name: JobName }>(
    "SELECT DISTINCT name FROM pgboss.job WHERE state IN ('created', 'retry') AND name NOT LIKE 'tick-%' AND name NOT LIKE '\\_\\_%' AND name <> 'dead-jobs' ORDER BY name",
  );
  return rows.map(({ name }) => name);
}

/**
 * Leases, heartbeats and waiting times run on real time: they are over. Rows that a worker holds in an open transaction
 * are left alone: nobody could take them, and who stands still there would be waited for.
 */
async function endLeases({ world }: Play): Promise<void> {
  const unlocked = (table: string, where: string): string =>
    `ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${where} FOR UPDATE SKIP LOCKED))`;
  await world.owner.query(
    `UPDATE webhook_inbox SET next_attempt = now() - interval '1 second', lease_until = CASE WHEN lease_until IS NULL THEN NULL ELSE now() - interval '1 second' END
      WHERE ${unlocked("webhook_inbox", "status IN ('pending', 'parked')")}`,
  );
  await world.owner.query(
    `UPDATE redemption SET lease_until = now() - interval '1 second' WHERE ${unlocked("redemption", "lease_until > now()")}`,
  );
  await world.owner.query(
    `UPDATE pgboss.job_common SET state = CASE WHEN state = 'active' THEN 'retry' ELSE state END, start_after = now()
      WHERE ${unlocked("pgboss.job_common", "state IN ('created', 'retry', 'active') AND name NOT LIKE 'tick-%'")}`,
  );
}

// ─── The quiet end ───────────────────────────────────────────────────────────────────────────────

const NO_FATE = (): Fate => ({ crash: null, freeze: null });

/** Everything arrives and is worked off, the reconciler passes, days go by, and again. */
async function comeToRest(play: Play): Promise<void> {
  Object.assign(play.world.sim.faults, noFaults());
  await settle(play);
  await reconcile(play);
  await settle(play);
  // The platform asks ten days after the wish: by then everything was read.
  play.world.pass(10 * 24 * HOUR);
  for (const people of play.people) people.forget();
  await trouble(play);
  await settle(play);
}

/** Two rounds in which processes die and stand still; the first one always kills. */
export async function trouble(play: Play): Promise<void> {
  for (const round of [1, 2]) {
    freshProcesses(play);
    await playRound(play, drawFate(play, round));
  }
}

/** Until nothing is on its way, waits, or is due. */
export async function settle(play: Play): Promise<void> {
  const { world, plan } = play;
  let left = "";
  for (let round = 0; round < QUIET_ROUNDS_MAX; round++) {
    const next = plan.untilNext();
    if (next !== null && plan.due().length === 0) world.pass(next);
    freshProcesses(play);
    await playRound(play, NO_FATE());
    left = await waiting(play);
    if (plan.untilNext() === null && left === "" && !play.people.some(({ isWaiting }) => isWaiting)) return;
    // The app's own waiting times are business time here and there.
    world.pass(2 * SECOND);
  }
  throw new Error(`the app did not come to rest: ${left}`);
}

async function waiting({ world, shops }: Play): Promise<string> {
  const { rows } = await world.owner.query<{ what: string }>(
    `SELECT 'inbox ' || topic || ' ' || coalesce(error, '') AS what FROM webhook_inbox WHERE status IN ('pending', 'parked')
     UNION ALL SELECT 'read ' || order_gid || ' ' || read_due_at FROM customer_order WHERE shop_id = ANY ($1) AND read_due_at IS NOT NULL
     UNION ALL SELECT 'due ' || work FROM due_shops($2) due WHERE due.shop_id = ANY ($1)
     UNION ALL SELECT 'job ' || name || ' ' || state FROM pgboss.job WHERE state IN ('created', 'retry', 'active') AND name NOT LIKE 'tick-%' AND name NOT LIKE '\\_\\_%' AND name <> 'dead-jobs'
     LIMIT 5`,
    [shops.map(({ id }) => id), world.sim.now()],
  );
  return rows.map(({ what }) => what).join("; ");
}

async function reconcile({ world, shops }: Play): Promise<void> {
  for (const { id } of shops) {
    const client = await world.owner.connect();
    try {
      await client.query("BEGIN");
      await client.query("SELECT set_config('app.shop', $1, true)", [String(id)]);
      await client.query(
        "SELECT enqueue_job('reconcile-shop', jsonb_build_object('shopId', $1::int), $1::text, NULL)",
        [id],
      );
      await client.query("COMMIT");
    } finally {
      client.release();
    }
  }
}

/** Every body that was ever accepted, in another order, under the same ids. */
async function deliverAgain(play: Play): Promise<void> {
  const { plan, random, world } = play;
  const again = async (): Promise<void> => {
    for (const message of random.shuffle([...plan.accepted.values()]))
      await world.stage.send(() => plan.again(message));
  };
  await world.stage.direct([again()], random, NO_FATE(), () => Promise.resolve({ taken: Promise.resolve() }));
  await settle(play);
}
