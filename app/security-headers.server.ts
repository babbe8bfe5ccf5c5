// Headers that guard a page. Only the shop's own admin may frame it; nothing may frame the rest. What runs in it is
// ours or App Bridge: a script that somebody slipped in has neither our address nor this answer's nonce.
import { randomBytes } from "node:crypto";

import { env } from "./env.server";
import { addDocumentResponseHeaders } from "./shopify.server";
import { nonceLibraryScripts } from "./ui/library-page";

const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/;
/** Where Shopify's library fetches a session token, inside the admin's frame. */
const TOKEN_PAGE = "/auth/session-token";
/** Where it leaves that frame. */
const EXIT_PAGE = "/auth/exit-iframe";
/** What Shopify itself deploys. The rest of that host is files of merchants and of other apps. */
const SHOPIFY_SCRIPTS = "https://cdn.shopify.com/shopifycloud/";

/** The frame-ancestors policy of a request: its own shop's admin when the shop is well-formed, else nobody. */
export function frameAncestors(url: URL): string {
  const shops = url.searchParams.getAll("shop");
  const shop = shops.length === 1 ? shops[0] : undefined;
  const { pathname } = url;
  const embedded =
    pathname === "/app" || pathname.startsWith("/app/") || pathname === TOKEN_PAGE || pathname === EXIT_PAGE;
  if (!embedded || !shop || !SHOP_DOMAIN.test(shop)) return "frame-ancestors 'none';";
  return `frame-ancestors https://${shop} https://admin.shopify.com;`;
}

/** Says which inline scripts of one answer are ours: 128 random bits, never used again. */
export function newNonce(): string {
  return randomBytes(16).toString("base64");
}

/** What a document of ours may load and run, but for who may frame it. */
function contentPolicy(nonce: string): string {
  return contentRules(`'nonce-${nonce}'`);
}

// Polaris places and sizes by style attributes, which no nonce can allow: inline styles stay.
function contentRules(inlineScripts: string): string {
  return [
    `script-src 'self' ${inlineScripts} ${env().APP_BRIDGE_URL ?? SHOPIFY_SCRIPTS}`,
    "style-src 'self' 'unsafe-inline' https://cdn.shopify.com",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");
}

/** Sets the headers of an HTML document, whose own inline scripts carry the nonce. */
export function setDocumentHeaders(request: Request, headers: Headers, nonce: string): void {
  setGuards(request, headers, contentPolicy(nonce));
}

function setGuards(request: Request, headers: Headers, rules: string): void {
  addDocumentResponseHeaders(request, headers);
  // The library asks for App Bridge from Shopify's CDN ahead of time, wherever the page will load it from.
  if (env().APP_BRIDGE_URL) headers.delete("Link");
  headers.set("Content-Security-Policy", `${frameAncestors(new URL(request.url))} ${rules};`);
  setDataHeaders(headers);
}

/**
 * The policy that a document brings along in its own markup, or null. On the page that fetches a session token, App
 * Bridge asks for the document and writes it in place of that page: there the page's headers count, not the document's.
 */
export function writtenPolicy(request: Request, nonce: string): string | null {
  return request.headers.has("X-Shopify-Bounce") ? contentPolicy(nonce) : null;
}

/** An answer of Shopify's library with the guards of our own; what is not a document passes. */
export async function guardLibraryAnswer(request: Request, answer: Response): Promise<Response> {
  const headers = new Headers(answer.headers);
  if (!headers.get("Content-Type")?.startsWith("text/html")) {
    if (env().APP_BRIDGE_URL) headers.delete("Link");
    return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers });
  }
  const nonce = newNonce();
  // The page that fetches a token holds nothing of anybody's, and hosts the inline scripts of the document that is
  // written into it, whose nonce it cannot know: `writtenPolicy` is stricter again.
  const fetchesToken = new URL(request.url).pathname === TOKEN_PAGE;
  setGuards(request, headers, fetchesToken ? contentRules("'unsafe-inline'") : contentPolicy(nonce));
  const { status, statusText } = answer;
  return new Response(nonceLibraryScripts(await answer.text(), nonce), { status, statusText, headers });
}

/** Sets the headers that documents and data share. */
export function setDataHeaders(headers: Headers): void {
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "private, no-store");
}
