// JSON in and out of the bare doors, which stand before Remix.
import type { IncomingMessage, ServerResponse } from "node:http";

import type { PublicAnswer } from "./kept-answers";

/** More than any of our forms sends. */
const BODY_BYTES_MAX = 8 * 1024;

/** The JSON of a request, or why there is none. */
export interface JsonBody {
  outcome: "read" | "too_large" | "bad_body";
  value?: unknown;
}
/** What a request without a body says. */
export const NO_BODY: JsonBody = { outcome: "read" };

/** Reads a body of at most 8 KiB. */
export async function readJson(req: IncomingMessage): Promise<JsonBody> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > BODY_BYTES_MAX) return { outcome: "too_large" };
    parts.push(part);
  }
  try {
    return { outcome: "read", value: JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown };
  } catch {
    return { outcome: "bad_body" };
  }
}

/** JSON that no cache keeps and no browser takes for anything else: what it says belongs to one shopper. */
export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  sendText(res, status, JSON.stringify(body), { "Cache-Control": "private, no-store", ...headers });
}

/** JSON that is the same for everybody: kept for a minute, and not sent again to who still has it. */
export function sendPublicJson(req: IncomingMessage, res: ServerResponse, { status, json, tag }: PublicAnswer): void {
  if (status !== 200) return sendText(res, status, json, { "Cache-Control": "private, no-store" });
  const headers = { "Cache-Control": "public, max-age=60", ETag: tag };
  // A proxy that compresses marks the tag as weak.
  const known = (req.headers["if-none-match"] ?? "").split(",").map((each) => each.trim().replace(/^W\//, ""));
  if (known.includes(tag)) {
    res.writeHead(304, headers).end();
    return;
  }
  sendText(res, 200, json, headers);
}

function sendText(res: ServerResponse, status: number, json: string, headers: Record<string, string>): void {
  res.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(json),
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  res.end(json);
}
