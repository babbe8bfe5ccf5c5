// The app proxy: what the app receives for a shopper's request, and what the shopper gets back. The
// signature is checked by the real library.
import type { IncomingMessage, ServerResponse } from "node:http";
import "@shopify/shopify-api/adapters/node";
import { ApiVersion, shopifyApi } from "@shopify/shopify-api";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { signProxyQuery } from "../../simulator/browser/storefront/app-proxy";
import { startPages, TOKYO, type Pages } from "./pages";

interface Received {
  method: string;
  url: URL;
  headers: IncomingMessage["headers"];
  body: string;
}

const library = shopifyApi({
  apiKey: "test-api-key-0001",
  apiSecretKey: "test-api-secret-0123456789",
  apiVersion: ApiVersion.July26,
  hostName: "localhost",
  isEmbeddedApp: true,
});
let pages: Pages;
let received: Received[] = [];
let answer: (res: ServerResponse) => void;

async function app(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  received.push({
    method: req.method ?? "",
    url: new URL(req.url ?? "/", "http://app"),
    headers: req.headers,
    body: Buffer.concat(chunks).toString(),
  });
  answer(res);
}

const origin = () => pages.sim.addresses.storefronts[TOKYO] ?? "";
const last = () => {
  const request = received.at(-1);
  if (!request) throw new Error("the app received nothing");
  return request;
};

async function signIn(): Promise<{ cookie: string; id: string }> {
  const body = new URLSearchParams({ email: "hina@example.com" });
  const response = await fetch(`${origin()}/account/login`, { method: "POST", body, redirect: "manual" });
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const id = Object.values(pages.tokyo.customers).find(({ email }) => email === "hina@example.com")?.id ?? "";
  return { cookie, id };
}

beforeAll(async () => {
  pages = await startPages((req, res) => void app(req, res), "");
});
afterAll(() => pages.stop());
beforeEach(() => {
  received = [];
  delete (pages.sim.faults as { proxyKeepsReserved?: boolean }).proxyKeepsReserved;
  answer = (res) => {
    res.writeHead(200, {
      "content-type": "application/json",
      "set-cookie": "app=1",
      "cache-control": "private, no-store",
    });
    res.end('{"ok":true}');
  };
});

it("forwards to the app's /proxy with a signature the library accepts, for guests and the signed-in", async () => {
  await fetch(`${origin()}/apps/kizuna/history?before=9&tags=a&tags=b%2Cc`);
  const guest = last();
  expect(guest.url.pathname).toBe("/proxy/history");
  expect(guest.url.searchParams.get("shop")).toBe(TOKYO);
  expect(guest.url.searchParams.get("path_prefix")).toBe("/apps/kizuna");
  expect(guest.url.searchParams.get("logged_in_customer_id")).toBe("");
  const { cookie, id } = await signIn();
  await fetch(`${origin()}/apps/kizuna/history?locale=ja`, { headers: { cookie } });
  const signedIn = last();
  expect(signedIn.url.searchParams.get("logged_in_customer_id")).toBe(id);
  const query = Object.fromEntries(signedIn.url.searchParams);
  expect(await library.utils.validateHmac(query, { signator: "appProxy" })).toBe(true);
  expect(
    await library.utils
      .validateHmac({ ...query, logged_in_customer_id: "1" }, { signator: "appProxy" })
      .catch(() => false),
  ).toBe(false);
  expect(guest.url.searchParams.get("signature")).toBe(
    signProxyQuery("test-api-secret-0123456789", guest.url.searchParams),
  );
});

it("signs as the platform documents: sorted, repeated values joined by commas, nothing between", () => {
  const query = new URLSearchParams(
    "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=1&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555",
  );
  // The example of the platform's documentation with its secret "hush".
  expect(signProxyQuery("hush", query)).toBe("4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb");
});

it("lets no cookie pass in either direction, and keeps the app's own caching rule", async () => {
  const { cookie } = await signIn();
  const response = await fetch(`${origin()}/apps/kizuna/history`, { headers: { cookie } });
  expect(last().headers.cookie).toBeUndefined();
  expect(response.headers.getSetCookie()).toEqual([]);
  expect(response.headers.get("cache-control")).toBe("private, no-store");
  expect(await response.json()).toEqual({ ok: true });
});

it("drops a visitor's own reserved parameters, or keeps them under the fault switch", async () => {
  const { cookie, id } = await signIn();
  const attack = `${origin()}/apps/kizuna/history?logged_in_customer_id=7&shop=evil.myshopify.com&signature=aa&x=1`;
  await fetch(attack, { headers: { cookie } });
  expect(last().url.searchParams.getAll("logged_in_customer_id")).toEqual([id]);
  expect(last().url.searchParams.getAll("shop")).toEqual([TOKYO]);
  expect(last().url.searchParams.getAll("signature")).toHaveLength(1);
  expect(last().url.searchParams.get("x")).toBe("1");
  Object.assign(pages.sim.faults, { proxyKeepsReserved: true });
  await fetch(attack, { headers: { cookie } });
  expect(last().url.searchParams.getAll("logged_in_customer_id")).toEqual(["7", id]);
  expect(last().url.searchParams.get("signature")).toBe(
    signProxyQuery("test-api-secret-0123456789", last().url.searchParams),
  );
});

it("passes methods, bodies, statuses and headers, also below a language prefix", async () => {
  answer = (res) => {
    res.writeHead(422, { "content-type": "text/plain", "x-note": "kept" });
    res.end("no");
  };
  const response = await fetch(`${origin()}/en/apps/kizuna/claims?a=%E3%81%82`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-kizuna": "1" },
    body: '{"a":"あ"}',
  });
  expect([response.status, response.headers.get("x-note"), await response.text()]).toEqual([422, "kept", "no"]);
  expect([last().method, last().url.pathname, last().body]).toEqual(["POST", "/proxy/claims", '{"a":"あ"}']);
  expect(last().headers["x-kizuna"]).toBe("1");
  expect(last().url.searchParams.get("a")).toBe("あ");
});

it("renders Liquid answers inside the theme, as the platform does", async () => {
  answer = (res) => {
    res.writeHead(200, { "content-type": "application/liquid" });
    res.end("<h1>{{ shop.name }} {{ 1 | plus: 1 }}</h1>");
  };
  const text = await (await fetch(`${origin()}/apps/kizuna/page`)).text();
  expect(text).toContain("<h1>きなり 2</h1>");
  expect(text).toContain("<header");
});

it("answers 502 when the app is away, and logs every request", async () => {
  pages.sim.requestLog.clear();
  await fetch(`${origin()}/apps/kizuna/history`);
  const url = pages.sim.appUrl;
  pages.sim.appUrl = "http://127.0.0.1:9";
  expect((await fetch(`${origin()}/apps/kizuna/history`)).status).toBe(502);
  pages.sim.appUrl = url;
  expect(pages.sim.requestLog.list({ direction: "proxy" }).map(({ summary, status }) => [summary, status])).toEqual([
    ["GET /apps/kizuna/history", 200],
    ["GET /apps/kizuna/history", 0],
  ]);
});
