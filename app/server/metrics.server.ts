// GET /metrics: what is counted in this process, and what waits in the database. Only for whoever holds the
// token; without one in the environment there is no such page.
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Gauge } from "prom-client";

import { poolUsage, routerPool } from "../db.server";
import { env } from "../env.server";
import { log } from "../log.server";
import { meters, type Meters } from "../metrics.server";

export const METRICS_PATH = "/metrics";

/** A scraper that asks twice in a moment costs the database one look. */
const LOOK_EVERY_MS = 5_000;
const LOOK_MS_MAX = 2_000;

interface Waiting {
  [column: string]: unknown;
  what: string;
  amount: number;
}
interface Gauges {
  waiting: Gauge<"what">;
  oldest: Gauge;
  pool: Gauge<"pool" | "state">;
  database: Gauge;
}

let gauges: { of: Meters; made: Gauges } | undefined;
let looked: { at: number; rows: Promise<Waiting[] | null> } | undefined;

/** Answers a scrape. */
export async function handleMetrics(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const all = meters();
  if (!all || (req.method !== "GET" && req.method !== "HEAD")) return end(res, 404);
  if (!isAllowed(req.headers.authorization)) {
    res.setHeader("WWW-Authenticate", "Bearer");
    return end(res, 401);
  }
  await fillGauges(all, gaugesOf(all));
  const text = await all.registry.metrics();
  end(res, 200, text, all.registry.contentType);
}

function end(res: ServerResponse, status: number, text = "", type = "text/plain; charset=utf-8"): void {
  if (res.destroyed) return;
  res.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  res.end(text);
}

// Of equal length and compared in constant time: an answer's time tells nothing about the token.
function isAllowed(header: string | undefined): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${env().KIZUNA_METRICS_TOKEN ?? ""}`));
}

function gaugesOf(all: Meters): Gauges {
  if (gauges?.of === all) return gauges.made;
  const registers = [all.registry];
  const made = {
    waiting: new Gauge({
      name: "kizuna_waiting",
      help: "Rows that wait, by what they are",
      labelNames: ["what"] as const,
      registers,
    }),
    oldest: new Gauge({ name: "kizuna_inbox_oldest_seconds", help: "Age of the oldest event that is due", registers }),
    pool: new Gauge({
      name: "kizuna_pool_connections",
      help: "Database connections of this process, and who waits for one",
      labelNames: ["pool", "state"] as const,
      registers,
    }),
    database: new Gauge({ name: "kizuna_database_up", help: "1: the database answered this scrape", registers }),
  };
  gauges = { of: all, made };
  return made;
}

async function fillGauges(all: Meters, made: Gauges): Promise<void> {
  for (const { pool, idle, busy, waiting } of poolUsage()) {
    made.pool.set({ pool, state: "idle" }, idle);
    made.pool.set({ pool, state: "busy" }, busy);
    made.pool.set({ pool, state: "waiting" }, waiting);
  }
  all.bucketShare.set(all.lowestBucket);
  all.lowestBucket = 1;
  const rows = await lookOnce();
  made.database.set(rows ? 1 : 0);
  made.waiting.reset();
  made.oldest.reset();
  for (const { what, amount } of rows ?? []) {
    if (what === "inbox_oldest_seconds") made.oldest.set(amount);
    else made.waiting.set({ what }, amount);
  }
}

function lookOnce(): Promise<Waiting[] | null> {
  const now = performance.now();
  if (!looked || now - looked.at > LOOK_EVERY_MS) looked = { at: now, rows: look() };
  return looked.rows;
}

// A scrape must answer while the database does not: that is when it is read.
async function look(): Promise<Waiting[] | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), LOOK_MS_MAX).unref());
  const asked = routerPool()
    .query<Waiting>(
      `SELECT what, amount::float8 AS amount FROM waiting_totals()
        UNION ALL
       SELECT 'inbox_' || status, count(*) FROM webhook_inbox WHERE status IN ('pending', 'parked') GROUP BY status
        UNION ALL
       SELECT 'inbox_' || status, count(*) FROM webhook_inbox WHERE status IN ('dead', 'quarantined') GROUP BY status
        UNION ALL
       SELECT 'inbox_oldest_seconds', coalesce(extract(epoch FROM now() - min(received_at)), 0) FROM webhook_inbox WHERE status = 'pending'
        UNION ALL
       SELECT 'jobs', count(*) FROM pgboss.job WHERE state < 'active'
        UNION ALL
       SELECT 'jobs_given_up', count(*) FROM pgboss.job WHERE name = 'dead-jobs' AND state < 'completed'`,
    )
    .then(
      ({ rows }) => rows,
      (error: unknown) => {
        log().warn({ code: (error as { code?: string }).code }, "a scrape could not look into the database");
        return null;
      },
    );
  return Promise.race([asked, late]);
}
