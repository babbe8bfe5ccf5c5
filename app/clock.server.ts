// Business time: the one clock that rules, expiry and schedules read. Production: the database's.
// Beside the simulator: the simulator's virtual clock. Tokens and signatures stay on real time.
import { env } from "./env.server";
import { routerPool } from "./db.server";

/** The business instant. @throws when neither the database nor, beside the simulator, the clock answers */
export async function businessNow(): Promise<Date> {
  const simulator = env().SHOPIFY_SIMULATOR_URL;
  if (simulator) {
    const response = await fetch(new URL("/control/clock", simulator), { signal: AbortSignal.timeout(10_000) });
    const { now } = (await response.json()) as { now: string };
    return new Date(now);
  }
  const { rows } = await routerPool().query<{ now: Date }>("SELECT now() AS now");
  const row = rows[0];
  if (!row) throw new Error("the database gave no time");
  return row.now;
}

/** A reading of the database's clock is carried on for this long by our own. */
const CARRIED_MS = 10_000;
/** A reading that took longer says too little about when it was taken. */
const READ_WITHIN_MS = 20;
/** The machine slept, or somebody set its clock: the monotonic one tells nothing then. */
const JUMP_MS = 1_000;
let reading: { now: number; steady: number; wall: number } | undefined;

/**
 * The business instant within some milliseconds, without a round trip each time: for doors, where it decides
 * what a shopper is shown or may do, not the order of two writes.
 */
export async function recentNow(): Promise<Date> {
  if (env().SHOPIFY_SIMULATOR_URL) return businessNow();
  const steady = performance.now();
  const wall = Date.now();
  if (reading) {
    const passed = steady - reading.steady;
    if (passed < CARRIED_MS && Math.abs(wall - reading.wall - passed) < JUMP_MS)
      return new Date(reading.now + Math.round(passed));
  }
  const now = await businessNow();
  const took = performance.now() - steady;
  reading =
    took > READ_WITHIN_MS ? undefined : { now: now.getTime(), steady: steady + took / 2, wall: wall + took / 2 };
  return now;
}
