// The door to a shop's review feeds: a secret address, an answer that is written while it is read.
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { FEED_PATH, readFeedPath } from "../reviews/feeds/feed-address.server";
import { readFeed } from "../reviews/feeds/read-feed.server";
import { createRateLimit } from "../storefront/rate-limit";

export { FEED_PATH };

/** A feed reads every review of a shop: a few a minute are plenty, guesses or not. */
const perShop = createRateLimit(4, 1 / 30);
const TYPES = { google: "application/xml; charset=utf-8", meta: "application/json; charset=utf-8" } as const;

/** Answers requests below /feeds/. 404 for an address that is none of ours, 405, 429. */
export async function handleFeed(req: IncomingMessage, res: ServerResponse, pathname: string): Promise<void> {
  req.resume();
  if (req.method !== "GET" && req.method !== "HEAD") return void res.writeHead(405, { Allow: "GET, HEAD" }).end();
  const asked = await readFeedPath(pathname);
  if (!asked) return void res.writeHead(404, { "Cache-Control": "no-store" }).end();
  if (!perShop.allow(`${asked.shopId}/${asked.kind}`, performance.now())) {
    return void res.writeHead(429, { "Retry-After": "60" }).end();
  }
  res.writeHead(200, {
    "Content-Type": TYPES[asked.kind],
    "Cache-Control": "private, max-age=300",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Robots-Tag": "noindex",
  });
  if (req.method === "HEAD") return void res.end();
  await pipeline(Readable.from(readFeed(asked.shopId, asked.kind)), res);
}
