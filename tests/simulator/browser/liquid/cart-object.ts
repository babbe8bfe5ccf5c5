// The cart as Liquid and as the Ajax API show it.
import type { PricedCart } from "../../order-engine";
import type { SimShop } from "../../state";
import { findVariant, lineKey } from "../storefront/cart";
import type { Cart } from "../storefront/cart";
import { price, productObject, variantObject } from "./objects";
import type { View } from "./objects";

type Props = Record<string, unknown>;

interface Line {
  key: string;
  index: number;
  quantity: number;
  unit: number;
  original: number;
  discount: number;
}

function linesOf(view: View, cart: Cart, priced: PricedCart): Line[] {
  return cart.items.map((item, index) => {
    const line = priced.lines[index];
    const unit = price(view, line?.unitPriceMinor ?? 0);
    const discount = price(view, line?.discounts.reduce((sum, part) => sum + part.amountMinor, 0) ?? 0);
    return { key: lineKey(item), index, quantity: item.quantity, unit, original: unit * item.quantity, discount };
  });
}

function figures(lines: Line[]): { original: number; discount: number; total: number; count: number } {
  const original = lines.reduce((sum, line) => sum + line.original, 0);
  const discount = lines.reduce((sum, line) => sum + line.discount, 0);
  return { original, discount, total: original - discount, count: lines.reduce((sum, line) => sum + line.quantity, 0) };
}

function applicationObject(view: View, used: PricedCart["discountCodes"][number]): Props {
  return {
    title: used.code,
    code: used.code,
    type: "discount_code",
    value_type: used.type,
    target_selection: used.selection ?? "all",
    target_type: used.type === "shipping" ? "shipping_line" : "line_item",
    total_allocated_amount: price(view, used.amountMinor),
  };
}

/** `cart` in Liquid. */
export function cartObject(view: View, shop: SimShop, cart: Cart, priced: PricedCart): Props {
  const lines = linesOf(view, cart, priced);
  const sums = figures(lines);
  return {
    token: cart.token,
    note: cart.note,
    attributes: cart.attributes,
    currency: { iso_code: view.currency },
    item_count: sums.count,
    "empty?": lines.length === 0,
    original_total_price: sums.original,
    items_subtotal_price: sums.total,
    total_price: sums.total,
    total_discount: sums.discount,
    taxes_included: shop.taxesIncluded,
    requires_shipping: priced.shipping !== null,
    cart_level_discount_applications: priced.discountCodes
      .filter(({ selection }) => selection !== "entitled")
      .map((used) => applicationObject(view, used)),
    discount_applications: priced.discountCodes.map((used) => applicationObject(view, used)),
    rejected_codes: priced.rejectedCodes.map((rejected) => ({
      ...rejected,
      others: cart.discountCodes.filter((code) => code !== rejected.code).join(","),
    })),
    items: lines.map((line) => {
      const item = cart.items[line.index];
      const found = item ? findVariant(shop, item.variantId) : null;
      if (!item || !found) return {};
      const { product, variant } = found;
      return {
        key: line.key,
        id: Number(variant.id),
        variant_id: Number(variant.id),
        product_id: Number(product.id),
        title: product.title[view.locale],
        quantity: line.quantity,
        properties: item.properties,
        price: line.unit,
        original_price: line.unit,
        final_price: Math.floor((line.original - line.discount) / line.quantity),
        gift_card: product.isGiftCard,
        requires_shipping: !product.isGiftCard,
        sku: variant.sku,
        vendor: product.vendor,
        selling_plan_allocation: null,
        line_level_discount_allocations: (priced.lines[line.index]?.discounts ?? [])
          .filter(({ scope }) => scope === "line")
          .map(({ amountMinor, code }) => {
            const used = priced.discountCodes.find((one) => one.code === code);
            return {
              amount: price(view, amountMinor),
              discount_application: used ? applicationObject(view, used) : null,
            };
          }),
        line_price: line.original - line.discount,
        final_line_price: line.original - line.discount,
        original_line_price: line.original,
        total_discount: line.discount,
        url: `${view.prefix}/products/${product.handle}?variant=${variant.id}`,
        image: { src: product.image, alt: product.title[view.locale] },
        product: productObject(view, product),
        variant: variantObject(view, product, variant),
      };
    }),
  };
}

/** /cart.js */
export function cartJson(view: View, shop: SimShop, cart: Cart, priced: PricedCart): Props {
  const object = cartObject(view, shop, cart, priced);
  const items = object.items as Props[];
  return {
    token: cart.token,
    note: cart.note || null,
    attributes: cart.attributes,
    original_total_price: object.original_total_price,
    total_price: object.total_price,
    total_discount: object.total_discount,
    item_count: object.item_count,
    items: items.map(({ product, variant, image, ...item }) => ({
      ...item,
      product_title: item.title,
      variant_title: (variant as Props).title,
      handle: (product as Props).handle,
      sku: (variant as Props).sku,
      vendor: (product as Props).vendor,
      gift_card: (product as Props)["gift_card?"],
      image: (image as Props).src,
    })),
    requires_shipping: object.requires_shipping,
    currency: view.currency,
    items_subtotal_price: object.items_subtotal_price,
    cart_level_discount_applications: object.cart_level_discount_applications,
    discount_codes: [
      ...priced.discountCodes.map(({ code }) => ({ code, applicable: true })),
      ...priced.rejectedCodes.map(({ code }) => ({ code, applicable: false })),
    ],
  };
}
