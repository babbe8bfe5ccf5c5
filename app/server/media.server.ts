// The door to stored photos and videos: files we encoded ourselves, with the few types we store, never as
// anything a browser would run. Their addresses cannot be guessed and never change what they show.
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

import { env } from "../env.server";
import { MEDIA_PATH, readMediaPath } from "../reviews/media/media-place.server";
import { extensionOf, MEDIA_TYPES, type OpenFile } from "../storage/media-store";
import { mediaStore } from "../storage/media-store.server";
import { createRateLimit } from "../storefront/rate-limit";
import { visitorAddress } from "./visitor-address";

export { MEDIA_PATH };

const HEADERS = {
  "Cache-Control": "public, max-age=31536000, immutable",
  "Content-Security-Policy": "sandbox; default-src 'none'",
  "Content-Disposition": "inline",
  "Cross-Origin-Resource-Policy": "cross-origin",
  "Accept-Ranges": "bytes",
};

/** What exists may be asked for as often as a page is looked at; whoever guesses is told to slow down. */
const guesses = createRateLimit(100, 5);

/** Answers requests below /media/. 206 for a part, 404, 405, 416, 429. */
export async function handleMedia(req: IncomingMessage, res: ServerResponse, pathname: string): Promise<void> {
  req.resume();
  if (req.method !== "GET" && req.method !== "HEAD") return void res.writeHead(405, { Allow: "GET, HEAD" }).end();
  const asked = readMediaPath(pathname);
  const range = rangeOf(req.headers.range);
  const file = asked && (await mediaStore().open(asked.shopId, asked.place, range ?? undefined));
  if (!asked || !file) {
    const mayGuess = guesses.allow(visitorAddress(req, env().KIZUNA_TRUSTED_HOPS), performance.now());
    return void res.writeHead(mayGuess ? 404 : 429, { "Cache-Control": "no-store" }).end();
  }
  if (range && range.from >= file.size) {
    file.stream.destroy();
    return void res.writeHead(416, { "Content-Range": `bytes */${file.size}` }).end();
  }
  res.writeHead(range ? 206 : 200, {
    ...HEADERS,
    "Content-Type": MEDIA_TYPES[extensionOf(asked.place.name)],
    "Content-Length": file.length,
    ...(range ? { "Content-Range": contentRange(file) } : {}),
  });
  if (req.method === "HEAD") {
    file.stream.destroy();
    return void res.end();
  }
  // A visitor who leaves half-way is no failure.
  await pipeline(file.stream, res).catch(() => undefined);
}

function contentRange({ from, length, size }: OpenFile): string {
  return `bytes ${from}-${from + length - 1}/${size}`;
}
// One part, counted from the beginning: what players ask for. Anything else gets the whole file.
function rangeOf(header: string | undefined): { from: number; to: number | null } | null {
  const match = /^bytes=(\d{1,12})-(\d{0,12})$/.exec(header ?? "");
  if (!match) return null;
  const [from, to] = [Number(match[1]), match[2] ? Number(match[2]) : null];
  return to !== null && to < from ? null : { from, to };
}
