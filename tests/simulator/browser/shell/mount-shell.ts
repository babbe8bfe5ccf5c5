// Routes of the shell port that a person sees: the admin of each shop, and the start page.
import { changeScopes, installApp, issueIdToken } from "../../oauth";
import { readAppConfig } from "../../app-config";
import type { Context, Router } from "../../router";
import type { Simulator } from "../../simulator";
import type { SimShop } from "../../state";
import { APP, findShopByHandle, shopHandle } from "../app-identity";
import { bundleScript, readAsset } from "../assets";
import { readCookies, setCookie } from "../cookies";
import { html } from "../html";
import { servePicture } from "../pictures";
import { appPage, installPage } from "./app-page";
import type { StorageMode } from "./app-page";
import { customerListPage, customerPage, productListPage } from "./customer-pages";
import { page } from "./layout";
import { onlineStorePage, placeBlocks } from "./online-store";
import { orderListPage, orderPage } from "./order-pages";
import { findResources } from "./resources";
import { staffCookie, staffFor } from "./staff";
import { startPage } from "./start-page";
import { wordsIn } from "./words";
import type { Locale } from "./words";

type ShopHandler = (ctx: Context, shop: SimShop, locale: Locale) => Promise<void> | void;

/** The reader's language: asked for now, chosen before, or the shop's. */
export function chooseLocale(ctx: Context, fallback: Locale): Locale {
  const wanted = ctx.url.searchParams.get("locale") ?? readCookies(ctx.req).shell_locale;
  return wanted === "en" || wanted === "ja" ? wanted : fallback;
}

/** Mounts the admin shell. */
export function mountAdmin(router: Router, sim: Simulator): void {
  mountAssets(router, sim);
  mountPages(router, sim);
  mountAnswers(router, sim);
}

function mountAssets(router: Router, sim: Simulator): void {
  const script = (path: string, entry: string, anyOrigin = false) =>
    router.on("GET", path, async (ctx) => {
      const headers: Record<string, string> = {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": "no-cache",
      };
      if (anyOrigin) headers["access-control-allow-origin"] = "*";
      ctx.send(200, await bundleScript(entry), headers);
    });
  script("/app-bridge.js", "app-bridge/app-bridge.ts", true);
  script("/shell/app-page.js", "shell/app-page.ts");
  script("/shell/admin.js", "shell/admin.ts");
  script("/shell/control.js", "control/control.ts");
  for (const [path, file, type] of [
    ["/shell/shell.css", "shell/shell.css", "text/css; charset=utf-8"],
    ["/shell/control.css", "control-panel/control.css", "text/css; charset=utf-8"],
    ["/shell/icon.svg", "shell/icon.svg", "image/svg+xml"],
  ] as const) {
    router.on("GET", path, async (ctx) =>
      ctx.send(200, await readAsset(file), { "content-type": type, "cache-control": "no-cache" }),
    );
  }
  router.on("GET", "/favicon.ico", (ctx) => ctx.send(204));
  router.on("GET", "/images/*", (ctx) => servePicture(sim, ctx));
}

function mountPages(router: Router, sim: Simulator): void {
  const on = (path: string, handler: ShopHandler) => router.on("GET", path, (ctx) => inShop(sim, ctx, handler));
  const app: ShopHandler = async (ctx, shop, locale) => {
    if (!shop.install) {
      ctx.send(200, installPage(sim, shop, locale, ctx.url.searchParams.has("failed")));
      return;
    }
    const params = new URLSearchParams(ctx.url.searchParams);
    params.delete("locale");
    const path =
      `/${ctx.params["*"] ?? ""}`.replace(/^\/$/, APP.homePath) + (params.size > 0 ? `?${params.toString()}` : "");
    const staffId = readCookies(ctx.req)[staffCookie(shop)];
    ctx.send(200, await appPage(sim, shop, { locale, path, storage: chooseStorage(sim, ctx), staffId }), {
      "cache-control": "no-store",
    });
  };
  router.on("GET", "/", (ctx) => ctx.send(200, startPage(sim, chooseLocale(ctx, "en"))));
  on("/store/:handle", app);
  on(`/store/:handle/apps/${APP.handle}`, app);
  on(`/store/:handle/apps/${APP.handle}/*`, app);
  on("/store/:handle/orders", (ctx, shop, locale) => ctx.send(200, orderListPage(sim, shop, locale, ctx.url)));
  on("/store/:handle/orders/:id", (ctx, shop, locale) => {
    const order = shop.orders[ctx.params.id ?? ""];
    ctx.send(order ? 200 : 404, order ? orderPage(sim, shop, locale, order) : missingPage(locale));
  });
  on("/store/:handle/customers", (ctx, shop, locale) => ctx.send(200, customerListPage(sim, shop, locale, ctx.url)));
  on("/store/:handle/customers/:id", (ctx, shop, locale) => {
    const id = ctx.params.id ?? "";
    const customer = shop.customers[shop.mergedCustomers[id] ?? id];
    ctx.send(customer ? 200 : 404, customer ? customerPage(sim, shop, locale, customer) : missingPage(locale));
  });
  on("/store/:handle/products", (ctx, shop, locale) => ctx.send(200, productListPage(sim, shop, locale)));
  on("/store/:handle/products/:id", (ctx, shop) => {
    const product = shop.products[ctx.params.id ?? ""];
    const storefront = sim.addresses.storefronts[shop.domain] ?? "";
    ctx.send(302, "", {
      location: product ? `${storefront}/products/${product.handle}` : `/store/${shopHandle(shop)}/products`,
    });
  });
  on("/store/:handle/online-store", (ctx, shop, locale) => ctx.send(200, onlineStorePage(sim, shop, locale)));
  // Links to the theme editor end here.
  on("/store/:handle/themes/*", (ctx, shop) =>
    ctx.send(302, "", { location: `/store/${shopHandle(shop)}/online-store` }),
  );
  router.on("GET", "/store/*", (ctx) => ctx.send(404, missingPage(chooseLocale(ctx, "en"))));
}

/** What scripts of the shell ask for, and its forms. */
function mountAnswers(router: Router, sim: Simulator): void {
  const on = (method: string, path: string, handler: ShopHandler) =>
    router.on(method, `/shell/:handle/${path}`, (ctx) => inShop(sim, ctx, handler));
  on("POST", "id-token", async (ctx, shop, locale) => {
    const staff = staffFor(shop, locale, readCookies(ctx.req)[staffCookie(shop)]);
    ctx.send(200, { token: await issueIdToken(sim, shop.domain, staff.id) }, { "cache-control": "no-store" });
  });
  on("GET", "resources", (ctx, shop, locale) => {
    const { searchParams } = ctx.url;
    const rows = findResources(shop, locale, searchParams.get("type") ?? "", searchParams.get("query") ?? "");
    ctx.send(rows ? 200 : 400, rows ?? { error: "there is no such kind of resource" });
  });
  on("GET", "scopes", (ctx, shop) => ctx.send(200, scopeDetail(sim, shop)));
  on("POST", "scopes", async (ctx, shop) => {
    const { how, scopes } = (await ctx.json()) as { how: "grant" | "revoke"; scopes: string[] };
    const granted = shop.install?.scopes ?? [];
    const next =
      how === "grant" ? [...new Set([...granted, ...scopes])] : granted.filter((scope) => !scopes.includes(scope));
    changeScopes(sim, shop.domain, next);
    ctx.send(200, scopeDetail(sim, shop));
  });
  on("POST", "install", async (ctx, shop) => {
    const base = `/store/${shopHandle(shop)}/apps/${APP.handle}`;
    try {
      await installApp(sim, shop.domain);
      ctx.send(303, "", { location: base });
    } catch (error) {
      console.error("simulator: the install did not finish:", error instanceof Error ? error.message : error);
      shop.install = null;
      ctx.send(303, "", { location: `${base}?failed=1` });
    }
  });
  on("POST", "blocks", async (ctx, shop) => {
    placeBlocks(sim, shop, new URLSearchParams(await ctx.body()));
    ctx.send(303, "", { location: `/store/${shopHandle(shop)}/online-store` });
  });
}

function scopeDetail(sim: Simulator, shop: SimShop): { granted: string[]; required: string[]; optional: string[] } {
  const required = sim.tomlFile ? readAppConfig(sim.tomlFile).scopes : [];
  const granted = shop.install?.scopes ?? [];
  return { granted, required, optional: granted.filter((scope) => !required.includes(scope)) };
}

async function inShop(sim: Simulator, ctx: Context, handler: ShopHandler): Promise<void> {
  const shop = findShopByHandle(sim, ctx.params.handle ?? "");
  if (!shop) {
    ctx.send(404, missingPage(chooseLocale(ctx, "en")));
    return;
  }
  const locale = chooseLocale(ctx, shop.locale);
  if (ctx.url.searchParams.has("locale")) ctx.res.setHeader("set-cookie", setCookie("shell_locale", locale));
  await handler(ctx, shop, locale);
}

/** The switch of the control API wins over nothing chosen: without partitioning browsers deny storage. */
function chooseStorage(sim: Simulator, ctx: Context): StorageMode {
  const chosen = ctx.url.searchParams.get("storage") ?? readCookies(ctx.req).shell_storage;
  if (chosen === "partitioned" || chosen === "denied") return chosen;
  return sim.faults.storagePartitioning ? "browser" : "denied";
}

function missingPage(locale: Locale): string {
  const words = wordsIn(locale);
  return page(
    { locale, title: "404" },
    html`<main class="start">
      <h1>404</h1>
      <p>${words.notFound}</p>
      <p><a href="/">${words.back}</a></p>
    </main>`,
  );
}
