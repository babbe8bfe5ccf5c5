// Load on an HTTP server from this process: as fast as clients can (closed), or at a fixed rate whatever the
// answers do (open), where each latency counts from the moment the request was due.
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { percentiles, type Percentiles } from "./figure";

export interface Shot {
  method: "GET" | "POST";
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}
/** The n-th request of a run. */
export type Magazine = (n: number) => Shot;

export interface Fired {
  /** Requests answered 2xx. */
  good: number;
  /** Everything else, connections that broke included. */
  bad: number;
  seconds: number;
  perSecond: number;
  latency: Percentiles;
}

const REQUEST_TIMEOUT_MS = 20_000;

/** `clients` connections that ask again as soon as they are answered. */
export async function saturate(origin: string, clients: number, seconds: number, magazine: Magazine): Promise<Fired> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const latencies: number[] = [];
  let next = 0;
  let bad = 0;
  const started = performance.now();
  const until = started + seconds * 1_000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const asked = performance.now();
        if (await fire(origin, agent, magazine(next++))) latencies.push(performance.now() - asked);
        else bad++;
      }
    }),
  );
  agent.destroy();
  return summed(latencies, bad, performance.now() - started);
}

/** `perSecond` requests a second for `seconds`, sent when they are due. */
export async function openLoop(origin: string, perSecond: number, seconds: number, magazine: Magazine): Promise<Fired> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  const latencies: number[] = [];
  const under: Promise<void>[] = [];
  const total = Math.round(perSecond * seconds);
  let bad = 0;
  const started = performance.now();
  for (let n = 0; n < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * perSecond) + 1);
    for (; n < due; n++) {
      const dueAt = started + (n / perSecond) * 1_000;
      under.push(
        fire(origin, agent, magazine(n)).then((isGood) => {
          if (isGood) latencies.push(performance.now() - dueAt);
          else bad++;
        }),
      );
    }
    await sleep(1);
  }
  await Promise.all(under);
  agent.destroy();
  return summed(latencies, bad, performance.now() - started);
}

function summed(latencies: number[], bad: number, milliseconds: number): Fired {
  const seconds = milliseconds / 1_000;
  return {
    good: latencies.length,
    bad,
    seconds,
    perSecond: latencies.length / seconds,
    latency: percentiles(latencies.length > 0 ? latencies : [Number.POSITIVE_INFINITY]),
  };
}

function fire(origin: string, agent: http.Agent, shot: Shot): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.request(
      `${origin}${shot.path}`,
      {
        agent,
        method: shot.method,
        headers: { ...shot.headers, ...(shot.body ? { "content-length": String(shot.body.length) } : {}) },
        timeout: REQUEST_TIMEOUT_MS,
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve((response.statusCode ?? 0) >= 200 && (response.statusCode ?? 0) < 300));
        response.on("error", () => resolve(false));
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
    request.end(shot.body);
  });
}
