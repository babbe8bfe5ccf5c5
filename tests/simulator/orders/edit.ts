// The merchant changes an order after it was placed.
import { lineFigures, totals } from "../order-math";
import type { Id, SimLine, SimOrder, SimPayment, SimRefund, SimShop } from "../state";
import { ratesFor, taxLines } from "../tax";
import { assertConserved } from "./conservation";
import { priceCart, type CartLine } from "./price-cart";
import { addRefund, emitRefund } from "./refund";
import { lineOf, orderOf, Refused, stamp, whole, type World } from "./world";

interface EditInput {
  add?: CartLine[];
  /** The quantity to have afterwards (refunded units not counted). 0 removes the line. */
  setQuantity?: { lineId: Id; quantity: number }[];
  /** Take the difference from the card at once (default), or leave it outstanding. */
  payDifference?: boolean;
  /** Give the difference back at once (default), or leave it owed. */
  refundDifference?: boolean;
  staffNote?: string;
}

/** Edits an order. @throws Refused when fulfilled units would go, or nothing changes */
export function editOrder(world: World, domain: string, orderId: Id, input: EditInput): SimOrder {
  const shop = world.shop(domain);
  const placed = orderOf(shop, orderId);
  // A refused edit must leave no trace: work on a copy, then take it over.
  const order = structuredClone(placed);
  if (order.cancelledAt) throw new Refused(`order ${order.name} is cancelled`);
  const wasPaid = totals(order).paidMinor > 0;
  const additions: { id: Id; delta: number }[] = [];
  const removals: { id: Id; delta: number }[] = [];
  for (const { lineId, quantity } of input.setQuantity ?? []) {
    const delta = setQuantity(shop, order, lineOf(order, lineId), quantity);
    if (delta > 0) additions.push({ id: lineId, delta });
    if (delta < 0) removals.push({ id: lineId, delta: -delta });
  }
  if (input.add && input.add.length > 0) {
    const priced = priceCart(shop, { lines: input.add, shippingMinor: null, at: world.now() });
    for (const line of priced.lines) {
      const added = { ...line, id: world.newId(), addedByEdit: true };
      order.lines.push(added);
      additions.push({ id: added.id, delta: added.quantity });
    }
  }
  if (additions.length + removals.length === 0) throw new Refused("the edit changes nothing");
  const { payment, refunds } = wasPaid ? settleDifference(world, order, input) : { payment: null, refunds: [] };
  order.originalTotalMinor ??= totals(placed).totalMinor;
  order.updatedAt = stamp(world);
  assertConserved(order);
  Object.assign(placed, order);
  if (payment)
    world.emit({ shop: domain, topic: "order_transactions/create", ids: { orderId, paymentId: payment.id } });
  world.emit({
    shop: domain,
    topic: "orders/edited",
    ids: { orderId },
    extra: { editId: world.newId(), additions, removals, staffNote: input.staffNote ?? "", at: order.updatedAt },
  });
  for (const refund of refunds) emitRefund(world, domain, placed, refund);
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  return placed;
}

function setQuantity(shop: SimShop, order: SimOrder, line: SimLine, quantity: number): number {
  whole(quantity, "a quantity");
  const { currentQuantity, fulfilledQuantity } = lineFigures(order, line);
  const delta = quantity - currentQuantity;
  if (delta < 0) {
    if (quantity < fulfilledQuantity)
      throw new Refused(`${fulfilledQuantity} units of line ${line.id} are already fulfilled`);
    line.removedByEdit += -delta;
  }
  if (delta > 0) {
    line.quantity += delta;
    const product = line.productId ? (shop.products[line.productId] ?? null) : null;
    const extra = taxLines(
      ratesFor(shop, line.isGiftCard ? { tags: [], isGiftCard: true } : product),
      delta * line.unitPriceMinor,
      order.taxesIncluded,
    );
    for (const tax of extra) {
      const known = line.taxes.find((candidate) => candidate.name === tax.name);
      if (known) known.amountMinor += tax.amountMinor;
      else line.taxes.push(tax);
    }
  }
  return delta;
}

function settleDifference(
  world: World,
  order: SimOrder,
  input: EditInput,
): { payment: SimPayment | null; refunds: SimRefund[] } {
  const { outstandingMinor, paidMinor, refundedMinor, refundsPendingMinor } = totals(order);
  if (outstandingMinor > 0 && input.payDifference !== false) {
    const payment: SimPayment = {
      id: world.newId(),
      kind: "sale",
      status: "success",
      gateway: "bogus",
      amountMinor: outstandingMinor,
      at: stamp(world),
      refundId: null,
      parentId: null,
    };
    order.payments.push(payment);
    return { payment, refunds: [] };
  }
  const owed = Math.min(-outstandingMinor, paidMinor - refundedMinor - refundsPendingMinor);
  if (owed > 0 && input.refundDifference !== false)
    return { payment: null, refunds: addRefund(world, order, { owedMinor: owed, note: "" }) };
  return { payment: null, refunds: [] };
}
