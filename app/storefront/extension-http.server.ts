// What the doors of all UI extensions share: extensions run on origins of Shopify's that nobody can name, and
// say who they are by a token in a header. There are no cookies, so any origin may ask.
import type { IncomingMessage, ServerResponse } from "node:http";

import type { ShopId } from "../db.server";
import { log } from "../log.server";
import { findShopByDomain } from "../shops/find-shop.server";
import { statusOf, type DoorAnswer } from "./door";
import { sendJson } from "./json-http.server";

const CORS = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After" };
const PREFLIGHT = {
  ...CORS,
  "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
  "Access-Control-Allow-Headers": "Authorization, Content-Type",
  "Access-Control-Max-Age": "7200",
};

/** A whole answer: what is said, and the headers beside. */
export interface ExtensionAnswer {
  status: number;
  body: DoorAnswer;
  headers?: Record<string, string>;
}

/** The answer of an outcome, with the status it means. */
export function answerOf(body: DoorAnswer, headers?: Record<string, string>): ExtensionAnswer {
  return { status: statusOf(body.outcome), body, headers };
}

/**
 * Answers an extension: the browser's question first, then what `answer` says; 503 when the database or
 * Shopify is away. Neither the token nor the query is logged.
 */
export async function answerExtension(
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  answer: () => Promise<ExtensionAnswer>,
): Promise<void> {
  if (req.method === "OPTIONS") return void res.writeHead(204, PREFLIGHT).end();
  let said: ExtensionAnswer;
  try {
    said = await answer();
  } catch (error) {
    log().error({ err: error, path }, "an extension's request failed");
    said = answerOf({ outcome: "unavailable" });
  }
  sendJson(res, said.status, said.body, { ...CORS, ...said.headers });
}

/** The installed shop that a token names; null: there is none. */
export async function shopOfToken(domain: string): Promise<ShopId | null> {
  const shop = await findShopByDomain(domain);
  return shop === null || shop.uninstalledAt !== null ? null : shop.id;
}
