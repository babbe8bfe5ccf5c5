// Small shops for the simulator's own tests: one with tax inside prices, one with tax on top.
import { createSimulator, type Simulator } from "../../simulator/simulator";
import type { SimEvent, SimShop } from "../../simulator/state";
import { upsertProduct } from "../../simulator/order-engine";

export const TOKYO = "unit-tokyo.myshopify.com";
export const NEW_YORK = "unit-new-york.myshopify.com";
export const KUWAIT = "unit-kuwait.myshopify.com";

/** A shop without anything in it. */
export function emptyShop(id: string, domain: string, facts: Partial<SimShop>): SimShop {
  return {
    id,
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
    planName: "Basic",
    isDevelopment: true,
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
    staff: [{ id: "7", name: "Staff", email: "staff@example.com", locale: "ja" }],
    ...facts,
  };
}

/** Three shops (JPY, USD, KWD) with a few products each, and every event they emitted. */
export function sampleSimulator(): { sim: Simulator; events: SimEvent[]; variants: Record<string, string[]> } {
  const sim = createSimulator({ apiKey: "unit-key", apiSecret: "unit-secret" });
  sim.state.shops[TOKYO] = emptyShop("501", TOKYO, {
    taxRates: [
      { name: "消費税", basisPoints: 1_000, productTag: null },
      { name: "軽減税率", basisPoints: 800, productTag: "food" },
    ],
    shippingMinor: 600,
    freeShippingFromMinor: 8_000,
    presentment: { USD: 0.0067 },
  });
  sim.state.shops[NEW_YORK] = emptyShop("502", NEW_YORK, {
    currency: "USD",
    timeZone: "America/New_York",
    country: "US",
    locale: "en",
    taxesIncluded: false,
    taxRates: [{ name: "NY sales tax", basisPoints: 887.5, productTag: null }],
    shippingMinor: 795,
    presentment: { JPY: 151.25 },
  });
  sim.state.shops[KUWAIT] = emptyShop("503", KUWAIT, {
    currency: "KWD",
    timeZone: "Asia/Kuwait",
    country: "KW",
    locale: "en",
    taxesIncluded: false,
  });
  const events: SimEvent[] = [];
  const variants: Record<string, string[]> = {};
  for (const domain of [TOKYO, NEW_YORK, KUWAIT]) {
    variants[domain] = [
      { title: "Soap", priceMinor: 1_375, tags: [] as string[], isGiftCard: false },
      { title: "Tea", priceMinor: 999, tags: ["food"], isGiftCard: false },
      { title: "Pot", priceMinor: 13_781, tags: [], isGiftCard: false },
      { title: "Gift card", priceMinor: 5_000, tags: [], isGiftCard: true },
    ].map(({ title, priceMinor, tags, isGiftCard }) => {
      const product = upsertProduct(sim, domain, null, {
        title: { en: title, ja: title },
        tags,
        isGiftCard,
        variants: [{ priceMinor }],
      });
      return product.variants[0]?.id ?? "";
    });
  }
  sim.onEvent((event) => events.push(event));
  return { sim, events, variants };
}
