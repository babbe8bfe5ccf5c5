// The demo shops: believable, whole, the same every time.
import { DateTime } from "luxon";
import { beforeAll, describe, expect, it } from "vitest";

import { totals } from "../../simulator/order-math";
import { optionName, variantTitle } from "../../simulator/names";
import { assertConserved } from "../../simulator/orders/conservation";
import { orderBody } from "../../simulator/payloads/order";
import { payloadProblems } from "../../simulator/payloads/validate";
import { DEMO_SHOPS, seedDemo } from "../../simulator/seed/demo";
import { historyMessages } from "../../simulator/seed/history-messages";
import { drawPicture } from "../../simulator/seed/pictures";
import { createSimulator, type Simulator } from "../../simulator/simulator";
import type { SimEvent } from "../../simulator/state";

/** The year that is told ends today: another day would give other shops. */
function simulatorOn(day = "2026-11-22T03:00:00Z"): Simulator {
  const made = createSimulator({ apiKey: "k", apiSecret: "s" });
  made.clock.setTo(new Date(day));
  return made;
}
let sim: Simulator;
const events: SimEvent[] = [];

beforeAll(() => {
  sim = simulatorOn();
  sim.onEvent((event) => events.push(event));
  seedDemo(sim);
});

it("is silent: history is state, not news", () => {
  expect(events).toEqual([]);
});

describe.each([DEMO_SHOPS.tokyo, DEMO_SHOPS.newYork])("$domain", ({ domain, shopper }) => {
  it("has a catalogue with pictures, customers, and a year of orders", () => {
    const shop = sim.shop(domain);
    const products = Object.values(shop.products);
    expect(products.length).toBeGreaterThanOrEqual(24);
    expect(new Set(products.map(({ handle }) => handle)).size).toBe(products.length);
    for (const product of products) {
      expect(product.title.ja).toMatch(/[぀-ヿ一-龯]/);
      expect(product.description.en.length).toBeGreaterThan(20);
      expect(product.image).toMatch(/^\/images\/[a-z-]+\/[a-z0-9-]+\.svg$/);
    }
    const collections = Object.values(shop.collections);
    expect(collections.length).toBeGreaterThanOrEqual(5);
    expect(Math.min(...collections.map(({ productIds }) => productIds.length))).toBeGreaterThanOrEqual(2);
    expect(Object.keys(shop.customers).length).toBeGreaterThanOrEqual(300);
    expect(new Set(Object.values(shop.customers).map(({ email }) => email)).size).toBe(
      Object.keys(shop.customers).length,
    );
    expect(Object.keys(shop.orders).length).toBeGreaterThanOrEqual(900);
  });

  it("lives: repeat buyers, guests, refunds, edits, cancellations, every month", () => {
    const shop = sim.shop(domain);
    const orders = Object.values(shop.orders);
    const share = (count: number): number => count / orders.length;
    const guests = orders.filter(({ customerId, email }) => customerId === null && email !== null).length;
    expect(share(guests)).toBeGreaterThan(0.05);
    expect(share(guests)).toBeLessThan(0.2);
    const refunded = orders.filter((order) => order.refunds.length > 0 && !order.cancelledAt).length;
    expect(share(refunded)).toBeGreaterThan(0.03);
    expect(share(refunded)).toBeLessThan(0.12);
    expect(orders.filter(({ cancelledAt }) => cancelledAt).length).toBeGreaterThan(5);
    expect(orders.filter(({ discountCodes }) => discountCodes.length > 0).length).toBeGreaterThan(30);
    expect(orders.filter(({ disputes }) => disputes.length > 0).length).toBeGreaterThan(0);
    const byCustomer = new Map<string, number>();
    for (const { customerId } of orders)
      if (customerId) byCustomer.set(customerId, (byCustomer.get(customerId) ?? 0) + 1);
    expect([...byCustomer.values()].filter((count) => count > 1).length).toBeGreaterThan(80);
    const months = new Set(
      orders.map(({ processedAt }) => DateTime.fromISO(processedAt, { zone: shop.timeZone }).toFormat("yyyy-MM")),
    );
    expect(months.size).toBeGreaterThanOrEqual(12);
    for (const order of orders) {
      assertConserved(order);
      expect(order.updatedAt <= sim.now().toISOString()).toBe(true);
    }
  });

  it("has a shopper with something to show", () => {
    const shop = sim.shop(domain);
    const person = Object.values(shop.customers).find(({ email }) => email === shopper);
    const orders = Object.values(shop.orders).filter(({ customerId }) => customerId === person?.id);
    expect(person).toMatchObject({ state: "enabled" });
    expect(orders.length).toBeGreaterThanOrEqual(6);
    expect(orders.some((order) => totals(order).financialStatus === "partially_refunded")).toBe(true);
    const newest = Math.max(...orders.map(({ processedAt }) => Date.parse(processedAt)));
    expect(sim.now().getTime() - newest).toBeLessThan(3 * 86_400_000);
  });

  it("can be told as webhooks, oldest first, all valid", () => {
    const shop = sim.shop(domain);
    const messages = [...historyMessages(sim, domain)];
    expect(messages).toHaveLength(Object.keys(shop.orders).length);
    const dates = messages.map(({ body }) => Date.parse((JSON.parse(body()) as { processed_at: string }).processed_at));
    expect(dates).toEqual([...dates].sort((a, b) => a - b));
    for (const order of Object.values(shop.orders))
      expect(payloadProblems("orders/create", JSON.stringify(orderBody(shop, order)))).toEqual([]);
  });
});

it("a Japanese shop calls its variants by their Japanese names", () => {
  const { products } = sim.shop(DEMO_SHOPS.tokyo.domain);
  for (const product of Object.values(products)) {
    if (product.optionName === null) continue;
    expect(optionName(product, "ja")).toMatch(/[぀-ヿ一-龯]/);
    for (const variant of product.variants)
      expect(`${product.handle}: ${variantTitle(variant, "ja")}`).not.toMatch(/: [A-Z][a-z]/);
  }
});

it("the same seed gives the same shops", () => {
  const again = simulatorOn();
  seedDemo(again);
  const facts = (one: Simulator) =>
    Object.values(one.state.shops).map((shop) => [
      Object.keys(shop.customers).length,
      Object.values(shop.orders).map((order) => [
        order.name,
        order.customerId,
        order.lines.map(({ sku, quantity }) => [sku, quantity]),
      ]),
    ]);
  expect(facts(again)).toEqual(facts(sim));
});

it("pictures are drawings of their own, different from each other, without anything that runs", () => {
  const shop = sim.shop(DEMO_SHOPS.newYork.domain);
  const pictures = Object.values(shop.products).map((product) => drawPicture(shop, product));
  expect(new Set(pictures).size).toBeGreaterThan(20);
  for (const picture of pictures) {
    expect(picture).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(picture).not.toMatch(/<script|href|undefined|NaN/);
  }
});
