// What the app's documents say about scripts, and whether a browser refused anything on the way.
import type { Page } from "playwright-core";

import { STACK } from "./running-stack";

const REST =
  "style-src 'self' 'unsafe-inline' https://cdn.shopify.com; object-src 'none'; base-uri 'none'; form-action 'self';";
const BRIDGE = `${STACK.shell}/app-bridge.js`;
/** Holds the document that App Bridge writes into it, which brings its own policy along. */
const TOKEN_PAGE = "/auth/session-token";
const POLICY = /^frame-ancestors [^;]+; script-src 'self' 'nonce-([A-Za-z0-9+/]{22}==)' (\S+); (.+)$/;

/** Watches a page from now on: documents of the app with another policy or a nonce used before, and refusals. */
export function watchPolicies(page: Page): string[] {
  const found: string[] = [];
  const nonces = new Set<string>();
  page.on("response", (response) => {
    const { origin, pathname } = new URL(response.url());
    const { "content-type": type = "", "content-security-policy": policy = "" } = response.headers();
    if (origin !== new URL(STACK.tunnel).origin || !type.startsWith("text/html")) return;
    const [, nonce = "", bridge = "", rest = ""] = POLICY.exec(policy) ?? [];
    const isStrict = bridge === BRIDGE && rest === REST && !nonces.has(nonce);
    if (!isStrict && pathname !== TOKEN_PAGE) found.push(`${pathname}: ${policy}`);
    nonces.add(nonce);
  });
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) found.push(message.text());
  });
  return found;
}
