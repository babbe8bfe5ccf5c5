// Two loads that the letter box must survive: twice what it can take, and PostgreSQL killed in the middle.
import { setTimeout as sleep } from "node:timers/promises";

import type { Violation } from "../report";
import { proveEffects } from "./accepted";
import type { Bench } from "./bench";
import { sendClosedLoop, sendOpenLoop, type Sample, type Sender } from "./open-loop";
import { comeToRest } from "./rest";
import type { SeedShop } from "./seed-shop";

export interface LoadFigures {
  /** Deliveries a second. */
  capacity: number;
  rate: number;
  sent: number;
  accepted: number;
  /** Answered 503: come back later. */
  refused: number;
  /** Neither 200 nor 503. */
  other: number;
  slowestMs: number;
  /** From the end of the trouble until a second in which everything was accepted. */
  recoveredAfterMs: number | null;
  lost: number;
}
export interface LoadResult {
  overload: LoadFigures;
  databaseKilled: LoadFigures;
  violations: Violation[];
}

const SECOND = 1_000;
const CAPACITY_MS = 2 * SECOND;
const CAPACITY_AT_ONCE = 256;
const OVERLOAD_MS = 5 * SECOND;
const KILL_AFTER_MS = 2 * SECOND;
const KILLED_LOAD_MS = 12 * SECOND;
const ANSWER_WITHIN_MS = 4 * SECOND;
const RECOVER_WITHIN_MS = 10 * SECOND;
const BACK_WITHIN_MS = 60 * SECOND;
const PROBES_PER_SECOND = 10;
/** So many probes in a row were accepted within a second each: it works again. */
const STREAK = 10;

/** Loads the web processes of a bench at rest; afterwards everything has come to rest again. */
export async function runLoads(
  bench: Bench,
  shops: readonly SeedShop[],
  say: (line: string) => void,
): Promise<LoadResult> {
  const sender = senderOf(bench, shops);
  await sendClosedLoop(sender, CAPACITY_AT_ONCE, SECOND); // Warm: compiled code, open connections.
  const taken = (await sendClosedLoop(sender, CAPACITY_AT_ONCE, CAPACITY_MS)).filter(({ status }) => status === 200);
  const capacity = Math.max(PROBES_PER_SECOND, Math.round(taken.length / (CAPACITY_MS / SECOND)));
  say(`the letter box takes ${capacity} deliveries a second; sending ${2 * capacity}`);
  const overload = await overloaded(sender, capacity);
  say("killing PostgreSQL under load");
  const databaseKilled = await withDatabaseKilled(bench, sender, capacity);
  await comeToRest(bench, shops);
  const violations: Violation[] = [];
  const seed = shops[0]?.seed ?? 0;
  for (const [name, run, limit] of [
    ["overload", overload, RECOVER_WITHIN_MS],
    ["database killed", databaseKilled, BACK_WITHIN_MS],
  ] as const) {
    const proof = await proveEffects(
      bench.owner,
      run.samples.filter(({ status }) => status === 200),
    );
    run.figures.lost = proof.lost.length;
    for (const detail of [...proof.lost, ...proof.doubled].slice(0, 10))
      violations.push({ seed, invariant: "I11", detail });
    for (const detail of broken(run.figures, limit))
      violations.push({ seed, invariant: "bench", detail: `${name}: ${detail}` });
  }
  return { overload: overload.figures, databaseKilled: databaseKilled.figures, violations };
}

function broken(figures: LoadFigures, recoverWithinMs: number): string[] {
  const found: string[] = [];
  if (figures.slowestMs >= ANSWER_WITHIN_MS) found.push(`an answer took ${figures.slowestMs} ms`);
  if (figures.other > 0) found.push(`${figures.other} answers were neither 200 nor 503`);
  if (figures.recoveredAfterMs === null || figures.recoveredAfterMs > recoverWithinMs)
    found.push(`not back to work after ${recoverWithinMs / SECOND} s (${figures.recoveredAfterMs} ms)`);
  return found;
}

function senderOf(bench: Bench, shops: readonly SeedShop[]): Sender {
  const domains = new Set(shops.map(({ shop }) => shop.domain));
  const bodies = bench.simulator.webhooks
    .deliveries({ limit: 400 })
    .filter(({ shop, topic }) => domains.has(shop) && topic.startsWith("orders/"))
    .map(({ shop, topic, body }) => ({ shop, topic, body }));
  const ports = bench.fleet.webTargets().map(({ port }) => port);
  return { ports: () => ports, bodies, secret: bench.apiSecret };
}

interface Run {
  samples: Sample[];
  figures: LoadFigures;
}

async function overloaded(sender: Sender, capacity: number): Promise<Run> {
  const rate = 2 * capacity;
  // Probed from the moment at which the load ends, while its last answers are still coming.
  const load = sendOpenLoop(sender, rate, OVERLOAD_MS);
  await sleep(OVERLOAD_MS);
  const probes = await sendOpenLoop(sender, PROBES_PER_SECOND, RECOVER_WITHIN_MS + 2 * SECOND);
  const samples = await load;
  return {
    samples: [...samples, ...probes],
    figures: summarize({ capacity, rate, samples: [...samples, ...probes], recoveredAfterMs: streak(probes, 0) }),
  };
}

async function withDatabaseKilled(bench: Bench, sender: Sender, capacity: number): Promise<Run> {
  const rate = Math.max(PROBES_PER_SECOND, Math.round(capacity / 4));
  const load = sendOpenLoop(sender, rate, KILLED_LOAD_MS);
  await sleep(KILL_AFTER_MS);
  await bench.postgres.kill();
  await bench.postgres.restart();
  const samples = await load;
  let recoveredAfterMs = streak(samples, KILL_AFTER_MS);
  if (recoveredAfterMs === null) {
    const probes = await sendOpenLoop(sender, PROBES_PER_SECOND, BACK_WITHIN_MS - KILLED_LOAD_MS);
    const late = streak(probes, 0);
    recoveredAfterMs = late === null ? null : late + KILLED_LOAD_MS - KILL_AFTER_MS;
    samples.push(...probes);
  }
  return { samples, figures: summarize({ capacity, rate, samples, recoveredAfterMs }) };
}

/** Milliseconds after `from` at which an unbroken streak of quick acceptances begins that lasts to the end. */
function streak(samples: readonly Sample[], from: number): number | null {
  const after = samples.filter(({ sentAt }) => sentAt >= from).sort((a, b) => a.sentAt - b.sentAt);
  const lastBad = after.findLastIndex(({ status, ms }) => status !== 200 || ms > SECOND);
  const good = after.slice(lastBad + 1);
  const [first] = good;
  return good.length >= STREAK && first ? Math.round(first.sentAt - from) : null;
}

function summarize(run: {
  capacity: number;
  rate: number;
  samples: readonly Sample[];
  recoveredAfterMs: number | null;
}): LoadFigures {
  const { samples, ...figures } = run;
  const count = (fits: (status: number) => boolean): number => samples.filter(({ status }) => fits(status)).length;
  return {
    ...figures,
    sent: samples.length,
    accepted: count((status) => status === 200),
    refused: count((status) => status === 503),
    other: count((status) => status !== 200 && status !== 503),
    slowestMs: Math.round(samples.reduce((slowest, { ms }) => Math.max(slowest, ms), 0)),
    lost: 0,
  };
}
