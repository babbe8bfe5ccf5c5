// How the platform names the app and its shops in addresses.
import { createHmac } from "node:crypto";
import { hostParameter } from "../oauth";
import type { Simulator } from "../simulator";
import type { SimShop } from "../state";

/** The app as the admin lists it; the handle is part of every address below /apps/. */
export const APP = { handle: "kizuna", name: "Kizuna", homePath: "/app" } as const;

/** tokyo-sample.myshopify.com → tokyo-sample */
export function shopHandle(shop: SimShop): string {
  return shop.domain.replace(/\.myshopify\.com$/, "");
}

/** The shop behind an address of the admin; null when there is none. */
export function findShopByHandle(sim: Simulator, handle: string): SimShop | null {
  return sim.findShop(`${handle}.myshopify.com`);
}

/** Where the admin frame points: the app's page with the parameters of embedding, signed. */
export function embeddedUrl(
  sim: Simulator,
  shop: SimShop,
  path: string,
  session: { idToken: string; locale: string },
): string {
  const url = new URL(path, `${sim.addresses.tunnel}/`);
  const parameters: Record<string, string> = {
    embedded: "1",
    shop: shop.domain,
    host: hostParameter(shop.domain),
    id_token: session.idToken,
    locale: session.locale,
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const message = [...url.searchParams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  url.searchParams.set("hmac", createHmac("sha256", sim.apiSecret).update(message.join("&")).digest("hex"));
  return url.href;
}
