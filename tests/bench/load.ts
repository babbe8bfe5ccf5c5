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
  /** Of those: answered 503, "come back later". */
  busy: number;
  /** The longest that anybody waited for an answer of any kind, milliseconds. */
  slowest: number;
  seconds: number;
  perSecond: number;
  latency: Percentiles;
}

const REQUEST_TIMEOUT_MS = 20_000;

/** `clients` connections that ask again as soon as they are answered. */
export async function saturate(origin: string, clients: number, seconds: number, magazine: Magazine): Promise<Fired> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const tally = new Tally();
  let next = 0;
  const started = performance.now();
  const until = started + seconds * 1_000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const asked = performance.now();
        tally.add(await fire(origin, agent, magazine(next++)), performance.now() - asked);
      }
    }),
  );
  agent.destroy();
  return tally.sum(performance.now() - started);
}

/** `perSecond` requests a second for `seconds`, or until the signal aborts, sent when they are due. */
export async function openLoop(
  origin: string,
  perSecond: number,
  seconds: number,
  magazine: Magazine,
  until?: AbortSignal,
): Promise<Fired> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  const tally = new Tally();
  const under: Promise<void>[] = [];
  const total = Math.round(perSecond * seconds);
  const started = performance.now();
  for (let n = 0; n < total && !until?.aborted;) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * perSecond) + 1);
    for (; n < due; n++) {
      const dueAt = started + (n / perSecond) * 1_000;
      under.push(fire(origin, agent, magazine(n)).then((status) => tally.add(status, performance.now() - dueAt)));
    }
    await sleep(1);
  }
  await Promise.all(under);
  agent.destroy();
  return tally.sum(performance.now() - started);
}

class Tally {
  readonly #latencies: number[] = [];
  #bad = 0;
  #busy = 0;
  #slowest = 0;

  add(status: number, milliseconds: number): void {
    if (status >= 200 && status < 300) this.#latencies.push(milliseconds);
    else this.#bad++;
    if (status === 503) this.#busy++;
    this.#slowest = Math.max(this.#slowest, milliseconds);
  }

  sum(milliseconds: number): Fired {
    const good = this.#latencies.length;
    const seconds = milliseconds / 1_000;
    return {
      good,
      bad: this.#bad,
      busy: this.#busy,
      slowest: this.#slowest,
      seconds,
      perSecond: good / seconds,
      latency: percentiles(good > 0 ? this.#latencies : [Number.POSITIVE_INFINITY]),
    };
  }
}

/** The status of the answer; 0: there was none. */
function fire(origin: string, agent: http.Agent, shot: Shot): Promise<number> {
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
        response.on("end", () => resolve(response.statusCode ?? 0));
        response.on("error", () => resolve(0));
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(0));
    request.end(shot.body);
  });
}
