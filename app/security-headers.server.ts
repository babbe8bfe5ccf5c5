// Headers that guard a page. Only the shop's own admin may frame it; nothing may frame the rest.
import { env } from "./env.server";
import { addDocumentResponseHeaders } from "./shopify.server";

const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/;

/** The frame-ancestors policy of a request: its own shop's admin when the shop is well-formed, else nobody. */
export function frameAncestors(url: URL): string {
  const shops = url.searchParams.getAll("shop");
  const shop = shops.length === 1 ? shops[0] : undefined;
  const embedded = url.pathname === "/app" || url.pathname.startsWith("/app/");
  if (!embedded || !shop || !SHOP_DOMAIN.test(shop)) return "frame-ancestors 'none';";
  return `frame-ancestors https://${shop} https://admin.shopify.com;`;
}

/** Sets the headers of an HTML document. */
export function setDocumentHeaders(request: Request, headers: Headers): void {
  addDocumentResponseHeaders(request, headers);
  dropForeignPreload(headers);
  headers.set("Content-Security-Policy", `${frameAncestors(new URL(request.url))} object-src 'none'; base-uri 'none';`);
  setDataHeaders(headers);
}

/** The library asks for App Bridge from Shopify's CDN ahead of time, wherever the page will load it from. */
export function dropForeignPreload(headers: Headers): void {
  if (env().APP_BRIDGE_URL) headers.delete("Link");
}

/** Sets the headers that documents and data share. */
export function setDataHeaders(headers: Headers): void {
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "private, no-store");
}
