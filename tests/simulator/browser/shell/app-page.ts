// The page of the admin that embeds the app, and the install page before there is one.
import { issueIdToken, hostParameter } from "../../oauth";
import { readAppConfig } from "../../app-config";
import type { Simulator } from "../../simulator";
import type { SimShop } from "../../state";
import { APP, embeddedUrl, shopHandle } from "../app-identity";
import { html, jsonForScript } from "../html";
import type { FrameName } from "../client/protocol";
import { adminPage } from "./layout";
import { staffFor } from "./staff";
import { wordsIn } from "./words";
import type { Locale } from "./words";

export type StorageMode = "browser" | "partitioned" | "denied";

/** The embedding page for one path of the app. */
export async function appPage(
  sim: Simulator,
  shop: SimShop,
  options: { locale: Locale; path: string; storage: StorageMode; staffId?: string | undefined },
): Promise<string> {
  const { locale, path, storage } = options;
  const words = wordsIn(locale);
  const staff = staffFor(shop, locale, options.staffId);
  const src = embeddedUrl(sim, shop, path, { idToken: await issueIdToken(sim, shop.domain, staff.id), locale });
  const name: FrameName = {
    kizunaShell: 1,
    shop: shop.domain,
    host: hostParameter(shop.domain),
    locale,
    storage: storage === "denied" ? "denied" : "browser",
  };
  const data = {
    handle: shopHandle(shop),
    base: `/store/${shopHandle(shop)}/apps/${APP.handle}`,
    tunnel: sim.addresses.tunnel,
    locale,
    appName: APP.name,
    storefront: sim.addresses.storefronts[shop.domain] ?? "",
    user: { id: Number(staff.id), name: staff.name, email: staff.email, accountAccess: "Full access" },
    words,
  };
  return adminPage(
    sim,
    shop,
    locale,
    { title: APP.name, current: "app", bare: true, script: "/shell/app-page.js", data: jsonForScript(data) },
    html`<iframe
        class="app-frame"
        title="${words.appFrame}"
        name="${JSON.stringify(name)}"
        data-app="${src}"
        allow="clipboard-write"
        ${storage === "partitioned" ? html`credentialless` : ""}
      ></iframe>
      <div class="toasts" data-toasts role="status" aria-live="polite"></div>`,
  );
}

/** What a merchant sees before the app is installed. */
export function installPage(sim: Simulator, shop: SimShop, locale: Locale, failed: boolean): string {
  const words = wordsIn(locale);
  const scopes = sim.tomlFile ? readAppConfig(sim.tomlFile).scopes : [];
  return adminPage(
    sim,
    shop,
    locale,
    { title: words.installTitle, current: "app", script: "/shell/admin.js" },
    html`<div class="card install">
      <h2>${words.installTitle}</h2>
      ${failed ? html`<p class="badge bad" role="alert">${words.installFailed}</p>` : ""}
      <p>${words.installLead}</p>
      <ul>
        ${scopes.map((scope) => html`<li>${scope}</li>`)}
      </ul>
      <form method="post" action="/shell/${shopHandle(shop)}/install">
        <button class="button primary">${words.install}</button>
      </form>
    </div>`,
  );
}
