// Two small shops for tests of the simulator's pages: the seeded catalogues, a few customers, no history.
import { createServer, type RequestListener } from "node:http";
import { createStorefrontServer, createTunnelServer, mountShell } from "../../simulator/browser/mount";
import { mountControl } from "../../simulator/control";
import { close, listen, serve } from "../../simulator/http-server";
import { grantInstall } from "../../simulator/oauth";
import { createCustomer } from "../../simulator/order-engine";
import { Router } from "../../simulator/router";
import { stockShop } from "../../simulator/seed/catalogue";
import { NEW_YORK_COLLECTIONS, NEW_YORK_ITEMS } from "../../simulator/seed/new-york";
import { TOKYO_COLLECTIONS, TOKYO_ITEMS } from "../../simulator/seed/tokyo";
import { createSimulator, type Simulator } from "../../simulator/simulator";
import type { SimShop } from "../../simulator/state";
import { WebhookEngine } from "../../simulator/webhooks";

export const TOKYO = "kinari-tokyo.myshopify.com";
export const NEW_YORK = "hudson-made.myshopify.com";

function bareShop(sim: Simulator, domain: string): SimShop {
  return {
    id: sim.newId(),
    domain,
    name: domain,
    email: `hello@${domain}`,
    currency: "JPY",
    presentment: {},
    timeZone: "Asia/Tokyo",
    country: "JP",
    locale: "ja",
    taxesIncluded: true,
    taxRates: [],
    shippingMinor: 0,
    freeShippingFromMinor: null,
    planName: "basic",
    isDevelopment: false,
    products: {},
    collections: {},
    customers: {},
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
    bucket: { available: 2000, maximum: 2000, restorePerSecond: 100, at: 0 },
    nextOrderNumber: 1001,
    placedBlocks: {},
    staff: [],
  };
}

/** Adds a Tokyo and a New York shop. */
function addFixtureShops(sim: Simulator): { tokyo: SimShop; newYork: SimShop } {
  const tokyo: SimShop = {
    ...bareShop(sim, TOKYO),
    name: "きなり",
    presentment: { USD: 0.0067 },
    taxRates: [
      { name: "消費税", basisPoints: 1000, productTag: null },
      { name: "消費税（軽減税率）", basisPoints: 800, productTag: "food" },
    ],
    shippingMinor: 660,
    freeShippingFromMinor: 11_000,
    staff: [
      { id: "501", name: "佐藤 美咲", email: "misaki@kinari.example", locale: "ja" },
      { id: "502", name: "Alex Carter", email: "alex@kinari.example", locale: "en" },
    ],
    placedBlocks: { product: ["earn-on-product"], "page.points": ["my-points"] },
  };
  const newYork: SimShop = {
    ...bareShop(sim, NEW_YORK),
    name: "Hudson Made",
    currency: "USD",
    timeZone: "America/New_York",
    country: "US",
    locale: "en",
    taxesIncluded: false,
    taxRates: [{ name: "NY Tax", basisPoints: 888, productTag: null }],
    shippingMinor: 695,
    freeShippingFromMinor: 7_500,
    staff: [{ id: "601", name: "Emma Brooks", email: "emma@hudson.example", locale: "en" }],
    placedBlocks: { product: ["earn-on-product"], "page.points": ["my-points"] },
  };
  for (const shop of [tokyo, newYork]) sim.state.shops[shop.domain] = shop;
  const at = sim.now().toISOString();
  stockShop(tokyo, () => sim.newId(), at, TOKYO_ITEMS, TOKYO_COLLECTIONS);
  stockShop(newYork, () => sim.newId(), at, NEW_YORK_ITEMS, NEW_YORK_COLLECTIONS);
  createCustomer(sim, TOKYO, { email: "hina@example.com", firstName: "陽菜", lastName: "佐藤", state: "enabled" });
  createCustomer(sim, TOKYO, { email: "ren@example.com", firstName: "蓮", lastName: "鈴木", state: "enabled" });
  createCustomer(sim, NEW_YORK, { email: "noah@example.com", firstName: "Noah", lastName: "Carter", state: "enabled" });
  return { tokyo, newYork };
}

export interface Pages {
  sim: Simulator;
  tokyo: SimShop;
  newYork: SimShop;
  stop(): Promise<void>;
}

/** The shell, the tunnel and both storefronts on free ports, with an app of the test behind the tunnel. */
export async function startPages(app: RequestListener, extensionDir: string): Promise<Pages> {
  const sim = createSimulator({ apiKey: "test-api-key-0001", apiSecret: "test-api-secret-0123456789", extensionDir });
  const { tokyo, newYork } = addFixtureShops(sim);
  for (const { domain } of [tokyo, newYork]) grantInstall(sim, domain, ["read_orders"]);
  const router = new Router();
  new WebhookEngine(sim);
  mountControl(router, sim);
  mountShell(router, sim);
  const appServer = createServer(app);
  const servers = [appServer, createServer(serve(router)), createTunnelServer(sim)] as const;
  sim.appUrl = await listen(servers[0], "127.0.0.1", 0);
  sim.addresses.shell = await listen(servers[1], "localhost", 0);
  sim.addresses.tunnel = await listen(servers[2], "127.0.0.1", 0);
  const storefronts = [tokyo, newYork].map(({ domain }) => ({ domain, server: createStorefrontServer(sim, domain) }));
  for (const { domain, server } of storefronts)
    sim.addresses.storefronts[domain] = await listen(server, "localhost", 0);
  return {
    sim,
    tokyo,
    newYork,
    async stop() {
      sim.clock.stop();
      await Promise.all([...servers, ...storefronts.map(({ server }) => server)].map(close));
    },
  };
}
