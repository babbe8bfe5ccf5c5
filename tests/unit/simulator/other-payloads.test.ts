// The topics that are not about one order: each body is valid as published, and says what it must.
import { expect, it } from "vitest";

import {
  createCustomer,
  createDiscount,
  createOrder,
  deleteCollection,
  deleteCustomer,
  deleteDiscount,
  deleteOrder,
  deleteProduct,
  mergeCustomers,
  setEmailConsent,
  setSmsConsent,
  updateCustomer,
  updateShop,
  upsertCollection,
  upsertProduct,
} from "../../simulator/order-engine";
import { buildPayload } from "../../simulator/payloads/build";
import { CORRECTIONS, payloadProblems } from "../../simulator/payloads/validate";
import type { SimEvent } from "../../simulator/state";
import { NEW_YORK, sampleSimulator, TOKYO } from "./sample-shops";

function sent(): {
  topics: string[];
  problems: string[];
  bodies: Map<string, Record<string, unknown>>;
  record: (event: SimEvent) => void;
  sample: ReturnType<typeof sampleSimulator>;
} {
  const sample = sampleSimulator();
  const topics: string[] = [];
  const problems: string[] = [];
  const bodies = new Map<string, Record<string, unknown>>();
  const record = (event: SimEvent): void => {
    const { body } = buildPayload(sample.sim, event);
    topics.push(event.topic);
    bodies.set(event.topic, JSON.parse(body) as Record<string, unknown>);
    problems.push(...payloadProblems(event.topic, body).map((problem) => `${event.topic}: ${problem}`));
  };
  sample.sim.onEvent(record);
  return { topics, problems, bodies, record, sample };
}

it("customers: every body of their life is valid", () => {
  const { topics, problems, bodies, record, sample } = sent();
  const { sim } = sample;
  const kept = createCustomer(sim, TOKYO, {
    email: "kept@example.com",
    firstName: "結衣",
    lastName: "鈴木",
    acceptsMarketing: true,
  });
  const gone = createCustomer(sim, TOKYO, { email: "gone@example.com" });
  const third = createCustomer(sim, TOKYO, { email: "third@example.com", phone: "+819000000000" });
  updateCustomer(sim, TOKYO, kept.id, { state: "enabled", tags: ["VIP"] });
  updateCustomer(sim, TOKYO, kept.id, { state: "disabled" });
  setEmailConsent(sim, TOKYO, gone.id, "unsubscribed");
  setSmsConsent(sim, TOKYO, kept.id, "subscribed");
  createOrder(sim, TOKYO, { lines: [{ variantId: sample.variants[TOKYO]?.[0], quantity: 1 }], customerId: gone.id });
  mergeCustomers(sim, TOKYO, kept.id, gone.id, "failed");
  expect(bodies.get("customers/merge")).toMatchObject({ status: "failed", errors: [{ field: "merge_in_progress" }] });
  mergeCustomers(sim, TOKYO, kept.id, gone.id);
  expect(bodies.get("customers/merge")).toMatchObject({
    status: "completed",
    admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${kept.id}`,
    admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${gone.id}`,
  });
  for (const topic of ["customers/data_request", "customers/redact"])
    record({ shop: TOKYO, topic, ids: { customerId: kept.id } });
  expect(bodies.get("customers/redact")?.orders_to_redact).toHaveLength(1);
  deleteCustomer(sim, TOKYO, third.id);
  record({
    shop: TOKYO,
    topic: "customers/redact",
    ids: { customerId: third.id },
    extra: { email: "third@example.com" },
  });
  expect(problems).toEqual([]);
  expect(new Set(topics)).toContain("customers_email_marketing_consent/update");
  expect(new Set(topics)).toContain("customers_marketing_consent/update");
  expect(Object.values(sim.shop(TOKYO).orders)[0]?.customerId).toBe(kept.id);
});

it("catalogue, discounts, shop and app: every body is valid", () => {
  const { topics, problems, bodies, record, sample } = sent();
  const { sim } = sample;
  const product = upsertProduct(sim, NEW_YORK, null, {
    title: { en: "Mug", ja: "マグ" },
    variants: [{ priceMinor: 1_800 }, { priceMinor: 2_100, title: "Large" }],
  });
  upsertProduct(sim, NEW_YORK, product.id, { tags: ["kitchen"] });
  const collection = upsertCollection(sim, NEW_YORK, null, {
    title: { en: "Kitchen", ja: "台所" },
    productIds: [product.id],
  });
  upsertCollection(sim, NEW_YORK, collection.id, { productIds: [] });
  deleteCollection(sim, NEW_YORK, collection.id);
  deleteProduct(sim, NEW_YORK, product.id);
  const discount = createDiscount(sim, NEW_YORK, { code: "WELCOME" });
  deleteDiscount(sim, NEW_YORK, discount.id);
  updateShop(sim, NEW_YORK, { timeZone: "America/Chicago", currency: "CAD" });
  expect(bodies.get("shop/update")).toMatchObject({ iana_timezone: "America/Chicago", currency: "CAD", id: 502 });
  const order = createOrder(sim, NEW_YORK, { lines: [{ variantId: sample.variants[NEW_YORK]?.[0], quantity: 1 }] });
  deleteOrder(sim, NEW_YORK, order.id);
  const at = sim.now().toISOString();
  sim.shop(NEW_YORK).bulkOperations["77"] = {
    id: "77",
    query: "{ orders { edges { node { id } } } }",
    status: "COMPLETED",
    createdAt: at,
    completedAt: at,
    objectCount: 1,
    fileSize: 1,
    url: null,
    errorCode: null,
  };
  record({ shop: NEW_YORK, topic: "bulk_operations/finish", ids: { bulkId: "77" } });
  for (const topic of ["themes/publish", "app/uninstalled", "app/scopes_update", "shop/redact"])
    record({ shop: NEW_YORK, topic, ids: {} });
  expect(problems).toEqual([]);
  expect(topics).toEqual(
    expect.arrayContaining([
      "products/create",
      "products/update",
      "products/delete",
      "collections/delete",
      "discounts/create",
      "discounts/delete",
      "orders/delete",
    ]),
  );
});

it("an order's body names its shop, its money and its customer", () => {
  const { bodies, sample } = sent();
  const { sim, variants } = sample;
  const customer = createCustomer(sim, TOKYO, { email: "hana@example.com", firstName: "花子", lastName: "佐藤" });
  createDiscount(sim, TOKYO, { code: "TEN", kind: "percentage", value: 1_000 });
  const order = createOrder(sim, TOKYO, {
    lines: [{ variantId: variants[TOKYO]?.[0], quantity: 2 }],
    customerId: customer.id,
    discountCodes: ["ten"],
    presentmentCurrency: "USD",
  });
  const body = bodies.get("orders/paid");
  // 2 × ¥1,375 − 10 % = ¥2,475, of which 10 % tax inside is ¥225; shipping ¥600 holds ¥54.
  expect(body).toMatchObject({
    order_status_url: `https://${TOKYO}/501/orders/${order.token}/authenticate?key=${order.token.slice(0, 12)}`,
    subtotal_price: "2475",
    total_discounts: "275",
    total_tax: "279",
    total_price: "3075",
    total_price_set: {
      shop_money: { amount: "3075", currency_code: "JPY" },
      presentment_money: { amount: "20.60", currency_code: "USD" },
    },
    financial_status: "paid",
    discount_codes: [{ code: "TEN", amount: "275", type: "percentage" }],
    customer: { id: Number(customer.id), email: "hana@example.com" },
  });
  expect(String(body?.updated_at)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00$/);
});

it("every correction of a published schema still has something to correct", () => {
  for (const correction of CORRECTIONS) expect(correction.reason.length).toBeGreaterThan(10);
  // Building every corrected schema throws when a correction no longer fits.
  for (const topic of [
    "orders/create",
    "refunds/create",
    "order_transactions/create",
    "returns/request",
    "customers/redact",
  ])
    expect(payloadProblems(topic, "{}").length).toBeGreaterThan(0);
});

it("an unknown topic fails by name", () => {
  const { sim } = sampleSimulator();
  expect(() => buildPayload(sim, { shop: TOKYO, topic: "checkouts/create", ids: {} })).toThrow(
    "checkouts/create is not simulated",
  );
});
