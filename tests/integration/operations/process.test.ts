// A worker as an operator has it: a process of its own, its probes, its log line by line, and its end.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";

import { startApp } from "../../demo/app-process";
import { useTestDatabase } from "../../setup/postgres";
import { testEnvironment } from "../../setup/test-environment";
import { createTestShop } from "../../builders/shop";
import { headersOf } from "../ingest/letter-box";
import { routerPool } from "../../../app/db.server";
import { startPlatform } from "../simulator/platform";

useTestDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kizuna-process-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const TOKEN = "9c1e5b7d3f2a4086e1c0b7aa";
const DOMAIN = "process-test.myshopify.com";
const CANARY = "canary-hanako@example.jp";

it("a worker answers its probes, logs one object a line without a customer's data, and ends with 0", async () => {
  const platform = await startPlatform();
  await createTestShop(DOMAIN);
  const logFile = path.join(folder, "app.log");
  const app = await startApp({
    dev: true,
    logFile,
    env: {
      ...testEnvironment({
        appUrl: process.env.DATABASE_URL ?? "",
        routerUrl: process.env.DATABASE_ROUTER_URL ?? "",
      }),
      NODE_ENV: "production",
      LOG_LEVEL: "debug",
      KIZUNA_ROLE: "worker",
      KIZUNA_METRICS_TOKEN: TOKEN,
      HOST: "127.0.0.1",
      PORT: "0",
      // The tests' cluster is a throw-away one, which only a process beside the simulator may use.
      SHOPIFY_API_KEY: "demo-00f1e2d3c4b5a6978812345678",
      SHOPIFY_APP_URL: "http://127.0.0.1:3001",
      SHOPIFY_SIMULATOR_URL: platform.address,
    },
  });
  try {
    const requestId = "0f3c9b1a-77aa-4a6b";
    const health = await fetch(`${app.url}/healthz?email=${CANARY}`, { headers: { "x-request-id": requestId } });
    expect([health.status, health.headers.get("x-request-id")]).toEqual([200, requestId]);
    expect(await (await fetch(`${app.url}/readyz`)).text()).toBe("ready");
    expect((await fetch(`${app.url}/app`)).status).toBe(404);
    const scrape = await fetch(`${app.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(await scrape.text()).toContain('kizuna_database_up{role="worker"} 1');
    // A delivery that cannot be applied is written about, and what it says is not.
    const body = `{"id": 7, "email": "${CANARY}", "admin_graphql_api_id": `;
    const { "x-shopify-webhook-id": webhookId } = headersOf({ topic: "customers/update", domain: DOMAIN, body });
    await routerPool().query(
      "INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, body) SELECT id, domain, 'customers/update', $2, $3 FROM shop WHERE domain = $1",
      [DOMAIN, webhookId, body],
    );
    const pending = async () =>
      (await routerPool().query("SELECT FROM webhook_inbox WHERE status = 'pending' AND attempts = 0")).rowCount;
    while ((await pending()) !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    await app.stop();
    await platform.stop();
  }
  expect(await app.ended).toBe("0");

  const text = fs.readFileSync(logFile, "utf8");
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const line of lines) {
    expect(line).toMatchObject({
      level: expect.any(Number),
      time: expect.any(Number),
      role: "worker",
      msg: expect.any(String),
    });
    expect(line).not.toHaveProperty("hostname");
  }
  const said = lines.map(({ msg }) => msg);
  for (const wanted of ["listening", "worker started", "stopping", "worker stopped", "stopped"])
    expect(said).toContain(wanted);
  expect(lines.filter(({ msg, path: at }) => msg === "request" && at === "/healthz")).toMatchObject([
    { request: "0f3c9b1a-77aa-4a6b", method: "GET", status: 200 },
  ]);
  expect(text).not.toContain("canary");
  expect(text).not.toContain(TOKEN);
});
