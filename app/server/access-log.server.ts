// One line per answer: method, path, status, time. Queries and anything in a path that could be a token stay out.
import type { IncomingMessage, ServerResponse } from "node:http";

import { log } from "../log.server";

const TOKEN_LIKE = /^[\w.~-]{24,}$/;

/** The path as it may be written down. */
export function loggablePath(pathname: string): string {
  const parts = pathname.slice(0, 300).split("/");
  return parts.map((part) => (TOKEN_LIKE.test(part) && /\d/.test(part) ? "[cut]" : part)).join("/");
}

/** Logs the request when its answer is finished or its caller has gone. */
export function logAccess(req: IncomingMessage, res: ServerResponse, pathname: string): void {
  const started = performance.now();
  res.once("close", () => {
    const line = {
      method: req.method,
      path: loggablePath(pathname),
      status: res.statusCode,
      ms: Math.round(performance.now() - started),
      ...(res.writableFinished ? {} : { aborted: true }),
    };
    const quiet = pathname === "/healthz" || pathname === "/readyz" || pathname.startsWith("/assets/");
    if (quiet) log().debug(line, "request");
    else log().info(line, "request");
  });
}
