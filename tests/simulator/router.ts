// A tiny router over node:http. Paths may hold ":name" for one segment and end with "*" for the rest
// (params["*"]). The first route that fits wins.
import type { IncomingMessage, ServerResponse } from "node:http";

const BODY_MAX_BYTES = 64 * 1024 * 1024;

export interface Context {
  req: IncomingMessage;
  res: ServerResponse;
  url: URL;
  params: Record<string, string>;
  rawBody(): Promise<Buffer>;
  body(): Promise<string>;
  /** The parsed JSON body; null when there is none. @throws BadRequest when it is not JSON */
  json(): Promise<unknown>;
  /** Strings and buffers go out as they are, everything else as JSON. */
  send(status: number, body?: unknown, headers?: Record<string, string>): void;
}
export type Handler = (ctx: Context) => Promise<void> | void;

/** Thrown by handlers: answered as 400 with the message. */
export class BadRequest extends Error {}

interface Route {
  method: string;
  pattern: RegExp;
  names: string[];
  handler: Handler;
}

export class Router {
  #routes: Route[] = [];

  /** method "*" answers every method. */
  on(method: string, path: string, handler: Handler): void {
    const names: string[] = [];
    const source = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/:([A-Za-z]+)|\*/g, (_, name?: string) => {
      names.push(name ?? "*");
      return name ? "([^/]+)" : "(.*)";
    });
    this.#routes.push({ method: method.toUpperCase(), pattern: new RegExp(`^${source}$`), names, handler });
  }

  /** Answers when a route fits; false leaves the request to the caller. */
  async handle(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    const url = new URL(req.url ?? "/", `http://${req.headers.host ?? "localhost"}`);
    for (const { method, pattern, names, handler } of this.#routes) {
      const match = pattern.exec(url.pathname);
      if (!match || (method !== "*" && method !== req.method && !(method === "GET" && req.method === "HEAD"))) continue;
      const ctx = createContext(req, res, url);
      await run((context) => {
        names.forEach((name, at) => (context.params[name] = decode(match[at + 1] ?? "")));
        return handler(context);
      }, ctx);
      return true;
    }
    return false;
  }
}

/** A context for a request: also for servers without a router. */
export function createContext(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  params: Record<string, string> = {},
): Context {
  let read: Promise<Buffer> | undefined;
  const rawBody = () => (read ??= readAll(req));
  return {
    req,
    res,
    url,
    params,
    rawBody,
    body: async () => (await rawBody()).toString("utf8"),
    async json() {
      const text = (await rawBody()).toString("utf8");
      if (text.trim() === "") return null;
      try {
        return JSON.parse(text) as unknown;
      } catch {
        throw new BadRequest("the body is not JSON");
      }
    },
    send(status, body, headers = {}) {
      if (res.headersSent) return;
      const plain = typeof body === "string" || Buffer.isBuffer(body);
      const type = plain ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
      const content = body === undefined ? "" : plain ? body : JSON.stringify(body);
      res.writeHead(status, { "content-type": type, ...headers });
      res.end(req.method === "HEAD" ? undefined : content);
    },
  };
}

async function run(handler: Handler, ctx: Context): Promise<void> {
  try {
    await handler(ctx);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const known = error instanceof BadRequest;
    if (!known) console.error(`simulator: ${ctx.req.method} ${ctx.url.pathname} failed`, error);
    ctx.send(known ? 400 : 500, { error: message });
    if (!ctx.res.writableEnded) ctx.res.destroy();
  }
}

async function readAll(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) throw new BadRequest(`the body is larger than ${BODY_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new BadRequest("the path is not valid");
  }
}
