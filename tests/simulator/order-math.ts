// Figures derived from an order's state, all in shop money and minor units. The state keeps what was
// ordered, removed, refunded and paid; everything else is computed here, so no figure can disagree.
//
// Conventions:
// - a line's discounts and taxes cover its whole `quantity`, units removed or refunded later included;
// - `total…` figures are before returns and removals, `current…` figures are after them;
// - tax is inside prices when the order's taxesIncluded, beside them otherwise;
// - a refund line's subtotal holds the tax when it is included; a shipping refund's amount likewise.
import { portion } from "./money";
import type { Minor, SimLine, SimOrder, SimRefund } from "./state";

export type FinancialStatus =
  "pending" | "authorized" | "partially_paid" | "paid" | "partially_refunded" | "refunded" | "voided";

interface LineFigures {
  /** quantity × unit price. */
  amountMinor: Minor;
  discountMinor: Minor;
  /** amount − discounts, over all units ever ordered. */
  netMinor: Minor;
  taxMinor: Minor;
  refundedQuantity: number;
  /** Ordered − removed by edits − refunded. */
  currentQuantity: number;
  /** Units that left the shop already. */
  fulfilledQuantity: number;
  fulfillableQuantity: number;
  /** The parts of net and tax that edits removed. */
  removedNetMinor: Minor;
  removedTaxMinor: Minor;
  refundedNetMinor: Minor;
  refundedTaxMinor: Minor;
  currentNetMinor: Minor;
  currentTaxMinor: Minor;
  currentDiscountMinor: Minor;
}

export interface OrderTotals {
  lineItemsMinor: Minor;
  discountsMinor: Minor;
  /** Lines after discounts; tax inside when included. */
  subtotalMinor: Minor;
  totalTaxMinor: Minor;
  totalShippingMinor: Minor;
  totalMinor: Minor;
  currentSubtotalMinor: Minor;
  currentTaxMinor: Minor;
  currentDiscountsMinor: Minor;
  currentShippingMinor: Minor;
  currentTotalMinor: Minor;
  /** Successful sales and captures. */
  paidMinor: Minor;
  /** Money that went back: successful refund payments. */
  refundedMinor: Minor;
  /** Given back on paper, money still on its way. */
  refundsPendingMinor: Minor;
  authorizedMinor: Minor;
  /** Positive: the shopper owes; negative: the shop owes. */
  outstandingMinor: Minor;
  financialStatus: FinancialStatus;
  fulfillmentStatus: null | "partial" | "fulfilled";
}

const sum = (numbers: Iterable<number>): number => {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
};

/** Everything known about one line. */
export function lineFigures(order: SimOrder, line: SimLine): LineFigures {
  const amountMinor = line.quantity * line.unitPriceMinor;
  const discountMinor = sum(line.discounts.map((discount) => discount.amountMinor));
  const netMinor = amountMinor - discountMinor;
  const taxMinor = sum(line.taxes.map((tax) => tax.amountMinor));
  const refundLines = order.refunds.flatMap((refund) => refund.lines.filter((l) => l.lineId === line.id));
  const refunded = sum(refundLines.map((l) => l.quantity));
  const fulfilledQuantity = sum(
    order.fulfillments
      .filter((fulfillment) => fulfillment.status === "success")
      .flatMap((fulfillment) => fulfillment.lines.filter((l) => l.lineId === line.id).map((l) => l.quantity)),
  );
  const kept = line.quantity - line.removedByEdit;
  const currentQuantity = kept - refunded;
  const refundedNetMinor = sum(refundLines.map((l) => l.subtotalMinor));
  const refundedTaxMinor = sum(refundLines.map((l) => l.taxMinor));
  // Whatever leaves last takes the remainder of the rounding with it.
  const removed = (whole: Minor, back: Minor): Minor =>
    line.removedByEdit > 0 && currentQuantity === 0 ? whole - back : portion(whole, line.removedByEdit, line.quantity);
  const removedNetMinor = removed(netMinor, refundedNetMinor);
  const removedTaxMinor = removed(taxMinor, refundedTaxMinor);
  return {
    amountMinor,
    discountMinor,
    netMinor,
    taxMinor,
    refundedQuantity: refunded,
    currentQuantity,
    fulfilledQuantity,
    fulfillableQuantity: order.cancelledAt ? 0 : Math.max(0, currentQuantity - fulfilledQuantity),
    removedNetMinor,
    removedTaxMinor,
    refundedNetMinor,
    refundedTaxMinor,
    currentNetMinor: netMinor - removedNetMinor - refundedNetMinor,
    currentTaxMinor: taxMinor - removedTaxMinor - refundedTaxMinor,
    currentDiscountMinor: line.quantity === 0 ? 0 : portion(discountMinor, currentQuantity, line.quantity),
  };
}

/** What the next `quantity` units of a line give back: the last unit takes whatever rounding left. */
export function refundValue(
  order: SimOrder,
  line: SimLine,
  quantity: number,
): { subtotalMinor: Minor; taxMinor: Minor } {
  const figures = lineFigures(order, line);
  const kept = line.quantity - line.removedByEdit;
  const upTo = figures.refundedQuantity + quantity;
  const share = (keptMinor: Minor, already: Minor): Minor =>
    Math.max(0, (upTo >= kept ? keptMinor : portion(keptMinor, upTo, kept)) - already);
  return {
    subtotalMinor: share(figures.netMinor - figures.removedNetMinor, figures.refundedNetMinor),
    taxMinor: share(figures.taxMinor - figures.removedTaxMinor, figures.refundedTaxMinor),
  };
}

/** Everything a refund gives back, tax included, whether or not its money has moved. */
export function refundTotal(order: SimOrder, refund: SimRefund): Minor {
  const onTop = (tax: Minor): Minor => (order.taxesIncluded ? 0 : tax);
  return (
    sum(refund.lines.map((line) => line.subtotalMinor + onTop(line.taxMinor))) +
    (refund.shipping ? refund.shipping.amountMinor + onTop(refund.shipping.taxMinor) : 0) +
    refund.adjustmentMinor +
    refund.dutiesMinor
  );
}

/** success when its money moved or nothing was to move; pending; failure. */
export function refundStatus(order: SimOrder, refund: SimRefund): "success" | "pending" | "failure" {
  const payments = order.payments.filter((payment) => payment.refundId === refund.id);
  if (payments.some((payment) => payment.status === "pending")) return "pending";
  if (payments.length > 0 && payments.every((payment) => payment.status === "failure")) return "failure";
  return "success";
}

const paymentsOf = (order: SimOrder, kinds: readonly string[], status = "success"): Minor =>
  sum(order.payments.filter((p) => kinds.includes(p.kind) && p.status === status).map((p) => p.amountMinor));

function financialStatus(
  order: SimOrder,
  figures: { paid: Minor; refunded: Minor; authorized: Minor; due: Minor },
): FinancialStatus {
  const { paid, refunded, authorized, due } = figures;
  if (refunded > 0) return refunded >= paid ? "refunded" : "partially_refunded";
  if (paid > 0) return paid >= due ? "paid" : "partially_paid";
  if (authorized > 0) return "authorized";
  if (order.payments.some((payment) => payment.kind === "void" && payment.status === "success")) return "voided";
  if (order.cancelledAt) return "voided";
  if (order.paymentPending || order.payments.some((payment) => payment.status === "pending")) return "pending";
  return due <= 0 ? "paid" : "pending";
}

function fulfillmentStatus(lines: LineFigures[]): OrderTotals["fulfillmentStatus"] {
  const fulfilled = sum(lines.map((line) => line.fulfilledQuantity));
  if (fulfilled === 0) return null;
  return lines.every((line) => line.fulfilledQuantity >= line.currentQuantity) ? "fulfilled" : "partial";
}

/** All derived figures of an order. */
export function totals(order: SimOrder): OrderTotals {
  const lines = order.lines.map((line) => lineFigures(order, line));
  const onTop = (tax: Minor): Minor => (order.taxesIncluded ? 0 : tax);
  const shipping = order.shipping?.discountedMinor ?? 0;
  const shippingTax = order.shipping?.taxMinor ?? 0;
  const shippingBack = sum(order.refunds.map((refund) => refund.shipping?.amountMinor ?? 0));
  const shippingTaxBack = sum(order.refunds.map((refund) => refund.shipping?.taxMinor ?? 0));
  const subtotalMinor = sum(lines.map((line) => line.netMinor));
  const totalTaxMinor = sum(lines.map((line) => line.taxMinor)) + shippingTax;
  const totalMinor = subtotalMinor + onTop(totalTaxMinor) + shipping + order.dutiesMinor + order.tipMinor;
  const currentSubtotalMinor = sum(lines.map((line) => line.currentNetMinor));
  const currentTaxMinor = sum(lines.map((line) => line.currentTaxMinor)) + shippingTax - shippingTaxBack;
  const removed = sum(lines.map((line) => line.removedNetMinor + onTop(line.removedTaxMinor)));
  const currentTotalMinor = totalMinor - removed - sum(order.refunds.map((refund) => refundTotal(order, refund)));
  const paid = paymentsOf(order, ["sale", "capture"]);
  const refunded = paymentsOf(order, ["refund"]);
  const authorized = order.payments.some((p) => p.kind === "void" && p.status === "success")
    ? 0
    : paymentsOf(order, ["authorization"]) - paymentsOf(order, ["capture"]);
  return {
    lineItemsMinor: sum(lines.map((line) => line.amountMinor)),
    discountsMinor:
      sum(lines.map((line) => line.discountMinor)) + (order.shipping ? order.shipping.priceMinor - shipping : 0),
    subtotalMinor,
    totalTaxMinor,
    totalShippingMinor: shipping,
    totalMinor,
    currentSubtotalMinor,
    currentTaxMinor,
    currentDiscountsMinor: sum(lines.map((line) => line.currentDiscountMinor)),
    currentShippingMinor: shipping - shippingBack,
    currentTotalMinor,
    paidMinor: paid,
    refundedMinor: refunded,
    refundsPendingMinor: paymentsOf(order, ["refund"], "pending"),
    authorizedMinor: Math.max(0, authorized),
    outstandingMinor: currentTotalMinor - (paid - refunded),
    financialStatus: financialStatus(order, { paid, refunded, authorized, due: currentTotalMinor }),
    fulfillmentStatus: fulfillmentStatus(lines),
  };
}
