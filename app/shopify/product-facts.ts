// What rules need to know of a product, from webhook bodies and from GraphQL.
import { z } from "zod";

import { toGid } from "./gid";
import type { Instant } from "./order-facts";

export interface ProductFacts {
  /** gid://shopify/Product/1 */
  productId: string;
  title: string;
  vendor: string;
  productType: string;
  tags: string[];
  /** undefined: webhook bodies do not carry collections. */
  collectionIds?: string[];
  updatedAt: Instant;
}

const id = z.union([z.number().int().nonnegative(), z.string().regex(/^\d+$/)]);
const payloadSchema = z.object({
  id: id.optional(),
  admin_graphql_api_id: z.string().optional(),
  title: z.string(),
  vendor: z.string().nullish(),
  product_type: z.string().nullish(),
  tags: z.string().nullish(),
  updated_at: z.string().nullish(),
});

/** Older than any real state: a body without updated_at serves only where nothing is known. */
const BEFORE_EVERYTHING = "1970-01-01T00:00:00.000Z";

/** Parses the body of products/create and products/update. */
export function productFactsFromPayload(json: unknown): ProductFacts {
  const product = payloadSchema.parse(json);
  return {
    productId: product.admin_graphql_api_id ?? toGid("Product", product.id ?? ""),
    title: product.title,
    vendor: product.vendor ?? "",
    productType: product.product_type ?? "",
    tags: (product.tags ?? "")
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "")
      .sort(),
    updatedAt: product.updated_at ? new Date(product.updated_at).toISOString() : BEFORE_EVERYTHING,
  };
}

const nodeSchema = z.object({
  id: z.string(),
  title: z.string(),
  vendor: z.string(),
  productType: z.string(),
  tags: z.array(z.string()),
  updatedAt: z.string(),
  collections: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
});

/** Parses a Product node as selected by `productFields`. */
export function productFactsFromNode(node: unknown): ProductFacts & { collectionIds: string[] } {
  const product = nodeSchema.parse(node);
  return {
    productId: product.id,
    title: product.title,
    vendor: product.vendor,
    productType: product.productType,
    tags: [...product.tags].sort(),
    collectionIds: product.collections.nodes.map((collection) => collection.id).sort(),
    updatedAt: new Date(product.updatedAt).toISOString(),
  };
}
