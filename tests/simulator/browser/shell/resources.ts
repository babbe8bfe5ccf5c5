// What the resource picker finds: rows to show, and the values the app gets for them.
import { gid } from "../../ids";
import { toDecimal } from "../../money";
import { variantTitle } from "../../names";
import type { SimProduct, SimShop, SimVariant } from "../../state";
import type { PickerRow } from "../client/protocol";
import { money } from "./figures";
import type { Locale } from "./words";

const ROWS_MAX = 100;

/** Products, variants, collections or customers whose text holds the query. */
export function findResources(shop: SimShop, locale: Locale, type: string, query: string): PickerRow[] | null {
  const rows = allOf(shop, locale, type);
  const wanted = query.trim().toLowerCase();
  return (
    rows &&
    rows.filter(({ heading, detail }) => `${heading} ${detail}`.toLowerCase().includes(wanted)).slice(0, ROWS_MAX)
  );
}

function allOf(shop: SimShop, locale: Locale, type: string): PickerRow[] | null {
  const products = Object.values(shop.products);
  switch (type) {
    case "product":
      return products.map((product) => {
        const count = product.variants.length;
        const detail = locale === "ja" ? `バリエーション${count}件` : count === 1 ? "1 variant" : `${count} variants`;
        return row(
          gid("Product", product.id),
          product.title[locale],
          detail,
          product.image,
          productValue(shop, product),
        );
      });
    case "variant":
      return products.flatMap((product) =>
        product.variants.map((variant) =>
          row(
            gid("ProductVariant", variant.id),
            `${product.title[locale]} – ${variantTitle(variant, locale)}`,
            money(variant.priceMinor, shop.currency, locale),
            product.image,
            { ...variantValue(shop, product, variant), product: { id: gid("Product", product.id) } },
          ),
        ),
      );
    case "collection":
      return Object.values(shop.collections).map((collection) => {
        const id = gid("Collection", collection.id);
        const { handle, updatedAt, productIds } = collection;
        const title = collection.title[shop.locale];
        const value = { id, handle, title, updatedAt, productsCount: productIds.length };
        return row(id, collection.title[locale], String(productIds.length), null, value);
      });
    case "customer":
      return Object.values(shop.customers).map((customer) => {
        const id = gid("Customer", customer.id);
        const name = `${customer.firstName} ${customer.lastName}`.trim();
        return row(id, name || customer.email, customer.email, null, { id, displayName: name, email: customer.email });
      });
    default:
      return null;
  }
}

function row(id: string, heading: string, detail: string, image: string | null, value: unknown): PickerRow {
  return { id, heading, detail, image, disabled: false, selected: false, value };
}

function productValue(shop: SimShop, product: SimProduct): Record<string, unknown> {
  return {
    id: gid("Product", product.id),
    handle: product.handle,
    title: product.title[shop.locale],
    vendor: product.vendor,
    productType: product.productType,
    tags: product.tags,
    status: "ACTIVE",
    totalVariants: product.variants.length,
    hasOnlyDefaultVariant: product.variants.length === 1,
    images: [{ id: gid("ProductImage", product.id), originalSrc: product.image }],
    variants: product.variants.map((variant) => variantValue(shop, product, variant)),
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
  };
}

function variantValue(shop: SimShop, product: SimProduct, variant: SimVariant): Record<string, unknown> {
  return {
    id: gid("ProductVariant", variant.id),
    title: variantTitle(variant, shop.locale),
    displayName: `${product.title[shop.locale]} - ${variantTitle(variant, shop.locale)}`,
    sku: variant.sku,
    price: toDecimal(variant.priceMinor, shop.currency),
    compareAtPrice: variant.compareAtMinor === null ? null : toDecimal(variant.compareAtMinor, shop.currency),
    availableForSale: variant.available,
  };
}
