// Twice as many deliveries as the app can take: every answer comes in time, says yes or "later", and afterwards all is
// as before.
import { figure, type Figure } from "../figure";
import { openLoop, saturate } from "../load";
import { memoryOf, peakMemoryOf, type Stage } from "../stage";
import { magazineOf } from "./ingest";

const CLIENTS = 8;
const TIMES = 2;
/** Recovered: a second of calm load is answered 2xx, all of it, the slowest within. */
const CALM_PER_SECOND = 100;
const CALM_MS = 250;
const RECOVERY_SECONDS_MAX = 60;

/** Deliveries taken a second while twice the capacity is sent. */
export async function ingestOverload(stage: Stage): Promise<Figure> {
  const web = await stage.startApp("web");
  try {
    await saturate(web.url, CLIENTS, 2, magazineOf(stage));
    const capacity = (await saturate(web.url, CLIENTS, stage.isQuick ? 4 : 10, magazineOf(stage))).perSecond;
    await stage.owner.query("TRUNCATE webhook_inbox");
    const rate = Math.round(capacity * TIMES);
    stage.say(`  sending ${rate} a second`);
    const fired = await openLoop(web.url, rate, stage.isQuick ? 8 : 30, magazineOf(stage));
    const overloaded = performance.now();
    const { rows } = await stage.owner.query<{ stored: number }>("SELECT count(*)::int AS stored FROM webhook_inbox");
    const lost = Math.max(0, fired.good - (rows[0]?.stored ?? 0));
    if (lost > 0) throw new Error(`${lost} acknowledged deliveries are not stored`);
    const recovered = await recovery(stage, web.url, overloaded);
    const peak = peakMemoryOf(web.pid) || memoryOf(web.pid);
    return figure({
      name: "ingest.overload",
      value: fired.perSecond,
      unit: "deliveries/s",
      bare: capacity,
      ...fired.latency,
      note:
        `${rate}/s sent for ${fired.seconds.toFixed(0)} s: ${fired.good} taken, ${fired.busy} answered 503, ${fired.bad - fired.busy} otherwise, 0 acknowledged lost; ` +
        `slowest answer ${Math.round(fired.slowest)} ms; as before after ${recovered.toFixed(1)} s; peak ${Math.round(peak)} MiB; bare: its own capacity with ${CLIENTS} clients`,
    });
  } finally {
    await web.stop();
  }
}

/** Seconds until a second of calm load is answered well. */
async function recovery(stage: Stage, url: string, since: number): Promise<number> {
  for (;;) {
    const begun = performance.now();
    const calm = await openLoop(url, CALM_PER_SECOND, 1, magazineOf(stage));
    if (calm.bad === 0 && calm.slowest <= CALM_MS) return (begun - since) / 1_000;
    if ((begun - since) / 1_000 > RECOVERY_SECONDS_MAX) throw new Error("the app did not recover from the overload");
  }
}
