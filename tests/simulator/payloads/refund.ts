// Refunds and money movements: refunds/create, order_transactions/create and refunds inside orders.
import { applicationsOf } from "../discount-applications";
import { gid } from "../ids";
import { refundStatus, totals } from "../order-math";
import type { Minor, SimOrder, SimPayment, SimRefund, SimShop } from "../state";
import { lineItem } from "./order-lines";
import { amount, moneySet, num, when } from "./primitives";

/** order_adjustments: signed as seen from the shop, so money given away is negative; tax inside or beside as in the order. */
function adjustments(order: SimOrder, refund: SimRefund): Record<string, unknown>[] {
  const one = (
    offset: number,
    kind: string,
    reason: string,
    minor: Minor,
    taxMinor: Minor,
  ): Record<string, unknown> => ({
    id: num(refund.id) * 10 + offset,
    order_id: num(order.id),
    refund_id: num(refund.id),
    amount: amount(order, minor),
    tax_amount: amount(order, taxMinor),
    kind,
    reason,
    amount_set: moneySet(order, minor),
    tax_amount_set: moneySet(order, taxMinor),
  });
  const list: Record<string, unknown>[] = [];
  if (refund.shipping) {
    list.push(one(1, "shipping_refund", "Shipping refund", -refund.shipping.amountMinor, -refund.shipping.taxMinor));
  }
  if (refund.adjustmentMinor !== 0) {
    const reason = refundStatus(order, refund) === "pending" ? "Pending refund discrepancy" : "Refund discrepancy";
    list.push(one(2, "refund_discrepancy", reason, -refund.adjustmentMinor, 0));
  }
  return list;
}

/** The body of a refund. */
export function refundBody(shop: SimShop, order: SimOrder, refund: SimRefund): Record<string, unknown> {
  const applications = applicationsOf(order);
  return {
    id: num(refund.id),
    order_id: num(order.id),
    created_at: when(refund.createdAt, shop),
    note: refund.note,
    user_id: num(shop.staff[0]?.id ?? "1"),
    processed_at: when(refund.createdAt, shop),
    duties:
      refund.dutiesMinor === 0
        ? []
        : [{ duty_id: num(order.id) * 10 + 2, amount_set: moneySet(order, refund.dutiesMinor) }],
    total_duties_set: moneySet(order, refund.dutiesMinor),
    return: null,
    refund_shipping_lines: [],
    restock: refund.lines.some((line) => line.restockType !== "no_restock"),
    admin_graphql_api_id: gid("Refund", refund.id),
    order_adjustments: adjustments(order, refund),
    refund_line_items: refund.lines.map((refundLine) => {
      const line = order.lines.find((candidate) => candidate.id === refundLine.lineId);
      if (!line) throw new Error(`refund ${refund.id} names line ${refundLine.lineId} that order ${order.name} lacks`);
      return {
        id: num(refundLine.id),
        quantity: refundLine.quantity,
        line_item_id: num(refundLine.lineId),
        location_id: refundLine.restockType === "no_restock" ? null : num(shop.id) + 1,
        restock_type: refundLine.restockType,
        subtotal: Number(amount(order, refundLine.subtotalMinor)),
        total_tax: Number(amount(order, refundLine.taxMinor)),
        subtotal_set: moneySet(order, refundLine.subtotalMinor),
        total_tax_set: moneySet(order, refundLine.taxMinor),
        line_item: lineItem(shop, order, line, applications),
      };
    }),
    transactions: order.payments
      .filter((payment) => payment.refundId === refund.id)
      .map((payment) => transactionBody(shop, order, payment)),
  };
}

const MANUAL = new Set<SimPayment["gateway"]>(["cash_on_delivery", "bank_transfer", "manual"]);

/** The body of a transaction. */
export function transactionBody(shop: SimShop, order: SimOrder, payment: SimPayment): Record<string, unknown> {
  const unsettled = payment.kind === "authorization" ? totals(order).authorizedMinor : 0;
  const isCard = payment.gateway === "bogus";
  const shown = { amount: amount(order, unsettled), currency: order.currency };
  const presentment = moneySet(order, unsettled).presentment_money;
  return {
    id: num(payment.id),
    order_id: num(order.id),
    kind: payment.kind,
    gateway: payment.gateway,
    status: payment.status,
    message: payment.status === "failure" ? "Declined" : null,
    created_at: when(payment.at, shop),
    test: order.test,
    authorization: payment.id,
    location_id: null,
    user_id: null,
    parent_id: payment.parentId === null ? null : num(payment.parentId),
    processed_at: when(payment.at, shop),
    device_id: null,
    error_code: payment.status === "failure" ? "card_declined" : null,
    source_name: order.sourceName,
    payment_details: isCard ? cardDetails() : null,
    receipt: {},
    amount: amount(order, payment.amountMinor),
    currency: order.currency,
    payment_id: `${order.name}.${order.payments.indexOf(payment) + 1}`,
    total_unsettled_set: {
      presentment_money: { amount: presentment.amount, currency: presentment.currency_code },
      shop_money: shown,
    },
    manual_payment_gateway: MANUAL.has(payment.gateway),
    amount_rounding: null,
    admin_graphql_api_id: gid("OrderTransaction", payment.id),
  };
}

function cardDetails(): Record<string, unknown> {
  return {
    credit_card_bin: null,
    avs_result_code: null,
    cvv_result_code: null,
    credit_card_number: "•••• •••• •••• 1111",
    credit_card_company: "Bogus",
    buyer_action_info: null,
    credit_card_name: null,
    credit_card_wallet: null,
    credit_card_expiration_month: null,
    credit_card_expiration_year: null,
    payment_method_name: "bogus",
  };
}
