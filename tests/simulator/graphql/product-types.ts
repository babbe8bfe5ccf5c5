// Products, variants and collections.
import { gid } from "../ids";
import { toDecimal } from "../money";
import { optionName, variantTitle } from "../names";
import type { SimCollection, SimProduct, SimVariant } from "../state";
import { paginate, paginateList } from "./connection";
import { metafieldFields } from "./metafield-types";
import { moneyV2 } from "./money-bag";
import { compileSearch } from "./search";
import { productPosition, productSearch } from "./search-tables";
import {
  dateTime,
  fields,
  head,
  notImplemented,
  plain,
  say,
  type Args,
  type GraphContext,
  type TypeTable,
} from "./types";

interface VariantSource {
  product: SimProduct;
  variant: SimVariant;
}

/** A page of products by search and sort key. */
export function productConnection(ctx: GraphContext, args: Args): unknown {
  const fits = compileSearch(args.query, productSearch(ctx), ctx.shop.timeZone);
  const found = Object.values(ctx.shop.products).filter(fits);
  return paginate(found, args, { position: productPosition(args.sortKey, ctx.shop.locale), whole: ctx.bulk });
}

/** A page of collections. */
export function collectionConnection(
  ctx: GraphContext,
  args: Args,
  collections = Object.values(ctx.shop.collections),
): unknown {
  if (args.query) throw notImplemented("search of collections");
  if (args.sortKey !== undefined && args.sortKey !== "ID")
    throw notImplemented(`sorting collections by ${say(args.sortKey)}`);
  return paginate(collections, args, { position: ({ id }) => ({ value: 0, id }), whole: ctx.bulk });
}

const variants = (product: SimProduct): VariantSource[] => product.variants.map((variant) => ({ product, variant }));
const storefront = (ctx: GraphContext): string =>
  ctx.sim.addresses.storefronts[ctx.shop.domain] ?? `https://${ctx.shop.domain}`;
const image = (product: SimProduct, ctx: GraphContext) => ({
  url: `${storefront(ctx)}${product.image}`,
  altText: product.title[ctx.shop.locale],
});

const PRODUCT: TypeTable = fields<SimProduct>({
  id: ({ id }) => gid("Product", id),
  legacyResourceId: ({ id }) => id,
  title: ({ title }, _, ctx) => title[ctx.shop.locale],
  handle: ({ handle }) => handle,
  description: ({ description }, _, ctx) => description[ctx.shop.locale],
  descriptionHtml: ({ description }, _, ctx) => `<p>${description[ctx.shop.locale]}</p>`,
  vendor: ({ vendor }) => vendor,
  productType: ({ productType }) => productType,
  tags: ({ tags }) => tags,
  status: () => "ACTIVE",
  isGiftCard: ({ isGiftCard }) => isGiftCard,
  createdAt: ({ createdAt }) => dateTime(createdAt),
  updatedAt: ({ updatedAt }) => dateTime(updatedAt),
  publishedAt: ({ createdAt }) => dateTime(createdAt),
  hasOnlyDefaultVariant: ({ optionName: name }) => name === null,
  variantsCount: (product) => ({ count: product.variants.length, precision: "EXACT" }),
  variants: (product, args, ctx) => {
    if (args.sortKey !== undefined && args.sortKey !== "POSITION")
      throw notImplemented(`sorting variants by ${say(args.sortKey)}`);
    return paginateList(variants(product), args, ctx.bulk);
  },
  options: (product, args, ctx) =>
    head(
      [
        {
          id: gid("ProductOption", product.id),
          name: optionName(product, ctx.shop.locale) ?? "Title",
          position: 1,
          values: product.variants.map((variant) => variantTitle(variant, ctx.shop.locale)),
        },
      ],
      args,
    ),
  collections: ({ id }, args, ctx) =>
    collectionConnection(
      ctx,
      args,
      Object.values(ctx.shop.collections).filter(({ productIds }) => productIds.includes(id)),
    ),
  inCollection: ({ id: productId }, { id }, ctx) => {
    const collection = ctx.shop.collections[String(id).split("/").at(-1) ?? ""];
    return collection?.productIds.includes(productId) ?? false;
  },
  featuredImage: (product, _, ctx) => image(product, ctx),
  onlineStoreUrl: ({ handle }, _, ctx) => `${storefront(ctx)}/products/${handle}`,
  priceRangeV2: (product, _, ctx) => {
    const prices = product.variants.map(({ priceMinor }) => priceMinor);
    return {
      minVariantPrice: moneyV2(Math.min(...prices), ctx.shop.currency),
      maxVariantPrice: moneyV2(Math.max(...prices), ctx.shop.currency),
    };
  },
});

const VARIANT: TypeTable = fields<VariantSource>({
  id: ({ variant }) => gid("ProductVariant", variant.id),
  legacyResourceId: ({ variant }) => variant.id,
  title: ({ variant }, _, ctx) => variantTitle(variant, ctx.shop.locale),
  displayName: ({ product, variant }, _, ctx) =>
    `${product.title[ctx.shop.locale]} - ${variantTitle(variant, ctx.shop.locale)}`,
  sku: ({ variant }) => variant.sku,
  barcode: ({ variant }) => variant.barcode ?? null,
  position: ({ product, variant }) => product.variants.indexOf(variant) + 1,
  price: ({ variant }, _, ctx) => toDecimal(variant.priceMinor, ctx.shop.currency),
  compareAtPrice: ({ variant }, _, ctx) =>
    variant.compareAtMinor === null ? null : toDecimal(variant.compareAtMinor, ctx.shop.currency),
  availableForSale: ({ variant }) => variant.available,
  product: ({ product }) => product,
  selectedOptions: ({ product, variant }, _, ctx) => [
    { name: optionName(product, ctx.shop.locale) ?? "Title", value: variantTitle(variant, ctx.shop.locale) },
  ],
  createdAt: ({ product }) => dateTime(product.createdAt),
  updatedAt: ({ product }) => dateTime(product.updatedAt),
});

const COLLECTION: TypeTable = fields<SimCollection>({
  id: ({ id }) => gid("Collection", id),
  legacyResourceId: ({ id }) => id,
  handle: ({ handle }) => handle,
  title: ({ title }, _, ctx) => title[ctx.shop.locale],
  updatedAt: ({ updatedAt }) => dateTime(updatedAt),
  productsCount: ({ productIds }) => ({ count: productIds.length, precision: "EXACT" }),
  hasProduct: ({ productIds }, { id }) => productIds.includes(String(id).split("/").at(-1) ?? ""),
  products: ({ productIds }, args, ctx) => {
    if (args.sortKey !== undefined && args.sortKey !== "COLLECTION_DEFAULT")
      throw notImplemented(`sorting a collection by ${say(args.sortKey)}`);
    return paginateList(
      productIds.flatMap((id) => ctx.shop.products[id] ?? []),
      args,
      ctx.bulk,
    );
  },
});

export const PRODUCT_TYPES: Record<string, TypeTable> = {
  Product: new Map([...PRODUCT, ...metafieldFields<SimProduct>(({ id }) => gid("Product", id))]),
  ProductVariant: new Map([
    ...VARIANT,
    ...metafieldFields<VariantSource>(({ variant }) => gid("ProductVariant", variant.id)),
  ]),
  Collection: new Map([...COLLECTION, ...metafieldFields<SimCollection>(({ id }) => gid("Collection", id))]),
  ProductOption: plain("id", "name", "position", "values"),
  ProductPriceRangeV2: plain("minVariantPrice", "maxVariantPrice"),
  SelectedOption: plain("name", "value"),
  Image: plain("url", "altText"),
};
