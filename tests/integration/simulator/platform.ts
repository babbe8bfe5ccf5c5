// A small simulated platform for the simulator's own tests: one shop, real HTTP, no app beside it.
import { createServer } from "node:http";

import { mountBulk } from "../../simulator/bulk";
import { mountFiles } from "../../simulator/files/mount";
import { mountGraphql } from "../../simulator/graphql/mount";
import { close, listen, serve } from "../../simulator/http-server";
import { grantInstall } from "../../simulator/oauth";
import { createOrder } from "../../simulator/order-engine";
import { mountOauth } from "../../simulator/oauth";
import { Router } from "../../simulator/router";
import { createSimulator, type Simulator } from "../../simulator/simulator";
import type { SimOrder, SimShop } from "../../simulator/state";

export const DOMAIN = "tokyo-test.myshopify.com";
export const API_KEY = "test-api-key-0001";
export const API_SECRET = "test-api-secret-0123456789";
export const SCOPES = [
  "read_orders",
  "write_customers",
  "read_products",
  "read_returns",
  "write_discounts",
  "write_gift_cards",
  "read_store_credit_accounts",
  "write_store_credit_account_transactions",
  "read_themes",
  "read_fulfillments",
];

export interface Platform {
  sim: Simulator;
  shop: SimShop;
  address: string;
  /** POSTs a GraphQL request with the test's own offline token. */
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  stop(): Promise<void>;
}
export interface Answer {
  data?: Record<string, never>;
  errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
  extensions?: {
    cost: { requestedQueryCost: number; actualQueryCost: number | null; throttleStatus: Record<string, number> };
  };
}

/** A yen shop with two products and three customers, installed with the given scopes. */
export async function startPlatform(scopes: string[] = SCOPES): Promise<Platform> {
  const sim = createSimulator({ apiKey: API_KEY, apiSecret: API_SECRET });
  const shop = makeShop(sim);
  grantInstall(sim, DOMAIN, scopes).tokens.push({
    kind: "offline", access: "shpat_test", refresh: null, expiresAtMs: Number.MAX_SAFE_INTEGER, refreshExpiresAtMs: null,
  }); // prettier-ignore
  const router = new Router();
  router.on("GET", "/control/clock", (ctx) => ctx.send(200, { now: sim.now().toISOString() }));
  mountOauth(router, sim);
  mountGraphql(router, sim);
  mountBulk(router, sim);
  mountFiles(router, sim);
  const server = createServer(serve(router));
  const address = await listen(server, "localhost", 0);
  sim.addresses.shell = address;
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(new URL(path, address), {
      method: "POST",
      headers: { "content-type": "application/json", "x-sim-host": DOMAIN, ...headers },
      body: JSON.stringify(body),
    });
  return {
    sim,
    shop,
    address,
    post,
    async ask(query, variables = {}) {
      const response = await post(
        "/admin/api/2026-07/graphql.json",
        { query, variables },
        { "x-shopify-access-token": "shpat_test" },
      );
      return (await response.json()) as Answer;
    },
    async stop() {
      sim.clock.stop();
      await close(server);
    },
  };
}

function makeShop(sim: Simulator): SimShop {
  const at = "2026-01-05T00:00:00.000Z";
  const product = (id: string, title: string, priceMinor: number) => ({
    id,
    handle: `product-${id}`,
    title: { en: title, ja: title },
    description: { en: title, ja: title },
    vendor: "Kizuna",
    productType: "Tea",
    tags: ["tea"],
    image: `/images/${id}.svg`,
    variants: [
      { id: `9${id}`, title: "Default Title", sku: `SKU-${id}`, priceMinor, compareAtMinor: null, available: true },
    ],
    optionName: null,
    createdAt: at,
    updatedAt: at,
    isGiftCard: false,
  });
  const customer = (id: string, firstName: string, tags: string[]) => ({
    id,
    firstName,
    lastName: "Sato",
    email: `${firstName.toLowerCase()}@example.com`,
    phone: null,
    locale: "ja" as const,
    tags,
    state: "enabled" as const,
    emailConsent: { state: "subscribed" as const, optInLevel: "single_opt_in" as const, updatedAt: at },
    smsConsent: null,
    birthday: null,
    createdAt: at,
    updatedAt: at,
  });
  const shop: SimShop = {
    id: "5001",
    domain: DOMAIN,
    name: "Tokyo Test",
    email: "owner@example.com",
    currency: "JPY",
    presentment: {},
    timeZone: "Asia/Tokyo",
    country: "JP",
    locale: "ja",
    taxesIncluded: true,
    taxRates: [{ name: "Consumption tax", basisPoints: 1000, productTag: null }],
    shippingMinor: 500,
    freeShippingFromMinor: null,
    planName: "Basic",
    isDevelopment: false,
    products: { "101": product("101", "Sencha", 1378), "102": product("102", "Hojicha", 980) },
    collections: {
      "201": { id: "201", handle: "green", title: { en: "Green", ja: "緑茶" }, productIds: ["101"], updatedAt: at },
    },
    customers: {
      "301": customer("301", "Hana", ["vip"]),
      "302": customer("302", "Ren", []),
      "303": customer("303", "Yui", ["wholesale"]),
    },
    mergedCustomers: {},
    orders: {},
    discounts: {},
    giftCards: {},
    storeCredit: {},
    metafields: [],
    metafieldDefinitions: [],
    install: null,
    subscriptions: {},
    bulkOperations: {},
    bucket: { available: 2_000, maximum: 2_000, restorePerSecond: 100, at: Date.now() },
    nextOrderNumber: 1001,
    placedBlocks: { product: ["earn-points"] },
    staff: [{ id: "401", name: "Aya Mori", email: "aya@example.com", locale: "ja" }],
  };
  sim.state.shops[DOMAIN] = shop;
  return shop;
}

/** An order of one tin of sencha and two of hojicha. */
export function placeOrder(sim: Simulator, customerId: string | null = "301"): SimOrder {
  return createOrder(sim, DOMAIN, {
    customerId,
    lines: [
      { variantId: "9101", quantity: 1 },
      { variantId: "9102", quantity: 2 },
    ],
  });
}
