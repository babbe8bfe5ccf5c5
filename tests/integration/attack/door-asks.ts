// Everything that can be asked at a door outside of the admin, with a credential as its sender signs it or with a bad
// one: written once for whoever asks with another shop's ids, and for whoever has no right to ask at all.
import { createHmac, randomUUID } from "node:crypto";

import { SignJWT } from "jose";

import { env } from "../../../app/env.server";
import { signProxyQuery } from "../../../app/storefront/proxy-signature";
import { newVisitor } from "../storefront/review-site";
import type { FurnishedShop } from "../tenancy/furnished-shop";

/** What a door asks to see. "link": the secret stands in the address, and nothing else is asked for. */
export type Credential = "proxy" | "account" | "block" | "webhook" | "link";
export interface DoorAsk {
  /** Names the door for people and for the list of doors. */
  name: string;
  credential: Credential;
  method: "GET" | "POST";
  path: string;
  query?: Record<string, string>;
  /** A JSON body, or the fields of a form. */
  json?: unknown;
  form?: Record<string, string>;
  topic?: string;
}

const gid = (kind: string, number: string) => `gid://shopify/${kind}/${number}`;
const key = () => randomUUID();

/** Every question at every door that names something of `shop`. */
export function doorAsks(shop: FurnishedShop): DoorAsk[] {
  return [...proxyAsks(shop), ...pageAsks(shop), ...extensionAsks(shop), ...linkAsks(shop), ...deliveries(shop)];
}

function proxyAsks({ ids, numbers, words, secrets, mark }: FurnishedShop): DoorAsk[] {
  const get = (path: string, query: Record<string, string> = {}): DoorAsk => {
    return { name: `proxy/${path}`, credential: "proxy", method: "GET", path: `/proxy/${path}`, query };
  };
  const post = (path: string, json: unknown): DoorAsk => {
    return { name: `proxy/${path}`, credential: "proxy", method: "POST", path: `/proxy/${path}`, json };
  };
  return [
    get("history", { before: "900000000000" }),
    get("panel"),
    post("claim", {}),
    post("join", { how: "click" }),
    post("birthday", { birthday: "06-20" }),
    post("invite", {}),
    post("referral", { code: words.referralCode, email: `friend.of.${mark}@example.com`, requestKey: key() }),
    post("social", { wayId: words.way }),
    post("redeem", { rewardId: ids.reward, requestKey: key() }),
    post("redeem", { rewardId: ids.reward, requestKey: words.requestKey }),
    post("redeem-cancel", { redemptionId: ids.redemption }),
    get("reviews", { review: String(ids.review) }),
    get("reviews", { review: String(ids.held) }),
    get("reviews", { product: numbers.product }),
    post("review-vote", { reviewId: String(ids.review), helpful: true, browser: "0123456789abcdef" }),
    {
      ...{ name: "proxy/review-upload", credential: "proxy", method: "POST", path: "/proxy/review-upload" },
      query: { ticket: secrets.ticket, drop: String(ids.upload) },
    },
    {
      ...{ name: "proxy/review-upload", credential: "proxy", method: "POST", path: "/proxy/review-upload" },
      query: { ticket: secrets.ticket, posterOf: String(ids.upload) },
      json: "no picture",
    },
  ];
}

function pageAsks({ ids, numbers, secrets }: FurnishedShop): DoorAsk[] {
  const both = (path: string, fields: Record<string, string>): DoorAsk[] => [
    { name: `proxy/${path}`, credential: "proxy", method: "GET", path: `/proxy/${path}`, query: fields },
    { name: `proxy/${path}`, credential: "proxy", method: "POST", path: `/proxy/${path}`, form: fields },
  ];
  const words = (line: string) => ({
    ...{ [`rating.${line}`]: "5", [`title.${line}`]: "x", [`body.${line}`]: "It keeps well." },
    ...{ name: "Somebody", email: "somebody@example.com" },
  });
  return [
    ...both("review", { t: secrets.request, ...words(numbers.line) }),
    ...both("review", { product: numbers.product, ...words(numbers.product) }),
    ...both("review", { ...words(numbers.line) }),
    ...both("review/confirm", { t: secrets.author }),
    ...both("review/report", { review: String(ids.review), reason: "spam", text: "x" }),
    ...both("review/mine", { t: secrets.author, act: "appeal", text: "Look again." }),
    ...both("review/mine", { t: secrets.author, act: "delete", sure: "1" }),
  ];
}

function extensionAsks({ ids, numbers }: FurnishedShop): DoorAsk[] {
  const get = (path: string, query: Record<string, string> = {}): DoorAsk => {
    return { name: `account-api/${path}`, credential: "account", method: "GET", path: `/account-api/${path}`, query };
  };
  const post = (path: string, json: unknown): DoorAsk => {
    return { name: `account-api/${path}`, credential: "account", method: "POST", path: `/account-api/${path}`, json };
  };
  const order = gid("Order", numbers.order);
  const review = { rating: 5, title: "x", body: "It keeps well.", name: "Somebody" };
  return [
    get("account"),
    get("order", { order }),
    get("reviews", { order }),
    get("reviews"),
    post("review", { order, lineId: gid("LineItem", numbers.line), ...review }),
    get("history"),
    post("join", {}),
    post("redeem", { rewardId: ids.reward, requestKey: key() }),
    post("redeem-cancel", { redemptionId: ids.redemption }),
    {
      ...{ name: "admin-api-block/member", credential: "block", method: "GET", path: "/admin-api-block/member" },
      query: { customer: gid("Customer", numbers.customer) },
    },
  ];
}

function linkAsks({ shopId, secrets }: FurnishedShop): DoorAsk[] {
  const at = (name: string, method: "GET" | "POST", path: string): DoorAsk => {
    return { name, credential: "link", method, path };
  };
  return [
    at("unsubscribe", "GET", `/unsubscribe/${secrets.unsubscribe}`),
    at("unsubscribe", "POST", `/unsubscribe/${secrets.unsubscribe}`),
    at("media", "GET", `/media/${shopId}/${secrets.mediaFolder}/w640.webp`),
    at("feeds", "GET", secrets.feed),
  ];
}

function deliveries({ domain, numbers }: FurnishedShop): DoorAsk[] {
  const customer = { id: Number(numbers.customer), email: "somebody@example.com" };
  const bodies: Record<string, unknown> = {
    "orders/updated": { id: Number(numbers.order), admin_graphql_api_id: gid("Order", numbers.order), customer },
    "orders/delete": { id: Number(numbers.order) },
    "customers/delete": { id: Number(numbers.customer) },
    "products/delete": { id: Number(numbers.product) },
    "customers/redact": { shop_domain: domain, customer, orders_to_redact: [Number(numbers.order)] },
    "customers/data_request": { shop_domain: domain, customer, orders_requested: [], data_request: { id: 1 } },
    "shop/redact": { shop_id: 1, shop_domain: domain },
    "app/uninstalled": { id: 1, myshopify_domain: domain, domain },
  };
  return Object.entries(bodies).map(([topic, json]) => {
    return { name: "webhooks", credential: "webhook", method: "POST", path: "/webhooks", topic, json };
  });
}

/** Who asks, by what the sender's side signs. */
export interface Caller {
  shop: string;
  /** Shopify's number of the customer who is signed in; "": nobody. */
  customerId: string;
}
/** How a credential differs from a good one. */
export interface Flaw {
  secret?: string;
  /** Seconds from now at which it was made. */
  madeAt?: number;
  /** Takes the finished address and headers, and leaves what an attacker would send. */
  spoil?: (request: { url: URL; headers: Headers }) => void;
}

const seconds = () => Math.floor(Date.now() / 1000);

/** The request as its sender would sign it, but for the flaw. */
export async function requestOf(origin: string, ask: DoorAsk, caller: Caller, flaw: Flaw = {}): Promise<Request> {
  const secret = flaw.secret ?? env().SHOPIFY_API_SECRET;
  const madeAt = seconds() + (flaw.madeAt ?? 0);
  const url = new URL(ask.path, origin);
  const headers = new Headers({ "x-forwarded-for": newVisitor() });
  const query = new URLSearchParams(ask.query);
  let body: string | undefined;
  if (ask.form) {
    body = new URLSearchParams(ask.form).toString();
    headers.set("content-type", "application/x-www-form-urlencoded");
  } else if (ask.method === "POST") {
    body = JSON.stringify(ask.json ?? {});
    headers.set("content-type", "application/json");
    headers.set("x-kizuna", "1");
  }
  if (ask.credential === "proxy") {
    query.set("shop", caller.shop);
    query.set("path_prefix", "/apps/kizuna");
    query.set("timestamp", String(madeAt));
    query.set("logged_in_customer_id", caller.customerId);
    query.set("signature", signProxyQuery(query, secret));
  }
  if (ask.credential === "account" || ask.credential === "block")
    headers.set("authorization", `Bearer ${await tokenOf(ask.credential, caller, secret, madeAt)}`);
  if (ask.credential === "webhook") {
    headers.set("x-shopify-topic", ask.topic ?? "");
    headers.set("x-shopify-shop-domain", caller.shop);
    headers.set("x-shopify-webhook-id", randomUUID());
    headers.set("x-shopify-triggered-at", new Date().toISOString());
    headers.set(
      "x-shopify-hmac-sha256",
      createHmac("sha256", secret)
        .update(body ?? "")
        .digest("base64"),
    );
  }
  url.search = query.toString();
  flaw.spoil?.({ url, headers });
  return new Request(url, { method: ask.method, headers, redirect: "manual", ...(body === undefined ? {} : { body }) });
}

/** A session token as Shopify gives one to an extension of the account pages, or of the admin. */
export function tokenOf(
  kind: "account" | "block",
  { shop, customerId }: Caller,
  secret: string,
  madeAt = seconds(),
): Promise<string> {
  const who =
    kind === "account"
      ? { dest: shop, ...(customerId === "" ? {} : { sub: gid("Customer", customerId) }) }
      : { iss: `https://${shop}/admin`, dest: `https://${shop}`, sub: "1" };
  const times = { exp: madeAt + 60, nbf: madeAt, iat: madeAt, jti: randomUUID() };
  return new SignJWT({ ...who, ...times, aud: env().SHOPIFY_API_KEY })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(secret));
}
