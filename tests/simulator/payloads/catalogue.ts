// Bodies of products/*, collections/* and discounts/*.
import { gid } from "../ids";
import { toDecimal } from "../money";
import type { Id, SimCollection, SimDiscount, SimProduct, SimShop } from "../state";
import { optionName, variantTitle } from "../names";
import { discountStatus } from "../orders/discounts";
import { num, when } from "./primitives";

function imageBody(shop: SimShop, product: SimProduct): Record<string, unknown> {
  const id = num(product.id) * 10 + 3;
  return {
    id,
    alt: null,
    position: 1,
    product_id: num(product.id),
    created_at: when(product.createdAt, shop),
    updated_at: when(product.updatedAt, shop),
    admin_graphql_api_id: gid("ProductImage", String(id)),
    width: 800,
    height: 800,
    src: `https://${shop.domain}${product.image || "/images/none.svg"}`,
    variant_ids: [],
  };
}

/** products/create and products/update. */
export function productBody(shop: SimShop, product: SimProduct): Record<string, unknown> {
  const id = num(product.id);
  const image = imageBody(shop, product);
  const name = optionName(product, shop.locale) ?? "Title";
  const titles = product.variants.map((variant) => variantTitle(variant, shop.locale));
  return {
    admin_graphql_api_id: gid("Product", product.id),
    body_html: product.description[shop.locale],
    created_at: when(product.createdAt, shop),
    handle: product.handle,
    id,
    product_type: product.productType,
    published_at: when(product.createdAt, shop),
    template_suffix: null,
    title: product.title[shop.locale],
    updated_at: when(product.updatedAt, shop),
    vendor: product.vendor,
    status: "active",
    published_scope: "web",
    tags: product.tags.join(", "),
    variants: product.variants.map((variant, index) => ({
      admin_graphql_api_id: gid("ProductVariant", variant.id),
      barcode: variant.barcode ?? null,
      compare_at_price: variant.compareAtMinor === null ? null : toDecimal(variant.compareAtMinor, shop.currency),
      created_at: when(product.createdAt, shop),
      id: num(variant.id),
      inventory_policy: "deny",
      position: index + 1,
      price: toDecimal(variant.priceMinor, shop.currency),
      product_id: id,
      sku: variant.sku,
      taxable: !product.isGiftCard,
      title: titles[index],
      updated_at: when(product.updatedAt, shop),
      option1: titles[index],
      option2: null,
      option3: null,
      image_id: null,
      inventory_item_id: num(variant.id) * 10,
      inventory_quantity: variant.available ? 75 : 0,
      old_inventory_quantity: variant.available ? 75 : 0,
    })),
    options: [{ name, id: id * 10 + 1, product_id: id, position: 1, values: titles }],
    images: [image],
    image,
    media: [],
    variant_gids: product.variants.map((variant) => ({
      admin_graphql_api_id: gid("ProductVariant", variant.id),
      updated_at: when(product.updatedAt, shop),
    })),
    has_variants_that_requires_components: false,
    category: null,
  };
}

/** collections/create and collections/update. Members are not in the body: ask the Admin API. */
export function collectionBody(shop: SimShop, collection: SimCollection): Record<string, unknown> {
  return {
    id: num(collection.id),
    handle: collection.handle,
    title: collection.title[shop.locale],
    updated_at: when(collection.updatedAt, shop),
    body_html: "",
    published_at: when(collection.updatedAt, shop),
    sort_order: "manual",
    template_suffix: null,
    published_scope: "web",
    admin_graphql_api_id: gid("Collection", collection.id),
  };
}

export const collectionDeleteBody = (id: Id): Record<string, unknown> => ({
  id: num(id),
  published_scope: "web",
  admin_graphql_api_id: gid("Collection", id),
});

/** discounts/create and discounts/update. */
export function discountBody(shop: SimShop, discount: SimDiscount, now: string): Record<string, unknown> {
  return {
    admin_graphql_api_id: gid("DiscountCodeNode", discount.id),
    title: discount.title,
    status: discountStatus(discount, now).toUpperCase(),
    created_at: when(discount.createdAt, shop),
    updated_at: when(discount.updatedAt, shop),
  };
}
