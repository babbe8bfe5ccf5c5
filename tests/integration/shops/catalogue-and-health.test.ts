import { beforeEach, describe, expect, it } from "vitest";

import { inShop, routerPool } from "../../../app/db.server";
import { productFactsFromPayload, type ProductFacts } from "../../../app/shopify/product-facts";
import { readProducts } from "../../../app/shopify/read-products.server";
import { readCustomers, scanCustomers } from "../../../app/shopify/read-customers.server";
import { readPlacedBlocks } from "../../../app/shopify/read-shop.server";
import { findShopByDomain } from "../../../app/shops/find-shop.server";
import { readShopProfile } from "../../../app/shops/read-shop-profile.server";
import { recordProduct } from "../../../app/shops/record-product.server";
import { refreshCollectionFacts } from "../../../app/shops/refresh-collection.server";
import { refreshShop } from "../../../app/shops/refresh-shop.server";
import { readSyncHealth } from "../../../app/shops/sync-health.server";
import { useFakeShopify } from "../../builders/fake-shopify";
import { createTestShop } from "../../builders/shop";
import { storeTestSession } from "../../builders/shopify-session";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const shopify = useFakeShopify();
const NOW = new Date("2026-06-01T00:00:00Z");
const lastPage = (nodes: unknown[]) => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } });

let shopId = 0;
let domain = "";
let number = 0;
beforeEach(async () => {
  domain = `catalogue-${++number}.myshopify.com`;
  shopId = await createTestShop(domain);
  await storeTestSession(domain);
});

const soap = (change: Partial<ProductFacts> = {}): ProductFacts => ({
  productId: "gid://shopify/Product/1",
  title: "柚子石けん",
  vendor: "絆工房",
  productType: "soap",
  tags: ["eco"],
  updatedAt: "2026-05-01T00:00:00.000Z",
  ...change,
});
const node = (id: number, collections: number[], updatedAt = "2026-05-01T00:00:00Z") => ({
  id: `gid://shopify/Product/${id}`,
  title: `Product ${id}`,
  vendor: "",
  productType: "",
  tags: ["b", "a"],
  updatedAt,
  collections: { nodes: collections.map((each) => ({ id: `gid://shopify/Collection/${each}` })) },
});
const record = (facts: ProductFacts) => inShop(shopId, (tx) => recordProduct(tx, facts, NOW));
const stored = () =>
  inShop(
    shopId,
    async (tx) =>
      (
        await tx.query<{ id: string; title: string; tags: string[]; collections: string[] }>(
          "SELECT product_gid AS id, title, tags, collection_ids AS collections FROM product_fact ORDER BY product_gid",
        )
      ).rows,
  );

describe("products", () => {
  it("A05 the newest state wins, and a body keeps the collections a read found", async () => {
    expect(await record(soap({ collectionIds: ["gid://shopify/Collection/9"] }))).toEqual({ outcome: "recorded" });
    expect(await record(soap({ title: "新しい石けん", updatedAt: "2026-05-02T00:00:00.000Z" }))).toEqual({
      outcome: "recorded",
    });
    expect(await record(soap({ title: "古い石けん", updatedAt: "2026-05-01T12:00:00.000Z" }))).toEqual({
      outcome: "stale",
    });
    expect(await stored()).toEqual([
      {
        id: "gid://shopify/Product/1",
        title: "新しい石けん",
        tags: ["eco"],
        collections: ["gid://shopify/Collection/9"],
      },
    ]);
  });

  it("a stamp from the future does not shut out what follows", async () => {
    await record(soap({ updatedAt: "2999-01-01T00:00:00.000Z" }));
    expect(await record(soap({ title: "now", updatedAt: NOW.toISOString() }))).toEqual({ outcome: "recorded" });
  });

  it("bodies give their tags apart; one without a stamp never beats what is known", async () => {
    const body = {
      admin_graphql_api_id: "gid://shopify/Product/1",
      title: "T",
      tags: "b, a ,, c",
      vendor: null,
      product_type: null,
    };
    expect(productFactsFromPayload(body)).toMatchObject({ tags: ["a", "b", "c"], vendor: "", productType: "" });
    await record(soap());
    expect(await record(productFactsFromPayload(body))).toEqual({ outcome: "stale" });
  });

  it("are read 25 a call, and gone ones are simply absent", async () => {
    shopify.on("ReadProducts", ({ variables }) => ({
      nodes: (variables["ids"] as string[]).map((id) =>
        id.endsWith("/13") ? null : node(Number(id.split("/").at(-1)), [2, 1]),
      ),
    }));
    const ids = Array.from({ length: 60 }, (_, index) => `gid://shopify/Product/${index + 1}`);
    const found = await readProducts(shopId, [...ids, ...ids]);
    expect(shopify.calls.map((call) => (call.variables["ids"] as string[]).length)).toEqual([25, 25, 10]);
    expect(found.size).toBe(59);
    expect(found.get("gid://shopify/Product/1")).toMatchObject({
      tags: ["a", "b"],
      collectionIds: ["gid://shopify/Collection/1", "gid://shopify/Collection/2"],
    });
  });

  it("a collection's refresh adds who joined and drops who left, without touching newer facts", async () => {
    await record(soap({ productId: "gid://shopify/Product/1", collectionIds: ["gid://shopify/Collection/5"] }));
    await record(
      soap({
        productId: "gid://shopify/Product/2",
        title: "newer",
        updatedAt: "2026-05-20T00:00:00.000Z",
        collectionIds: [],
      }),
    );
    shopify.on("ScanCollection", () => ({ collection: { products: lastPage([node(2, [5]), node(3, [5, 6])]) } }));
    expect(await refreshCollectionFacts(shopId, "gid://shopify/Collection/5", NOW)).toEqual({ products: 2 });
    expect((await stored()).map((row) => [row.id, row.title, row.collections])).toEqual([
      ["gid://shopify/Product/1", "柚子石けん", []],
      ["gid://shopify/Product/2", "newer", ["gid://shopify/Collection/5"]],
      ["gid://shopify/Product/3", "Product 3", ["gid://shopify/Collection/5", "gid://shopify/Collection/6"]],
    ]);
    shopify.on("ScanCollection", () => ({ collection: null }));
    await refreshCollectionFacts(shopId, "gid://shopify/Collection/5", NOW);
    expect((await stored()).map((row) => row.collections)).toEqual([[], [], ["gid://shopify/Collection/6"]]);
  });
});

describe("customers", () => {
  const customer = (id: number) => ({
    id: `gid://shopify/Customer/${id}`,
    firstName: "花子",
    lastName: "山田",
    locale: "ja",
    tags: ["z", "a"],
    state: "ENABLED",
    verifiedEmail: true,
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-05-01T00:00:00Z",
    defaultEmailAddress: { emailAddress: "hanako@example.jp", marketingState: "SUBSCRIBED" },
  });

  it("B09 those that are gone, deleted or merged away, are absent from a read by id", async () => {
    shopify.on("ReadCustomers", () => ({ nodes: [customer(1), null] }));
    const found = await readCustomers(shopId, ["gid://shopify/Customer/1", "gid://shopify/Customer/2"]);
    expect([...found.keys()]).toEqual(["gid://shopify/Customer/1"]);
    expect(found.get("gid://shopify/Customer/1")).toEqual({
      customerId: "gid://shopify/Customer/1",
      name: "山田 花子",
      email: "hanako@example.jp",
      verifiedEmail: true,
      state: "enabled",
      createdAt: "2026-01-01T00:00:00.000Z",
      updatedAt: "2026-05-01T00:00:00.000Z",
      locale: "ja",
      tags: ["a", "z"],
      emailConsent: "subscribed",
    });
  });

  it("are scanned by updated_at, page by page", async () => {
    shopify.on("ScanCustomers", ({ variables }) =>
      variables["after"]
        ? { customers: lastPage([customer(2)]) }
        : { customers: { nodes: [customer(1)], pageInfo: { hasNextPage: true, endCursor: "x" } } },
    );
    const seen = [];
    for await (const page of scanCustomers(shopId, { from: new Date("2026-05-01T00:00:00Z"), to: NOW }))
      seen.push(...page.map((each) => each.customerId));
    expect(seen).toEqual(["gid://shopify/Customer/1", "gid://shopify/Customer/2"]);
  });
});

describe("the shop", () => {
  it("B11 takes a new currency and zone, and its own locale stays", async () => {
    shopify.on("ReadShop", () => ({
      shop: {
        id: "gid://shopify/Shop/81",
        name: "Moved",
        email: "",
        myshopifyDomain: domain,
        currencyCode: "USD",
        ianaTimezone: "America/New_York",
        taxesIncluded: false,
        plan: { partnerDevelopment: true, publicDisplayName: "Basic" },
        primaryDomain: { host: "moved.example.com" },
        shopAddress: { countryCodeV2: "US" },
      },
      currentAppInstallation: {
        id: "gid://shopify/AppInstallation/1",
        app: { id: "gid://shopify/App/1" },
        accessScopes: [],
      },
    }));
    shopify.on("CreateMetafieldDefinition", () => ({
      metafieldDefinitionCreate: {
        createdDefinition: null,
        userErrors: [{ code: "TAKEN", field: null, message: "taken" }],
      },
    }));
    await refreshShop(shopId);
    expect(await readShopProfile(shopId)).toMatchObject({
      name: "Moved",
      email: null,
      currency: "USD",
      timeZone: "America/New_York",
      taxesIncluded: false,
      primaryLocale: "ja",
      isDevelopment: true,
    });
    expect((await findShopByDomain(domain))?.shopifyGid).toBe("gid://shopify/Shop/81");
  });

  it("tells which of our blocks the published theme holds", async () => {
    const template =
      '{"sections":{"apps":{"blocks":{"x":{"type":"shopify:\\/\\/apps\\/kizuna\\/blocks\\/my-points\\/0190"},"y":{"type":"shopify://apps/kizuna-dev/blocks/earn-points/0190"},"z":{"type":"shopify://apps/other/blocks/reviews/1"}}}}}';
    shopify.on("ReadThemes", () => ({
      themes: {
        nodes: [
          {
            id: "gid://shopify/OnlineStoreTheme/1",
            name: "T",
            files: {
              nodes: [
                { filename: "templates/index.json", body: { content: template } },
                { filename: "x", body: {} },
              ],
            },
          },
        ],
      },
    }));
    expect(await readPlacedBlocks(shopId)).toEqual(["earn-points", "my-points"]);
    shopify.on("ReadThemes", () => ({ themes: { nodes: [] } }));
    expect(await readPlacedBlocks(shopId)).toBeNull();
  });
});

describe("sync health", () => {
  const deliver = (status: string, secondsAgo: number, to = domain) =>
    routerPool().query(
      `INSERT INTO webhook_inbox (shop_id, domain, topic, webhook_id, status, received_at)
       VALUES ((SELECT id FROM shop WHERE domain = $1), $1, 'orders/create', gen_random_uuid()::text, $2, now() - $3 * interval '1 second')`,
      [to, status, secondsAgo],
    );

  it("of a shop without deliveries is quiet", async () => {
    expect(await readSyncHealth(shopId)).toEqual({
      waiting: 0,
      lagSeconds: 0,
      dead: 0,
      quarantined: 0,
      lastDeliveryAt: null,
      lastReconciliation: null,
      refusedTopics: [],
      deniedFields: [],
      alerts: [],
    });
  });

  it("shows lag, dead letters, the last reconciliation and open alerts of this shop only", async () => {
    const neighbour = `neighbour-${number}.myshopify.com`;
    await createTestShop(neighbour);
    await deliver("pending", 900, neighbour);
    await deliver("dead", 5, neighbour);
    for (const [status, seconds] of [
      ["pending", 90],
      ["parked", 30],
      ["done", 9_000],
      ["dead", 20],
      ["dead", 10],
      ["quarantined", 5],
    ] as const)
      await deliver(status, seconds);
    await inShop(shopId, async (tx) => {
      await tx.query(
        "INSERT INTO reconciliation_run (shop_id, kind, seen, matched, healed, status, started_at) VALUES ($1, 'orders', 9, 8, 1, 'done', now() - interval '1 hour'), ($1, 'orders', 1, 1, 0, 'done', now() - interval '2 hours')",
        [shopId],
      );
      await tx.query(
        "INSERT INTO health_alert (shop_id, kind, params, resolved_at) VALUES ($1, 'gap_closed', '{\"topics\":1}', NULL), ($1, 'delivery_dead', '{}', now())",
        [shopId],
      );
    });
    const health = await readSyncHealth(shopId);
    expect(health).toMatchObject({
      waiting: 2,
      dead: 2,
      quarantined: 1,
      lastReconciliation: { seen: 9, matched: 8, healed: 1 },
    });
    expect(health.lagSeconds).toBeGreaterThanOrEqual(90);
    expect(health.lagSeconds).toBeLessThan(300);
    expect(health.lastDeliveryAt).toBeInstanceOf(Date);
    expect(health.alerts.map((alert) => alert.kind)).toEqual(["gap_closed"]);
  });
});
