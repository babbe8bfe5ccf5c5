// The door behind the foot of every mail (RFC 8058). A look changes nothing: scanners open every link. A POST
// stops the messages at once, from a mailbox provider or from the page's button, without cookies and however
// often; it takes nothing from its body.
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import { businessNow } from "../clock.server";
import { toLocale } from "../i18n/locales";
import { readUnsubscribeToken } from "../journeys/contact-keys.server";
import { readRecipient, unsubscribe } from "../journeys/suppress.server";
import { PAGE_STYLE, unsubscribePage, type UnsubscribeState } from "../journeys/unsubscribe-page";
import { createRateLimit } from "../storefront/rate-limit";

export const UNSUBSCRIBE_PATH = "/unsubscribe/";
const perToken = createRateLimit(20, 0.2);
/** Guessing a token is hopeless; trying must not cost us anything either. */
const forGuesses = createRateLimit(100, 10);
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(PAGE_STYLE).digest("base64")}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

/** Answers requests below /unsubscribe/. 404 for a token that is not ours, 405, 429. */
export async function handleUnsubscribe(req: IncomingMessage, res: ServerResponse, pathname: string): Promise<void> {
  req.resume();
  const isPost = req.method === "POST";
  const asked = toLocale(req.headers["accept-language"]?.split(",")[0]);
  if (!isPost && req.method !== "GET" && req.method !== "HEAD") return send(res, 405, "", { Allow: "GET, HEAD, POST" });
  const token = pathname.slice(UNSUBSCRIBE_PATH.length);
  const known = readUnsubscribeToken(token);
  const allowed = known ? perToken.allow(token, performance.now()) : forGuesses.allow("any", performance.now());
  if (!allowed) return send(res, 429, "", { "Retry-After": "10" });
  const recipient = known && (await readRecipient(known.shopId, known.subject));
  if (!known || !recipient) return send(res, 404, unsubscribePage("unknown", asked, ""));
  // Somebody who was erased gets nothing any more: for them it is done.
  if (isPost) await unsubscribe(known.shopId, known.subject, await businessNow());
  const state: UnsubscribeState = isPost ? "done" : "ask";
  const locale = toLocale(recipient.locale ?? recipient.shopLocale);
  send(res, 200, unsubscribePage(state, locale, recipient.shopName));
}

function send(res: ServerResponse, status: number, html: string, headers: Record<string, string> = {}): void {
  res.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": Buffer.byteLength(html),
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    ...headers,
  });
  res.end(html);
}
