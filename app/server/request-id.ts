// The id under which one request is found again: the caller's where it names one, or a new one.
import { randomUUID } from "node:crypto";

const PLAIN = /^[A-Za-z0-9_-]{8,64}$/;

/** Shopify and proxies send X-Request-Id; anything that is not a plain id is replaced. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === "string" && PLAIN.test(header) ? header : randomUUID();
}
