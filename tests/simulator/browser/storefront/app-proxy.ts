// The app proxy: https://shop/apps/kizuna/* → the app's /proxy/*, signed as Shopify signs it. Cookies do
// not pass in either direction.
import { createHmac } from "node:crypto";
import type { Visit } from "./visit";
import type { ThemeRenderer } from "../liquid/render";
import { endToEndHeaders } from "../tunnel";
import { contextFor } from "./pages";

const PREFIX = "/apps/kizuna";
const TARGET = "/proxy";
/** What the platform itself adds; a visitor's own are dropped. Unverified on the real platform. */
const RESERVED = ["shop", "path_prefix", "timestamp", "logged_in_customer_id", "signature"];
const TIMEOUT_MS = 30_000;

/** Hex HMAC over the sorted "name=value" pairs, values of a repeated name joined by commas. */
export function signProxyQuery(secret: string, query: URLSearchParams): string {
  const byName = new Map<string, string[]>();
  for (const [name, value] of query) if (name !== "signature") byName.set(name, [...(byName.get(name) ?? []), value]);
  const pairs = [...byName].map(([name, values]) => `${name}=${values.join(",")}`);
  const message = pairs.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).join("");
  return createHmac("sha256", secret).update(message).digest("hex");
}

/** The query the app receives for a visitor's. */
export function proxyQuery(visit: Visit): URLSearchParams {
  const query = new URLSearchParams();
  const { faults } = visit.sim;
  for (const [name, value] of visit.ctx.url.searchParams) {
    if (faults.proxyKeepsReserved || !RESERVED.includes(name)) query.append(name, value);
  }
  query.append("shop", visit.shop.domain);
  query.append("logged_in_customer_id", visit.customer?.id ?? "");
  query.append("path_prefix", PREFIX);
  query.append("timestamp", String(Math.floor(Date.now() / 1000)));
  query.delete("signature");
  query.append("signature", signProxyQuery(visit.sim.apiSecret, query));
  return query;
}

/** Forwards one request to the app and answers with what it says. */
export async function forwardToApp(visit: Visit, renderer: ThemeRenderer): Promise<void> {
  const { ctx, sim, shop } = visit;
  const started = performance.now();
  const rest = visit.path.slice(PREFIX.length);
  const log = (status: number, body?: string) =>
    sim.requestLog.add({
      at: sim.now().toISOString(),
      direction: "proxy",
      shop: shop.domain,
      summary: `${ctx.req.method ?? ""} ${PREFIX}${rest}`,
      status,
      ms: Math.round(performance.now() - started),
      body,
    });
  try {
    const response = await ask(visit, `${sim.appUrl}${TARGET}${rest}?${proxyQuery(visit).toString()}`);
    const type = response.headers.get("content-type") ?? "";
    const body = Buffer.from(await response.arrayBuffer());
    log(response.status, /json|text|liquid|html/.test(type) ? body.toString("utf8") : undefined);
    if (type.startsWith("application/liquid") && response.ok) {
      const page = { template: "page", title: shop.name };
      ctx.send(response.status, await renderer.liquidPage(body.toString("utf8"), contextFor(visit, page)));
      return;
    }
    ctx.send(response.status, body, answerHeaders(response));
  } catch (error) {
    log(0, String(error));
    ctx.send(502, "The app did not answer.", { "content-type": "text/plain; charset=utf-8" });
  }
}

async function ask(visit: Visit, url: string): Promise<Response> {
  const { req } = visit.ctx;
  const headers = new Headers();
  for (const [name, value] of Object.entries(endToEndHeaders(req.headers))) {
    if (["cookie", "host", "content-length", "accept-encoding", "expect"].includes(name)) continue;
    headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  headers.set("x-forwarded-host", visit.shop.domain);
  headers.set("x-forwarded-proto", "https");
  headers.set("x-forwarded-for", req.socket.remoteAddress ?? "");
  const hasBody = req.method !== "GET" && req.method !== "HEAD";
  return fetch(url, {
    method: req.method,
    headers,
    body: hasBody ? new Uint8Array(await visit.ctx.rawBody()) : undefined,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

function answerHeaders(response: Response): Record<string, string> {
  const dropped = ["set-cookie", "content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"];
  return Object.fromEntries([...response.headers].filter(([name]) => !dropped.includes(name)));
}
