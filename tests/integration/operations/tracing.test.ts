// Spans as a collector gets them, over HTTP; and nothing at all where none is named.
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";

import { inShop, routerPool, type ShopId } from "../../../app/db.server";
import { env } from "../../../app/env.server";
import { drainOnce } from "../../../app/ingest/drain.server";
import { enqueue } from "../../../app/jobs/queue.server";
import { runJob } from "../../../app/jobs/run-job.server";
import { createListener } from "../../../app/server/listener.server";
import { startTracing, stopTracing, traced, traceparent } from "../../../app/tracing.server";
import { createTestMember } from "../../builders/member";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";
import { headersOf } from "../ingest/letter-box";
import { DOMAIN, startPlatform, type Platform } from "../simulator/platform";

useTestDatabase();

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}
const bodies: string[] = [];
const spans = () =>
  bodies.flatMap((body) =>
    (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans.flatMap((resource) =>
      resource.scopeSpans.flatMap((scope) => scope.spans),
    ),
  );
const collector = http.createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on("data", (chunk: Buffer) => chunks.push(chunk));
  req.on("end", () => {
    if (req.url === "/v1/traces") bodies.push(Buffer.concat(chunks).toString("utf8"));
    res.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
});
const server = http.createServer((req, res) =>
  createListener((_req, page) => Promise.resolve(void page.end("page")))(req, res),
);
let platform: Platform;
let shopId: ShopId;
const addressOf = (each: http.Server) => `http://127.0.0.1:${(each.address() as AddressInfo).port}`;
const listening = (each: http.Server) => new Promise<void>((resolve) => each.listen(0, "127.0.0.1", resolve));

beforeAll(async () => {
  await Promise.all([listening(collector), listening(server)]);
  platform = await startPlatform();
  env().SHOPIFY_SIMULATOR_URL = platform.address;
  shopId = await createTestShop(DOMAIN);
  await storeTestSession(DOMAIN, { accessToken: "shpat_test" });
});
afterAll(async () => {
  delete env().SHOPIFY_SIMULATOR_URL;
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  for (const each of [collector, server]) {
    each.closeAllConnections();
    each.close();
  }
  await platform.stop();
});

it("is off where no collector is named: work just runs", async () => {
  await startTracing(undefined);
  expect(await traced("x", {}, () => Promise.resolve(traceparent() ?? "none"))).toBe("none");
  await stopTracing();
  expect(bodies).toEqual([]);
});

it("a request, a batch, a job and its call of Shopify become spans without a shop, a person or an id", async () => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = addressOf(collector);
  await startTracing(process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
  const body = JSON.stringify({
    id: 301,
    admin_graphql_api_id: "gid://shopify/Customer/301",
    email: "hana@example.com",
  });
  const headers = headersOf({ topic: "customers/update", domain: DOMAIN, body });
  expect((await fetch(`${addressOf(server)}/webhooks`, { method: "POST", headers, body })).status).toBe(200);
  await fetch(`${addressOf(server)}/app/members/77001?q=hana@example.com`);
  while ((await drainOnce()).claimed > 0);
  await createTestMember(shopId, { customerId: "gid://shopify/Customer/301", email: "hana@example.com" });
  await inShop(shopId, (tx) =>
    tx.query("UPDATE member SET balance_seq = balance_seq + 1 WHERE shop_id = $1", [shopId]),
  );
  // Whoever asks for a job is its parent, in whatever process it runs.
  await traced("asking", {}, () => enqueue(null, "publish-balances", { shopId }));
  const { rows } = await routerPool().query<{ data: unknown }>(
    "SELECT data FROM pgboss.job WHERE name = 'publish-balances'",
  );
  expect(await runJob("publish-balances", rows[0]?.data, new AbortController().signal)).toEqual({ outcome: "ran" });
  await expect(
    runJob("publish-balances", { shopId: 999_999_999 }, new AbortController().signal),
  ).resolves.toMatchObject({ outcome: "skipped" });
  await stopTracing();

  const found = spans();
  const named = (name: string) => {
    const span = found.find((each) => each.name === name);
    if (!span) throw new Error(`no span ${name} among ${found.map((each) => each.name).join(", ")}`);
    return span;
  };
  const value = (span: Span, key: string) => span.attributes.find((each) => each.key === key)?.value;
  expect(value(named("request webhook"), "http.response.status_code")).toEqual({ intValue: 200 });
  expect(value(named("drain batch"), "kizuna.done")).toEqual({ intValue: 1 });
  named("request page");
  const job = named("job publish-balances");
  expect(job.parentSpanId).toBe(named("asking").spanId);
  expect(job.traceId).toBe(named("asking").traceId);
  const call = named("shopify SetMetafields");
  expect(call.parentSpanId).toBe(job.spanId);
  expect(value(call, "kizuna.outcome")).toEqual({ stringValue: "ok" });
  expect(bodies.join()).not.toMatch(/example\.com|myshopify|77001|gid:|shpat_|Hana/);
});
