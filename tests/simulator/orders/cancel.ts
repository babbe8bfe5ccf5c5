// Orders that end: cancelled, archived, deleted.
import { lineFigures, totals } from "../order-math";
import type { Id, SimOrder, SimRefund } from "../state";
import { addVoid } from "./pay";
import { addRefund, emitRefund } from "./refund";
import { orderOf, Refused, stamp, type World } from "./world";

interface CancelInput {
  reason?: "customer" | "declined" | "fraud" | "inventory" | "staff" | "other";
  /** Give everything back (default), or keep the money for now. */
  refund?: boolean;
}

/** Cancels an order, gives its money back and restocks. @throws Refused when cancelled or already sent */
export function cancelOrder(world: World, domain: string, orderId: Id, input: CancelInput = {}): SimOrder {
  const placed = orderOf(world.shop(domain), orderId);
  // A refused cancellation must leave no trace: work on a copy, then take it over.
  const order = structuredClone(placed);
  if (order.cancelledAt) throw new Refused(`order ${order.name} is already cancelled`);
  if (order.fulfillments.some((fulfillment) => fulfillment.status === "success"))
    throw new Refused(`order ${order.name} was fulfilled; refund it instead`);
  const voided = addVoid(world, order);
  const refunds = input.refund === false ? [] : refundRest(world, order);
  order.cancelledAt = stamp(world);
  order.cancelReason = input.reason ?? "customer";
  order.closedAt = order.cancelledAt;
  order.paymentPending = false;
  order.updatedAt = order.cancelledAt;
  Object.assign(placed, order);
  if (voided) world.emit({ shop: domain, topic: "order_transactions/create", ids: { orderId, paymentId: voided.id } });
  world.emit({ shop: domain, topic: "orders/cancelled", ids: { orderId } });
  for (const refund of refunds) emitRefund(world, domain, order, refund);
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  return placed;
}

function refundRest(world: World, order: SimOrder): SimRefund[] {
  const lines = order.lines
    .map((line) => ({
      lineId: line.id,
      quantity: lineFigures(order, line).currentQuantity,
      restock: "cancel" as const,
    }))
    .filter((line) => line.quantity > 0);
  if (lines.length === 0 && totals(order).currentTotalMinor === 0) return [];
  // Earlier refunds by amount alone already gave back part of what lines and tip are worth.
  const earlier = order.refunds.reduce((sum, refund) => sum + refund.adjustmentMinor, 0);
  const dutiesMinor = order.dutiesMinor - order.refunds.reduce((sum, refund) => sum + refund.dutiesMinor, 0);
  const refunds = addRefund(world, order, {
    lines,
    shippingMinor: "all",
    dutiesMinor,
    amountMinor: order.tipMinor - earlier,
    note: "Canceled",
  });
  const { outstandingMinor, paidMinor, refundedMinor, refundsPendingMinor } = totals(order);
  const owedMinor = Math.min(-outstandingMinor, paidMinor - refundedMinor - refundsPendingMinor);
  return owedMinor > 0 ? [...refunds, ...addRefund(world, order, { owedMinor, note: "Canceled" })] : refunds;
}

/** Removes an order for good, as the merchant may with cancelled and test orders. */
export function deleteOrder(world: World, domain: string, orderId: Id): void {
  const order = orderOf(world.shop(domain), orderId);
  order.deletedAt = stamp(world);
  world.emit({ shop: domain, topic: "orders/delete", ids: { orderId } });
}

/** Gives a guest's order to a customer, as the merchant may. @throws Refused when it has another owner */
export function assignCustomer(world: World, domain: string, orderId: Id, customerId: Id): SimOrder {
  const shop = world.shop(domain);
  const order = orderOf(shop, orderId);
  const customer = shop.customers[customerId];
  if (!customer) throw new Refused(`${domain} has no customer ${customerId}`);
  if (order.customerId && order.customerId !== customerId)
    throw new Refused(`order ${order.name} belongs to customer ${order.customerId}`);
  order.customerId = customerId;
  order.updatedAt = stamp(world);
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  world.emit({ shop: domain, topic: "customers/update", ids: { customerId } });
  return order;
}
