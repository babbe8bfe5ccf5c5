// What is counted for whoever runs the server: requests, jobs, calls, mails. Nothing is counted unless a
// token for reading it is set. Labels are closed lists: never a shop, a path, an id or a person.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

import { env } from "./env.server";

export type Door =
  "webhook" | "proxy" | "account" | "customer_block" | "unsubscribe" | "media" | "feed" | "page" | "asset" | "probe";
export type CallOutcome = "ok" | "throttled" | "unauthorized" | "stumbled" | "refused";

/** Every instrument; the registry is what a scrape reads. */
export interface Meters {
  registry: Registry;
  requests: Counter<"door" | "status">;
  requestSeconds: Histogram<"door">;
  events: Counter<"outcome">;
  batchSeconds: Histogram;
  jobs: Counter<"job" | "outcome">;
  jobSeconds: Histogram<"job">;
  calls: Counter<"operation" | "outcome">;
  callSeconds: Histogram;
  bucketShare: Gauge;
  mails: Counter<"outcome">;
  /** Lowest share of a shop's cost bucket since the last scrape; 1: full. */
  lowestBucket: number;
}

const QUICK = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4, 10];
const SLOW = [0.05, 0.25, 1, 5, 15, 60, 300];

// The built server and the Remix bundle are two module graphs in one process: one registry.
const shared = globalThis as { __kizunaMeters?: Meters | null };

/** The instruments; null when this process counts nothing. */
export function meters(): Meters | null {
  if (shared.__kizunaMeters === undefined)
    shared.__kizunaMeters = env().KIZUNA_METRICS_TOKEN === undefined ? null : createMeters();
  return shared.__kizunaMeters;
}

/** Forgets the instruments; for tests. */
export function closeMeters(): void {
  shared.__kizunaMeters?.registry.clear();
  delete shared.__kizunaMeters;
}

function createMeters(): Meters {
  const registry = new Registry();
  registry.setDefaultLabels({ role: env().KIZUNA_ROLE });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `kizuna_${name}`, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
    new Histogram({ name: `kizuna_${name}`, help, labelNames, buckets, registers });
  const made: Meters = {
    registry,
    requests: counter("requests_total", "Answers by door and status", ["door", "status"]),
    requestSeconds: histogram("request_seconds", "Time to the end of an answer", ["door"], QUICK),
    events: counter("inbox_events_total", "Events taken out of the inbox, by outcome", ["outcome"]),
    batchSeconds: histogram("drain_batch_seconds", "Time to work one batch of events", [], QUICK),
    jobs: counter("jobs_total", "Jobs that ended, by kind and outcome", ["job", "outcome"]),
    jobSeconds: histogram("job_seconds", "Time a job ran", ["job"], SLOW),
    calls: counter("shopify_calls_total", "Calls of the Admin API, by operation and outcome", ["operation", "outcome"]),
    callSeconds: histogram("shopify_call_seconds", "Time to Shopify's answer", [], QUICK),
    bucketShare: new Gauge({
      name: "kizuna_shopify_bucket_lowest_ratio",
      help: "Lowest share of a shop's cost bucket since the last scrape",
      registers,
    }),
    mails: counter("mails_total", "Mails handed to the server, by outcome", ["outcome"]),
    lowestBucket: 1,
  };
  return made;
}

/** One answer of a door. */
export function countRequest(door: Door, status: number, seconds: number): void {
  const all = meters();
  if (!all) return;
  all.requests.inc({ door, status: String(status) });
  all.requestSeconds.observe({ door }, seconds);
}

/** One batch of the drain. */
export function countBatch({ done, failed }: { done: number; failed: number }, seconds: number): void {
  const all = meters();
  if (!all) return;
  all.events.inc({ outcome: "done" }, done);
  all.events.inc({ outcome: "failed" }, failed);
  all.batchSeconds.observe(seconds);
}

/** One job that ended. */
export function countJob(job: string, outcome: "ran" | "skipped" | "failed", seconds: number): void {
  const all = meters();
  if (!all) return;
  all.jobs.inc({ job, outcome });
  all.jobSeconds.observe({ job }, seconds);
}

/** One call of the Admin API. `operation` is a name in our own documents. */
export function countCall(operation: string, outcome: CallOutcome, seconds: number): void {
  const all = meters();
  if (!all) return;
  all.calls.inc({ operation, outcome });
  all.callSeconds.observe(seconds);
}

/** How full a shop's cost bucket was when Shopify last said so. */
export function noteBucket(available: number, maximum: number): void {
  const all = meters();
  if (all && maximum > 0) all.lowestBucket = Math.min(all.lowestBucket, available / maximum);
}

/** One mail that was handed over. */
export function countMail(outcome: "sent" | "address" | "message" | "later"): void {
  meters()?.mails.inc({ outcome });
}
