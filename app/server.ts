// The process: our own small server in front of Remix, and the worker beside it. Webhooks and storefront
// reads are answered before Remix sees anything: they are most of the traffic and need none of it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";

import { closeDatabase } from "./db.server";
import { env } from "./env.server";
import { handleWebhook } from "./ingest/receive.server";
import { startWorker } from "./jobs/worker.server";
import { log } from "./log.server";
import { projectRoot } from "./project-root.server";
import { logAccess } from "./server/access-log.server";
import { CUSTOMER_BLOCK_PATH, handleCustomerBlock } from "./server/customer-block.server";
import { FEED_PATH, handleFeed } from "./server/feeds.server";
import { databaseAnswers } from "./server/health.server";
import { handleMedia, MEDIA_PATH } from "./server/media.server";
import { remixDoor } from "./server/remix-door.server";
import { refuseUnsafeStart } from "./server/start-checks.server";
import { serveStatic } from "./server/static-files.server";
import { handleUnsubscribe, UNSUBSCRIBE_PATH } from "./server/unsubscribe.server";
import { ACCOUNT_PATH, handleAccount } from "./storefront/account.server";
import { handleProxy } from "./storefront/proxy.server";

type Door = (req: IncomingMessage, res: ServerResponse, pathname: string) => Promise<void>;

/** After this a stop no longer waits for slow visitors. */
const DRAIN_VISITORS_MS = 10_000;
/** After this a stop no longer waits for anything. */
const STOP_WITHIN_MS = 30_000;

let stopping = false;

async function pageDoor(): Promise<Door> {
  if (env().NODE_ENV === "development") return (await import("./server/vite-door.server")).viteDoor();
  const build = path.join(projectRoot(), "build");
  const files = serveStatic(path.join(build, "client"));
  const remix = remixDoor((await import(pathToFileURL(path.join(build, "server/index.js")).href)) as ServerBuild);
  return async (req, res, pathname) => {
    if (!(await files(req, res, pathname))) await remix(req, res);
  };
}

function answer(res: ServerResponse, status: number, text = ""): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
  });
  res.end(text);
}

/** The order of the doors. `pages` is null in a process that only works. */
function listener(pages: Door | null): (req: IncomingMessage, res: ServerResponse) => void {
  const route = async (req: IncomingMessage, res: ServerResponse, pathname: string): Promise<void> => {
    if (pathname === "/healthz") return answer(res, 200, "ok");
    if (pathname === "/readyz")
      return !stopping && (await databaseAnswers()) ? answer(res, 200, "ready") : answer(res, 503, "not ready");
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
  return (req, res) => {
    const target = req.url ?? "";
    const pathname = target.split("?", 1)[0] ?? "";
    logAccess(req, res, pathname);
    res.setHeader("X-Content-Type-Options", "nosniff");
    if (stopping) res.setHeader("Connection", "close");
    // Only origin form: "//host/…" and "http://host/…" would let the caller choose the host.
    if (!pathname.startsWith("/") || pathname.startsWith("//")) return answer(res, 400);
    route(req, res, pathname).catch((error: unknown) => {
      log().error({ err: error, path: pathname.slice(0, 100) }, "a request failed");
      if (res.headersSent) res.destroy();
      else answer(res, 500, "Something went wrong on our side.");
    });
  };
}

async function listen(server: Server): Promise<number> {
  const { HOST, PORT } = env();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(taken ? new Error(`Port ${PORT} is taken. Stop what listens there, or set PORT to another one.`) : error);
    });
    server.listen(PORT, HOST, resolve);
  });
  const address = server.address();
  return typeof address === "object" && address ? address.port : PORT;
}

async function start(): Promise<void> {
  const { KIZUNA_ROLE, HOST } = env();
  await refuseUnsafeStart();
  const pages = KIZUNA_ROLE === "worker" ? null : await pageDoor();
  const server = createServer(
    // A slow or silent caller holds a socket for seconds, not for ever; a video over a slow line may take two minutes.
    { headersTimeout: 10_000, requestTimeout: 120_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 5_000 },
    listener(pages),
  );
  const worker = KIZUNA_ROLE === "web" ? null : await startWorker();
  const port = await listen(server);
  stopOnSignals(server, worker);
  log().info({ address: `http://${HOST}:${port}` }, "listening");
  process.send?.({ listening: port });
}

function stopOnSignals(server: Server, worker: { stop(): Promise<void> } | null): void {
  const stop = (reason: string) => {
    if (stopping) return log().info({ reason }, "already stopping");
    stopping = true;
    log().info({ reason }, "stopping");
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    finish(server, worker).then(
      () => process.exit(0),
      (error: unknown) => {
        log().error({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  // A parent that was killed cannot send a signal; its channel closes instead.
  process.on("disconnect", () => stop("parent gone"));
}

async function finish(server: Server, worker: { stop(): Promise<void> } | null): Promise<void> {
  const visitorsGone = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_VISITORS_MS);
  await Promise.all([visitorsGone, worker?.stop()]);
  clearTimeout(cut);
  await closeDatabase();
  log().info("stopped");
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
