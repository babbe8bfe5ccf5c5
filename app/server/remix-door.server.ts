// Between Node's http and Remix's Request and Response.
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { createRequestHandler, type ServerBuild } from "@remix-run/node";

import { env } from "../env.server";
import { createRateLimit } from "../storefront/rate-limit";
import { visitorAddress } from "./visitor-address";

/** Forms and bulk adjustments fit; files are never posted to pages. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
/** Files that a merchant brings: read in memory, so one page's limit, not every page's. */
const FILE_BYTES_MAX: Record<string, number> = { "/app/members/import": 64 * 1024 * 1024 };

/** What a page can be asked with; of the others the web's own Request refuses some by throwing. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** A page asks for its data a few times, staff of one shop may share an address; a script does not stop there. */
const perAddress = createRateLimit(600, 30);

/** A listener that answers with Remix; 405, 413 and 429 for methods, bodies and callers that are too much for a page. */
export function remixDoor(
  build: ServerBuild | (() => Promise<ServerBuild>),
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const handle = createRequestHandler(build, env().NODE_ENV);
  return async (req, res) => {
    if (!METHODS.has(req.method ?? "")) {
      return void res.writeHead(405, { Allow: [...METHODS].join(", "), "Content-Length": 0 }).end();
    }
    if (!perAddress.allow(visitorAddress(req, env().KIZUNA_TRUSTED_HOPS), performance.now())) {
      return void res.writeHead(429, { Connection: "close", "Retry-After": "5", "Content-Length": 0 }).end();
    }
    if (Number(req.headers["content-length"] ?? 0) > bytesMax(req)) {
      return void res.writeHead(413, { Connection: "close", "Content-Length": 0 }).end();
    }
    await sendResponse(req, res, await handle(toRequest(req, res)));
  };
}

function toRequest(req: IncomingMessage, res: ServerResponse): Request {
  const gone = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) gone.abort();
  });
  const headers = new Headers();
  for (let at = 0; at + 1 < req.rawHeaders.length; at += 2)
    headers.append(req.rawHeaders[at] ?? "", req.rawHeaders[at + 1] ?? "");
  const method = req.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  // The origin is ours to say; a Host header is the caller's.
  return new Request(env().SHOPIFY_APP_URL.replace(/\/$/, "") + (req.url ?? "/"), {
    method,
    headers,
    signal: gone.signal,
    ...(hasBody ? { body: Readable.toWeb(req.pipe(limit(bytesMax(req)))) as ReadableStream, duplex: "half" } : {}),
  });
}

// Remix asks for a route's data below its own path or with ".data" behind it.
function bytesMax(req: IncomingMessage): number {
  const path = (req.url ?? "").split("?")[0]?.replace(/\.data$/, "") ?? "";
  return FILE_BYTES_MAX[path] ?? BODY_BYTES_MAX;
}
function limit(max: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > max ? new Error("the body is larger than a page accepts") : null, chunk);
    },
  });
}

async function sendResponse(req: IncomingMessage, res: ServerResponse, response: Response): Promise<void> {
  if (res.destroyed) return void response.body?.cancel();
  for (const [name, value] of response.headers) if (name !== "set-cookie") res.setHeader(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) res.setHeader("Set-Cookie", cookies);
  res.writeHead(response.status);
  if (!response.body || req.method === "HEAD") {
    await response.body?.cancel();
    return void res.end();
  }
  try {
    await pipeline(Readable.fromWeb(response.body as NodeReadableStream), res);
  } catch (error) {
    // The visitor left in the middle of a page.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}
