// What goes wrong when, drawn from the seed before anything starts. The order and kinds are the same in every
// run of a seed; what the processes are doing at that moment is not, so a replay is best effort.
import { createRandom, type Random } from "../../simulator/random";
import { STRIKES, type Strike } from "./fault-proxy";

export type Way = "database" | "platform" | "front door";
export type Trouble =
  | { kind: "kill"; what: "web" | "worker" | "postgres" | "backend"; choice: number }
  /** A worker stands still until its lease has passed to others, then goes on. */
  | { kind: "freeze worker"; choice: number; forMs: number }
  /** Every connection the server allows is taken. */
  | { kind: "fill connections"; forMs: number }
  /** Nobody gets past this table, so that the app's own pools fill up. */
  | { kind: "lock table"; table: string; forMs: number }
  | { kind: "strike"; way: Way; strike: Strike; share: number }
  | {
      kind: "bad line";
      way: Way;
      latencyMs: number;
      refuse: number;
      strikes: Partial<Record<Strike, number>>;
      forMs: number;
    }
  | { kind: "platform fault"; fault: PlatformFault; times: number }
  | { kind: "tokens"; change: "expire" | "revoke" };
export const PLATFORM_FAULTS = [
  "throttle",
  "status429",
  "status5xx",
  "htmlBody",
  "timeout",
  "answerLost",
  "tokenAnswerLost",
  "tokenStatus5xx",
] as const;
export type PlatformFault = (typeof PLATFORM_FAULTS)[number];
export type Scheduled = Trouble & { atMs: number };

const TABLES = ["webhook_inbox", "member", "customer_order", "pgboss.job"];

/** The troubles of one seed: a kill every three to five seconds, and something else about twice a second. */
export function drawSchedule(seed: number, lengthMs: number): Scheduled[] {
  const random = createRandom(seed * 6_007 + 11);
  const scheduled: Scheduled[] = [];
  for (let atMs = random.between(800, 2_500); atMs < lengthMs; atMs += random.between(3_000, 5_000))
    scheduled.push({ atMs, ...drawKill(random) });
  for (let atMs = random.between(100, 900); atMs < lengthMs; atMs += random.between(200, 800))
    scheduled.push({ atMs, ...drawOther(random) });
  return scheduled.sort((a, b) => a.atMs - b.atMs);
}

function drawKill(random: Random): Trouble {
  const what = random.weighted([
    ["web", 25],
    ["worker", 40],
    ["postgres", 25],
    ["backend", 10],
  ] as const);
  return { kind: "kill", what, choice: random.between(0, 1_000) };
}

function drawOther(random: Random): Trouble {
  const way = random.weighted([
    ["database", 40],
    ["platform", 35],
    ["front door", 25],
  ] as const);
  const draw = random.weighted<() => Trouble>([
    [() => ({ kind: "freeze worker", choice: random.between(0, 1_000), forMs: random.between(1_500, 4_000) }), 6],
    [() => ({ kind: "fill connections", forMs: random.between(500, 2_000) }), 4],
    [() => ({ kind: "lock table", table: random.pick(TABLES), forMs: random.between(500, 2_500) }), 5],
    [() => ({ kind: "strike", way, strike: random.pick(STRIKES), share: random.between(1, 6) / 10 }), 30],
    [() => drawBadLine(random, way), 15],
    [() => drawPlatformFault(random), 35],
    [() => ({ kind: "tokens", change: random.chance(0.8) ? "expire" : "revoke" }), 5],
  ]);
  return draw();
}

function drawBadLine(random: Random, way: Way): Trouble {
  return {
    kind: "bad line",
    way,
    latencyMs: random.between(5, 120),
    refuse: random.pick([0, 0, 0.2, 0.5]),
    strikes: { [random.pick(STRIKES)]: random.between(1, 4) / 10 },
    forMs: random.between(500, 2_500),
  };
}

function drawPlatformFault(random: Random): Trouble {
  const fault = random.weighted([
    ["throttle", 5],
    ["status429", 4],
    ["status5xx", 5],
    ["htmlBody", 2],
    ["timeout", 0.5],
    ["answerLost", 5],
    ["tokenAnswerLost", 2],
    ["tokenStatus5xx", 2],
  ] as const);
  return { kind: "platform fault", fault, times: fault === "timeout" ? 1 : random.between(1, 4) };
}
