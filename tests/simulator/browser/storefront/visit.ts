// One request of a shopper: language by address, sign-in, cart and currency by cookie, and the objects
// every page has.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Context } from "../../router";
import type { Simulator } from "../../simulator";
import type { SimCustomer, SimShop } from "../../state";
import { shopHandle } from "../app-identity";
import { readCookies, setCookie } from "../cookies";
import { cartObject } from "../liquid/cart-object";
import { allCollection, collectionObject, customerObject, lazy, productObject, shopObject } from "../liquid/objects";
import type { View } from "../liquid/objects";
import { lookUp, readLocale } from "../liquid/extension";
import { assetPath } from "../assets";
import { priceOf } from "./cart";
import type { Cart, CartStore } from "./cart";

type Locale = "en" | "ja";
type Props = Record<string, unknown>;

export interface Visit {
  sim: Simulator;
  shop: SimShop;
  ctx: Context;
  locale: Locale;
  /** "" in the shop's own language, else "/en" or "/ja". */
  prefix: string;
  /** Path without the language. */
  path: string;
  customer: SimCustomer | null;
  cart: Cart;
  carts: CartStore;
  currency: string;
}

const NAMES: Record<Locale, string> = { en: "English", ja: "日本語" };
const COUNTRIES: Record<string, { iso_code: string; name: Record<Locale, string> }> = {
  JPY: { iso_code: "JP", name: { en: "Japan", ja: "日本" } },
  USD: { iso_code: "US", name: { en: "United States", ja: "アメリカ合衆国" } },
  GBP: { iso_code: "GB", name: { en: "United Kingdom", ja: "イギリス" } },
  EUR: { iso_code: "DE", name: { en: "Germany", ja: "ドイツ" } },
};

/** Splits the language off a path. */
export function splitLocale(shop: SimShop, pathname: string): { locale: Locale; prefix: string; path: string } {
  const match = /^\/(en|ja)(\/.*)?$/.exec(pathname);
  const named = match?.[1] as Locale | undefined;
  if (!named || named === shop.locale) return { locale: shop.locale, prefix: "", path: pathname };
  return { locale: named, prefix: `/${named}`, path: match?.[2] ?? "/" };
}

const cookieName = (shop: SimShop, what: string) => `${shopHandle(shop).replaceAll("-", "_")}_${what}`;

function signature(sim: Simulator, shop: SimShop, customerId: string): Buffer {
  return createHmac("sha256", sim.apiSecret).update(`storefront ${shop.domain} ${customerId}`).digest();
}

/** Reads who comes and what is in their cart. */
export function openVisit(sim: Simulator, shop: SimShop, ctx: Context, carts: CartStore, pathname: string): Visit {
  const cookies = readCookies(ctx.req);
  const currency = cookies[cookieName(shop, "currency")] ?? "";
  return {
    sim,
    shop,
    ctx,
    carts,
    ...splitLocale(shop, pathname),
    customer: readCustomer(sim, shop, cookies[cookieName(shop, "customer")]),
    cart: carts.open(cookies[cookieName(shop, "cart")]),
    currency: currency in shop.presentment ? currency : shop.currency,
  };
}

function readCustomer(sim: Simulator, shop: SimShop, cookie: string | undefined): SimCustomer | null {
  const [id = "", given = ""] = (cookie ?? "").split(".");
  const expected = signature(sim, shop, id);
  const actual = Buffer.from(given, "hex");
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return null;
  return shop.customers[shop.mergedCustomers[id] ?? id] ?? null;
}

function addCookie(visit: Visit, cookie: string): void {
  const before = visit.ctx.res.getHeader("set-cookie");
  const list = Array.isArray(before) ? before : before === undefined ? [] : [String(before)];
  visit.ctx.res.setHeader("set-cookie", [...list, cookie]);
}

export function signIn(visit: Visit, customer: SimCustomer): void {
  const value = `${customer.id}.${signature(visit.sim, visit.shop, customer.id).toString("hex")}`;
  addCookie(visit, setCookie(cookieName(visit.shop, "customer"), value));
}

export function signOut(visit: Visit): void {
  addCookie(visit, setCookie(cookieName(visit.shop, "customer"), "", { maxAgeSeconds: 0 }));
}

export function keepCart(visit: Visit): void {
  visit.carts.keep(visit.cart);
  addCookie(visit, setCookie(cookieName(visit.shop, "cart"), visit.cart.token));
}

export function forgetCart(visit: Visit): void {
  visit.carts.forget(visit.cart);
  addCookie(visit, setCookie(cookieName(visit.shop, "cart"), "", { maxAgeSeconds: 0 }));
}

export function chooseCurrency(visit: Visit, currency: string): void {
  const known = currency in visit.shop.presentment || currency === visit.shop.currency;
  if (known) addCookie(visit, setCookie(cookieName(visit.shop, "currency"), currency));
}

/** Answers with a redirect inside the shop; addresses elsewhere are not followed. */
export function redirect(visit: Visit, path: string, status = 302): void {
  const safe = /^\/(?![/\\])/.test(path) ? path : "/";
  visit.ctx.send(status, "", { location: safe });
}

export function viewOf(visit: Visit, reader: View["reader"] = "theme", selectedVariantId?: string): View {
  const { sim, shop, locale, currency, prefix } = visit;
  return { sim, shop, locale, currency, prefix, reader, selectedVariantId };
}

/** A word of our theme. */
export function word(visit: Visit, key: string): string {
  const found = lookUp(readLocale(assetPath("theme/locales"), visit.locale), key);
  return typeof found === "string" ? found : key;
}

/** The objects every template has. */
export function globals(visit: Visit, view: View, page: { template: string; title: string }): Props {
  const { shop, customer, ctx, prefix, locale } = visit;
  const origin = visit.sim.addresses.storefronts[shop.domain] ?? "";
  const base: Props = {
    shop: shopObject(view),
    customer: customer ? customerObject(view, customer) : null,
    cart: cartObject(view, shop, visit.cart, priceOf(visit.sim, shop, visit.cart, customer?.id ?? null, false)),
    request: {
      locale: localeObject(visit, locale),
      page_type: page.template.split(".")[0],
      path: ctx.url.pathname,
      host: new URL(origin || "http://localhost").host,
      origin,
      design_mode: false,
      visual_preview_mode: false,
    },
    routes: routesFor(prefix),
    localization: localization(visit),
    localization_url: `${prefix}/localization`,
    template: { name: page.template.split(".")[0], suffix: page.template.split(".")[1] ?? null },
    page_title: page.title,
    canonical_url: origin + ctx.url.pathname,
    current_url: ctx.url.pathname + ctx.url.search,
    alternates: (["en", "ja"] as const).map((code) => ({ ...localeObject(visit, code), url: pathIn(visit, code) })),
    settings: { look: shop.locale === "ja" ? "tokyo" : "new-york" },
  };
  return lazy(base, {
    collections: () => collectionsObject(visit, view),
    all_products: () =>
      Object.fromEntries(Object.values(shop.products).map((product) => [product.handle, productObject(view, product)])),
    navigation: () =>
      Object.values(shop.collections)
        .slice(0, 4)
        .map((collection) => collectionObject(view, collection)),
  });
}

function collectionsObject(visit: Visit, view: View): Props {
  const all = Object.values(visit.shop.collections).map(
    (collection) => [collection.handle, collectionObject(view, collection)] as const,
  );
  return Object.fromEntries([...all, ["all", allCollection(view, word(visit, "collections.all"))]]);
}

function localeObject(visit: Visit, code: Locale): Props {
  return {
    iso_code: code,
    endonym_name: NAMES[code],
    name: NAMES[code],
    primary: code === visit.shop.locale,
    root_url: code === visit.shop.locale ? "/" : `/${code}`,
  };
}

function pathIn(visit: Visit, code: Locale): string {
  const rest = visit.path + visit.ctx.url.search;
  if (code === visit.shop.locale) return rest;
  return rest === "/" ? `/${code}` : `/${code}${rest}`;
}

function localization(visit: Visit): Props {
  const { shop, locale, currency } = visit;
  const country = (code: string) => ({
    iso_code: COUNTRIES[code]?.iso_code ?? "XX",
    name: COUNTRIES[code]?.name[locale] ?? code,
    currency: { iso_code: code, symbol: "", name: code },
  });
  const currencies = [...new Set([shop.currency, ...Object.keys(shop.presentment)])];
  return {
    language: localeObject(visit, locale),
    available_languages: [localeObject(visit, shop.locale), localeObject(visit, shop.locale === "ja" ? "en" : "ja")],
    country: country(currency),
    available_countries: currencies.map(country),
    market: { id: 1, handle: "primary" },
  };
}

function routesFor(prefix: string): Props {
  const at = (path: string) => prefix + path;
  return {
    root_url: prefix || "/",
    account_url: at("/account"),
    account_login_url: at("/account/login"),
    account_logout_url: at("/account/logout"),
    account_register_url: at("/account/register"),
    account_recover_url: at("/account/recover"),
    account_addresses_url: at("/account/addresses"),
    account_profile_url: at("/account/profile"),
    storefront_login_url: at("/account/login"),
    collections_url: at("/collections"),
    all_products_collection_url: at("/collections/all"),
    search_url: at("/search"),
    predictive_search_url: at("/search/suggest"),
    cart_url: at("/cart"),
    cart_add_url: at("/cart/add"),
    cart_change_url: at("/cart/change"),
    cart_clear_url: at("/cart/clear"),
    cart_update_url: at("/cart/update"),
    product_recommendations_url: at("/recommendations/products"),
  };
}
