// The REST body of an order, the same for every orders/* topic but edited and delete.
import { applicationsOf } from "../discount-applications";
import { gid } from "../ids";
import { totals, type OrderTotals } from "../order-math";
import type { Minor, SimCustomer, SimFulfillment, SimOrder, SimShop } from "../state";
import { orderAddress } from "./addresses";
import { orderCustomer } from "./customer";
import { applicationBody, lineItem, orderTaxLines, shippingLines } from "./order-lines";
import { amount, moneySet, num, when, whenOrNull } from "./primitives";
import { refundBody } from "./refund";

/** The body of orders/create, updated, paid, cancelled, fulfilled, partially_fulfilled. */
export function orderBody(shop: SimShop, order: SimOrder): Record<string, unknown> {
  const customer = order.customerId ? (shop.customers[order.customerId] ?? null) : null;
  const applications = applicationsOf(order);
  return {
    id: num(order.id),
    admin_graphql_api_id: gid("Order", order.id),
    ...facts(shop, order, customer),
    ...figures(order, totals(order)),
    tax_lines: orderTaxLines(shop, order),
    billing_address: orderAddress(shop, customer, order),
    customer: customer ? orderCustomer(shop, customer) : null,
    discount_applications: applications.map((one) => applicationBody(order, one)),
    discount_codes: order.discountCodes.map((used) => ({
      code: used.code,
      amount: amount(order, used.amountMinor),
      type: used.type,
    })),
    fulfillments: order.fulfillments.map((fulfillment) => fulfillmentBody(shop, order, fulfillment)),
    line_items: order.lines.map((line) => lineItem(shop, order, line, applications)),
    line_item_groups: [],
    payment_terms: null,
    refunds: order.refunds.map((refund) => refundBody(shop, order, refund)),
    returns: [],
    shipping_address: order.shipping ? orderAddress(shop, customer, order) : null,
    shipping_lines: shippingLines(shop, order),
  };
}

function facts(shop: SimShop, order: SimOrder, customer: SimCustomer | null): Record<string, unknown> {
  return {
    app_id: order.sourceName === "web" ? 580_111 : null,
    browser_ip: null,
    buyer_accepts_marketing: customer?.emailConsent.state === "subscribed",
    cancel_reason: order.cancelReason,
    cancelled_at: whenOrNull(order.cancelledAt, shop),
    cart_token: null,
    checkout_token: null,
    client_details: null,
    closed_at: whenOrNull(order.closedAt, shop),
    company: order.isB2b
      ? { id: num(order.customerId ?? order.id), location_id: num(order.customerId ?? order.id) + 1 }
      : null,
    confirmation_number: order.token.slice(0, 9).toUpperCase(),
    confirmed: true,
    contact_email: order.email,
    created_at: when(order.createdAt, shop),
    currency: order.currency,
    customer_locale: order.locale,
    device_id: null,
    duties_included: false,
    email: order.email,
    estimated_taxes: false,
    landing_site: null,
    landing_site_ref: null,
    location_id: order.sourceName === "pos" ? num(shop.id) + 1 : null,
    merchant_business_entity_id: "MTU0ODM4MDAwOQ",
    merchant_of_record_app_id: null,
    name: order.name,
    note: null,
    note_attributes: [],
    number: order.number - 1000,
    order_number: order.number,
    order_status_url: `https://${shop.domain}/${shop.id}/orders/${order.token}/authenticate?key=${order.token.slice(0, 12)}`,
    payment_gateway_names: [
      ...new Set(order.payments.filter((p) => p.kind === "sale" || p.kind === "authorization").map((p) => p.gateway)),
    ],
    phone: null,
    po_number: null,
    presentment_currency: order.presentmentCurrency,
    processed_at: when(order.processedAt, shop),
    reference: null,
    referring_site: null,
    source_identifier: null,
    source_name: order.sourceName,
    source_url: null,
    tags: order.tags.join(", "),
    tax_exempt: false,
    taxes_included: order.taxesIncluded,
    test: order.test,
    token: order.token,
    total_weight: 0,
    updated_at: when(order.updatedAt, shop),
    user_id: null,
  };
}

function figures(order: SimOrder, sums: OrderTotals): Record<string, unknown> {
  const both = (name: string, minor: Minor): Record<string, unknown> => ({
    [name]: amount(order, minor),
    [`${name}_set`]: moneySet(order, minor),
  });
  const duties = order.dutiesMinor > 0;
  const dutiesBack = order.refunds.reduce((sum, refund) => sum + refund.dutiesMinor, 0);
  return {
    financial_status: sums.financialStatus,
    fulfillment_status: sums.fulfillmentStatus,
    ...both("current_subtotal_price", sums.currentSubtotalMinor),
    ...both("current_total_discounts", sums.currentDiscountsMinor),
    ...both("current_total_price", sums.currentTotalMinor),
    ...both("current_total_tax", sums.currentTaxMinor),
    current_shipping_price_set: moneySet(order, sums.currentShippingMinor),
    current_total_additional_fees_set: null,
    current_total_duties_set: duties ? moneySet(order, order.dutiesMinor - dutiesBack) : null,
    original_total_additional_fees_set: null,
    original_total_duties_set: duties ? moneySet(order, order.dutiesMinor) : null,
    ...both("subtotal_price", sums.subtotalMinor),
    ...both("total_discounts", sums.discountsMinor),
    ...both("total_line_items_price", sums.lineItemsMinor),
    ...both("total_price", sums.totalMinor),
    ...both("total_tax", sums.totalTaxMinor),
    total_cash_rounding_payment_adjustment_set: moneySet(order, 0),
    total_cash_rounding_refund_adjustment_set: moneySet(order, 0),
    total_outstanding: amount(order, sums.outstandingMinor),
    total_shipping_price_set: moneySet(order, sums.totalShippingMinor),
    total_tip_received: amount(order, order.tipMinor),
  };
}

/** One shipment, as orders embed it. */
function fulfillmentBody(shop: SimShop, order: SimOrder, fulfillment: SimFulfillment): Record<string, unknown> {
  const applications = applicationsOf(order);
  const lines = fulfillment.lines.map(({ lineId, quantity }) => {
    const line = order.lines.find((candidate) => candidate.id === lineId);
    if (!line) throw new Error(`fulfilment ${fulfillment.id} names line ${lineId} that order ${order.name} lacks`);
    return lineItem(shop, order, line, applications, quantity);
  });
  const tracking = fulfillment.trackingNumber;
  return {
    id: num(fulfillment.id),
    admin_graphql_api_id: gid("Fulfillment", fulfillment.id),
    created_at: when(fulfillment.createdAt, shop),
    location_id: num(shop.id) + 1,
    name: `${order.name}.${order.fulfillments.indexOf(fulfillment) + 1}`,
    order_id: num(order.id),
    origin_address: {},
    receipt: {},
    service: "manual",
    shipment_status: fulfillment.events.at(-1)?.status ?? null,
    status: fulfillment.status,
    tracking_company: tracking ? "Sample Carrier" : null,
    tracking_number: tracking,
    tracking_numbers: tracking ? [tracking] : [],
    tracking_url: null,
    tracking_urls: [],
    updated_at: when(fulfillment.updatedAt, shop),
    line_items: lines,
  };
}
