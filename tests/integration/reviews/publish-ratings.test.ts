// What product pages get, against the simulated platform: values, standard ratings, groups, what is gone, healing.
import { randomBytes } from "node:crypto";

import { beforeEach, describe, expect, it } from "vitest";

import { inShop, queryShop, routerPool, type ShopId } from "../../../app/db.server";
import { scopeChanges } from "../../../app/ingest/apply/shop-events.server";
import { healRatings, publishRatings } from "../../../app/jobs/handlers/publish-ratings.server";
import { recountRatings } from "../../../app/reviews/recount-ratings.server";
import { insertReviews, PRODUCT } from "../../builders/published-reviews";
import { useFakeShopify } from "../../builders/fake-shopify";
import { storeTestSession } from "../../builders/shopify-session";
import { createTestShop } from "../../builders/shop";
import { useTestDatabase } from "../../setup/postgres";

useTestDatabase();
const shopify = useFakeShopify();
const now = new Date("2026-06-20T03:00:00Z");
const { signal } = new AbortController();

interface Field {
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
}
/** What stands at Shopify: "owner namespace.key" → value. */
let fields: Map<string, string>;
let gone: Set<string>;
let shopId: ShopId;
const at = ({ ownerId, namespace, key }: Omit<Field, "type" | "value">) => `${ownerId} ${namespace}.${key}`;

beforeEach(async () => {
  fields = new Map();
  gone = new Set();
  const domain = `rate-${randomBytes(6).toString("hex")}.myshopify.com`;
  shopId = await createTestShop(domain);
  await routerPool().query("UPDATE shop SET installed_at = $2 WHERE id = $1", [shopId, now]);
  await storeTestSession(domain);
  shopify.on("CreateMetafieldDefinition", () => ({
    metafieldDefinitionCreate: { createdDefinition: { id: "gid://shopify/MetafieldDefinition/1" }, userErrors: [] },
  }));
  shopify.on("EnableStandardDefinition", () => ({
    standardMetafieldDefinitionEnable: {
      createdDefinition: null,
      userErrors: [{ code: "TAKEN", field: null, message: "taken" }],
    },
  }));
  shopify.on("ReadInstallation", () => ({
    currentAppInstallation: { id: "gid://shopify/AppInstallation/9", app: { id: "gid://shopify/App/123" } },
  }));
  shopify.on("ReadProducts", ({ variables }) => ({
    nodes: (variables["ids"] as string[]).map((id) => (gone.has(id) ? null : productNode(id))),
  }));
  shopify.on("SetMetafields", ({ variables }) => {
    const sent = variables["metafields"] as Field[];
    expect(sent.length).toBeLessThanOrEqual(25);
    const userErrors = sent.flatMap((field, elementIndex) =>
      gone.has(field.ownerId) ? [{ code: "INVALID", elementIndex, field: null, message: "Owner does not exist." }] : [],
    );
    if (userErrors.length === 0) for (const field of sent) fields.set(at(field), field.value);
    return { metafieldsSet: { metafields: [], userErrors } };
  });
  shopify.on("DeleteMetafields", ({ variables }) => {
    for (const field of variables["metafields"] as Field[]) fields.delete(at(field));
    return { metafieldsDelete: { deletedMetafields: [], userErrors: [] } };
  });
  shopify.on("ReadProductReviews", ({ variables }) => ({
    nodes: (variables["ids"] as string[]).map((ownerId) => {
      const read = (namespace: string, key: string) => {
        const value = fields.get(at({ ownerId, namespace, key }));
        return value === undefined ? null : { value };
      };
      return gone.has(ownerId)
        ? null
        : {
            id: ownerId,
            own: read("$app:kizuna", "reviews"),
            rating: read("reviews", "rating"),
            count: read("reviews", "rating_count"),
          };
    }),
  }));
});

function productNode(id: string) {
  return {
    id,
    title: "椿油",
    handle: "camellia-oil",
    vendor: "",
    productType: "",
    tags: [],
    updatedAt: now.toISOString(),
    collections: { nodes: [] },
  };
}
async function settle() {
  await recountRatings(shopId, now, signal);
  return publishRatings({ shopId }, { now, signal });
}
const own = (productGid = PRODUCT) =>
  JSON.parse(fields.get(`${productGid} $app:kizuna.reviews`) ?? "null") as Record<string, never> | null;
const shared = (key: string) =>
  JSON.parse(fields.get(`gid://shopify/AppInstallation/9 kizuna.${key}`) ?? "null") as Record<string, unknown> | null;
const hide = (ids: number[]) =>
  inShop(shopId, (tx) =>
    tx.query("UPDATE review SET status = 'held' WHERE shop_id = $1 AND id = ANY ($2)", [shopId, ids]),
  );
const due = () =>
  queryShop(shopId, "SELECT group_key FROM rating_summary WHERE shop_id = $1 AND counted_seq > published_seq", [
    shopId,
  ]);

describe("publishing ratings", () => {
  it("writes what the page shows and what every theme reads", async () => {
    const email = "hanako@example.org";
    const [first, second] = await insertReviews(shopId, [
      { rating: 5, authorEmail: email, helpful: 3, incentivised: true },
      {
        rating: 4,
        body: `書いてください ${email}`,
        findings: [{ kind: "contact_data", field: "body", from: 8, to: 26, detail: "email" }],
      },
    ]);
    expect(await settle()).toEqual({ published: 1, refused: 0 });
    expect(own()).toMatchObject({
      summary: { count: 2, average: "4.5", counts: [0, 0, 0, 1, 1], incentivised: 1 },
      helpful: [String(first), String(second)],
      newest: [String(second), String(first)],
    });
    expect(fields.get(`${PRODUCT} reviews.rating`)).toBe('{"value":"4.5","scale_min":"1.0","scale_max":"5.0"}');
    expect(fields.get(`${PRODUCT} reviews.rating_count`)).toBe("2");
    expect(shared("reviews")).toMatchObject({ namespace: "app--123--kizuna", policy: { published: 2, held: 0 } });
    expect(shared("shop_reviews")).toMatchObject({
      summary: { count: 2 },
      reviews: [{ product: { handle: "camellia-oil" } }, {}],
    });
    expect([...fields.values()].join()).not.toContain("@");
    expect(await due()).toEqual([]);
  });

  it("takes everything away with the last review", async () => {
    const ids = await insertReviews(shopId, [{}]);
    await settle();
    await hide(ids);
    await settle();
    expect([...fields.keys()].filter((key) => key.startsWith(PRODUCT))).toEqual([]);
    expect(shared("reviews")).toMatchObject({ policy: { published: 0, held: 1 } });
  });

  it("shows a group's reviews on each of its products, and on no page that left", async () => {
    await inShop(shopId, (tx) =>
      tx.query(
        "INSERT INTO review_group (shop_id, product_gid, group_key) VALUES ($1, 'gid://shopify/Product/1', 'oils'), ($1, 'gid://shopify/Product/2', 'oils')",
        [shopId],
      ),
    );
    await insertReviews(shopId, [{ productGid: "gid://shopify/Product/1", groupKey: "oils" }]);
    await inShop(shopId, (tx) =>
      tx.query("INSERT INTO rating_change (shop_id, group_key) VALUES ($1, 'gid://shopify/Product/1')", [shopId]),
    );
    await settle();
    for (const product of ["gid://shopify/Product/1", "gid://shopify/Product/2"])
      expect(own(product)).toMatchObject({ summary: { count: 1 } });
  });

  it("is not held up by a product that is gone, nor tries it again and again", async () => {
    gone.add("gid://shopify/Product/8");
    await insertReviews(shopId, [{ productGid: "gid://shopify/Product/8" }, {}]);
    expect(await settle()).toEqual({ published: 1, refused: 1 });
    expect(own()).not.toBeNull();
    expect(await due()).toEqual([]);
  });

  it("writes what a missing scope refused as soon as the merchant grants it", async () => {
    await insertReviews(shopId, [{}]);
    gone.add(PRODUCT);
    expect(await settle()).toEqual({ published: 0, refused: 1 });
    gone.delete(PRODUCT);
    const grant = (current: string[]) =>
      inShop(shopId, (tx) =>
        scopeChanges.apply(
          tx,
          {
            inboxId: 1,
            shopId,
            domain: "rate.myshopify.com",
            topic: "app/scopes_update",
            payload: { previous: [], current },
            triggeredAt: now,
            attempts: 1,
          },
          {
            now,
            shop: { shopId, domain: "rate.myshopify.com", shopifyGid: null, installedAt: now, uninstalledAt: null },
            orderRead: null,
          },
        ),
      );
    await grant(["read_orders"]);
    expect(await due()).toEqual([]);
    await grant(["read_orders", "write_products"]);
    expect(await due()).toHaveLength(1);
    expect(await settle()).toEqual({ published: 1, refused: 0 });
    expect(own()).toMatchObject({ summary: { count: 1 } });
  });

  it("publishes again what was counted meanwhile", async () => {
    await insertReviews(shopId, [{}]);
    await recountRatings(shopId, now, signal);
    let isFirst = true;
    const seen = shopify.calls;
    shopify.on("ReadInstallation", async () => {
      if (isFirst) {
        isFirst = false;
        await insertReviews(shopId, [{ rating: 1 }]);
        await recountRatings(shopId, now, signal);
      }
      return {
        currentAppInstallation: { id: "gid://shopify/AppInstallation/9", app: { id: "gid://shopify/App/123" } },
      };
    });
    await publishRatings({ shopId }, { now, signal });
    expect(seen.length).toBeGreaterThan(0);
    expect((await due()).length).toBe(1);
    await publishRatings({ shopId }, { now, signal });
    expect([own(), await due()]).toMatchObject([{ summary: { count: 2 } }, []]);
  });

  it("tells the pages of a shop without a review who may write the first one", async () => {
    expect(await healRatings(shopId, now, signal)).toEqual({ seen: 0, healed: 0 });
    await settle();
    expect(shared("reviews")).toMatchObject({ open: "signed_in" });
  });

  it("writes everything anew soon after the app came back, for Shopify has thrown it away", async () => {
    await insertReviews(shopId, [{}]);
    await settle();
    await healRatings(shopId, now, signal);
    const before = new Map(fields);
    fields.clear();
    const soon = new Date(now.getTime() + 3_600_000);
    await routerPool().query("UPDATE shop SET installed_at = $2 WHERE id = $1", [shopId, soon]);
    expect(await healRatings(shopId, soon, signal)).toEqual({ seen: 1, healed: 1 });
    expect(fields).toEqual(before);
  });

  it("heals once a day what was lost or edited elsewhere", async () => {
    await insertReviews(shopId, [{}, { productGid: "gid://shopify/Product/5" }]);
    await settle();
    const before = new Map(fields);
    fields.set(`${PRODUCT} reviews.rating_count`, "9000");
    expect(await healRatings(shopId, now, signal)).toEqual({ seen: 2, healed: 1 });
    expect(fields).toEqual(before);
    fields.clear();
    expect(await healRatings(shopId, new Date(now.getTime() + 3_600_000), signal)).toBeNull();
    expect(await healRatings(shopId, new Date(now.getTime() + 86_400_000), signal)).toEqual({ seen: 2, healed: 2 });
    expect(fields).toEqual(before);
  });
});
