import { setTimeout as sleep } from "node:timers/promises";

import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { Link, Outlet, useLoaderData, useRouteError } from "@remix-run/react";
import { NavMenu } from "@shopify/app-bridge-react";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";

import { env } from "../env.server";
import { requireShop } from "../shop-session.server";
import { rememberStaff } from "../shops/remember-staff.server";
import { readShopProfile } from "../shops/read-shop-profile.server";
import { isLibraryAnswer, LibraryAnswer } from "../ui/app-error";
import { ErrorPage } from "../ui/error-page";
import { PendingPage } from "../ui/pending-page";
import { PreparingPage } from "../ui/preparing-page";
import { ShopFactsProvider } from "../ui/shop-facts";
import { usePolarisTexts } from "../ui/use-polaris-texts";

/** No page waits longer for a name: Shopify may be slow, and it is remembered when it comes. */
const NAME_PATIENCE_MS = 300;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId, domain, staff } = await requireShop(request);
  const profile = await readShopProfile(shopId);
  await Promise.race([rememberStaff({ shopId, domain }, staff), sleep(NAME_PATIENCE_MS)]);
  return {
    apiKey: env().SHOPIFY_API_KEY,
    appBridgeUrl: env().APP_BRIDGE_URL ?? null,
    facts: profile && { name: profile.name, domain, currency: profile.currency, timeZone: profile.timeZone },
  };
}

/** The frame of the embedded admin: App Bridge, Polaris, navigation and the shop's facts. */
export default function AppLayout() {
  const { apiKey, appBridgeUrl, facts } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const polaris = usePolarisTexts();
  return (
    <AppProvider
      isEmbeddedApp
      apiKey={apiKey}
      i18n={polaris}
      {...(appBridgeUrl ? { __APP_BRIDGE_URL: appBridgeUrl } : {})}
    >
      <NavMenu>
        <Link to="/app" rel="home">
          {t("nav.home")}
        </Link>
        <Link to="/app/members">{t("nav.members")}</Link>
        <Link to="/app/program">{t("nav.program")}</Link>
        <Link to="/app/rewards">{t("nav.rewards")}</Link>
        <Link to="/app/reviews">{t("nav.reviews")}</Link>
        <Link to="/app/settings">{t("nav.settings")}</Link>
      </NavMenu>
      {/* Layout and page load side by side: during the install the page may know the shop before the layout does. */}
      {facts ? (
        <ShopFactsProvider facts={facts}>
          <PendingPage>
            <Outlet />
          </PendingPage>
        </ShopFactsProvider>
      ) : (
        <PreparingPage />
      )}
    </AppProvider>
  );
}

/** Signing in again is an answer of the library and must reach the browser untouched; the rest is ours to explain. */
export function ErrorBoundary() {
  const error = useRouteError();
  return isLibraryAnswer(error) ? <LibraryAnswer html={error.data} /> : <ErrorPage />;
}

export const headers: HeadersFunction = (headersArgs) => boundary.headers(headersArgs);
