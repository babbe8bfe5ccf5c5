// Shopify's own library for what a merchant's browser asks: session tokens, token exchange, headers.
// Background work never comes here: it uses shopify/admin-client.server.ts.
import "@shopify/shopify-app-remix/adapters/node";
import { AppDistribution, LogSeverity, shopifyApp } from "@shopify/shopify-app-remix/server";
import type { Session } from "@shopify/shopify-api";

import { businessNow } from "./clock.server";
import { env } from "./env.server";
import { passLibraryLog } from "./shopify/library-log.server";
import { libraryVersion } from "./shopify/library-version";
import { sessionStorage } from "./shopify/session-storage.server";
import { installShopifyTransport } from "./shopify/transport.server";
import { installShop } from "./shops/install-shop.server";

// Not in the library's afterAuth hook: that runs in one of several parallel loaders, and the others would
// go on before the shop's row exists.
async function storeSession(session: Session): Promise<boolean> {
  await sessionStorage.storeSession(session);
  if (session.isOnline || !session.accessToken) return true;
  try {
    await installShop({ domain: session.shop, scopes: session.scope ?? "", now: await businessNow() });
  } catch (error) {
    // Without its session the next page load exchanges the token and installs again.
    await sessionStorage.deleteSession(session.id);
    throw error;
  }
  return true;
}

function createApp() {
  const { SHOPIFY_API_KEY, SHOPIFY_API_SECRET, SHOPIFY_APP_URL, SCOPES } = env();
  installShopifyTransport();
  return shopifyApp({
    apiKey: SHOPIFY_API_KEY,
    apiSecretKey: SHOPIFY_API_SECRET,
    apiVersion: libraryVersion(),
    appUrl: SHOPIFY_APP_URL,
    scopes: SCOPES.split(","),
    distribution: AppDistribution.AppStore,
    logger: { level: LogSeverity.Info, log: passLibraryLog },
    sessionStorage: { ...sessionStorage, storeSession },
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
  });
}

let app: ReturnType<typeof createApp> | undefined;
function shopify(): ReturnType<typeof createApp> {
  return (app ??= createApp());
}
type Shopify = ReturnType<typeof createApp>;

/** Verifies a page request of the embedded admin. */
export const authenticate: Pick<Shopify["authenticate"], "admin"> = {
  get admin() {
    return shopify().authenticate.admin;
  },
};
/** Sets the per-shop Content-Security-Policy of a document response. */
export const addDocumentResponseHeaders: Shopify["addDocumentResponseHeaders"] = (request, headers) =>
  shopify().addDocumentResponseHeaders(request, headers);
/** The sign-in page for visitors who come from outside the admin. */
export const login: Shopify["login"] = (request) => shopify().login(request);
