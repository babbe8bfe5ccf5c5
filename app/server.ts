// The process: our own small server in front of Remix, and the worker beside it. Webhooks and storefront
// reads are answered before Remix sees anything: they are most of the traffic and need none of it.
import { createServer, type Server } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";

import { closeDatabase } from "./db.server";
import { env } from "./env.server";
import { startWorker } from "./jobs/worker.server";
import { log } from "./log.server";
import { projectRoot } from "./project-root.server";
import { closeDoors, createListener, type PageDoor } from "./server/listener.server";
import { beginStop, hasBegunStop } from "./server/readiness.server";
import { remixDoor } from "./server/remix-door.server";
import { refuseUnsafeStart } from "./server/start-checks.server";
import { serveStatic } from "./server/static-files.server";
import { startTracing, stopTracing } from "./tracing.server";

/** After this a stop no longer waits for anything. */
const STOP_WITHIN_MS = 30_000;

async function pageDoor(): Promise<PageDoor> {
  if (env().NODE_ENV === "development") return (await import("./server/vite-door.server")).viteDoor();
  const build = path.join(projectRoot(), "build");
  const files = serveStatic(path.join(build, "client"));
  const remix = remixDoor((await import(pathToFileURL(path.join(build, "server/index.js")).href)) as ServerBuild);
  return async (req, res, pathname) => {
    if (!(await files(req, res, pathname))) await remix(req, res);
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
  await startTracing(env().OTEL_EXPORTER_OTLP_ENDPOINT);
  const pages = KIZUNA_ROLE === "worker" ? null : await pageDoor();
  const server = createServer(
    // A slow or silent caller holds a socket for seconds, not for ever; a video over a slow line may take two minutes.
    { headersTimeout: 10_000, requestTimeout: 120_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 5_000 },
    createListener(pages),
  );
  const worker = KIZUNA_ROLE === "web" ? null : await startWorker();
  const port = await listen(server);
  stopOnSignals(server, worker);
  log().info({ address: `http://${HOST}:${port}` }, "listening");
  process.send?.({ listening: port });
}

function stopOnSignals(server: Server, worker: { stop(): Promise<void> } | null): void {
  const stop = (reason: string) => {
    if (hasBegunStop()) return log().info({ reason }, "already stopping");
    beginStop();
    log().info({ reason }, "stopping");
    setTimeout(() => process.exit(1), STOP_WITHIN_MS + env().KIZUNA_DRAIN_SECONDS * 1000).unref();
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
  await Promise.all([closeDoors(server, env().KIZUNA_DRAIN_SECONDS * 1000), worker?.stop()]);
  await stopTracing();
  await closeDatabase();
  log().info("stopped");
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
