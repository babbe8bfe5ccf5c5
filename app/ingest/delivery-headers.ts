// What the headers of a delivery say. None of them is signed: they may route, never grant.
import type { IncomingHttpHeaders } from "node:http";

/** The headers of one delivery, cut to sane lengths. */
export interface DeliveryHeaders {
  signature: string;
  topic: string;
  /** Lower case; "" when it is not a myshopify.com domain. */
  domain: string;
  /** "" when Shopify sent none. */
  webhookId: string;
  eventId: string | null;
  apiVersion: string | null;
  /** ISO instant, NULL when absent or unreadable. */
  triggeredAt: string | null;
  contentEncoding: string | null;
}

const HEADER_LENGTH_MAX = 255;
const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/;

function header(headers: IncomingHttpHeaders, name: string): string {
  // Deliveries carry X-Shopify-* today and shopify-* in the newer style.
  const value = headers[`x-shopify-${name}`] ?? headers[`shopify-${name}`];
  return typeof value === "string" ? value.slice(0, HEADER_LENGTH_MAX) : "";
}

function instant(text: string): string | null {
  const time = Date.parse(text);
  // The window keeps out dates that PostgreSQL would refuse.
  return time > 0 && time < 32503680000000 ? new Date(time).toISOString() : null;
}

/** Reads the headers of a delivery; never throws. */
export function readDeliveryHeaders(headers: IncomingHttpHeaders): DeliveryHeaders {
  const domain = header(headers, "shop-domain").toLowerCase();
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "";
  return {
    signature: header(headers, "hmac-sha256"),
    topic: header(headers, "topic").toLowerCase(),
    domain: SHOP_DOMAIN.test(domain) ? domain : "",
    webhookId: header(headers, "webhook-id"),
    eventId: header(headers, "event-id") || null,
    apiVersion: header(headers, "api-version") || null,
    triggeredAt: instant(header(headers, "triggered-at")),
    contentEncoding: encoding === "" || encoding === "identity" ? null : encoding.slice(0, HEADER_LENGTH_MAX),
  };
}
