// The body of orders/* webhooks → OrderFacts. Shop money only; unknown enum values survive as text.
import { z } from "zod";

import { toGid } from "./gid";
import type { OrderFacts, UncarriedFact } from "./order-facts";
import { toOrderFacts, type SourceLine, type SourceRefund } from "./order-source";

/** A numeric id: beyond 2^53 it arrives as text from parseJsonExact. */
const id = z.union([z.number().int().nonnegative(), z.string().regex(/^\d+$/)]);
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const decimal = z.union([z.string(), z.number().transform(String)]);
const moneySet = z.object({ shop_money: z.object({ amount: decimal }) });
const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "not an instant");
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const taxLine = z.object({ price_set: moneySet });
const currency = z.string().regex(/^[A-Z]{3}$/);

const lineSchema = z.object({
  id,
  admin_graphql_api_id: z.string().optional(),
  product_id: id.nullish(),
  variant_id: id.nullish(),
  title: z.string().nullish(),
  quantity: z.number().int().nonnegative(),
  current_quantity: z.number().int().nonnegative().optional(),
  price_set: moneySet,
  gift_card: flag,
  vendor: z.string().nullish(),
  tax_lines: list(taxLine),
  discount_allocations: list(
    z.object({ amount_set: moneySet, discount_application_index: z.number().int().nonnegative().nullish() }),
  ),
  selling_plan_allocation: z.unknown().optional(),
  tip_payment_gateway: z.string().nullish(),
});
const refundSchema = z.object({
  id: id.optional(),
  admin_graphql_api_id: z.string().optional(),
  created_at: instant,
  refund_line_items: list(
    z.object({
      line_item_id: id,
      quantity: z.number().int().nonnegative(),
      subtotal_set: moneySet,
      total_tax_set: moneySet,
      line_item: z.object({ admin_graphql_api_id: z.string().optional() }).nullish(),
    }),
  ),
  refund_shipping_lines: list(z.object({ subtotal_amount_set: moneySet, tax_amount_set: moneySet.nullish() })),
  order_adjustments: list(
    z.object({ kind: z.string().nullish(), amount_set: moneySet, tax_amount_set: moneySet.nullish() }),
  ),
  duties: list(z.object({ amount_set: moneySet })),
  transactions: list(z.object({ status: z.string(), amount: decimal.nullish() })),
});
const orderSchema = z.object({
  id: id.optional(),
  admin_graphql_api_id: z.string().optional(),
  name: z.string(),
  created_at: instant,
  updated_at: instant,
  processed_at: instant.nullish(),
  cancelled_at: instant.nullish(),
  currency,
  presentment_currency: currency.nullish(),
  email: z.string().nullish(),
  contact_email: z.string().nullish(),
  customer: z
    .object({ id: id.optional(), admin_graphql_api_id: z.string().optional(), tags: z.string().nullish() })
    .nullish(),
  company: z.unknown().optional(),
  tags: z.string().nullish(),
  source_name: z.string().nullish(),
  test: flag,
  taxes_included: flag,
  financial_status: z.string().nullish(),
  fulfillment_status: z.string().nullish(),
  payment_gateway_names: list(z.string()),
  line_items: list(lineSchema),
  shipping_lines: list(
    z.object({
      discounted_price_set: moneySet,
      price_set: moneySet.nullish(),
      tax_lines: list(taxLine),
      is_removed: flag,
    }),
  ),
  discount_codes: list(z.object({ code: z.string() })),
  discount_applications: list(z.object({ type: z.string().nullish(), code: z.string().nullish() })),
  original_total_duties_set: moneySet.nullish(),
  total_tip_received: decimal.nullish(),
  fulfillments: list(z.object({ status: z.string().nullish(), created_at: instant })),
  refunds: list(refundSchema),
});
type Payload = z.infer<typeof orderSchema>;

/**
 * Parses the body of an orders/* webhook (from `parseJsonExact`, so that ids keep their digits).
 * What a body does not carry is named in `uncarried`.
 * @throws ZodError or MoneyError when the body is not an order
 */
export function orderFactsFromPayload(json: unknown): OrderFacts {
  const order = orderSchema.parse(json);
  return toOrderFacts({
    orderId: gidOf(order, "Order"),
    name: order.name,
    updatedAt: order.updated_at,
    createdAt: order.created_at,
    processedAt: order.processed_at ?? order.created_at,
    currency: order.currency,
    presentmentCurrency: order.presentment_currency ?? order.currency,
    customerId: order.customer ? gidOf(order.customer, "Customer") : null,
    email: order.email || order.contact_email || null,
    customerTags: splitTags(order.customer?.tags),
    orderTags: splitTags(order.tags),
    sourceName: order.source_name ?? null,
    isB2b: order.company !== undefined && order.company !== null,
    test: order.test,
    cancelledAt: order.cancelled_at ?? null,
    financialStatus: order.financial_status ?? null,
    isFulfilled: order.fulfillment_status === "fulfilled",
    taxesIncluded: order.taxes_included,
    lines: order.line_items.map((line) => toSourceLine(line, order.discount_applications)),
    discountCodes: order.discount_codes.map(({ code }) => code),
    shipping: order.shipping_lines
      .filter((line) => !line.is_removed)
      .map((line) => ({
        price: amountOf(line.discounted_price_set),
        taxes: line.tax_lines.map((tax) => amountOf(tax.price_set)),
      })),
    duties: order.original_total_duties_set ? amountOf(order.original_total_duties_set) : null,
    tip: order.total_tip_received ?? "0",
    fulfillments: order.fulfillments.map((each) => ({
      status: each.status ?? "",
      createdAt: each.created_at,
      deliveredAt: null,
    })),
    refunds: order.refunds.map(toSourceRefund),
    payments: null,
    originalTotal: null,
    disputes: [],
    highRisk: false,
    uncarried: uncarriedFacts(order),
  });
}

/**
 * The shop's numeric id in the order's status page address (https://shop/548380009/orders/…), the one
 * place of a signed body that says whose order it is. NULL when the body does not say.
 */
export function orderShopId(json: unknown): string | null {
  const url = z.object({ order_status_url: z.string() }).safeParse(json).data?.order_status_url;
  return url ? (/^https?:\/\/[^/]+\/(\d+)\/orders\//.exec(url)?.[1] ?? null) : null;
}

/**
 * Whether part of the order was paid by gift card or store credit: its body does not say how much, so the
 * order is to be read before points move.
 */
export function isPaidWithOtherValue(json: unknown): boolean {
  const order = z.object({ payment_gateway_names: z.array(z.string()) }).safeParse(json).data;
  return order?.payment_gateway_names.some((gateway) => VALUE_GATEWAYS.has(gateway)) ?? false;
}

const VALUE_GATEWAYS: ReadonlySet<string> = new Set(["gift_card", "shopify_store_credit"]);
function uncarriedFacts(order: Payload): UncarriedFact[] {
  const facts: UncarriedFact[] = ["dispute", "highRisk", "deliveredAt", "paidAt", "productFacts", "collections"];
  if (order.customer && order.customer.tags === undefined) facts.push("customerTags");
  if (isPaidWithOtherValue(order)) facts.push("paidWith");
  return facts;
}

function toSourceLine(line: z.infer<typeof lineSchema>, applications: Payload["discount_applications"]): SourceLine {
  return {
    lineId: gidOf(line, "LineItem"),
    productId: optionalGid("Product", line.product_id),
    variantId: optionalGid("ProductVariant", line.variant_id),
    title: line.title ?? "",
    quantity: line.quantity,
    currentQuantity: line.current_quantity ?? line.quantity,
    unitPrice: amountOf(line.price_set),
    discounts: line.discount_allocations.map((each) => ({
      amount: amountOf(each.amount_set),
      code: applications[each.discount_application_index ?? -1]?.code ?? null,
    })),
    taxes: line.tax_lines.map((each) => amountOf(each.price_set)),
    isGiftCard: line.gift_card,
    isSubscription: line.selling_plan_allocation !== undefined && line.selling_plan_allocation !== null,
    isTip: line.tip_payment_gateway !== undefined && line.tip_payment_gateway !== null,
    productTags: [],
    productType: "",
    vendor: line.vendor ?? "",
  };
}

function toSourceRefund(refund: z.infer<typeof refundSchema>): SourceRefund {
  // Older bodies say shipping as an adjustment, newer ones as refund_shipping_lines; never count both.
  const [shippingAdjustments, adjustments] = partition(
    refund.order_adjustments,
    (each) => each.kind === "shipping_refund",
  );
  const shipping =
    refund.refund_shipping_lines.length > 0
      ? refund.refund_shipping_lines.map((line) => ({
          amount: amountOf(line.subtotal_amount_set),
          tax: line.tax_amount_set ? amountOf(line.tax_amount_set) : "0",
        }))
      : shippingAdjustments.map((each) => ({
          amount: withoutSign(amountOf(each.amount_set)),
          tax: each.tax_amount_set ? withoutSign(amountOf(each.tax_amount_set)) : "0",
        }));
  return {
    refundId: gidOf(refund, "Refund"),
    createdAt: refund.created_at,
    lines: refund.refund_line_items.map((line) => ({
      lineId: line.line_item?.admin_graphql_api_id ?? toGid("LineItem", line.line_item_id),
      quantity: line.quantity,
      subtotal: amountOf(line.subtotal_set),
      tax: amountOf(line.total_tax_set),
    })),
    shipping,
    adjustments: adjustments.map((each) => amountOf(each.amount_set)),
    duties: refund.duties.map((each) => amountOf(each.amount_set)),
    transactions: refund.transactions.map((each) => ({ status: each.status, amount: each.amount ?? null })),
  };
}

function amountOf(set: z.infer<typeof moneySet>): string {
  return set.shop_money.amount;
}
function gidOf(
  thing: { id?: string | number | undefined; admin_graphql_api_id?: string | undefined },
  type: string,
): string {
  if (thing.admin_graphql_api_id) return thing.admin_graphql_api_id;
  if (thing.id === undefined) throw new TypeError(`${type} without an id`);
  return toGid(type, thing.id);
}
function optionalGid(type: string, value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : toGid(type, value);
}
function splitTags(tags: string | null | undefined): string[] {
  return (tags ?? "")
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}
function withoutSign(amount: string): string {
  return amount.replace(/^-/, "");
}
function partition<T>(items: T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
