// The shoppers' door: signed app-proxy requests, answered before Remix. The method, the path and a body are
// not covered by Shopify's signature: a GET changes nothing, and the one POST takes nothing from its body.
import type { IncomingMessage, ServerResponse } from "node:http";

import { businessNow } from "../clock.server";
import { env } from "../env.server";
import { log } from "../log.server";
import { findShopByDomain } from "../shops/find-shop.server";
import { claimOrders } from "./claim-orders.server";
import { readHistoryPage } from "./history-page.server";
import { verifyProxyQuery } from "./proxy-signature";
import { createRateLimit } from "./rate-limit";

const PREFIX = "/proxy/";
/** A shopper opens their history a few times a minute; a script does not stop at that. */
const perCaller = createRateLimit(20, 1);
/** Nobody's visitors together may take more than this from the other shops. */
const perShop = createRateLimit(400, 100);
/** A claim asks Shopify: once a visit is enough. */
const perClaimant = createRateLimit(3, 1 / 60);

/**
 * Answers requests below /proxy/; false when the path is not ours.
 * 400 without one valid fresh signature, 401 for nobody signed in, 403 for a POST that a foreign page could
 * make, 404, 405, 429, 503 when the database or Shopify is away.
 */
export async function handleProxy(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
  const [path = "", query = ""] = (req.url ?? "").split(/\?(.*)/s);
  if (!path.startsWith(PREFIX)) return false;
  try {
    await answerSigned(req, res, path.slice(PREFIX.length), query);
  } catch (error) {
    log().error({ err: error instanceof Error ? error.message : "unknown", path }, "a storefront request failed");
    send(res, 503, { error: "unavailable" });
  }
  return true;
}

async function answerSigned(req: IncomingMessage, res: ServerResponse, path: string, query: string): Promise<void> {
  const verdict = verifyProxyQuery(query, env().SHOPIFY_API_SECRET, Math.floor(Date.now() / 1000));
  if (verdict.outcome === "refused") return send(res, 400, { error: "signature", reason: verdict.reason });
  const isClaim = path === "claim";
  const methods = isClaim ? ["POST"] : ["GET", "HEAD"];
  if (!methods.includes(req.method ?? "")) return send(res, 405, { error: "method" }, { Allow: methods.join(", ") });
  if (!isClaim && path !== "history") return send(res, 404, { error: "not_found" });
  if (isClaim && !isOwnPage(req)) return send(res, 403, { error: "origin" });
  if (verdict.customerId === null) return send(res, 401, { error: "signed_out" });
  const now = performance.now();
  const limit = isClaim ? perClaimant : perCaller;
  if (!perShop.allow(verdict.shop, now) || !limit.allow(`${verdict.shop}/${verdict.customerId}`, now)) {
    return send(res, 429, { error: "too_many" }, { "Retry-After": "5" });
  }
  const shop = await findShopByDomain(verdict.shop);
  if (shop === null || shop.uninstalledAt !== null) return send(res, 404, { error: "not_found" });
  if (isClaim) return send(res, 200, await claimOrders(shop.id, verdict.customerId, await businessNow()));
  const page = await readHistoryPage(shop.id, verdict.customerId, verdict.parameters);
  if (page.outcome === "bad_request") return send(res, 400, { error: "before" });
  send(res, 200, { entries: page.entries, next: page.next });
}

// A forged form or link carries the shopper's cookies, but neither this type nor a header of ours.
function isOwnPage(req: IncomingMessage): boolean {
  return req.headers["content-type"]?.split(";")[0]?.trim() === "application/json" && req.headers["x-kizuna"] === "1";
}

/** JSON that no cache keeps and no browser takes for anything else: what it says belongs to one shopper. */
function send(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const json = JSON.stringify(body);
  res.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(json),
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  res.end(json);
}
