// The process as an orchestrator and a scraper see it: real HTTP on the real listener, pages aside.
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { routerPool } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { closeMeters, countCall, countMail, noteBucket } from "../../../app/metrics.server";
import { closeDoors, createListener } from "../../../app/server/listener.server";
import { beginStop, isSchemaCurrent, resetReadiness } from "../../../app/server/readiness.server";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";
import { headersOf } from "../ingest/letter-box";

const database = useTestDatabase();
const TOKEN = "4f8a1c0e9b7d2563f1e0aa77";
const SHOP = "doors-test.myshopify.com";

let server: http.Server;
let base = "";
/** What the page door waits for, so that a test decides when a visitor is done. */
let release: () => void = () => undefined;

async function open(): Promise<void> {
  server = http.createServer(
    createListener(async (_req, res, pathname) => {
      if (pathname === "/throws") throw new Error("planted");
      if (pathname === "/slow") await new Promise<void>((resolve) => (release = resolve));
      res.writeHead(200).end("page");
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const get = (at: string, headers: Record<string, string> = {}) => fetch(base + at, { headers });
const scrape = async () => (await get("/metrics", { authorization: `Bearer ${TOKEN}` })).text();

beforeAll(async () => {
  env().KIZUNA_METRICS_TOKEN = TOKEN;
  await createTestShop(SHOP);
  await open();
});
afterEach(resetReadiness);
afterAll(async () => {
  closeMeters();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("GET /metrics", () => {
  const NAMES = /^(?:kizuna|process|nodejs)_/;
  const sample = /^([a-zA-Z0-9_:]+)(?:\{(.*)\})? (\S+)$/;

  it("is no page without a token in the environment, and no page of whoever lacks it", async () => {
    closeMeters();
    delete env().KIZUNA_METRICS_TOKEN;
    expect((await get("/metrics", { authorization: "Bearer undefined" })).status).toBe(404);
    env().KIZUNA_METRICS_TOKEN = TOKEN;
    closeMeters();
    for (const headers of [
      {},
      { authorization: TOKEN },
      { authorization: `Bearer ${TOKEN}x` },
      { authorization: "Bearer " },
    ]) {
      const refused = await get("/metrics", headers as Record<string, string>);
      expect(refused.status).toBe(401);
      expect(await refused.text()).toBe("");
    }
    expect(
      (await fetch(`${base}/metrics`, { method: "POST", headers: { authorization: `Bearer ${TOKEN}` } })).status,
    ).toBe(404);
  });

  it("counts what came through each door, what was drained, run, asked and mailed", async () => {
    const body = JSON.stringify({ id: 1, admin_graphql_api_id: "gid://shopify/Customer/1" });
    const headers = headersOf({ topic: "customers/update", domain: SHOP, body });
    expect((await fetch(`${base}/webhooks`, { method: "POST", headers, body })).status).toBe(200);
    expect(
      (
        await fetch(`${base}/webhooks`, {
          method: "POST",
          headers: { ...headers, "x-shopify-hmac-sha256": "bm8=" },
          body,
        })
      ).status,
    ).toBe(401);
    await get("/readyz");
    expect((await get("/throws")).status).toBe(500);
    expect(await scrape()).toContain('kizuna_waiting{what="inbox_pending",role="all"} 1');
    while ((await drainOnce()).claimed > 0);
    await runJob("tick-retention", {}, new AbortController().signal);
    await expect(runJob("publish-balances", { shopId: "x" }, new AbortController().signal)).rejects.toThrow();
    countCall("ReadOrders", "throttled", 0.2);
    noteBucket(500, 2_000);
    countMail("sent");
    const text = await scrape();
    for (const line of [
      'kizuna_requests_total{door="webhook",status="200",role="all"} 1',
      'kizuna_requests_total{door="webhook",status="401",role="all"} 1',
      'kizuna_requests_total{door="page",status="500",role="all"} 1',
      'kizuna_inbox_events_total{outcome="done",role="all"} 1',
      'kizuna_jobs_total{job="tick-retention",outcome="ran",role="all"} 1',
      'kizuna_jobs_total{job="publish-balances",outcome="failed",role="all"} 1',
      'kizuna_shopify_calls_total{operation="ReadOrders",outcome="throttled",role="all"} 1',
      'kizuna_shopify_bucket_lowest_ratio{role="all"} 0.25',
      'kizuna_mails_total{outcome="sent",role="all"} 1',
      'kizuna_waiting{what="redemptions",role="all"} 0',
      'kizuna_database_up{role="all"} 1',
    ])
      expect(text).toContain(line);
    expect(text).toMatch(/kizuna_pool_connections\{pool="router",state="idle",role="all"\} [1-9]/);
    expect(text).toMatch(/process_cpu_seconds_total\{role="all"\} \d/);
  });

  it("labels nothing with a shop, a path or an id, whatever strangers ask for", async () => {
    for (const at of [
      `/app/members/123456`,
      `/proxy/${SHOP}`,
      "/media/abcdef0123456789",
      "/nowhere?email=a@example.com",
    ])
      await get(at);
    const lines = (await scrape()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines.length).toBeLessThan(700);
    for (const line of lines) {
      const [, name = "", labels = ""] = sample.exec(line) ?? [];
      expect(name, line).toMatch(NAMES);
      expect(labels, line).not.toMatch(/myshopify|\d{6}|@|\/(?!dev)/);
    }
  });

  it("A11 answers without the database, and says that it is away", async () => {
    const pool = routerPool();
    const query = pool.query.bind(pool);
    // Beyond the time for which one look at the database is good.
    const later = performance.now() + 60_000;
    const clock = performance.now.bind(performance);
    performance.now = () => Math.max(clock(), later);
    pool.query = () => Promise.reject(new Error("gone"));
    try {
      expect(await scrape()).toContain('kizuna_database_up{role="all"} 0');
    } finally {
      pool.query = query;
      performance.now = clock;
    }
  });
});

describe("/healthz and /readyz", () => {
  it("say yes on a database of this version", async () => {
    expect((await get("/healthz")).status).toBe(200);
    expect(await (await get("/readyz")).text()).toBe("ready");
  });

  it("C16 no requests before this version's migrations are applied", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-migrations-"));
    fs.mkdirSync(path.join(folder, "29991231000000_later"));
    try {
      expect(await isSchemaCurrent(folder)).toBe(false);
      expect(await isSchemaCurrent(path.join(folder, "none"))).toBe(true);
      expect(await isSchemaCurrent()).toBe(true);
      await database.owner().query("ALTER FUNCTION newest_migration() RENAME TO newest_migration_gone");
      resetReadiness();
      const answer = await get("/readyz");
      expect([answer.status, await answer.text()]).toEqual([503, "not ready: migrations pending"]);
    } finally {
      await database.owner().query("ALTER FUNCTION newest_migration_gone() RENAME TO newest_migration");
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("a stop refuses what is new and finishes what has begun", async () => {
    const visitor = get("/slow");
    const before = release;
    // The visitor is inside once the door waits for its release.
    while (release === before) await new Promise((resolve) => setImmediate(resolve));
    beginStop();
    const answer = await get("/readyz");
    expect([answer.status, await answer.text()]).toEqual([503, "not ready: stopping"]);
    expect(answer.headers.get("connection")).toBe("close");
    expect((await get("/healthz")).status).toBe(200);
    const closed = closeDoors(server, 0);
    while (server.listening) await new Promise((resolve) => setImmediate(resolve));
    await expect(get("/healthz")).rejects.toThrow();
    release();
    expect(await (await visitor).text()).toBe("page");
    await closed;
    await open();
  });
});

describe("a request's id", () => {
  it("is the caller's where it is one, and a new one otherwise", async () => {
    expect((await get("/healthz", { "x-request-id": "0f3c9b1a-77aa" })).headers.get("x-request-id")).toBe(
      "0f3c9b1a-77aa",
    );
    for (const odd of ["x", "a".repeat(65), "hanako@example.jp", '{"a":1}'])
      expect((await get("/healthz", { "x-request-id": odd })).headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});
