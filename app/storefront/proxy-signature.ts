// Shopify's app-proxy signature, and which of its parameters may be trusted.
// https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies
import { createHmac, timingSafeEqual } from "node:crypto";

/** How old a signed request may be, either way of our clock. */
export const PROXY_AGE_SECONDS_MAX = 90;
/** Signed by Shopify exactly once; a second value is a visitor's attempt to be somebody else. */
const SINGLE = ["shop", "path_prefix", "timestamp", "logged_in_customer_id", "signature"] as const;
const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/;

/** What the visitor asked, without what Shopify adds to every call. */
export function askedParameters(parameters: URLSearchParams): URLSearchParams {
  const asked = new URLSearchParams(parameters);
  for (const name of SINGLE) asked.delete(name);
  return asked;
}

export type ProxyVerdict =
  | { outcome: "verified"; shop: string; customerId: string | null; parameters: URLSearchParams }
  | { outcome: "refused"; reason: "repeated" | "unsigned" | "stale" | "forged" | "malformed" };

/**
 * The hex signature Shopify makes: values of one key joined by ",", the "key=value" strings sorted
 * bytewise and joined with nothing, HMAC-SHA-256 under the API secret.
 */
export function signProxyQuery(parameters: URLSearchParams, secret: string): string {
  const keys = [...new Set(parameters.keys())].filter((key) => key !== "signature");
  const pairs = keys.map((key) => Buffer.from(`${key}=${parameters.getAll(key).join(",")}`));
  return createHmac("sha256", secret)
    .update(Buffer.concat(pairs.sort((a, b) => Buffer.compare(a, b))))
    .digest("hex");
}

/**
 * Verifies a proxied request's query. The path and a body are not signed: never act on them alone.
 * @param query the raw query string, without "?"
 * @param nowSeconds real time (a signature's age is not business time)
 */
export function verifyProxyQuery(query: string, secret: string, nowSeconds: number): ProxyVerdict {
  const parameters = new URLSearchParams(query);
  if (SINGLE.some((key) => parameters.getAll(key).length > 1)) return { outcome: "refused", reason: "repeated" };
  const given = parameters.get("signature");
  if (given === null) return { outcome: "refused", reason: "unsigned" };
  const expected = Buffer.from(signProxyQuery(parameters, secret));
  const received = Buffer.from(given);
  if (received.length !== expected.length || !timingSafeEqual(received, expected)) {
    return { outcome: "refused", reason: "forged" };
  }
  const timestamp = Number(parameters.get("timestamp") ?? Number.NaN);
  if (!Number.isInteger(timestamp)) return { outcome: "refused", reason: "malformed" };
  if (Math.abs(nowSeconds - timestamp) > PROXY_AGE_SECONDS_MAX) return { outcome: "refused", reason: "stale" };
  const shop = parameters.get("shop") ?? "";
  const customer = parameters.get("logged_in_customer_id") ?? "";
  if (!SHOP_DOMAIN.test(shop) || !/^\d{0,20}$/.test(customer)) return { outcome: "refused", reason: "malformed" };
  return { outcome: "verified", shop, customerId: customer === "" ? null : customer, parameters };
}
