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
