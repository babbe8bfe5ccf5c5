// Money and goods going back.
import { lineFigures, refundTotal, refundValue, totals } from "../order-math";
import type { Id, Minor, SimOrder, SimPayment, SimRefund } from "../state";
import { assertConserved } from "./conservation";
import { returnToSources } from "./payments";
import { lineOf, orderOf, Refused, stamp, whole, type World } from "./world";

interface RefundInput {
  lines?: { lineId: Id; quantity: number; restock?: "return" | "cancel" | "no_restock" }[];
  /** "all" = what is left of it. The tax on it follows in proportion. */
  shippingMinor?: Minor | "all";
  dutiesMinor?: Minor;
  /** Money beyond lines, shipping and duties; alone it is a refund by amount only. Negative: a fee kept back. */
  amountMinor?: Minor;
  note?: string;
  /** How the money fares. Default success. */
  status?: "success" | "pending" | "failure";
  /** Goods come back, no money moves. */
  withoutMoney?: boolean;
  /** Pays back what an edit already took off the bill: money moves, nothing else changes. */
  owedMinor?: Minor;
  gateway?: "original" | "shopify_store_credit";
}

/** Refunds part of an order. @throws Refused when more would go back than is there */
export function refundOrder(world: World, domain: string, orderId: Id, input: RefundInput): SimRefund {
  const order = orderOf(world.shop(domain), orderId);
  const refunds = addRefund(world, order, input);
  order.updatedAt = stamp(world);
  for (const refund of refunds) emitRefund(world, domain, order, refund);
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  return refunds.at(-1) as SimRefund;
}

/**
 * The refund without its events: cancellations and edits send their own. Money owed after an edit is two
 * records, as the platform books a "pending refund discrepancy": one that holds the amount back, one that pays it.
 */
export function addRefund(world: World, order: SimOrder, input: RefundInput): SimRefund[] {
  if (input.owedMinor) {
    const owedMinor = whole(input.owedMinor, "money owed", 1);
    const { outstandingMinor } = totals(order);
    if (owedMinor > -outstandingMinor)
      throw new Refused(`order ${order.name} owes ${Math.max(0, -outstandingMinor)} only`);
    const held = draftRefund(world, order, { amountMinor: -owedMinor });
    order.refunds.push(held);
    try {
      return [held, bookRefund(world, order, { ...input, amountMinor: (input.amountMinor ?? 0) + owedMinor })];
    } catch (error) {
      order.refunds = order.refunds.filter((refund) => refund.id !== held.id);
      throw error;
    }
  }
  return [bookRefund(world, order, input)];
}

function bookRefund(world: World, order: SimOrder, input: RefundInput): SimRefund {
  const before = totals(order);
  const refund = draftRefund(world, order, input);
  const isEmpty =
    refund.lines.length === 0 && !refund.shipping && refund.adjustmentMinor === 0 && refund.dutiesMinor === 0;
  if (isEmpty) throw new Refused("a refund needs lines, shipping, duties or an amount");
  if (input.withoutMoney) refund.adjustmentMinor -= refundTotal(order, refund);
  order.refunds.push(refund);
  const money = Math.max(0, refundTotal(order, refund) - Math.max(0, before.outstandingMinor));
  try {
    addRefundPayments(world, order, refund, money, input);
    assertConserved(order);
  } catch (error) {
    order.refunds.pop();
    order.payments = order.payments.filter((payment) => payment.refundId !== refund.id);
    throw error instanceof Refused ? error : new Refused(error instanceof Error ? error.message : String(error));
  }
  return refund;
}

function draftRefund(world: World, order: SimOrder, input: RefundInput): SimRefund {
  const lines: SimRefund["lines"] = [];
  for (const { lineId, quantity, restock } of input.lines ?? []) {
    const line = lineOf(order, lineId);
    if (lines.some((other) => other.lineId === lineId)) throw new Refused(`line ${lineId} is named twice`);
    whole(quantity, "a refunded quantity", 1);
    const { currentQuantity, fulfillableQuantity } = lineFigures(order, line);
    if (quantity > currentQuantity) throw new Refused(`line ${lineId} has only ${currentQuantity} units to refund`);
    const restockType = restock ?? (quantity <= fulfillableQuantity ? "cancel" : "return");
    lines.push({ id: world.newId(), lineId, quantity, restockType, ...refundValue(order, line, quantity) });
  }
  return {
    id: world.newId(),
    createdAt: stamp(world),
    note: input.note ?? "",
    lines,
    shipping: shippingBack(order, input.shippingMinor),
    adjustmentMinor: input.amountMinor ?? 0,
    dutiesMinor: whole(input.dutiesMinor ?? 0, "refunded duties"),
  };
}

function shippingBack(order: SimOrder, wanted: RefundInput["shippingMinor"]): SimRefund["shipping"] {
  if (wanted === undefined || wanted === 0 || !order.shipping) return null;
  const already = order.refunds.reduce((sum, refund) => sum + (refund.shipping?.amountMinor ?? 0), 0);
  const taxAlready = order.refunds.reduce((sum, refund) => sum + (refund.shipping?.taxMinor ?? 0), 0);
  const left = order.shipping.discountedMinor - already;
  const amountMinor = wanted === "all" ? left : whole(wanted, "refunded shipping", 1);
  if (amountMinor > left) throw new Refused(`only ${left} of the shipping is left to refund`);
  if (amountMinor === 0) return null;
  const taxLeft = order.shipping.taxMinor - taxAlready;
  const taxMinor = amountMinor === left ? taxLeft : Math.floor((taxLeft * amountMinor) / left);
  return { amountMinor, taxMinor };
}

function addRefundPayments(world: World, order: SimOrder, refund: SimRefund, money: Minor, input: RefundInput): void {
  let open = money;
  const status = input.status ?? "success";
  const sources = order.payments.filter((p) => (p.kind === "sale" || p.kind === "capture") && p.status === "success");
  // Cards first, as the admin proposes; gift cards and credit take the rest.
  for (const source of [...sources].sort((a, b) => rank(a) - rank(b))) {
    if (open === 0) break;
    const already = order.payments.filter(
      (p) => p.kind === "refund" && p.parentId === source.id && p.status !== "failure",
    );
    const left = source.amountMinor - already.reduce((sum, payment) => sum + payment.amountMinor, 0);
    const amountMinor = Math.min(open, left);
    if (amountMinor <= 0) continue;
    open -= amountMinor;
    order.payments.push({
      id: world.newId(),
      kind: "refund",
      status,
      gateway: input.gateway === "shopify_store_credit" ? "shopify_store_credit" : source.gateway,
      amountMinor,
      at: refund.createdAt,
      refundId: refund.id,
      parentId: source.id,
    });
  }
  if (open > 0) throw new Refused(`order ${order.name} cannot give back ${money}: ${open} more than was paid`);
}

const rank = (payment: SimPayment): number =>
  payment.gateway === "gift_card" || payment.gateway === "shopify_store_credit" ? 1 : 0;

/** Turns a pending refund's money into success or failure. @throws Refused when nothing is pending */
export function settleRefund(
  world: World,
  domain: string,
  orderId: Id,
  refundId: Id,
  status: "success" | "failure",
): SimOrder {
  const order = orderOf(world.shop(domain), orderId);
  const pending = order.payments.filter((payment) => payment.refundId === refundId && payment.status === "pending");
  if (pending.length === 0) throw new Refused(`refund ${refundId} has no pending money`);
  for (const payment of pending) payment.status = status;
  returnToSources(world, domain, order);
  order.updatedAt = stamp(world);
  assertConserved(order);
  for (const payment of pending)
    world.emit({ shop: domain, topic: "order_transactions/create", ids: { orderId, paymentId: payment.id } });
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  return order;
}

/** A refund that happened: gift cards and store credit get theirs back; refunds/create and its transactions. */
export function emitRefund(world: World, domain: string, order: SimOrder, refund: SimRefund): void {
  returnToSources(world, domain, order);
  for (const payment of order.payments.filter((candidate) => candidate.refundId === refund.id)) {
    world.emit({ shop: domain, topic: "order_transactions/create", ids: { orderId: order.id, paymentId: payment.id } });
  }
  world.emit({ shop: domain, topic: "refunds/create", ids: { orderId: order.id, refundId: refund.id } });
}
