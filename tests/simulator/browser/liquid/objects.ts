// The shop's things as Liquid objects, in one language and one currency. Properties that cost something
// are computed when a template reads them.
import { gid } from "../../ids";
import { convertMinor } from "../../money";
import { creditAccountOf, creditBalance, settleCredit } from "../../orders/store-credit";
import { lineFigures, totals } from "../../order-math";
import type { Simulator } from "../../simulator";
import type { Minor, SimCollection, SimCustomer, SimOrder, SimProduct, SimShop, SimVariant } from "../../state";
import { optionName, variantTitle } from "../../names";
import { metafieldsOf } from "./metafields";
import { toLiquid } from "./money-format";

export interface View {
  sim: Simulator;
  shop: SimShop;
  locale: "en" | "ja";
  currency: string;
  /** "" or "/en": what addresses begin with. */
  prefix: string;
  /** Whose template reads: decides which metafields are in sight. */
  reader: "theme" | "app";
  selectedVariantId?: string;
}
type Props = Record<string, unknown>;

/** Adds properties that are computed once, when first read; JSON leaves them out. */
export function lazy<T extends Props>(object: T, getters: Record<string, () => unknown>): T {
  for (const [name, compute] of Object.entries(getters)) {
    let computed: { value: unknown } | undefined;
    Object.defineProperty(object, name, {
      enumerable: false,
      configurable: true,
      get: () => (computed ??= { value: compute() }).value,
    });
  }
  return object;
}

/** A copy with more properties; lazy ones stay lazy. */
export function extend(objects: Props, more: Props): Props {
  return Object.assign(Object.defineProperties({}, Object.getOwnPropertyDescriptors(objects)), more);
}

/** Shop money → hundredths in the shopper's currency. */
export function price(view: View, minor: Minor): number {
  const { shop, currency } = view;
  return toLiquid(convertMinor(minor, shop.currency, currency, shop.presentment[currency] ?? 1), currency);
}

export function shopObject(view: View): Props {
  const { shop, sim } = view;
  const origin = sim.addresses.storefronts[shop.domain] ?? "";
  return lazy(
    {
      id: Number(shop.id),
      name: shop.name,
      email: shop.email,
      url: origin,
      secure_url: origin,
      domain: shop.domain,
      permanent_domain: shop.domain,
      currency: shop.currency,
      locale: shop.locale,
      taxes_included: shop.taxesIncluded,
      customer_accounts_enabled: true,
      customer_accounts_optional: true,
      description: "",
      money_format: "",
    },
    {
      metafields: () => metafieldsOf(sim, shop, gid("Shop", shop.id), view.reader),
      products_count: () => Object.keys(shop.products).length,
      collections_count: () => Object.keys(shop.collections).length,
    },
  );
}

export function imageObject(product: SimProduct, alt: string): Props {
  return { src: product.image, alt, width: 800, height: 800, aspect_ratio: 1, id: Number(product.id) };
}

export function variantObject(view: View, product: SimProduct, variant: SimVariant): Props {
  const { prefix, sim, shop } = view;
  const title = variantTitle(variant, view.locale);
  return lazy(
    {
      id: Number(variant.id),
      title,
      sku: variant.sku,
      price: price(view, variant.priceMinor),
      compare_at_price: variant.compareAtMinor === null ? null : price(view, variant.compareAtMinor),
      available: variant.available,
      option1: product.optionName ? title : "Default Title",
      options: [product.optionName ? title : "Default Title"],
      url: `${prefix}/products/${product.handle}?variant=${variant.id}`,
      requires_shipping: !product.isGiftCard,
      taxable: !product.isGiftCard,
      selected: view.selectedVariantId === variant.id,
      featured_image: null,
    },
    {
      product: () => productObject(view, product),
      metafields: () => metafieldsOf(sim, shop, gid("ProductVariant", variant.id), view.reader),
    },
  );
}

export function productObject(view: View, product: SimProduct): Props {
  const { sim, shop, locale, prefix } = view;
  const title = product.title[locale];
  const variants = product.variants.map((variant) => variantObject(view, product, variant));
  const prices = product.variants.map(({ priceMinor }) => price(view, priceMinor));
  const selectedAt = product.variants.findIndex(({ id }) => id === view.selectedVariantId);
  const availableAt = product.variants.findIndex(({ available }) => available);
  const shown = variants[selectedAt] ?? variants[Math.max(0, availableAt)];
  const image = imageObject(product, title);
  return lazy(
    {
      id: Number(product.id),
      handle: product.handle,
      title,
      description: product.description[locale],
      content: product.description[locale],
      vendor: product.vendor,
      type: product.productType,
      tags: product.tags,
      url: `${prefix}/products/${product.handle}`,
      price: Math.min(...prices),
      price_min: Math.min(...prices),
      price_max: Math.max(...prices),
      price_varies: new Set(prices).size > 1,
      compare_at_price: shown?.compare_at_price ?? null,
      available: product.variants.some(({ available }) => available),
      "gift_card?": product.isGiftCard,
      has_only_default_variant: product.optionName === null,
      variants,
      variants_count: variants.length,
      first_available_variant: variants[Math.max(0, availableAt)],
      selected_variant: variants[selectedAt] ?? null,
      selected_or_first_available_variant: shown,
      options: [optionName(product, locale) ?? "Title"],
      options_with_values: product.optionName
        ? [
            {
              name: optionName(product, locale),
              position: 1,
              values: product.variants.map((variant) => variantTitle(variant, locale)),
              selected_value: shown?.title,
            },
          ]
        : [],
      featured_image: image,
      featured_media: image,
      images: [image],
      media: [image],
      requires_selling_plan: false,
      selling_plan_groups: [],
      created_at: product.createdAt,
      published_at: product.createdAt,
      template_suffix: null,
    },
    {
      collections: () =>
        Object.values(shop.collections)
          .filter(({ productIds }) => productIds.includes(product.id))
          .map((collection) => collectionObject(view, collection)),
      metafields: () => metafieldsOf(sim, shop, gid("Product", product.id), view.reader),
    },
  );
}

export function collectionObject(view: View, collection: SimCollection): Props {
  const { sim, shop, locale, prefix } = view;
  const members = () => collection.productIds.flatMap((id) => shop.products[id] ?? []);
  return lazy(
    {
      id: Number(collection.id),
      handle: collection.handle,
      title: collection.title[locale],
      description: "",
      url: `${prefix}/collections/${collection.handle}`,
      template_suffix: null,
    },
    {
      products: () => members().map((product) => productObject(view, product)),
      products_count: () => members().length,
      all_products_count: () => members().length,
      image: () => {
        const first = members()[0];
        return first ? imageObject(first, collection.title[locale]) : null;
      },
      metafields: () => metafieldsOf(sim, shop, gid("Collection", collection.id), view.reader),
    },
  );
}

/** The collection of everything, which every shop has. */
export function allCollection(view: View, title: string): Props {
  const products = Object.values(view.shop.products);
  const record: SimCollection = {
    id: "0",
    handle: "all",
    title: { en: title, ja: title },
    productIds: products.map(({ id }) => id),
    updatedAt: "",
  };
  return collectionObject(view, record);
}

export function customerObject(view: View, customer: SimCustomer): Props {
  const { sim, shop, locale } = view;
  const orders = (): SimOrder[] =>
    Object.values(shop.orders)
      .filter((order) => order.customerId === customer.id && !order.deletedAt)
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  const names = locale === "ja" ? [customer.lastName, customer.firstName] : [customer.firstName, customer.lastName];
  return lazy(
    {
      id: Number(customer.id),
      email: customer.email,
      first_name: customer.firstName,
      last_name: customer.lastName,
      name: names.filter(Boolean).join(" "),
      phone: customer.phone,
      tags: customer.tags,
      has_account: true,
      accepts_marketing: customer.emailConsent.state === "subscribed",
      addresses: [],
      addresses_count: 0,
      default_address: null,
      tax_exempt: false,
      "b2b?": false,
    },
    {
      orders: () => orders().map((order) => orderObject(view, order)),
      last_order: () => {
        const [last] = orders();
        return last ? orderObject(view, last) : null;
      },
      store_credit_account: () => {
        const account = creditAccountOf(shop, customer.id, shop.currency);
        if (!account) return null;
        settleCredit(sim, account);
        return { balance: price(view, creditBalance(account)) };
      },
      orders_count: () => orders().length,
      total_spent: () =>
        orders().reduce((sum, order) => sum + toLiquid(totals(order).currentTotalMinor, shop.currency), 0),
      metafields: () => metafieldsOf(sim, shop, gid("Customer", customer.id), view.reader),
    },
  );
}

/** An order in the currency it was placed in. */
export function orderObject(view: View, order: SimOrder): Props {
  const t = totals(order);
  const own: View = { ...view, currency: order.presentmentCurrency };
  const show = (minor: Minor) =>
    toLiquid(convertMinor(minor, order.currency, own.currency, order.presentmentRate), own.currency);
  return {
    id: Number(order.id),
    name: order.name,
    order_number: order.number,
    email: order.email,
    created_at: order.createdAt,
    cancelled: order.cancelledAt !== null,
    cancelled_at: order.cancelledAt,
    currency: { iso_code: own.currency },
    financial_status: t.financialStatus,
    fulfillment_status: t.fulfillmentStatus ?? "unfulfilled",
    order_status_url: `${view.prefix}/orders/${order.token}`,
    customer_url: `${view.prefix}/orders/${order.token}`,
    subtotal_price: show(t.subtotalMinor),
    total_price: show(t.totalMinor),
    total_discounts: show(t.discountsMinor),
    current_total_price: show(t.currentTotalMinor),
    total_refunded_amount: show(t.refundedMinor),
    shipping_price: show(t.totalShippingMinor),
    tax_price: show(t.totalTaxMinor),
    taxes_included: order.taxesIncluded,
    discount_codes: order.discountCodes.map(({ code }) => code),
    own_goods_price: show(t.lineItemsMinor),
    own_goods_discount: show(t.lineItemsMinor - t.subtotalMinor),
    own_payments: order.payments
      .filter(({ kind, gateway }) => kind === "sale" && (gateway === "gift_card" || gateway === "shopify_store_credit"))
      .map(({ gateway, giftCardId, amountMinor }) => ({
        by: gateway === "gift_card" ? "gift_card" : "store_credit",
        last: giftCardId ? (view.shop.giftCards[giftCardId]?.code.slice(-4) ?? null) : null,
        amount: show(amountMinor),
      })),
    item_count: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    line_items: order.lines.map((line) => {
      const product = line.productId ? view.shop.products[line.productId] : undefined;
      const figures = lineFigures(order, line);
      const variant = line.variantTitle ? product?.variants.find(({ id }) => id === line.variantId) : undefined;
      return {
        id: Number(line.id),
        title: product?.title[view.locale] ?? line.title,
        variant_title: variant ? variantTitle(variant, view.locale) : line.variantTitle,
        quantity: line.quantity,
        current_quantity: figures.currentQuantity,
        final_line_price: show(figures.netMinor),
        image: product ? imageObject(product, "") : null,
        url: product ? `${view.prefix}/products/${product.handle}` : null,
      };
    }),
  };
}
