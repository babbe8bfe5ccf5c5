// The two demo shops: Kinari in Tokyo and Northfork Supply in New York, each with a catalogue, customers
// and a year of orders. State only: nothing is sent. The same seed gives the same shops (dates follow the
// clock). How the past reaches the app is the app's own backfill, or `historyMessages` (history-messages.ts).
import { createRandom } from "../random";
import type { Simulator } from "../simulator";
import type { SimDiscount, SimShop } from "../state";
import { stockShop } from "./catalogue";
import { NEW_YORK_COLLECTIONS, NEW_YORK_ITEMS } from "./new-york";
import { newYorkPeople, tokyoPeople } from "./people";
import { TOKYO_COLLECTIONS, TOKYO_ITEMS } from "./tokyo";
import { liveAYear, type YearOptions } from "./year";

/** The seeded shops and the shopper of each whom a visitor may sign in as. */
export const DEMO_SHOPS = {
  tokyo: { domain: "kinari-tokyo.myshopify.com", shopper: "sakura.yamamoto@example.jp" },
  newYork: { domain: "northfork-supply.myshopify.com", shopper: "emma.carter@example.com" },
} as const;

const SEED = 20_261_122;
const DAY_MS = 86_400_000;
/** Where our blocks stand from the start; a handle without a file is left out, as on the platform. */
const PLACED_BLOCKS = {
  index: ["review-gallery", "review-carousel"],
  product: ["review-stars", "earn-on-product"],
  "product.below": ["review-photos", "reviews"],
  cart: ["earn-in-cart"],
  "page.points": ["points-panel"],
  "page.reviews": ["shop-reviews", "review-policy"],
  embeds: ["launcher", "review-data"],
};

/** Adds both shops to the simulator. */
export function seedDemo(sim: Simulator, options: { seed?: number; orders?: number } = {}): void {
  const { seed = SEED, orders = 960 } = options;
  const opened = new Date(sim.now().getTime() - 400 * DAY_MS).toISOString();
  for (const { shop, year } of [tokyo(sim), newYork(sim)]) {
    sim.state.shops[shop.domain] = shop;
    const [items, collections] =
      shop.country === "JP" ? [TOKYO_ITEMS, TOKYO_COLLECTIONS] : [NEW_YORK_ITEMS, NEW_YORK_COLLECTIONS];
    stockShop(shop, () => sim.newId(), opened, items, collections);
    addDiscounts(sim, shop, opened);
    liveAYear(sim, shop.domain, createRandom(seed + Number(shop.id)), { ...year, orders });
  }
  sim.changed();
}

function tokyo(sim: Simulator): { shop: SimShop; year: Omit<YearOptions, "orders"> } {
  const shop = bareShop(sim, {
    id: "81000001",
    domain: DEMO_SHOPS.tokyo.domain,
    name: "きなり Kinari",
    email: "hello@kinari.example.jp",
    currency: "JPY",
    presentment: { USD: 0.0066 },
    timeZone: "Asia/Tokyo",
    country: "JP",
    locale: "ja",
    taxesIncluded: true,
    taxRates: [
      { name: "消費税", basisPoints: 1_000, productTag: null },
      { name: "消費税（軽減税率）", basisPoints: 800, productTag: "food" },
    ],
    shippingMinor: 600,
    freeShippingFromMinor: 8_000,
    staff: [
      { id: "82000001", name: "小川 直子", email: "naoko@kinari.example.jp", locale: "ja" },
      { id: "82000002", name: "Daniel Weiss", email: "daniel@kinari.example.jp", locale: "en" },
    ],
  });
  // Mid-year and year-end gifts, and the spring move.
  const months = [0.9, 0.8, 1.15, 1, 0.9, 1.1, 1.35, 0.85, 0.9, 1, 1.15, 1.9];
  return {
    shop,
    year: {
      months,
      saleDays: {},
      people: tokyoPeople,
      shopper: DEMO_SHOPS.tokyo.shopper,
      codes: ["WELCOME10", "KINARI500"],
    },
  };
}

function newYork(sim: Simulator): { shop: SimShop; year: Omit<YearOptions, "orders"> } {
  const shop = bareShop(sim, {
    id: "81000002",
    domain: DEMO_SHOPS.newYork.domain,
    name: "Northfork Supply",
    email: "hello@northfork.example.com",
    currency: "USD",
    presentment: { JPY: 151.5, EUR: 0.92 },
    timeZone: "America/New_York",
    country: "US",
    locale: "en",
    taxesIncluded: false,
    taxRates: [{ name: "New York sales tax", basisPoints: 887.5, productTag: null }],
    shippingMinor: 795,
    freeShippingFromMinor: 7_500,
    staff: [
      { id: "82000003", name: "Rachel Kim", email: "rachel@northfork.example.com", locale: "en" },
      { id: "82000004", name: "高田 健", email: "ken@northfork.example.com", locale: "ja" },
    ],
  });
  // Summer on the trail, Black Friday and the holidays.
  const months = [0.75, 0.75, 0.85, 0.95, 1.1, 1.25, 1.2, 1.1, 0.95, 1, 1.3, 1.6];
  return {
    shop,
    year: {
      months,
      saleDays: { 11: [24, 25, 26, 27, 28, 29, 30] },
      people: newYorkPeople,
      shopper: DEMO_SHOPS.newYork.shopper,
      codes: ["WELCOME10", "TRAIL15"],
    },
  };
}

type ShopFacts = Pick<
  SimShop,
  | "id"
  | "domain"
  | "name"
  | "email"
  | "currency"
  | "presentment"
  | "timeZone"
  | "country"
  | "locale"
  | "taxesIncluded"
  | "taxRates"
  | "shippingMinor"
  | "freeShippingFromMinor"
  | "staff"
>;

/** A shop that sells nothing yet. */
export function bareShop(sim: Pick<Simulator, "now">, facts: ShopFacts): SimShop {
  return {
    ...facts,
    planName: "Basic",
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
    bucket: { available: 2_000, maximum: 2_000, restorePerSecond: 100, at: sim.now().getTime() },
    nextOrderNumber: 1_001,
    placedBlocks: structuredClone(PLACED_BLOCKS),
  };
}

function addDiscounts(sim: Simulator, shop: SimShop, at: string): void {
  const isYen = shop.currency === "JPY";
  const add = (code: string, title: string, facts: Partial<SimDiscount>): void => {
    const id = sim.newId();
    shop.discounts[id] = {
      id, code, title, kind: "percentage", value: 1_000, items: null, eachItem: false, maximumShippingMinor: null, minimumMinor: null, customerIds: null, usageLimit: null, oncePerCustomer: false, used: 0,
      startsAt: at, endsAt: null, status: "active", combinesWith: { order: false, product: false, shipping: true }, createdAt: at, updatedAt: at, ...facts,
    }; // prettier-ignore
  };
  add("WELCOME10", isYen ? "はじめての方 10%オフ" : "10% off your first order", { oncePerCustomer: true });
  if (isYen) add("KINARI500", "500円オフ", { kind: "amount", value: 500, minimumMinor: 5_000 });
  else add("TRAIL15", "15% off", { value: 1_500, minimumMinor: 6_000 });
  add("FREESHIP", isYen ? "送料無料" : "Free shipping", {
    kind: "free_shipping",
    value: 0,
    combinesWith: { order: true, product: true, shipping: true },
  });
}
