// Order and the small types that hang directly off it.
import { applicationsOf } from "../discount-applications";
import { gid } from "../ids";
import type { OrderTotals } from "../order-math";
import type { SimOrder } from "../state";
import { paginate, paginateList } from "./connection";
import { metafieldFields } from "./metafield-types";
import { moneyBag } from "./money-bag";
import { allOrders, readableOrders, totalsOf } from "./order-access";
import { shownApplication } from "./order-parts";
import { compileSearch } from "./search";
import { orderSearch, orderPosition } from "./search-tables";
import { dateTime, fields, head, plain, typed, upper, type Args, type GraphContext, type TypeTable } from "./types";

/** A page of orders by search and sort key. */
export function orderConnection(ctx: GraphContext, args: Args, orders: readonly SimOrder[] = allOrders(ctx)): unknown {
  const isReadable = readableOrders(ctx);
  const fits = compileSearch(args.query, orderSearch(ctx), ctx.shop.timeZone);
  const found = orders.filter((order) => isReadable(order) && fits(order));
  return paginate(found, args, { position: orderPosition(args.sortKey), whole: ctx.bulk });
}

const FULFILLMENT_STATUS = { partial: "PARTIALLY_FULFILLED", fulfilled: "FULFILLED" } as const;

function returnStatus(order: SimOrder): string {
  const statuses = new Set(order.returns.map(({ status }) => status));
  if (statuses.has("requested")) return "RETURN_REQUESTED";
  if (statuses.has("open")) return "IN_PROGRESS";
  return statuses.has("closed") ? "RETURNED" : "NO_RETURN";
}

const money = (pick: (figures: OrderTotals) => number) => (order: SimOrder, _: Args, ctx: GraphContext) =>
  moneyBag(order, pick(totalsOf(ctx, order)));
const shippingBack = (order: SimOrder): number =>
  order.refunds.reduce((sum, { shipping }) => sum + (shipping?.amountMinor ?? 0), 0);
const lines = (order: SimOrder) => order.lines.map((line) => ({ order, line }));
const shippingLines = (order: SimOrder) => (order.shipping ? [{ order, shipping: order.shipping }] : []);

const ORDER_MONEY: TypeTable = fields<SimOrder>({
  subtotalPriceSet: money((t) => t.subtotalMinor),
  totalPriceSet: money((t) => t.totalMinor),
  originalTotalPriceSet: (order, _, ctx) =>
    moneyBag(order, order.originalTotalMinor ?? totalsOf(ctx, order).totalMinor),
  totalTaxSet: money((t) => t.totalTaxMinor),
  totalDiscountsSet: money((t) => t.discountsMinor),
  totalShippingPriceSet: money((t) => t.totalShippingMinor),
  currentSubtotalPriceSet: money((t) => t.currentSubtotalMinor),
  currentTotalPriceSet: money((t) => t.currentTotalMinor),
  currentTotalTaxSet: money((t) => t.currentTaxMinor),
  currentTotalDiscountsSet: money((t) => t.currentDiscountsMinor),
  currentShippingPriceSet: money((t) => t.currentShippingMinor),
  totalReceivedSet: money((t) => t.paidMinor),
  totalRefundedSet: money((t) => t.refundedMinor),
  netPaymentSet: money((t) => t.paidMinor - t.refundedMinor),
  totalOutstandingSet: money((t) => t.outstandingMinor),
  totalRefundedShippingSet: (order) => moneyBag(order, shippingBack(order)),
  totalTipReceivedSet: (order) => moneyBag(order, order.tipMinor),
  originalTotalDutiesSet: (order) => (order.dutiesMinor === 0 ? null : moneyBag(order, order.dutiesMinor)),
  currentTotalDutiesSet: (order) =>
    order.dutiesMinor === 0
      ? null
      : moneyBag(order, order.dutiesMinor - order.refunds.reduce((sum, { dutiesMinor }) => sum + dutiesMinor, 0)),
});

const ORDER_FACTS: TypeTable = fields<SimOrder>({
  id: (order) => gid("Order", order.id),
  legacyResourceId: (order) => order.id,
  name: (order) => order.name,
  number: (order) => order.number,
  email: (order) => order.email,
  // Nobody here lives anywhere.
  clientIp: () => null,
  shippingAddress: () => null,
  billingAddress: () => null,
  createdAt: (order) => dateTime(order.createdAt),
  processedAt: (order) => dateTime(order.processedAt),
  updatedAt: (order) => dateTime(order.updatedAt),
  cancelledAt: (order) => dateTime(order.cancelledAt),
  cancelReason: (order) => (order.cancelReason === null ? null : upper(order.cancelReason)),
  cancellation: (order) => (order.cancelledAt === null ? null : { staffNote: null }),
  closed: (order) => order.closedAt !== null,
  closedAt: (order) => dateTime(order.closedAt),
  confirmed: () => true,
  currencyCode: (order) => order.currency,
  presentmentCurrencyCode: (order) => order.presentmentCurrency,
  taxesIncluded: (order) => order.taxesIncluded,
  dutiesIncluded: () => false,
  taxExempt: () => false,
  test: (order) => order.test,
  tags: (order) => order.tags,
  sourceName: (order) => order.sourceName,
  customerLocale: (order) => order.locale,
  customAttributes: () => [],
  discountCode: (order) => order.discountCodes[0]?.code ?? null,
  discountCodes: (order) => order.discountCodes.map(({ code }) => code),
  displayFinancialStatus: (order, _, ctx) => upper(totalsOf(ctx, order).financialStatus),
  displayFulfillmentStatus(order, _, ctx) {
    const status = totalsOf(ctx, order).fulfillmentStatus;
    return status === null ? "UNFULFILLED" : FULFILLMENT_STATUS[status];
  },
  returnStatus,
  fullyPaid: (order, _, ctx) => totalsOf(ctx, order).outstandingMinor <= 0,
  unpaid: (order, _, ctx) => totalsOf(ctx, order).paidMinor === 0,
  edited: (order) => order.lines.some((line) => line.addedByEdit || line.removedByEdit > 0),
  paymentGatewayNames: (order) => [...new Set(order.payments.map(({ gateway }) => gateway))],
  subtotalLineItemsQuantity: (order) => order.lines.reduce((sum, line) => sum + line.quantity, 0),
  currentSubtotalLineItemsQuantity: (order) =>
    order.lines.reduce((sum, line) => sum + line.quantity - line.removedByEdit, 0) -
    order.refunds.reduce((sum, refund) => sum + refund.lines.reduce((units, { quantity }) => units + quantity, 0), 0),
  statusPageUrl: (order, _, ctx) => `https://${ctx.shop.domain}/${ctx.shop.id}/orders/${order.token}/authenticate`,
});

const ORDER_LINKS: TypeTable = fields<SimOrder>({
  customer: (order, _, ctx) => (order.customerId === null ? null : (ctx.shop.customers[order.customerId] ?? null)),
  purchasingEntity(order, _, ctx) {
    if (order.isB2b) return typed("PurchasingCompany", { order });
    const customer = order.customerId === null ? undefined : ctx.shop.customers[order.customerId];
    return customer ? typed("Customer", customer) : null;
  },
  lineItems: (order, args, ctx) => paginateList(lines(order), args, ctx.bulk),
  discountApplications: (order, args, ctx) =>
    paginateList(
      applicationsOf(order).map((application) => shownApplication(order, application)),
      args,
      ctx.bulk,
    ),
  refunds: (order, args) =>
    head(
      order.refunds.map((refund) => ({ order, refund })),
      args,
    ),
  transactions: (order, args) =>
    head(
      order.payments.map((payment) => ({ order, payment })),
      args,
    ),
  transactionsCount: (order) => ({ count: order.payments.length, precision: "EXACT" }),
  fulfillments: (order, args) =>
    head(
      order.fulfillments.map((fulfillment) => ({ order, fulfillment })),
      args,
    ),
  fulfillmentsCount: (order) => ({ count: order.fulfillments.length, precision: "EXACT" }),
  returns: (order, args, ctx) =>
    paginateList(
      order.returns.map((ret) => ({ order, ret })),
      args,
      ctx.bulk,
    ),
  disputes: (order) => order.disputes,
  risk: (order) => order,
  shippingLine: (order) => shippingLines(order)[0] ?? null,
  shippingLines: (order, args, ctx) => paginateList(shippingLines(order), args, ctx.bulk),
});

const RECOMMENDATION: Record<SimOrder["riskLevel"], string> = {
  LOW: "ACCEPT",
  MEDIUM: "INVESTIGATE",
  HIGH: "CANCEL",
  NONE: "NONE",
};

export const ORDER_TYPES: Record<string, TypeTable> = {
  Order: new Map([
    ...ORDER_FACTS,
    ...ORDER_MONEY,
    ...ORDER_LINKS,
    ...metafieldFields<SimOrder>((order) => gid("Order", order.id)),
  ]),
  OrderCancellation: plain("staffNote"),
  MailingAddress: plain("address1", "address2", "zip", "countryCodeV2"),
  PurchasingCompany: fields({}),
  OrderDisputeSummary: fields<SimOrder["disputes"][number]>({
    id: ({ id }) => gid("OrderDisputeSummary", id),
    initiatedAs: ({ type }) => upper(type),
    status: ({ status }) => upper(status),
  }),
  OrderRiskSummary: fields<SimOrder>({
    recommendation: ({ riskLevel }) => RECOMMENDATION[riskLevel],
    assessments: ({ riskLevel }) => (riskLevel === "NONE" ? [] : [{ riskLevel, facts: [], provider: null }]),
  }),
  OrderRiskAssessment: plain("riskLevel", "facts", "provider"),
  Count: plain("count", "precision"),
};
