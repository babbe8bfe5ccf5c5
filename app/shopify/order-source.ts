// Both doors to an order, webhook payload and GraphQL node, meet here: they give the same neutral
// shape in decimal strings, and this file alone turns it into OrderFacts.
import { parseMinor } from "./money";
import type {
  CurrencyCode,
  DiscountCodeFacts,
  FinancialStatus,
  Minor,
  OrderFacts,
  OrderLineFacts,
  RefundFacts,
  SalesChannel,
  UncarriedFact,
} from "./order-facts";

export interface SourceLine {
  lineId: string;
  productId: string | null;
  variantId: string | null;
  title: string;
  quantity: number;
  /** After edits and refunds. */
  currentQuantity: number;
  unitPrice: string;
  /** Allocations over the ordered quantity, with the code that brought each. */
  discounts: { amount: string; code: string | null }[];
  taxes: string[];
  isGiftCard: boolean;
  isSubscription: boolean;
  isTip: boolean;
  productTags: string[];
  productType: string;
  vendor: string;
}
export interface SourceMoneyParts {
  amount: string;
  tax: string;
}
export interface SourceRefund {
  refundId: string;
  createdAt: string;
  lines: { lineId: string; quantity: number; subtotal: string; tax: string }[];
  shipping: SourceMoneyParts[];
  /** As Shopify signs them: negative = given back beyond the lines, positive = kept back. */
  adjustments: string[];
  duties: string[];
  transactions: { status: string; amount: string | null }[];
}
export interface SourcePayment {
  kind: string;
  status: string;
  gateway: string;
  amount: string;
  /** In the currency the shopper pays in. */
  paid: string;
  at: string;
}
export interface SourceFulfillment {
  status: string;
  createdAt: string;
  deliveredAt: string | null;
}
export interface SourceOrder {
  orderId: string;
  name: string;
  updatedAt: string;
  createdAt: string;
  processedAt: string;
  currency: CurrencyCode;
  presentmentCurrency: CurrencyCode;
  customerId: string | null;
  email: string | null;
  customerTags: string[];
  orderTags: string[];
  sourceName: string | null;
  isB2b: boolean;
  test: boolean;
  cancelledAt: string | null;
  financialStatus: string | null;
  isFulfilled: boolean;
  taxesIncluded: boolean;
  lines: SourceLine[];
  /** Every code used, also those that took nothing off a line. */
  discountCodes: string[];
  shipping: { price: string; taxes: string[] }[];
  duties: string | null;
  tip: string;
  fulfillments: SourceFulfillment[];
  refunds: SourceRefund[];
  /** null: the source does not carry payments. */
  payments: SourcePayment[] | null;
  /** What was due when the order was placed, in the currency the shopper pays in; null: not carried. */
  originalTotal: string | null;
  disputes: string[];
  highRisk: boolean;
  uncarried: UncarriedFact[];
}

/**
 * Turns a neutral order into facts in minor units of the shop's currency.
 * @throws MoneyError when an amount is not a plain decimal of the currency
 */
export function toOrderFacts(source: SourceOrder): OrderFacts {
  const money = (decimal: string): Minor => parseMinor(decimal, source.currency);
  const sum = (decimals: string[]): Minor => decimals.reduce((total, decimal) => total + money(decimal), 0);
  const tips = new Set(source.lines.filter((line) => line.isTip).map((line) => line.lineId));
  const financialStatus = toFinancialStatus(source.financialStatus);
  return {
    orderId: source.orderId,
    name: source.name,
    sourceUpdatedAt: toInstant(source.updatedAt),
    createdAt: toInstant(source.createdAt),
    processedAt: toInstant(source.processedAt),
    currency: source.currency,
    presentmentCurrency: source.presentmentCurrency,
    customerId: source.customerId,
    email: source.email?.trim() || null,
    customerTags: [...source.customerTags].sort(),
    orderTags: [...source.orderTags].sort(),
    channel: toSalesChannel(source.sourceName),
    isB2b: source.isB2b,
    test: source.test,
    cancelledAt: source.cancelledAt === null ? null : toInstant(source.cancelledAt),
    financialStatus,
    ...paidFacts(source, financialStatus),
    fulfilledAt: source.isFulfilled ? latest(successful(source.fulfillments).map((each) => each.createdAt)) : null,
    deliveredAt: source.isFulfilled ? deliveredAt(source.fulfillments) : null,
    dispute: toDispute(source.disputes),
    highRisk: source.highRisk,
    taxesIncluded: source.taxesIncluded,
    lines: source.lines.filter((line) => !line.isTip).map((line) => toLine(line, source.refunds, money, sum)),
    ...(source.discountCodes.length > 0 ? { discountCodes: toDiscountCodes(source, money) } : {}),
    shippingMinor: sum(source.shipping.map((line) => line.price)),
    shippingTaxMinor: sum(source.shipping.flatMap((line) => line.taxes)),
    dutiesMinor: source.duties === null ? 0 : money(source.duties),
    tipMinor: money(source.tip),
    paidWithGiftCardMinor: paidThrough(source.payments, "gift_card", money),
    paidWithStoreCreditMinor: paidThrough(source.payments, "shopify_store_credit", money),
    refunds: toRefunds(source, tips, money, sum),
    uncarried: source.uncarried,
  };
}

type ToMoney = (decimal: string) => Minor;
type ToSum = (decimals: string[]) => Minor;

// Codes are the same in any case; what one took off is the sum of its allocations.
function toDiscountCodes(source: SourceOrder, money: ToMoney): DiscountCodeFacts[] {
  const codes = new Map<string, DiscountCodeFacts>();
  for (const code of source.discountCodes) codes.set(code.toLowerCase(), { code, amountMinor: 0 });
  for (const line of source.lines) {
    const quantity = quantityAfterEdits(line, source.refunds);
    for (const { amount, code } of line.discounts) {
      const known = code === null ? undefined : codes.get(code.toLowerCase());
      if (known) known.amountMinor += share(money(amount), quantity, line.quantity);
    }
  }
  return [...codes.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

function toLine(line: SourceLine, refunds: SourceRefund[], money: ToMoney, sum: ToSum): OrderLineFacts {
  const quantity = quantityAfterEdits(line, refunds);
  return {
    lineId: line.lineId,
    productId: line.productId,
    variantId: line.variantId,
    title: line.title,
    quantity,
    amountMinor: multiply(money(line.unitPrice), quantity),
    // Shopify keeps allocations of removed units on the line.
    discountMinor: share(sum(line.discounts.map(({ amount }) => amount)), quantity, line.quantity),
    taxMinor: share(sum(line.taxes), quantity, line.quantity),
    isGiftCard: line.isGiftCard,
    isSubscription: line.isSubscription,
    productTags: [...line.productTags].sort(),
    collectionIds: [],
    productType: line.productType,
    vendor: line.vendor,
  };
}
function quantityAfterEdits(line: SourceLine, refunds: SourceRefund[]): number {
  const refunded = refunds
    .flatMap((refund) => refund.lines)
    .filter((refundLine) => refundLine.lineId === line.lineId)
    .reduce((total, refundLine) => total + refundLine.quantity, 0);
  // currentQuantity lacks both what was refunded and what an edit removed; only the edit changes the order.
  const removedByEdit = Math.min(line.quantity, Math.max(0, line.quantity - line.currentQuantity - refunded));
  return line.quantity - removedByEdit;
}

function toRefunds(source: SourceOrder, tips: Set<string>, money: ToMoney, sum: ToSum): RefundFacts[] {
  const sameMoney = source.presentmentCurrency === source.currency;
  let keptBack = 0;
  return [...source.refunds].sort(byCreation).map((refund) => {
    const status = refundStatus(refund.transactions);
    const goods = refund.lines.filter((line) => !tips.has(line.lineId));
    const shippingMinor = sum(refund.shipping.map((part) => part.amount));
    const dutiesMinor = sum(refund.duties);
    const tipMinor = sum(refund.lines.filter((line) => tips.has(line.lineId)).map((line) => line.subtotal));
    const isAmountOnly =
      refund.lines.length === 0 && refund.adjustments.length === 0 && shippingMinor === 0 && dutiesMinor === 0;
    const moved = refund.transactions.filter((each) => !isFailure(each.status)).flatMap((each) => each.amount ?? []);
    let beyondLines = isAmountOnly && sameMoney ? sum(moved) : -sum(refund.adjustments);
    if (status !== "failure") {
      // Money held back from one refund (restocked first, paid later) is not goodwill when it follows.
      const settled = beyondLines > 0 ? Math.min(keptBack, beyondLines) : beyondLines;
      keptBack -= settled;
      beyondLines -= settled;
    }
    return {
      refundId: refund.refundId,
      createdAt: toInstant(refund.createdAt),
      lines: goods.map((line) => ({
        lineId: line.lineId,
        quantity: line.quantity,
        subtotalMinor: money(line.subtotal),
        taxMinor: money(line.tax),
      })),
      shippingMinor,
      shippingTaxMinor: sum(refund.shipping.map((part) => part.tax)),
      dutiesMinor,
      tipMinor,
      unallocatedMinor: Math.max(0, beyondLines),
      status,
    };
  });
}

function byCreation(a: SourceRefund, b: SourceRefund): number {
  const order = Date.parse(a.createdAt) - Date.parse(b.createdAt);
  return order !== 0 ? order : a.refundId.length - b.refundId.length || (a.refundId < b.refundId ? -1 : 1);
}

// A refund without transactions moved no money and none is to come: it counts as it stands.
function refundStatus(transactions: SourceRefund["transactions"]): RefundFacts["status"] {
  if (transactions.length === 0) return "success";
  const statuses = transactions.map((each) => each.status.toLowerCase());
  if (statuses.some((status) => status !== "success" && !isFailure(status))) return "pending";
  return statuses.includes("success") ? "success" : "failure";
}
function isFailure(status: string): boolean {
  return ["failure", "error"].includes(status.toLowerCase());
}

/** Shopify's word for how far the payment is, from either door. */
export function toFinancialStatus(status: string | null): FinancialStatus {
  const known: readonly FinancialStatus[] = [
    "pending",
    "authorized",
    "partially_paid",
    "paid",
    "partially_refunded",
    "refunded",
    "voided",
    "expired",
  ];
  return known.find((each) => each === status?.toLowerCase()) ?? "unknown";
}

// 580111 is the online store's own app id, in use before "web".
const CHANNELS: Record<string, SalesChannel> = {
  web: "online",
  "580111": "online",
  pos: "pos",
  shopify_draft_order: "draft",
};
function toSalesChannel(sourceName: string | null): SalesChannel {
  if (!sourceName) return "other";
  if (sourceName.startsWith("subscription_contract")) return "subscription";
  return CHANNELS[sourceName] ?? "other";
}

/** What all disputes of an order come to. */
export function toDispute(statuses: string[]): OrderFacts["dispute"] {
  const lower = statuses.map((status) => status.toLowerCase());
  if (lower.some((status) => ["lost", "accepted", "charge_refunded"].includes(status))) return "lost";
  return lower.some((status) => !["won", "prevented"].includes(status)) ? "open" : "none";
}

const WAS_PAID: ReadonlySet<FinancialStatus> = new Set<FinancialStatus>(["paid", "partially_refunded", "refunded"]);
// What was due at each instant of the past is not told; what was due at first is. Payments that an edit asked for
// later move nothing then. An order that an edit made cheaper before it was paid never reaches that sum.
function paidFacts(source: SourceOrder, status: FinancialStatus): Pick<OrderFacts, "paidAt" | "firstPaidAt"> {
  const received = receivedPayments(source.payments ?? []);
  const reached = reachedAt(received, source);
  if (!WAS_PAID.has(status)) return reached === null ? { paidAt: null } : { paidAt: null, firstPaidAt: reached };
  return { paidAt: reached ?? latest(received.map((payment) => payment.at)) ?? toInstant(source.processedAt) };
}
function reachedAt(received: SourcePayment[], source: SourceOrder): string | null {
  if (source.originalTotal === null) return null;
  const due = parseMinor(source.originalTotal, source.presentmentCurrency);
  if (due === 0) return toInstant(source.processedAt);
  let sum = 0;
  for (const payment of [...received].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    sum += parseMinor(payment.paid, source.presentmentCurrency);
    if (sum >= due) return toInstant(payment.at);
  }
  return null;
}
function receivedPayments(payments: SourcePayment[]): SourcePayment[] {
  return payments.filter(
    (payment) => payment.status.toLowerCase() === "success" && ["sale", "capture"].includes(payment.kind.toLowerCase()),
  );
}
function paidThrough(payments: SourcePayment[] | null, gateway: string, money: ToMoney): Minor {
  return receivedPayments(payments ?? [])
    .filter((payment) => payment.gateway === gateway)
    .reduce((total, payment) => total + money(payment.amount), 0);
}

function successful(fulfillments: SourceFulfillment[]): SourceFulfillment[] {
  return fulfillments.filter((each) => each.status.toLowerCase() === "success");
}
function deliveredAt(fulfillments: SourceFulfillment[]): string | null {
  const instants = successful(fulfillments).map((each) => each.deliveredAt);
  return instants.includes(null) ? null : latest(instants.filter((each) => each !== null));
}

function latest(instants: string[]): string | null {
  if (instants.length === 0) return null;
  return new Date(Math.max(...instants.map((instant) => Date.parse(instant)))).toISOString();
}
function toInstant(text: string): string {
  return new Date(text).toISOString();
}

function multiply(unit: Minor, quantity: number): Minor {
  return exact(BigInt(unit) * BigInt(quantity));
}
/** The part of `amount` that belongs to `part` of `whole` units, half up. */
function share(amount: Minor, part: number, whole: number): Minor {
  if (part === whole || whole === 0) return part === 0 ? 0 : amount;
  return exact((BigInt(amount) * BigInt(part) * 2n + BigInt(whole)) / (BigInt(whole) * 2n));
}
function exact(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError("an order amount left the safe integer range");
  return number;
}
