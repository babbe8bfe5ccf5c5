// The shoppers' door: signed app-proxy requests, answered before Remix. The method, the path and a body are
// not covered by Shopify's signature: a GET changes nothing, and a POST acts for the signed customer only.
import type { IncomingMessage, ServerResponse } from "node:http";

import { recentNow } from "../clock.server";
import { env } from "../env.server";
import { log } from "../log.server";
import { findShopByDomain } from "../shops/find-shop.server";
import { statusOf, type Door, type DoorAnswer, type DoorCall } from "./door";
import { DOORS } from "./doors.server";
import { NO_BODY, readJson, sendJson as send, sendPublicJson as sendPublic } from "./json-http.server";
import { createKeptAnswers } from "./kept-answers";
import { handlePage } from "./page-doors.server";
import { askedParameters, verifyProxyQuery } from "./proxy-signature";
import { createRateLimit } from "./rate-limit";
import { answerUploadCall, UPLOAD_DOOR } from "./upload-door.server";

const PREFIX = "/proxy/";
/** Nobody's visitors together may take more than this from the other shops. */
const perShop = createRateLimit(400, 100);
/** Who is not signed in is known by an address that can be forged: together they have a limit as well. */
const perShopUnknown = createRateLimit(60, 1);
const publicAnswers = createKeptAnswers();

/**
 * Answers requests below /proxy/; false when the path is not ours.
 * 400 without one valid fresh signature or with a body that is none, 401 where a customer must be signed in,
 * 403 for a POST that a foreign page could make, 404, 405, 409, 413, 429, 503 when the database or Shopify is away.
 */
export async function handleProxy(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
  const [path = "", query = ""] = (req.url ?? "").split(/\?(.*)/s);
  if (!path.startsWith(PREFIX)) return false;
  const door = path.slice(PREFIX.length);
  if (await handlePage(req, res, door, query, visitorOf(req))) return true;
  try {
    if (door === UPLOAD_DOOR) await answerUploadCall(req, res, query, visitorOf(req));
    else await answerSigned(req, res, door, query);
  } catch (error) {
    log().error({ err: error, path }, "a storefront request failed");
    send(res, 503, { outcome: "unavailable" });
  }
  return true;
}

async function answerSigned(req: IncomingMessage, res: ServerResponse, path: string, query: string): Promise<void> {
  const verdict = verifyProxyQuery(query, env().SHOPIFY_API_SECRET, Math.floor(Date.now() / 1000));
  if (verdict.outcome === "refused") return send(res, 400, { outcome: "signature", reason: verdict.reason });
  const door = DOORS.get(path);
  if (!door) return refuse(res, "not_found");
  const methods = door.method === "GET" ? ["GET", "HEAD"] : [door.method];
  if (!methods.includes(req.method ?? "")) return send(res, 405, { outcome: "method" }, { Allow: methods.join(", ") });
  if (door.method === "POST" && !isOwnPage(req)) return refuse(res, "forbidden");
  if (door.needsCustomer === true && verdict.customerId === null) return refuse(res, "signed_out");
  const caller = verdict.customerId ?? visitorOf(req);
  const now = performance.now();
  const isAllowed =
    perShop.allow(verdict.shop, now) &&
    door.limit.allow(`${verdict.shop}/${caller}`, now) &&
    (verdict.customerId !== null || door.needsCustomer === "public" || perShopUnknown.allow(verdict.shop, now));
  if (!isAllowed) {
    return send(res, 429, { outcome: "too_many" }, { "Retry-After": "5" });
  }
  const shop = await findShopByDomain(verdict.shop);
  if (shop === null || shop.uninstalledAt !== null) return refuse(res, "not_found");
  const parameters = askedParameters(verdict.parameters);
  if (door.needsCustomer === "public") {
    const key = `${shop.id} ${path}?${parameters.toString()}`;
    const answer = await publicAnswers(key, now, () => door.handle({ shopId: shop.id, parameters }));
    return sendPublic(req, res, answer);
  }
  const body = door.method === "POST" ? await readJson(req) : NO_BODY;
  if (body.outcome === "too_large") return send(res, 413, { outcome: "too_large" }, { Connection: "close" });
  if (body.outcome === "bad_body") return refuse(res, "bad_body");
  const call = { shopId: shop.id, parameters, body: body.value, visitor: visitorOf(req), now: await recentNow() };
  const answer = await knock(door, verdict.customerId, call);
  send(res, statusOf(answer.outcome), answer);
}

type PersonalDoor = Exclude<Door, { needsCustomer: "public" }>;
async function knock(
  door: PersonalDoor,
  customerId: string | null,
  call: Omit<DoorCall, "customerId">,
): Promise<DoorAnswer> {
  if (!door.needsCustomer) return door.handle({ ...call, customerId });
  return customerId === null ? { outcome: "signed_out" } : door.handle({ ...call, customerId });
}

// A forged form or link carries the shopper's cookies, but neither this type nor a header of ours.
function isOwnPage(req: IncomingMessage): boolean {
  return req.headers["content-type"]?.split(";")[0]?.trim() === "application/json" && req.headers["x-kizuna"] === "1";
}

// Shopify names the visitor first. Only limits depend on it: whoever forges it passes one limit of several.
function visitorOf(req: IncomingMessage): string {
  const forwarded = req.headers["x-forwarded-for"];
  const named = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(",")[0]?.trim();
  return `visitor ${named ?? req.socket.remoteAddress ?? ""}`;
}

function refuse(res: ServerResponse, outcome: string): void {
  send(res, statusOf(outcome), { outcome });
}
