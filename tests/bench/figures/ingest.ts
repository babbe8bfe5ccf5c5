// Signed webhooks of 5 kB into the letter box of the real server, beside a bare one.
import { createHmac, randomUUID } from "node:crypto";

import { figure, median, type Figure } from "../figure";
import { openLoop, saturate, type Fired, type Magazine } from "../load";
import { cpuOf, type Server, type Stage } from "../stage";

const CLIENTS = 8;
const ROUNDS = 3;
const BODY_BYTES = 5_000;
const BODIES = 500;

interface Round {
  app: Fired & { cpuMs: number };
  bare: Fired & { cpuMs: number };
}

/** Signed deliveries for a shop, each with an id of its own. */
export function magazineOf(stage: Stage, domain = stage.stack.shops()[0]?.domain ?? ""): Magazine {
  const run = randomUUID();
  const shots = Array.from({ length: BODIES }, (_, n) => {
    const head = `{"id":${900_000_000 + n},"admin_graphql_api_id":"gid://shopify/Order/${900_000_000 + n}","note":"`;
    const body = Buffer.from(`${head}${"x".repeat(BODY_BYTES - head.length - 2)}"}`);
    const signature = createHmac("sha256", stage.stack.apiSecret).update(body).digest("base64");
    return { body, signature };
  });
  return (n) => {
    const { body, signature } = shots[n % BODIES] ?? { body: Buffer.alloc(0), signature: "" };
    return {
      method: "POST",
      path: "/webhooks",
      body,
      headers: {
        "content-type": "application/json",
        "x-shopify-hmac-sha256": signature,
        "x-shopify-shop-domain": domain,
        "x-shopify-topic": "orders/updated",
        "x-shopify-webhook-id": `${run}-${n}`,
        "x-shopify-event-id": `${run}-${n}`,
        "x-shopify-api-version": "2026-07",
        "x-shopify-triggered-at": new Date().toISOString(),
      },
    };
  };
}

type Fire = (server: Server, magazine: Magazine) => Promise<Fired>;

/** Alternates both servers. @throws Error when an acknowledged delivery is not in the inbox */
async function alternate(stage: Stage, fire: Fire): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const app = await stage.startApp("web");
    const taken = await measured(stage, app, fire).finally(() => app.stop());
    await expectStored(stage, taken.good);
    const bare = await stage.startBare("ingest", { BENCH_SECRET: stage.stack.apiSecret });
    rounds.push({ app: taken, bare: await measured(stage, bare, fire).finally(() => bare.stop()) });
  }
  return rounds;
}

async function measured(stage: Stage, server: Server, fire: Fire): Promise<Fired & { cpuMs: number }> {
  await saturate(server.url, CLIENTS, 1, magazineOf(stage)); // Compiled code and open connections first.
  await stage.owner.query("TRUNCATE webhook_inbox");
  const before = cpuOf(server.pid);
  const fired = await fire(server, magazineOf(stage));
  return { ...fired, cpuMs: (cpuOf(server.pid) - before) / (fired.good + fired.bad) };
}

async function expectStored(stage: Stage, acknowledged: number): Promise<void> {
  const { rows } = await stage.owner.query<{ stored: number }>("SELECT count(*)::int AS stored FROM webhook_inbox");
  const stored = rows[0]?.stored ?? 0;
  if (stored < acknowledged) throw new Error(`${acknowledged} deliveries were acknowledged and ${stored} stored`);
  await stage.owner.query("TRUNCATE webhook_inbox");
}

/** As many as eight clients can send. */
export async function ingestSaturation(stage: Stage): Promise<Figure> {
  const seconds = stage.isQuick ? 5 : 20;
  const rounds = await alternate(stage, (server, magazine) => saturate(server.url, CLIENTS, seconds, magazine));
  const values = rounds.map(({ app }) => app.perSecond);
  const bad = rounds.reduce((sum, { app }) => sum + app.bad, 0);
  return figure({
    name: "ingest.saturation",
    value: median(values),
    unit: "deliveries/s",
    bare: median(rounds.map(({ bare }) => bare.perSecond)),
    cpuMs: median(rounds.map(({ app }) => app.cpuMs)),
    bareCpuMs: median(rounds.map(({ bare }) => bare.cpuMs)),
    bareP99: median(rounds.map(({ bare }) => bare.latency.p99)),
    ...middle(rounds),
    rounds: values,
    note: `${CLIENTS} clients, ${BODY_BYTES} bytes, web role; ${bad} not answered 2xx, every acknowledged one stored`,
  });
}

/** A fixed rate, whatever the answers do. */
export function ingestAt(perSecond: number): (stage: Stage) => Promise<Figure> {
  return async (stage) => {
    const seconds = stage.isQuick ? 10 : 60;
    const rounds = await alternate(stage, (server, magazine) => openLoop(server.url, perSecond, seconds, magazine));
    const values = rounds.map(({ app }) => app.latency.p99);
    const bad = rounds.reduce((sum, { app }) => sum + app.bad, 0);
    return figure({
      name: `ingest.${perSecond}`,
      value: median(values),
      unit: "ms (p99)",
      bare: median(rounds.map(({ bare }) => bare.latency.p99)),
      cpuMs: median(rounds.map(({ app }) => app.cpuMs)),
      bareCpuMs: median(rounds.map(({ bare }) => bare.cpuMs)),
      bareP99: median(rounds.map(({ bare }) => bare.latency.p99)),
      ...middle(rounds),
      rounds: values,
      note: `open loop; ${bad} not answered 2xx, every acknowledged one stored`,
    });
  };
}

/** The latencies of the round with the median p99. */
function middle(rounds: Round[]): Fired["latency"] {
  const byTail = [...rounds].sort((a, b) => a.app.latency.p99 - b.app.latency.p99);
  const chosen = byTail[Math.floor((byTail.length - 1) / 2)];
  if (!chosen) throw new RangeError("no rounds");
  return chosen.app.latency;
}
