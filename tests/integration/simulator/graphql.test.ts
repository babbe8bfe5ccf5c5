import { readdirSync } from "node:fs";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createOrder, refundOrder } from "../../simulator/order-engine";
import type { SimOrder } from "../../simulator/state";
import { DOMAIN, placeOrder, SCOPES, startPlatform, type Answer, type Platform } from "./platform";

let platform: Platform;
beforeEach(async () => {
  platform = await startPlatform();
});
afterEach(() => platform.stop());

const codes = (answer: Answer) => answer.errors?.map(({ extensions }) => extensions?.code);

/** Looser than the answer's type: a test knows what it asked. */
async function data(
  query: string,
  variables?: Record<string, unknown>,
): Promise<Record<string, Record<string, unknown>>> {
  const answer = await platform.ask(query, variables);
  expect(answer.errors).toBeUndefined();
  return answer.data as unknown as Record<string, Record<string, unknown>>;
}

interface Page {
  nodes: { id: string; name?: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

describe("what is refused", () => {
  it("refuses what the real schema refuses", async () => {
    expect((await platform.ask("{ orders(first: 1) { nodes { nonsense } } }")).errors?.[0]?.message).toContain(
      'Cannot query field "nonsense" on type "Order"',
    );
    expect((await platform.ask("{ order { id } }")).errors?.[0]?.message).toContain("argument");
    expect((await platform.ask("{ orders(first: ")).errors?.[0]?.message).toContain("Syntax Error");
    expect((await platform.ask("query ($id: ID!) { order(id: $id) { id } }", {})).errors?.[0]?.message).toContain(
      "$id",
    );
  });

  it("names a field without a resolver, even where no data would reach it", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const answer = await platform.ask(
      "{ orders(first: 1) { nodes { id note } } giftCards(first: 1) { nodes { id } } }",
    );
    expect(answer.data).toBeUndefined();
    expect(codes(answer)).toContain("SIMULATOR_NOT_IMPLEMENTED");
    expect(answer.errors?.map(({ message }) => message)).toContain("simulator: Order.note is not implemented");
    expect(said).toHaveBeenCalledWith("simulator: Order.note is not implemented");
  });

  it("names an argument, a search field and a sort key it would otherwise ignore", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    for (const [query, part] of [
      [
        '{ orders(first: 1, savedSearchId: "gid://shopify/SavedSearch/1") { nodes { id } } }',
        "argument savedSearchId of QueryRoot.orders",
      ],
      ['{ orders(first: 1, query: "credit_card_last4:1234") { nodes { id } } }', "search of orders by"],
      ["{ orders(first: 1, sortKey: DESTINATION) { nodes { id } } }", "sorting orders by DESTINATION"],
    ] as const) {
      expect((await platform.ask(query)).errors?.[0]?.message).toContain(part);
    }
  });

  it("denies what the scopes do not cover, on roots and on nested fields", async () => {
    placeOrder(platform.sim);
    platform.shop.install!.scopes = ["read_orders"];
    const roots = await platform.ask("{ customers(first: 1) { nodes { id } } }");
    expect(roots.errors?.[0]).toMatchObject({
      path: ["customers"],
      extensions: { code: "ACCESS_DENIED", requiredAccess: "`read_customers` access scope." },
    });
    const nested = await platform.ask("{ orders(first: 1) { nodes { id customer { id } } } }");
    expect(codes(nested)).toEqual(["ACCESS_DENIED"]);
    const orders = nested.data as unknown as { orders: { nodes: { id: string; customer: null }[] } };
    expect(orders.orders.nodes[0]).toMatchObject({ customer: null });
    expect((await platform.ask('{ node(id: "gid://shopify/Customer/301") { id } }')).data).toEqual({ node: null });
  });
});

describe("cost", () => {
  const hundred = "{ orders(first: 100) { nodes { id } } }";

  it("counts objects and connections before, and what was there after", async () => {
    placeOrder(platform.sim);
    const { cost } =
      (await platform.ask("{ shop { name } orders(first: 10) { nodes { id customer { id } } } }")).extensions ?? {};
    expect(cost).toMatchObject({ requestedQueryCost: 1 + 2 + 10 * 2, actualQueryCost: 1 + 2 + 2 });
    expect(cost?.throttleStatus).toMatchObject({ maximumAvailable: 2_000, restoreRate: 100 });
    const mutation = await platform.ask(
      'mutation { tagsAdd(id: "gid://shopify/Customer/301", tags: ["a"]) { node { id } userErrors { message } } }',
    );
    expect(mutation.extensions?.cost.requestedQueryCost).toBe(10);
  });

  it("refuses a query above 1,000 points whatever the bucket holds", async () => {
    const answer = await platform.ask("{ orders(first: 250) { nodes { id lineItems(first: 10) { nodes { id } } } } }");
    expect(codes(answer)).toEqual(["MAX_COST_EXCEEDED"]);
  });

  it("THROTTLED when the bucket is empty, refilled by time, with the unused part given back", async () => {
    platform.shop.bucket = { available: 150, maximum: 1_000, restorePerSecond: 0, at: Date.now() };
    expect((await platform.ask(hundred)).errors).toBeUndefined();
    expect(platform.shop.bucket.available).toBe(148);
    platform.shop.bucket.available = 50;
    const answer = await platform.ask(hundred);
    expect(codes(answer)).toEqual(["THROTTLED"]);
    expect(answer.extensions?.cost).toMatchObject({
      requestedQueryCost: 102,
      actualQueryCost: null,
      throttleStatus: { currentlyAvailable: 50 },
    });
    Object.assign(platform.shop.bucket, { restorePerSecond: 100, at: Date.now() - 2_000 });
    expect((await platform.ask(hundred)).errors).toBeUndefined();
  });
});

describe("connections", () => {
  it("pages over 600 orders without loss or repetition, forwards and backwards", async () => {
    for (let number = 0; number < 600; number++) placeOrder(platform.sim, number % 2 ? "301" : null);
    const orders = Object.values(platform.shop.orders);
    // Ten share each instant, so that the cursor's tie-breaker is needed.
    orders.forEach(
      (order, at) => (order.updatedAt = new Date(Date.UTC(2026, 9, 1) + Math.floor(at / 10) * 60_000).toISOString()),
    );
    const page = `query ($after: String) { orders(first: 70, after: $after, sortKey: UPDATED_AT) {
      nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const seen: string[] = [];
    let last: Page | undefined;
    do {
      last = (await data(page, { after: last?.pageInfo.endCursor ?? null })).orders as unknown as Page;
      seen.push(...last.nodes.map(({ id }) => id));
    } while (last.pageInfo.hasNextPage);
    expect(seen).toEqual(orders.map(({ id }) => `gid://shopify/Order/${id}`));
    expect(last.pageInfo.hasPreviousPage).toBe(true);
    const back = (
      await data(
        `query ($before: String) { orders(last: 70, before: $before, sortKey: UPDATED_AT) {
      nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
        { before: last.pageInfo.startCursor },
      )
    ).orders as unknown as Page;
    expect(back.nodes.map(({ id }) => id)).toEqual(seen.slice(-last.nodes.length - 70, -last.nodes.length));
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it("a page continues rightly when an order of an earlier page moves to the end", async () => {
    const orders = [0, 1, 2, 3].map(() => placeOrder(platform.sim));
    orders.forEach((order, at) => (order.updatedAt = `2026-10-01T00:00:0${at}.000Z`));
    const query =
      "query ($after: String) { orders(first: 2, after: $after, sortKey: UPDATED_AT) { nodes { name } pageInfo { endCursor } } }";
    const first = (await data(query)).orders as unknown as Page;
    orders[0]!.updatedAt = "2026-10-01T00:00:09.000Z";
    const second = (await data(query, { after: first.pageInfo.endCursor })).orders as unknown as Page;
    expect(second.nodes.map(({ name }) => name)).toEqual(["#1003", "#1004"]);
  });

  it("wants a size, refuses more than 250 and a broken cursor", async () => {
    for (const query of [
      "{ orders { nodes { id } } }",
      "{ orders(first: 251) { nodes { id } } }",
      '{ orders(first: 1, after: "nonsense") { nodes { id } } }',
    ]) {
      expect((await platform.ask(query)).errors).toHaveLength(1);
    }
  });

  it("reverse turns the order round", async () => {
    [0, 1, 2].forEach(() => placeOrder(platform.sim));
    const { orders } = await data("{ orders(first: 2, sortKey: ID, reverse: true) { nodes { name } } }");
    expect(orders?.nodes).toEqual([{ name: "#1003" }, { name: "#1002" }]);
  });
});

describe("search", () => {
  let orders: SimOrder[];
  beforeEach(() => {
    orders = [0, 1, 2, 3].map((at) => placeOrder(platform.sim, at === 3 ? null : "301"));
    orders.forEach((order, at) => {
      order.updatedAt = `2026-11-1${at}T15:00:00.000Z`;
      order.tags = at % 2 ? ["gift", "two words"] : [];
    });
    orders[2]!.cancelledAt = "2026-11-12T16:00:00.000Z";
  });

  it.each([
    ["updated_at:>='2026-11-12T15:00:00Z'", [3, 4]],
    ["updated_at:>2026-11-12T15:00:00Z", [4]],
    ['updated_at:<"2026-11-11T15:00:00Z"', [1]],
    ["updated_at:>='2026-11-11T00:00:00Z' AND updated_at:<='2026-11-12T15:00:00Z'", [2, 3]],
    ["updated_at:>=2026-11-11T00:00:00+09:00 tag:gift", [2, 4]],
    // A bare date is a day of the shop's zone: 15:00Z is already the next day in Tokyo.
    ["updated_at:2026-11-12", [2]],
    ["tag:gift OR status:cancelled", [2, 3, 4]],
    ["tag:'two words'", [2, 4]],
    ["-tag:gift", [1, 3]],
    ["NOT (tag:gift OR status:cancelled)", [1]],
    ["status:open", [1, 2, 4]],
    ["customer_id:301", [1, 2, 3]],
    ["email:hana@example.com", [1, 2, 3]],
    ["name:#1002 OR name:1004", [2, 4]],
    ["financial_status:paid,refunded", [1, 2, 3, 4]],
    ["financial_status:refunded", []],
    ["hana", [1, 2, 3]],
    ["", [1, 2, 3, 4]],
  ])("orders by %s", async (query, expected) => {
    const found = (
      await data("query ($query: String) { orders(first: 10, sortKey: ID, query: $query) { nodes { name } } }", {
        query,
      })
    ).orders as unknown as Page;
    expect(found.nodes.map(({ name }) => Number(name?.slice(1)) - 1000)).toEqual(expected);
  });

  it("orders by id range, customers and products by their fields", async () => {
    const names = async (query: string, field: string) =>
      ((await data(query))[field] as unknown as { nodes: Record<string, string>[] }).nodes;
    expect(
      await names(`{ orders(first: 5, query: "id:>=${orders[2]!.id}") { nodes { name } } }`, "orders"),
    ).toHaveLength(2);
    expect(
      await names('{ customers(first: 5, query: "email:REN@example.com") { nodes { firstName } } }', "customers"),
    ).toEqual([{ firstName: "Ren" }]);
    expect(
      await names(
        '{ customers(first: 5, query: "tag:vip OR tag:wholesale", sortKey: NAME) { nodes { firstName } } }',
        "customers",
      ),
    ).toEqual([{ firstName: "Hana" }, { firstName: "Yui" }]);
    expect(
      await names('{ customers(first: 5, query: "first_name:ha*") { nodes { firstName } } }', "customers"),
    ).toEqual([{ firstName: "Hana" }]);
    expect(
      await names('{ products(first: 5, query: "tag:tea collection_id:201") { nodes { title } } }', "products"),
    ).toEqual([{ title: "Sencha" }]);
  });
});

describe("orders", () => {
  it("prints yen and the presentment currency in money bags", async () => {
    platform.shop.presentment = { USD: 0.0067 };
    const order = createOrder(platform.sim, DOMAIN, {
      customerId: "301",
      lines: [{ variantId: "9101", quantity: 1 }],
      presentmentCurrency: "USD",
      shippingMinor: null,
    });
    const answer = await data(
      `{ order(id: "gid://shopify/Order/${order.id}") { totalPriceSet { shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } } } }`,
    );
    expect(answer.order?.totalPriceSet).toEqual({
      shopMoney: { amount: "1378.0", currencyCode: "JPY" },
      presentmentMoney: { amount: "9.23", currencyCode: "USD" },
    });
  });

  it("shows a refund's lines and what the order is now", async () => {
    const order = placeOrder(platform.sim);
    refundOrder(platform.sim, DOMAIN, order.id, { lines: [{ lineId: order.lines[1]!.id, quantity: 1 }] });
    const answer = await data(`{ order(id: "gid://shopify/Order/${order.id}") {
      displayFinancialStatus
      currentTotalPriceSet { shopMoney { amount } }
      lineItems(first: 5) { nodes { quantity currentQuantity } }
      refunds(first: 5) { refundLineItems(first: 5) { nodes { quantity subtotalSet { shopMoney { amount } } lineItem { id } } } transactions(first: 1) { nodes { kind status } } }
    } }`);
    expect(answer.order).toMatchObject({
      displayFinancialStatus: "PARTIALLY_REFUNDED",
      currentTotalPriceSet: { shopMoney: { amount: "2858.0" } },
      lineItems: {
        nodes: [
          { quantity: 1, currentQuantity: 1 },
          { quantity: 2, currentQuantity: 1 },
        ],
      },
      refunds: [
        {
          refundLineItems: {
            nodes: [
              {
                quantity: 1,
                subtotalSet: { shopMoney: { amount: "980.0" } },
                lineItem: { id: `gid://shopify/LineItem/${order.lines[1]!.id}` },
              },
            ],
          },
          transactions: { nodes: [{ kind: "REFUND", status: "SUCCESS" }] },
        },
      ],
    });
  });

  it("hides orders older than 60 days without read_all_orders, everywhere", async () => {
    const order = placeOrder(platform.sim);
    order.createdAt = new Date(platform.sim.now().getTime() - 61 * 86_400_000).toISOString();
    const query = `{ order(id: "gid://shopify/Order/${order.id}") { id } nodes(ids: ["gid://shopify/Order/${order.id}"]) { id }
      orders(first: 5) { nodes { id } } customer(id: "gid://shopify/Customer/301") { orders(first: 5) { nodes { id } } } }`;
    expect(await data(query)).toEqual({
      order: null,
      nodes: [null],
      orders: { nodes: [] },
      customer: { orders: { nodes: [] } },
    });
    platform.shop.install!.scopes = [...SCOPES, "read_all_orders"];
    expect((await data(query)).order).toEqual({ id: `gid://shopify/Order/${order.id}` });
  });
});

describe("webhook subscriptions", () => {
  const create = `mutation ($topic: WebhookSubscriptionTopic!, $uri: String!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri }) { webhookSubscription { id topic uri } userErrors { field message } } }`;
  const uri = "https://app.example.com/webhooks";

  it("are created once per address, listed and deleted", async () => {
    const first = await data(create, { topic: "ORDERS_CREATE", uri });
    expect(first.webhookSubscriptionCreate).toMatchObject({
      webhookSubscription: { topic: "ORDERS_CREATE", uri },
      userErrors: [],
    });
    const again = await data(create, { topic: "ORDERS_CREATE", uri });
    expect(again.webhookSubscriptionCreate?.userErrors).toEqual([
      { field: ["webhookSubscription", "uri"], message: "Address for this topic has already been taken" },
    ]);
    expect(Object.values(platform.shop.subscriptions).map(({ topic }) => topic)).toEqual(["orders/create"]);
    const { id } = first.webhookSubscriptionCreate?.webhookSubscription as { id: string };
    const remove =
      "mutation ($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { message } } }";
    expect((await data(remove, { id })).webhookSubscriptionDelete?.deletedWebhookSubscriptionId).toBe(id);
    expect((await data(remove, { id })).webhookSubscriptionDelete?.userErrors).toEqual([
      { message: "Webhook subscription does not exist" },
    ]);
    expect(await data("{ webhookSubscriptionsCount { count } }")).toEqual({ webhookSubscriptionsCount: { count: 0 } });
  });

  it("want the topic's scope and https beyond this machine", async () => {
    for (const [topic, address] of [
      ["CUSTOMERS_MERGE", uri],
      ["DISPUTES_CREATE", uri],
      ["ORDERS_CREATE", "http://app.example.com/webhooks"],
      ["ORDERS_CREATE", "ftp://x"],
    ]) {
      const answer = await data(create, { topic, uri: address });
      expect(answer.webhookSubscriptionCreate).toMatchObject({
        webhookSubscription: null,
        userErrors: [{ message: expect.any(String) as string }],
      });
    }
    expect(platform.shop.subscriptions).toEqual({});
  });
});

describe("metafields", () => {
  const ownerId = "gid://shopify/Customer/301";
  const set =
    "mutation ($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) { metafields { namespace key value compareDigest } userErrors { field message code elementIndex } } }";
  const field = (more: Record<string, unknown> = {}) => ({
    ownerId,
    namespace: "$app:kizuna",
    key: "loyalty",
    type: "json",
    value: '{"v":1}',
    ...more,
  });
  const put = async (...metafields: Record<string, unknown>[]) =>
    (await data(set, { metafields })).metafieldsSet as {
      metafields: Record<string, string>[];
      userErrors: { code: string; field: string[] }[];
    };

  it("live in the app's reserved namespace and are read by either spelling", async () => {
    const { metafields, userErrors } = await put(field());
    const resolved = `app--${platform.sim.appId}--kizuna`;
    expect(userErrors).toEqual([]);
    expect(metafields[0]).toMatchObject({ namespace: resolved, value: '{"v":1}' });
    const query = (namespace: string) =>
      `{ customer(id: "${ownerId}") { metafield(namespace: "${namespace}", key: "loyalty") { jsonValue } } }`;
    for (const namespace of ["$app:kizuna", resolved])
      expect((await data(query(namespace))).customer).toEqual({ metafield: { jsonValue: { v: 1 } } });
    expect((await data(query("app--1--kizuna"))).customer).toEqual({ metafield: null });
  });

  it("are set all or none, at most 25, JSON up to 128 kB", async () => {
    const big = JSON.stringify("x".repeat(128 * 1024 - 2));
    expect((await put(field({ value: big }))).userErrors).toEqual([]);
    const over = await put(field({ key: "good" }), field({ value: JSON.stringify("x".repeat(128 * 1024 - 1)) }));
    expect(over.userErrors).toMatchObject([{ code: "TOO_LONG", field: ["metafields", "1", "value"] }]);
    expect(platform.shop.metafields.map(({ key }) => key)).toEqual(["loyalty"]);
    const many = Array.from({ length: 26 }, (_, at) => field({ key: `key${at}` }));
    expect((await put(...many)).userErrors).toMatchObject([{ code: "LESS_THAN_OR_EQUAL_TO" }]);
    expect(
      (
        await put(
          field({ value: "{" }),
          field({ ownerId: "gid://shopify/Customer/999" }),
          field({ key: "no type", type: "nonsense" }),
        )
      ).userErrors,
    ).toMatchObject([
      { code: "INVALID_VALUE" },
      { code: "INVALID", field: ["metafields", "1", "ownerId"] },
      { code: "INVALID" },
    ]);
  });

  it("compare and set: a stale digest or an unexpected value is refused", async () => {
    const { metafields } = await put(field({ compareDigest: null }));
    expect((await put(field({ compareDigest: null }))).userErrors).toMatchObject([{ code: "STALE_OBJECT" }]);
    expect((await put(field({ value: '{"v":2}', compareDigest: metafields[0]?.compareDigest }))).userErrors).toEqual(
      [],
    );
    expect(
      (await put(field({ value: '{"v":3}', compareDigest: metafields[0]?.compareDigest }))).userErrors,
    ).toMatchObject([{ code: "STALE_OBJECT" }]);
  });

  it("on customers need write_customers; on the installation nothing", async () => {
    platform.shop.install!.scopes = ["read_customers"];
    expect((await put(field())).userErrors).toMatchObject([{ code: "APP_NOT_AUTHORIZED" }]);
    const installation = `gid://shopify/AppInstallation/${platform.shop.install!.installationId}`;
    expect((await put(field({ ownerId: installation, namespace: "kizuna", key: "program" }))).userErrors).toEqual([]);
    expect(
      await data('{ currentAppInstallation { metafield(namespace: "kizuna", key: "program") { value } } }'),
    ).toEqual({
      currentAppInstallation: { metafield: { value: '{"v":1}' } },
    });
  });
});

describe("the app's own documents", () => {
  const folder = new URL("../../../app/shopify/documents/", import.meta.url);
  const OWNERS: [RegExp, string][] = [
    [/files/i, "gid://shopify/MediaImage/1"],
    [/product/i, "gid://shopify/Product/101"],
    [/collection/i, "gid://shopify/Collection/201"],
    [/bulk/i, "gid://shopify/BulkOperation/1"],
    [/subscription/i, "gid://shopify/WebhookSubscription/1"],
    [/customer|storeCredit|tags/i, "gid://shopify/Customer/301"],
    [/code/i, "gid://shopify/DiscountCodeNode/1"],
  ];

  const CODE = { title: "Reward", code: "REWARD-1", startsAt: "2026-01-01T00:00:00Z" };

  async function documents(): Promise<[string, string][]> {
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    const modules = await Promise.all(
      files.map((name) => import(new URL(name, folder).href) as Promise<Record<string, unknown>>),
    );
    return modules.flatMap((module) =>
      Object.entries(module).flatMap(([name, value]): [string, string][] => {
        const text = typeof value === "object" && value !== null && "text" in value ? value.text : null;
        return typeof text === "string" ? [[name, text]] : [];
      }),
    );
  }

  function variablesFor(name: string, text: string, orderId: string): Record<string, unknown> {
    const owner = OWNERS.find(([pattern]) => pattern.test(name))?.[1] ?? orderId;
    const samples: Record<string, unknown> = {
      "ID!": owner,
      "[ID!]!": [owner],
      "String!": /bulk/i.test(name)
        ? "{ orders { edges { node { id } } } }"
        : /giftCard/i.test(name)
          ? "abcd2345"
          : /files/i.test(name)
            ? "filename:kizuna*"
            : "updated_at:>='2026-01-01T00:00:00Z'",
      "Int!": 5,
      "[StagedUploadInput!]!": [
        { resource: "IMAGE", filename: "tea.jpg", mimeType: "image/jpeg", httpMethod: "POST", fileSize: "10" },
      ],
      "[FileCreateInput!]!": [
        { originalSource: `${platform.address}/staged-uploads/tmp/tea.jpg`, contentType: "IMAGE", filename: "tea.jpg" },
      ],
      "[String!]!": ["templates/product.json", "config/settings_data.json"],
      "WebhookSubscriptionTopic!": "ORDERS_CREATE",
      "WebhookSubscriptionInput!": { uri: "https://app.example.com/webhooks" },
      "[MetafieldsSetInput!]!": [
        { ownerId: "gid://shopify/Customer/301", namespace: "$app:kizuna", key: "loyalty", type: "json", value: "{}" },
      ],
      "[MetafieldIdentifierInput!]!": [
        { ownerId: "gid://shopify/Customer/301", namespace: "$app:kizuna", key: "loyalty" },
      ],
      "MetafieldDefinitionInput!": {
        ownerType: "CUSTOMER",
        namespace: "$app:kizuna",
        key: "loyalty",
        name: "Loyalty",
        type: "json",
      },
      "DiscountCodeBasicInput!": {
        ...CODE,
        customerGets: { items: { all: true }, value: { discountAmount: { amount: "500" } } },
      },
      "DiscountCodeFreeShippingInput!": { ...CODE, destination: { all: true } },
      "GiftCardCreateInput!": { initialValue: "500" },
      "StoreCreditAccountCreditInput!": { creditAmount: { amount: "500", currencyCode: "JPY" } },
    };
    return Object.fromEntries(
      [...text.matchAll(/\$(\w+):\s*([[\]\w!]+)/g)].flatMap(([, variable, type]) =>
        variable && type && type in samples ? [[variable, samples[type]]] : [],
      ),
    );
  }

  it("all run, each within the points of one query", async () => {
    const order = placeOrder(platform.sim);
    platform.shop.install!.scopes = [...SCOPES, "write_files"];
    const found = await documents();
    expect(found.length).toBeGreaterThan(10);
    for (const [name, text] of found) {
      const answer = await platform.ask(text, variablesFor(name, text, `gid://shopify/Order/${order.id}`));
      expect(answer.errors, name).toBeUndefined();
      const { requestedQueryCost, actualQueryCost } = answer.extensions?.cost ?? {
        requestedQueryCost: 0,
        actualQueryCost: 0,
      };
      expect(actualQueryCost, name).toBeLessThanOrEqual(requestedQueryCost);
    }
  });
});

describe("discount codes", () => {
  it("are created once and found by code", async () => {
    const create = `mutation ($input: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $input) {
      codeDiscountNode { id codeDiscount { ... on DiscountCodeBasic { status usageLimit customerGets { value { ... on DiscountAmount { amount { amount } } } } } } } userErrors { field code } } }`;
    const input = {
      title: "500 points", code: "KZ-1", startsAt: "2026-01-01T00:00:00Z", usageLimit: 1, context: { customers: { add: ["gid://shopify/Customer/301"] } },
      customerGets: { items: { all: true }, value: { discountAmount: { amount: "500", appliesOnEachItem: false } } },
    }; // prettier-ignore
    const made = (await data(create, { input })).discountCodeBasicCreate;
    expect(made).toMatchObject({
      userErrors: [],
      codeDiscountNode: {
        codeDiscount: { status: "ACTIVE", usageLimit: 1, customerGets: { value: { amount: { amount: "500.0" } } } },
      },
    });
    expect((await data(create, { input })).discountCodeBasicCreate?.userErrors).toMatchObject([{ code: "TAKEN" }]);
    expect((await data('{ codeDiscountNodeByCode(code: "kz-1") { id } }')).codeDiscountNodeByCode).toEqual({
      id: (made?.codeDiscountNode as { id: string }).id,
    });
  });
});

describe("faults", () => {
  const ask = () =>
    platform.post(
      "/admin/api/2026-07/graphql.json",
      { query: "{ shop { name } }" },
      { "x-shopify-access-token": "shpat_test" },
    );

  it.each([
    ["status429", 429],
    ["status5xx", 503],
  ] as const)("%s hits as often as told, then clears", async (fault, status) => {
    platform.sim.faults.api[fault] = 2;
    expect((await ask()).status).toBe(status);
    expect((await ask()).status).toBe(status);
    expect((await ask()).status).toBe(200);
  });

  it("HTML in place of JSON, THROTTLED, frozen and locked shops", async () => {
    platform.sim.faults.api.htmlBody = 1;
    expect((await ask()).headers.get("content-type")).toContain("text/html");
    platform.sim.faults.api.throttle = 1;
    expect(await (await ask()).json()).toMatchObject({ errors: [{ extensions: { code: "THROTTLED" } }] });
    for (const status of [402, 403, 423] as const) {
      platform.sim.faults.api.shopStatus = status;
      expect((await ask()).status).toBe(status);
    }
  });

  it("no answer at all: the caller's own patience ends it", async () => {
    platform.sim.faults.api.timeout = 1;
    const asked = fetch(new URL("/admin/api/2026-07/graphql.json", platform.address), {
      method: "POST",
      headers: { "content-type": "application/json", "x-sim-host": DOMAIN, "x-shopify-access-token": "shpat_test" },
      body: JSON.stringify({ query: "{ shop { name } }" }),
      signal: AbortSignal.timeout(200),
    });
    await expect(asked).rejects.toThrow(/timeout/);
    expect((await ask()).status).toBe(200);
  });

  it("an answer lost after success: the work was done", async () => {
    platform.sim.faults.api.answerLost = 1;
    const add = '{ tagsAdd(id: "gid://shopify/Customer/302", tags: ["new"]) { userErrors { message } } }';
    await expect(platform.ask(`mutation ${add}`)).rejects.toThrow();
    expect(platform.shop.customers["302"]?.tags).toEqual(["new"]);
  });
});
