// Reviews where the storefront reads them: the app's own value and Shopify's standard ratings on products,
// and what every page shares on the installation. The values come in as data.
import { isDeepStrictEqual } from "node:util";

import type { ShopId } from "../db.server";
import { adminClient, type AdminClient } from "./admin-client.server";
import {
  createMetafieldDefinitionMutation,
  deleteMetafieldsMutation,
  enableStandardDefinitionMutation,
  METAFIELDS_PER_CALL,
  readInstallationQuery,
  readProductReviewsQuery,
} from "./documents/metafield";
import {
  CUSTOMER_NAMESPACE,
  GALLERY_KEY,
  INSTALLATION_NAMESPACE,
  PRODUCT_REVIEWS_KEY,
  resolvedCustomerNamespace,
  REVIEWS_KEY,
  SHOP_REVIEWS_KEY,
  STANDARD_REVIEWS,
  type ProductReviewsValue,
  type ReviewsValue,
} from "./metafields";
import { UserErrors } from "./shopify-errors";
import { writeMetafields, type MetafieldInput } from "./write-metafields.server";

export interface ProductReviews {
  productGid: string;
  /** null: nobody has written about it (any more), and nothing may stand there. */
  value: ProductReviewsValue | null;
}
export interface PublishedReviews {
  published: number;
  /** Products that Shopify no longer has or refuses. */
  refused: { productGid: string; reason: string }[];
}

/**
 * Writes products' reviews, and takes away what stands on products without any.
 * @throws what the Admin API client throws; what was published before the throw stays published
 */
export async function publishProductReviews(
  shopId: ShopId,
  products: readonly ProductReviews[],
): Promise<PublishedReviews> {
  if (products.length === 0) return { published: 0, refused: [] };
  const client = await adminClient(shopId);
  const { refused } = await writeMetafields(
    client,
    products.flatMap(({ productGid, value }) => (value ? metafieldsOf(productGid, value) : [])),
  );
  const failed = new Map(refused.map(({ input, reason }) => [input.ownerId, reason]));
  for (const [productGid, reason] of await clear(client, products)) failed.set(productGid, reason);
  return {
    published: products.filter(({ productGid }) => !failed.has(productGid)).length,
    refused: [...failed].map(([productGid, reason]) => ({ productGid, reason })),
  };
}

const NAMES = [
  { namespace: CUSTOMER_NAMESPACE, key: PRODUCT_REVIEWS_KEY },
  { namespace: STANDARD_REVIEWS.namespace, key: STANDARD_REVIEWS.rating },
  { namespace: STANDARD_REVIEWS.namespace, key: STANDARD_REVIEWS.count },
];

function metafieldsOf(ownerId: string, value: ProductReviewsValue): MetafieldInput[] {
  const [own, rating, count] = valuesOf(value);
  return [
    { ownerId, namespace: CUSTOMER_NAMESPACE, key: PRODUCT_REVIEWS_KEY, type: "json", value: own },
    { ownerId, namespace: STANDARD_REVIEWS.namespace, key: STANDARD_REVIEWS.rating, type: "rating", value: rating },
    {
      ownerId,
      namespace: STANDARD_REVIEWS.namespace,
      key: STANDARD_REVIEWS.count,
      type: "number_integer",
      value: count,
    },
  ];
}
function valuesOf(value: ProductReviewsValue): [own: string, rating: string, count: string] {
  const rating = { value: value.summary.average ?? "0.0", scale_min: "1.0", scale_max: "5.0" };
  return [JSON.stringify(value), JSON.stringify(rating), String(value.summary.count)];
}

// Deleted, not zeroed: themes show a rating wherever one stands.
async function clear(client: AdminClient, products: readonly ProductReviews[]): Promise<[string, string][]> {
  const failed: [string, string][] = [];
  const waiting = products.flatMap(({ productGid, value }) =>
    value ? [] : NAMES.map((name) => ({ ownerId: productGid, ...name })),
  );
  for (let start = 0; start < waiting.length; start += METAFIELDS_PER_CALL) {
    const batch = waiting.slice(start, start + METAFIELDS_PER_CALL);
    const { metafieldsDelete } = await client.request(deleteMetafieldsMutation, { metafields: batch });
    for (const error of metafieldsDelete?.userErrors ?? []) {
      const owner = batch[Number(error.field?.[1])]?.ownerId;
      if (owner === undefined) throw new UserErrors("metafieldsDelete", [error]);
      failed.push([owner, error.message]);
    }
  }
  return failed;
}

/**
 * Which of the products do not show what they should: a value was edited, lost or never arrived.
 * @throws what the Admin API client throws
 */
export async function findStaleProducts(
  shopId: ShopId,
  products: readonly ProductReviews[],
): Promise<ProductReviews[]> {
  const stale: ProductReviews[] = [];
  const client = await adminClient(shopId);
  for (let start = 0; start < products.length; start += METAFIELDS_PER_CALL) {
    const batch = products.slice(start, start + METAFIELDS_PER_CALL);
    const { nodes } = await client.request(readProductReviewsQuery, { ids: batch.map(({ productGid }) => productGid) });
    batch.forEach((product, index) => {
      const node = nodes[index];
      if (!node || !("id" in node)) return; // Gone: nothing can be written there.
      const found = [node.own?.value, node.rating?.value, node.count?.value].map(parse);
      const wanted = product.value ? valuesOf(product.value).map(parse) : [null, null, null];
      if (!isDeepStrictEqual(found, wanted)) stale.push(product);
    });
  }
  return stale;
}
function parse(value: string | undefined): unknown {
  if (value === undefined) return null;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** Values of the installation: labels and policy, the gallery, the shop's own page of reviews. */
export interface SharedReviews {
  reviews: Omit<ReviewsValue, "v" | "namespace">;
  gallery: Record<string, unknown>;
  shopReviews: Record<string, unknown>;
}

/** @throws UserErrors when Shopify refuses one, and what the Admin API client throws */
export async function publishSharedReviews(shopId: ShopId, shared: SharedReviews): Promise<void> {
  const client = await adminClient(shopId);
  const { currentAppInstallation: installation } = await client.request(readInstallationQuery, {});
  const reviews: ReviewsValue = { ...shared.reviews, v: 1, namespace: resolvedCustomerNamespace(installation.app.id) };
  const values: [string, unknown][] = [
    [REVIEWS_KEY, reviews],
    [GALLERY_KEY, { ...shared.gallery, v: 1 }],
    [SHOP_REVIEWS_KEY, { ...shared.shopReviews, v: 1 }],
  ];
  const { refused } = await writeMetafields(
    client,
    values.map(([key, value]) => ({
      ownerId: installation.id,
      namespace: INSTALLATION_NAMESPACE,
      key,
      type: "json",
      value: JSON.stringify(value),
    })),
  );
  if (refused.length > 0) {
    throw new UserErrors(
      "metafieldsSet",
      refused.map(({ input, reason }) => ({ code: reason, message: input.key })),
    );
  }
}

/**
 * Gives the products' reviews definitions that themes and Liquid may read; a no-op where they are. A shop that has not
 * yet granted the scope for products gets them when it has.
 * @throws what the Admin API client throws
 */
export async function ensureReviewDefinitions(shopId: ShopId): Promise<{ outcome: "present" | "refused" }> {
  const client = await adminClient(shopId);
  const { metafieldDefinitionCreate } = await client.request(createMetafieldDefinitionMutation, {
    definition: {
      name: "Kizuna reviews",
      namespace: CUSTOMER_NAMESPACE,
      key: PRODUCT_REVIEWS_KEY,
      ownerType: "PRODUCT",
      type: "json",
      access: { admin: "MERCHANT_READ", storefront: "PUBLIC_READ" },
    },
  });
  const problems: { code?: string | null }[] = [...(metafieldDefinitionCreate?.userErrors ?? [])];
  for (const key of [STANDARD_REVIEWS.rating, STANDARD_REVIEWS.count]) {
    const { standardMetafieldDefinitionEnable } = await client.request(enableStandardDefinitionMutation, {
      namespace: STANDARD_REVIEWS.namespace,
      key,
    });
    problems.push(...(standardMetafieldDefinitionEnable?.userErrors ?? []));
  }
  return { outcome: problems.every(({ code }) => code === "TAKEN") ? "present" : "refused" };
}
