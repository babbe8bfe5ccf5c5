// The account extension's door: requests with a session token of a checkout or a customer account, answered
// before Remix. Shop and customer come from the token and from nowhere else.
import type { IncomingMessage, ServerResponse } from "node:http";

import { businessNow } from "../clock.server";
import { readCustomerToken } from "../shopify/session-token.server";
import { readAccountOrder } from "./account-order.server";
import { readAccount } from "./account-page.server";
import { answerAccountReview, readAccountReviews } from "./account-review.server";
import { localeOf, type Door } from "./door";
import { DOORS } from "./doors.server";
import { answerExtension, answerOf, shopOfToken, type ExtensionAnswer } from "./extension-http.server";
import { NO_BODY, readJson } from "./json-http.server";
import { createRateLimit } from "./rate-limit";

/** Below it stand the account extension's doors. */
export const ACCOUNT_PATH = "/account-api/";

type MemberDoor = Extract<Door, { needsCustomer: true }>;

/** An order page asks again while an order is on its way. */
const reads = createRateLimit(30, 1);
/** An order has a few products; nobody writes about ten a minute. */
const reviews = createRateLimit(10, 1 / 10);
const perShop = createRateLimit(400, 100);
/** Who is not signed in: nothing is read for them, but the answer costs as well. */
const perShopUnknown = createRateLimit(120, 10);

// What a shopper can do here is what they can do in the theme: one door, one limit, two ways in.
function asInTheme(path: string): [string, MemberDoor] {
  const door = DOORS.get(path);
  if (door?.needsCustomer !== true) throw new Error(`no door of members: ${path}`);
  return [path, door];
}
export const ACCOUNT_DOORS: ReadonlyMap<string, MemberDoor> = new Map<string, MemberDoor>([
  [
    "account",
    {
      method: "GET",
      needsCustomer: true,
      limit: reads,
      handle: async ({ shopId, customerId, parameters, now }) => ({
        ...(await readAccount(shopId, customerId, localeOf(parameters.get("locale")), now)),
      }),
    },
  ],
  [
    "order",
    {
      method: "GET",
      needsCustomer: true,
      limit: reads,
      handle: ({ shopId, customerId, parameters }) => readAccountOrder(shopId, customerId, parameters),
    },
  ],
  ["reviews", { method: "GET", needsCustomer: true, limit: reads, handle: readAccountReviews }],
  ["review", { method: "POST", needsCustomer: true, limit: reviews, handle: answerAccountReview }],
  asInTheme("history"),
  asInTheme("join"),
  asInTheme("redeem"),
  asInTheme("redeem-cancel"),
]);

/**
 * Answers requests below /account-api/. 401 without a valid token or where nobody is signed in, 400, 404, 405,
 * 409, 413, 429, 503 as the storefront's door.
 */
export async function handleAccount(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [target = "", query = ""] = (req.url ?? "").split(/\?(.*)/s);
  const path = target.slice(ACCOUNT_PATH.length);
  await answerExtension(req, res, path, () => answer(req, path, new URLSearchParams(query)));
}

async function answer(req: IncomingMessage, path: string, parameters: URLSearchParams): Promise<ExtensionAnswer> {
  const token = await readCustomerToken(req.headers.authorization);
  if (!token) return answerOf({ outcome: "signed_out", reason: "token" });
  const door = ACCOUNT_DOORS.get(path);
  if (!door) return answerOf({ outcome: "not_found" });
  if (req.method !== door.method) return { status: 405, body: { outcome: "method" }, headers: { Allow: door.method } };
  const { shop, customerId } = token;
  const now = performance.now();
  const isAllowed =
    perShop.allow(shop, now) &&
    (customerId === null ? perShopUnknown.allow(shop, now) : door.limit.allow(`${shop}/${customerId}`, now));
  if (!isAllowed) return answerOf({ outcome: "too_many" }, { "Retry-After": "5" });
  const shopId = await shopOfToken(shop);
  if (shopId === null) return answerOf({ outcome: "not_found" });
  if (customerId === null) return answerOf({ outcome: "signed_out", reason: "guest" });
  const body = door.method === "POST" ? await readJson(req) : NO_BODY;
  if (body.outcome === "too_large") return { status: 413, body: { ...body }, headers: { Connection: "close" } };
  if (body.outcome === "bad_body") return answerOf({ outcome: "bad_body" });
  const call = { shopId, customerId, parameters, body: body.value, visitor: `customer ${customerId}` };
  return answerOf(await door.handle({ ...call, now: await businessNow() }));
}
