// Every call to Shopify leaves through here. Beside the shop simulator, calls to *.myshopify.com go to
// it and every other host is refused; in production this is plain fetch.
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";

import { env } from "../env.server";

const SHOP = /^https:\/\/([a-z0-9][a-z0-9-]*\.myshopify\.com)(?:\/|$)/i;
/** Shopify answers where it is asked: a redirect would take a shop's token along to wherever it points. */
const NO_DETOUR = { redirect: "error" } as const;
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The simulator's base address, or undefined in production. @throws when it is not on this machine */
function simulator(): URL | undefined {
  const address = env().SHOPIFY_SIMULATOR_URL;
  if (!address) return undefined;
  const url = new URL(address);
  if (!LOOPBACK.has(url.hostname)) throw new Error("SHOPIFY_SIMULATOR_URL must be an address of this machine");
  return url;
}

function urlOf(input: string | URL | Request): string {
  if (typeof input === "string") return input;
  return input instanceof URL ? input.href : input.url;
}

/**
 * fetch for calls to a shop.
 * @throws when the host is not a shop's
 */
export async function shopifyFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const address = urlOf(input);
  const shop = SHOP.exec(address)?.[1];
  if (!shop) throw new Error(`refused a call to ${new URL(address).host}: not a shop`);
  const base = simulator();
  if (!base) return fetch(input, { ...init, ...NO_DETOUR });
  const { pathname, search } = new URL(address);
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  headers.set("x-sim-host", shop.toLowerCase());
  return fetch(new URL(pathname + search, base), { ...init, ...NO_DETOUR, headers });
}

/**
 * fetch for files that Shopify's answers point to (bulk results): https anywhere, since their hosts are
 * not documented; beside the simulator only the simulator's own.
 */
export async function shopifyFileFetch(address: string, init?: RequestInit): Promise<Response> {
  const url = new URL(address);
  const base = simulator();
  if (base ? !LOOPBACK.has(url.hostname) : url.protocol !== "https:") throw new Error(`refused a file at ${url.host}`);
  return fetch(url, { ...init, ...NO_DETOUR });
}

/** Makes Shopify's own library use this transport as well. A no-op without the simulator. */
export function installShopifyTransport(): void {
  if (!simulator()) return;
  setAbstractFetchFunc(async (input, init) => shopifyFetch(input, init));
}
