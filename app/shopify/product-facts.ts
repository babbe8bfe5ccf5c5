// What rules need to know of a product, from webhook bodies and from GraphQL.
import { z } from "zod";

import { toGid } from "./gid";
import type { Instant } from "./order-facts";

export interface ProductFacts {
  /** gid://shopify/Product/1 */
  productId: string;
  title: string;
  /** What its address on the storefront ends with; empty: not told. */
  handle?: string;
  vendor: string;
  productType: string;
  tags: string[];
  /** undefined: webhook bodies do not carry collections. */
  collectionIds?: string[];
  /** Of its variants; undefined: not told. */
  identifiers?: ProductIdentifiers;
  updatedAt: Instant;
}
/** What a product is called elsewhere. */
export interface ProductIdentifiers {
  skus: string[];
  /** Barcodes of 8, 12, 13 or 14 digits whose check digit is right. */
  gtins: string[];
}

const id = z.union([z.number().int().nonnegative(), z.string().regex(/^\d+$/)]);
const payloadSchema = z.object({
  id: id.optional(),
  admin_graphql_api_id: z.string().optional(),
  title: z.string(),
  handle: z.string().nullish(),
  vendor: z.string().nullish(),
  product_type: z.string().nullish(),
  tags: z.string().nullish(),
  updated_at: z.string().nullish(),
  variants: z.array(z.object({ sku: z.string().nullish(), barcode: z.string().nullish() })).nullish(),
});

/** Older than any real state: a body without updated_at serves only where nothing is known. */
const BEFORE_EVERYTHING = "1970-01-01T00:00:00.000Z";

/** Parses the body of products/create and products/update. */
export function productFactsFromPayload(json: unknown): ProductFacts {
  const product = payloadSchema.parse(json);
  return {
    productId: product.admin_graphql_api_id ?? toGid("Product", product.id ?? ""),
    title: product.title,
    handle: product.handle ?? "",
    vendor: product.vendor ?? "",
    productType: product.product_type ?? "",
    tags: (product.tags ?? "")
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "")
      .sort(),
    ...(product.variants ? { identifiers: identifiersOf(product.variants) } : {}),
    updatedAt: product.updated_at ? new Date(product.updated_at).toISOString() : BEFORE_EVERYTHING,
  };
}

/** How many variants a read asks for: 25 products with more would cost more than one query may. */
const VARIANTS_READ = 5;
const nodeSchema = z.object({
  id: z.string(),
  title: z.string(),
  handle: z.string().default(""),
  vendor: z.string(),
  productType: z.string(),
  tags: z.array(z.string()),
  updatedAt: z.string(),
  collections: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
  variants: z
    .object({ nodes: z.array(z.object({ sku: z.string().nullish(), barcode: z.string().nullish() })) })
    .default({ nodes: [] }),
});

/** Parses a Product node as selected by `productFields`. */
export function productFactsFromNode(node: unknown): ProductFacts & { collectionIds: string[] } {
  const product = nodeSchema.parse(node);
  return {
    productId: product.id,
    title: product.title,
    handle: product.handle,
    vendor: product.vendor,
    productType: product.productType,
    tags: [...product.tags].sort(),
    collectionIds: product.collections.nodes.map((collection) => collection.id).sort(),
    // A full page may not be all of them: webhook bodies carry every variant.
    ...(product.variants.nodes.length < VARIANTS_READ ? { identifiers: identifiersOf(product.variants.nodes) } : {}),
    updatedAt: new Date(product.updatedAt).toISOString(),
  };
}

function identifiersOf(variants: { sku?: string | null; barcode?: string | null }[]): ProductIdentifiers {
  const all = (texts: (string | null | undefined)[]) =>
    [...new Set(texts.map((text) => text?.trim() ?? "").filter((text) => text !== ""))].slice(0, 50);
  return {
    skus: all(variants.map(({ sku }) => sku)),
    gtins: all(variants.map(({ barcode }) => barcode)).filter(isGtin),
  };
}
/** Whether a barcode is a GTIN: merchants write anything there. Source: GS1 General Specifications, 7.9. */
function isGtin(text: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return false;
  const sum = [...text].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 1 ? 3 : 1), 0);
  return sum % 10 === 0;
}
