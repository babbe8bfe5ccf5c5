// The order of the doors, and how the process leaves: what came in is finished, nothing new is taken.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

import { handleWebhook } from "../ingest/receive.server";
import { withLogContext } from "../log-context.server";
import { log } from "../log.server";
import { countRequest } from "../metrics.server";
import { ACCOUNT_PATH, handleAccount } from "../storefront/account.server";
import { handleProxy } from "../storefront/proxy.server";
import { traced } from "../tracing.server";
import { logAccess } from "./access-log.server";
import { CUSTOMER_BLOCK_PATH, handleCustomerBlock } from "./customer-block.server";
import { doorOf } from "./door-names";
import { FEED_PATH, handleFeed } from "./feeds.server";
import { handleMedia, MEDIA_PATH } from "./media.server";
import { handleMetrics, METRICS_PATH } from "./metrics.server";
import { hasBegunStop, readReadiness } from "./readiness.server";
import { requestIdOf } from "./request-id";
import { handleUnsubscribe, UNSUBSCRIBE_PATH } from "./unsubscribe.server";

export type PageDoor = (req: IncomingMessage, res: ServerResponse, pathname: string) => Promise<void>;

/** After this a stop no longer waits for slow visitors. */
const DRAIN_VISITORS_MS = 10_000;
const CLOSE_IDLE_EVERY_MS = 50;

function answer(res: ServerResponse, status: number, text = ""): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  res.end(text);
}

async function answerReadiness(res: ServerResponse): Promise<void> {
  const readiness = await readReadiness();
  if (readiness.ready) answer(res, 200, "ready");
  else answer(res, 503, `not ready: ${readiness.why}`);
}

/** Answers every request. `pages` is null in a process that only works. */
export function createListener(pages: PageDoor | null): (req: IncomingMessage, res: ServerResponse) => void {
  const route = async (req: IncomingMessage, res: ServerResponse, pathname: string): Promise<void> => {
    if (pathname === "/healthz") return answer(res, 200, "ok");
    if (pathname === "/readyz") return answerReadiness(res);
    if (pathname === METRICS_PATH) return handleMetrics(req, res);
    if (!pages) return answer(res, 404);
    if (pathname === "/webhooks" || pathname.startsWith("/webhooks/")) return handleWebhook(req, res);
    if (pathname.startsWith("/proxy/") && (await handleProxy(req, res))) return;
    if (pathname.startsWith(ACCOUNT_PATH)) return handleAccount(req, res);
    if (pathname.startsWith(CUSTOMER_BLOCK_PATH)) return handleCustomerBlock(req, res);
    if (pathname.startsWith(UNSUBSCRIBE_PATH)) return handleUnsubscribe(req, res, pathname);
    if (pathname.startsWith(MEDIA_PATH)) return handleMedia(req, res, pathname);
    if (pathname.startsWith(FEED_PATH)) return handleFeed(req, res, pathname);
    return pages(req, res, pathname);
  };
  const begin = (req: IncomingMessage, res: ServerResponse, pathname: string): void => {
    logAccess(req, res, pathname);
    countAnswer(res, pathname);
    res.setHeader("X-Content-Type-Options", "nosniff");
    if (hasBegunStop()) res.setHeader("Connection", "close");
    // Only origin form: "//host/…" and "http://host/…" would let the caller choose the host.
    if (!pathname.startsWith("/") || pathname.startsWith("//")) return answer(res, 400);
    const door = doorOf(pathname);
    traced(`request ${door}`, { "kizuna.door": door, "http.request.method": req.method ?? "" }, async (note) => {
      await route(req, res, pathname);
      note({ "http.response.status_code": res.statusCode });
    }).catch((error: unknown) => {
      log().error({ err: error, path: pathname.slice(0, 100) }, "a request failed");
      if (res.headersSent) res.destroy();
      else answer(res, 500, "Something went wrong on our side.");
    });
  };
  return (req, res) => {
    const request = requestIdOf(req.headers["x-request-id"]);
    res.setHeader("X-Request-Id", request);
    withLogContext({ request }, () => begin(req, res, (req.url ?? "").split("?", 1)[0] ?? ""));
  };
}

function countAnswer(res: ServerResponse, pathname: string): void {
  const started = performance.now();
  res.once("close", () => countRequest(doorOf(pathname), res.statusCode, (performance.now() - started) / 1000));
}

/**
 * Stops taking requests and finishes those under way. For `noticeMs` the port stays open, so that a balancer can
 * read from /readyz that it should go elsewhere.
 */
export async function closeDoors(server: Server, noticeMs: number): Promise<void> {
  await wait(noticeMs);
  const gone = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose last answer began before the stop was promised to stay open.
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_VISITORS_MS);
  await gone;
  clearInterval(idle);
  clearTimeout(cut);
}
