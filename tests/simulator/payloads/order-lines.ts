// Line items, discount applications, tax and shipping lines of an order body.
import { applicationOf, type DiscountApplication } from "../discount-applications";
import { totals, lineFigures } from "../order-math";
import type { SimLine, SimOrder, SimShop } from "../state";
import { gid } from "../ids";
import { taxLines, ratesFor } from "../tax";
import { amount, moneySet, num } from "./primitives";

/** discount_applications of an order's body. */
export function applicationBody(order: SimOrder, application: DiscountApplication): Record<string, unknown> {
  const { code, value } = application;
  const isPercentage = "basisPoints" in value;
  return {
    target_type: application.target,
    type: code === null ? "manual" : "discount_code",
    value: isPercentage ? percentText(value.basisPoints) : amount(order, value.minor),
    value_type: isPercentage ? "percentage" : "fixed_amount",
    allocation_method: application.method,
    target_selection: application.selection,
    ...(code === null ? { title: "Discount", description: "Discount" } : { code }),
  };
}

/** 1250 → "12.5", 1000 → "10.0" */
const percentText = (basisPoints: number): string => {
  const text = String(basisPoints / 100);
  return text.includes(".") ? text : `${text}.0`;
};

function allocationsOf(order: SimOrder, line: SimLine, applications: DiscountApplication[]): Record<string, unknown>[] {
  return line.discounts.map((discount) => ({
    amount: amount(order, discount.amountMinor),
    amount_set: moneySet(order, discount.amountMinor),
    discount_application_index: applicationOf(applications, line, discount).index,
  }));
}

export function taxLine(order: SimOrder, tax: SimLine["taxes"][number]): Record<string, unknown> {
  return {
    channel_liable: false,
    price: amount(order, tax.amountMinor),
    price_set: moneySet(order, tax.amountMinor),
    rate: tax.basisPoints / 10_000,
    title: tax.name,
  };
}

const fulfilmentStatus = (fulfilled: number, current: number): "fulfilled" | "partial" | null =>
  fulfilled === 0 ? null : fulfilled >= current ? "fulfilled" : "partial";

/** One line item, as orders, fulfilments and refunds embed it. */
export function lineItem(
  shop: SimShop,
  order: SimOrder,
  line: SimLine,
  applications: DiscountApplication[],
  quantity = line.quantity,
): Record<string, unknown> {
  const figures = lineFigures(order, line);
  const own = line.discounts
    .filter((discount) => discount.scope === "line")
    .reduce((sum, discount) => sum + discount.amountMinor, 0);
  return {
    id: num(line.id),
    admin_graphql_api_id: gid("LineItem", line.id),
    attributed_staffs: [],
    current_quantity: figures.currentQuantity,
    fulfillable_quantity: figures.fulfillableQuantity,
    fulfillment_service: "manual",
    fulfillment_status: fulfilmentStatus(figures.fulfilledQuantity, figures.currentQuantity),
    gift_card: line.isGiftCard,
    grams: line.isGiftCard ? 0 : 200,
    name: line.variantTitle ? `${line.title} - ${line.variantTitle}` : line.title,
    price: amount(order, line.unitPriceMinor),
    price_set: moneySet(order, line.unitPriceMinor),
    product_exists: line.productId !== null && shop.products[line.productId] !== undefined,
    product_id: line.productId === null ? null : num(line.productId),
    properties: [],
    quantity,
    requires_shipping: !line.isGiftCard,
    sales_line_item_group_id: null,
    sku: line.sku,
    taxable: line.taxes.length > 0,
    title: line.title,
    total_discount: amount(order, own),
    total_discount_set: moneySet(order, own),
    variant_id: line.variantId === null ? null : num(line.variantId),
    variant_inventory_management: "shopify",
    variant_title: line.variantTitle,
    vendor: line.vendor,
    tax_lines: line.taxes.map((tax) => taxLine(order, tax)),
    duties: [],
    discount_allocations: allocationsOf(order, line, applications),
  };
}

/** The order's tax lines: the same name summed over lines and shipping. */
export function orderTaxLines(shop: SimShop, order: SimOrder): Record<string, unknown>[] {
  const byName = new Map<string, SimLine["taxes"][number]>();
  for (const tax of [...order.lines.flatMap((line) => line.taxes), ...shippingTaxes(shop, order)]) {
    const known = byName.get(tax.name);
    if (known) known.amountMinor += tax.amountMinor;
    else byName.set(tax.name, { ...tax });
  }
  return [...byName.values()].map((tax) => taxLine(order, tax));
}

function shippingTaxes(shop: SimShop, order: SimOrder): SimLine["taxes"] {
  if (!order.shipping || order.shipping.taxMinor === 0) return [];
  const split = taxLines(ratesFor(shop, null), order.shipping.discountedMinor, order.taxesIncluded);
  const sum = split.reduce((all, tax) => all + tax.amountMinor, 0);
  // The shop's rates may have changed since: the order's own figure stands.
  if (sum === order.shipping.taxMinor) return split;
  return [
    { name: split[0]?.name ?? "Tax", basisPoints: split[0]?.basisPoints ?? 0, amountMinor: order.shipping.taxMinor },
  ];
}

/** shipping_lines: one or none. */
export function shippingLines(shop: SimShop, order: SimOrder): Record<string, unknown>[] {
  const { shipping } = order;
  if (!shipping) return [];
  const { currentShippingMinor } = totals(order);
  const discount = shipping.priceMinor - shipping.discountedMinor;
  const index = order.discountCodes.findIndex((used) => used.type === "shipping");
  return [
    {
      id: num(order.id) * 10 + 1,
      carrier_identifier: null,
      code: shipping.title,
      current_discounted_price_set: moneySet(order, currentShippingMinor),
      discounted_price: amount(order, shipping.discountedMinor),
      discounted_price_set: moneySet(order, shipping.discountedMinor),
      is_removed: false,
      phone: null,
      price: amount(order, shipping.priceMinor),
      price_set: moneySet(order, shipping.priceMinor),
      requested_fulfillment_service_id: null,
      source: "shopify",
      title: shipping.title,
      tax_lines: shippingTaxes(shop, order).map((tax) => taxLine(order, tax)),
      discount_allocations:
        discount > 0
          ? [
              {
                amount: amount(order, discount),
                amount_set: moneySet(order, discount),
                discount_application_index: index,
              },
            ]
          : [],
    },
  ];
}
