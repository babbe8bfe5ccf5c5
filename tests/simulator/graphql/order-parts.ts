// What an order is made of: lines, refunds, payments, fulfilments, returns, shipping.
import { applicationOf, applicationsOf, type DiscountApplication } from "../discount-applications";
import { gid } from "../ids";
import { lineFigures, refundStatus } from "../order-math";
import type { SimFulfillment, SimLine, SimOrder, SimPayment, SimRefund, SimReturn } from "../state";
import { paginateList } from "./connection";
import { moneyBag, moneyV2 } from "./money-bag";
import { dateTime, fields, head, plain, typed, upper, type TypeTable } from "./types";

interface LineSource {
  order: SimOrder;
  line: SimLine;
}
interface RefundSource {
  order: SimOrder;
  refund: SimRefund;
}
interface RefundLineSource extends RefundSource {
  refunded: SimRefund["lines"][number];
}
interface PaymentSource {
  order: SimOrder;
  payment: SimPayment;
}
interface FulfillmentSource {
  order: SimOrder;
  fulfillment: SimFulfillment;
}
interface ReturnSource {
  order: SimOrder;
  ret: SimReturn;
}
interface ReturnLineSource extends ReturnSource {
  returned: SimReturn["lines"][number];
  at: number;
}
interface ShippingSource {
  order: SimOrder;
  shipping: NonNullable<SimOrder["shipping"]>;
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

function lineOf(order: SimOrder, lineId: string): LineSource {
  const line = order.lines.find(({ id }) => id === lineId);
  if (!line) throw new Error(`simulator: order ${order.name} has no line ${lineId}`);
  return { order, line };
}

/** Without order-level discounts; code-based ones only on request. */
function discountedTotal({ line }: LineSource, withCodes: boolean): number {
  const own = line.discounts.filter(({ scope, code }) => scope === "line" && (withCodes || code === null));
  return line.quantity * line.unitPriceMinor - sum(own.map(({ amountMinor }) => amountMinor));
}

const LINE: TypeTable = fields<LineSource>({
  id: ({ line }) => gid("LineItem", line.id),
  title: ({ line }) => line.title,
  name: ({ line }) => (line.variantTitle ? `${line.title} - ${line.variantTitle}` : line.title),
  variantTitle: ({ line }) => line.variantTitle,
  sku: ({ line }) => line.sku,
  vendor: ({ line }) => line.vendor,
  quantity: ({ line }) => line.quantity,
  currentQuantity: ({ order, line }) => lineFigures(order, line).currentQuantity,
  refundableQuantity: ({ order, line }) => lineFigures(order, line).currentQuantity,
  unfulfilledQuantity: ({ order, line }) => lineFigures(order, line).fulfillableQuantity,
  isGiftCard: ({ line }) => line.isGiftCard,
  requiresShipping: ({ line }) => !line.isGiftCard,
  taxable: ({ line }) => line.taxes.length > 0,
  product: ({ line }, _, ctx) => (line.productId === null ? null : (ctx.shop.products[line.productId] ?? null)),
  variant({ line }, _, ctx) {
    const product = line.productId === null ? undefined : ctx.shop.products[line.productId];
    const variant = product?.variants.find(({ id }) => id === line.variantId);
    return product && variant ? { product, variant } : null;
  },
  sellingPlan: ({ line }) => (line.sellingPlan === null ? null : { name: line.sellingPlan, sellingPlanId: null }),
  customAttributes: () => [],
  originalUnitPriceSet: ({ order, line }) => moneyBag(order, line.unitPriceMinor),
  originalTotalSet: ({ order, line }) => moneyBag(order, line.quantity * line.unitPriceMinor),
  discountedTotalSet: (source, { withCodeDiscounts }) =>
    moneyBag(source.order, discountedTotal(source, withCodeDiscounts === true)),
  totalDiscountSet: ({ order, line }) =>
    moneyBag(order, sum(line.discounts.filter(({ scope }) => scope === "line").map(({ amountMinor }) => amountMinor))),
  discountAllocations({ order, line }) {
    const applications = applicationsOf(order);
    return line.discounts.map((discount) => ({
      order,
      amountMinor: discount.amountMinor,
      application: applicationOf(applications, line, discount),
    }));
  },
  taxLines: ({ order, line }, args) =>
    head(
      line.taxes.map((tax) => ({ order, tax })),
      args,
    ),
});

const REFUND: TypeTable = fields<RefundSource>({
  id: ({ refund }) => gid("Refund", refund.id),
  legacyResourceId: ({ refund }) => refund.id,
  createdAt: ({ refund }) => dateTime(refund.createdAt),
  processedAt: ({ refund }) => dateTime(refund.createdAt),
  updatedAt: ({ refund }) => dateTime(refund.createdAt),
  note: ({ refund }) => refund.note,
  order: ({ order }) => order,
  totalRefundedSet: ({ order, refund }) =>
    moneyBag(
      order,
      sum(
        refundPayments(order, refund)
          .filter(({ status }) => status === "success")
          .map((p) => p.amountMinor),
      ),
    ),
  refundLineItems: ({ order, refund }, args, ctx) =>
    paginateList(
      refund.lines.map((refunded) => ({ order, refund, refunded })),
      args,
      ctx.bulk,
    ),
  refundShippingLines: ({ order, refund }, args, ctx) =>
    paginateList(refund.shipping ? [{ order, refund }] : [], args, ctx.bulk),
  orderAdjustments: ({ order, refund }, args, ctx) =>
    paginateList(refund.adjustmentMinor === 0 ? [] : [{ order, refund }], args, ctx.bulk),
  transactions: ({ order, refund }, args, ctx) =>
    paginateList(
      refundPayments(order, refund).map((payment) => ({ order, payment })),
      args,
      ctx.bulk,
    ),
  duties: ({ order, refund }) => (refund.dutiesMinor === 0 ? [] : [{ order, refund }]),
});

const refundPayments = (order: SimOrder, refund: SimRefund): SimPayment[] =>
  order.payments.filter(({ refundId }) => refundId === refund.id);

const REFUND_PARTS: Record<string, TypeTable> = {
  RefundLineItem: fields<RefundLineSource>({
    id: ({ refunded }) => gid("RefundLineItem", refunded.id),
    quantity: ({ refunded }) => refunded.quantity,
    lineItem: ({ order, refunded }) => lineOf(order, refunded.lineId),
    restockType: ({ refunded }) => upper(refunded.restockType),
    restocked: ({ refunded }) => refunded.restockType !== "no_restock",
    subtotalSet: ({ order, refunded }) => moneyBag(order, refunded.subtotalMinor),
    totalTaxSet: ({ order, refunded }) => moneyBag(order, refunded.taxMinor),
  }),
  RefundShippingLine: fields<RefundSource>({
    id: ({ refund }) => gid("RefundShippingLine", refund.id),
    subtotalAmountSet: ({ order, refund }) => moneyBag(order, refund.shipping?.amountMinor ?? 0),
    taxAmountSet: ({ order, refund }) => moneyBag(order, refund.shipping?.taxMinor ?? 0),
    shippingLine: ({ order }) => ({ order, shipping: order.shipping }),
  }),
  /** Money given back beyond what lines and shipping explain is a negative discrepancy. */
  OrderAdjustment: fields<RefundSource>({
    id: ({ refund }) => gid("OrderAdjustment", `${refund.id}2`),
    amountSet: ({ order, refund }) => moneyBag(order, -refund.adjustmentMinor),
    taxAmountSet: ({ order }) => moneyBag(order, 0),
    reason: ({ order, refund }) =>
      refundStatus(order, refund) === "pending" ? "PENDING_REFUND_DISCREPANCY" : "REFUND_DISCREPANCY",
  }),
  RefundDuty: fields<RefundSource>({
    amountSet: ({ order, refund }) => moneyBag(order, refund.dutiesMinor),
    originalDuty: () => null,
  }),
};

const PAYMENT: TypeTable = fields<PaymentSource>({
  id: ({ payment }) => gid("OrderTransaction", payment.id),
  kind: ({ payment }) => upper(payment.kind),
  status: ({ payment }) => upper(payment.status),
  gateway: ({ payment }) => payment.gateway,
  manualPaymentGateway: ({ payment }) => ["cash_on_delivery", "bank_transfer", "manual"].includes(payment.gateway),
  test: ({ order }) => order.test,
  amountSet: ({ order, payment }) => moneyBag(order, payment.amountMinor),
  createdAt: ({ payment }) => dateTime(payment.at),
  processedAt: ({ payment }) => dateTime(payment.at),
  order: ({ order }) => order,
  parentTransaction({ order, payment }) {
    const parent = order.payments.find(({ id }) => id === payment.parentId);
    return parent ? { order, payment: parent } : null;
  },
});

const eventAt = (fulfillment: SimFulfillment, status: string): string | null =>
  fulfillment.events.find((event) => event.status === status)?.at ?? null;

const FULFILLMENT: TypeTable = fields<FulfillmentSource>({
  id: ({ fulfillment }) => gid("Fulfillment", fulfillment.id),
  legacyResourceId: ({ fulfillment }) => fulfillment.id,
  name: ({ order, fulfillment }) => `${order.name}-F${order.fulfillments.indexOf(fulfillment) + 1}`,
  status: ({ fulfillment }) => upper(fulfillment.status),
  displayStatus({ fulfillment }) {
    if (fulfillment.status === "cancelled") return "CANCELED";
    const last = fulfillment.events.at(-1);
    return last ? upper(last.status) : "FULFILLED";
  },
  createdAt: ({ fulfillment }) => dateTime(fulfillment.createdAt),
  updatedAt: ({ fulfillment }) => dateTime(fulfillment.updatedAt),
  deliveredAt: ({ fulfillment }) => dateTime(eventAt(fulfillment, "delivered")),
  inTransitAt: ({ fulfillment }) => dateTime(eventAt(fulfillment, "in_transit")),
  totalQuantity: ({ fulfillment }) => sum(fulfillment.lines.map(({ quantity }) => quantity)),
  order: ({ order }) => order,
  events: ({ fulfillment }, args, ctx) => paginateList(fulfillment.events, args, ctx.bulk),
  fulfillmentLineItems: ({ order, fulfillment }, args, ctx) =>
    paginateList(
      fulfillment.lines.map(({ lineId, quantity }) => ({ ...lineOf(order, lineId), quantity, fulfillment })),
      args,
      ctx.bulk,
    ),
  trackingInfo: ({ fulfillment }, args) =>
    head(
      fulfillment.trackingNumber === null ? [] : [{ company: null, number: fulfillment.trackingNumber, url: null }],
      args,
    ),
});

const RETURN_REASONS = new Set([
  "COLOR",
  "DEFECTIVE",
  "NOT_AS_DESCRIBED",
  "OTHER",
  "SIZE_TOO_LARGE",
  "SIZE_TOO_SMALL",
  "STYLE",
  "UNWANTED",
  "WRONG_ITEM",
]);

const RETURNS: Record<string, TypeTable> = {
  Return: fields<ReturnSource>({
    id: ({ ret }) => gid("Return", ret.id),
    name: ({ ret }) => ret.name,
    status: ({ ret }) => upper(ret.status),
    createdAt: ({ ret }) => dateTime(ret.createdAt),
    order: ({ order }) => order,
    totalQuantity: ({ ret }) => sum(ret.lines.map(({ quantity }) => quantity)),
    returnLineItems: ({ order, ret }, args, ctx) =>
      paginateList(
        ret.lines.map((returned, at) => typed("ReturnLineItem", { order, ret, returned, at })),
        args,
        ctx.bulk,
      ),
  }),
  ReturnLineItem: fields<ReturnLineSource>({
    id: ({ ret, at }) => gid("ReturnLineItem", `${ret.id}${String(at).padStart(3, "0")}`),
    quantity: ({ returned }) => returned.quantity,
    returnReason: ({ returned }) => (RETURN_REASONS.has(upper(returned.reason)) ? upper(returned.reason) : "UNKNOWN"),
    returnReasonNote: () => "",
  }),
};

export const ORDER_PART_TYPES: Record<string, TypeTable> = {
  LineItem: LINE,
  LineItemSellingPlan: plain("name", "sellingPlanId"),
  DiscountAllocation: fields<ApplicationSource & { amountMinor: number }>({
    allocatedAmountSet: ({ order, amountMinor }) => moneyBag(order, amountMinor),
    discountApplication: ({ order, application }) => shownApplication(order, application),
  }),
  DiscountCodeApplication: discountApplication({ code: ({ application }) => application.code }),
  ManualDiscountApplication: discountApplication({
    title: () => "Discount",
    description: () => "Discount",
  }),
  PricingPercentageValue: plain("percentage"),
  TaxLine: fields<{ order: SimOrder; tax: SimLine["taxes"][number] }>({
    title: ({ tax }) => tax.name,
    rate: ({ tax }) => tax.basisPoints / 10_000,
    ratePercentage: ({ tax }) => tax.basisPoints / 100,
    priceSet: ({ order, tax }) => moneyBag(order, tax.amountMinor),
  }),
  Refund: REFUND,
  ...REFUND_PARTS,
  OrderTransaction: PAYMENT,
  Fulfillment: FULFILLMENT,
  FulfillmentEvent: fields<SimFulfillment["events"][number]>({
    id: ({ id }) => gid("FulfillmentEvent", id),
    status: ({ status }) => upper(status),
    createdAt: ({ at }) => dateTime(at),
    happenedAt: ({ at }) => dateTime(at),
  }),
  FulfillmentLineItem: fields<LineSource & { quantity: number; fulfillment: SimFulfillment }>({
    id: ({ fulfillment, line }) => gid("FulfillmentLineItem", `${fulfillment.id}${line.id}`),
    quantity: ({ quantity }) => quantity,
    lineItem: ({ order, line }) => ({ order, line }),
  }),
  FulfillmentTrackingInfo: plain("company", "number", "url"),
  ...RETURNS,
  ShippingLine: fields<ShippingSource>({
    id: ({ order }) => gid("ShippingLine", order.id),
    title: ({ shipping }) => shipping.title,
    code: ({ shipping }) => shipping.title,
    custom: () => false,
    isRemoved: () => false,
    originalPriceSet: ({ order, shipping }) => moneyBag(order, shipping.priceMinor),
    discountedPriceSet: ({ order, shipping }) => moneyBag(order, shipping.discountedMinor),
    currentDiscountedPriceSet: ({ order, shipping }) =>
      moneyBag(order, shipping.discountedMinor - sum(order.refunds.map((refund) => refund.shipping?.amountMinor ?? 0))),
    discountAllocations({ order, shipping }) {
      const amountMinor = shipping.priceMinor - shipping.discountedMinor;
      const application = applicationsOf(order).find(({ target }) => target === "shipping_line");
      return amountMinor > 0 && application ? [{ order, amountMinor, application }] : [];
    },
    taxLines: ({ order, shipping }) => {
      const rate = order.lines.find((line) => line.taxes.length > 0)?.taxes[0];
      if (shipping.taxMinor === 0 || !rate) return [];
      return [{ order, tax: { name: rate.name, basisPoints: rate.basisPoints, amountMinor: shipping.taxMinor } }];
    },
  }),
};

interface ApplicationSource {
  order: SimOrder;
  application: DiscountApplication;
}

/** A discount of an order, marked with its type. */
export function shownApplication(order: SimOrder, application: DiscountApplication): object {
  return typed(application.code === null ? "ManualDiscountApplication" : "DiscountCodeApplication", {
    order,
    application,
  });
}

function discountApplication(more: Parameters<typeof fields<ApplicationSource>>[0]): TypeTable {
  return fields<ApplicationSource>({
    index: ({ application }) => application.index,
    allocationMethod: ({ application }) => upper(application.method),
    targetSelection: ({ application }) => upper(application.selection),
    targetType: ({ application }) => upper(application.target),
    value: ({ order, application: { value } }) =>
      "basisPoints" in value
        ? typed("PricingPercentageValue", { percentage: value.basisPoints / 100 })
        : typed("MoneyV2", moneyV2(value.minor, order.currency)),
    ...more,
  });
}
