// Goods on their way.
import { lineFigures, totals } from "../order-math";
import type { Id, SimFulfillment, SimOrder } from "../state";
import { lineOf, orderOf, Refused, stamp, whole, type World } from "./world";

interface FulfilInput {
  /** Default: everything that can be fulfilled. */
  lines?: { lineId: Id; quantity: number }[];
  trackingNumber?: string;
}

/** Sends units out. @throws Refused when there is nothing (or less) to send */
export function fulfilOrder(world: World, domain: string, orderId: Id, input: FulfilInput = {}): SimFulfillment {
  const order = orderOf(world.shop(domain), orderId);
  if (order.cancelledAt) throw new Refused(`order ${order.name} is cancelled`);
  const lines =
    input.lines ??
    order.lines
      .map((line) => ({ lineId: line.id, quantity: lineFigures(order, line).fulfillableQuantity }))
      .filter((line) => line.quantity > 0);
  if (lines.length === 0) throw new Refused(`order ${order.name} has nothing left to fulfil`);
  for (const { lineId, quantity } of lines) {
    whole(quantity, "a fulfilled quantity", 1);
    const { fulfillableQuantity } = lineFigures(order, lineOf(order, lineId));
    if (quantity > fulfillableQuantity)
      throw new Refused(`line ${lineId} has only ${fulfillableQuantity} units to fulfil`);
  }
  const now = stamp(world);
  const fulfillment: SimFulfillment = {
    id: world.newId(),
    lines: lines.map((line) => ({ ...line })),
    status: "success",
    createdAt: now,
    updatedAt: now,
    trackingNumber: input.trackingNumber ?? null,
    events: [],
  };
  order.fulfillments.push(fulfillment);
  order.updatedAt = now;
  const isComplete = totals(order).fulfillmentStatus === "fulfilled";
  world.emit({
    shop: domain,
    topic: isComplete ? "orders/fulfilled" : "orders/partially_fulfilled",
    ids: { orderId, fulfillmentId: fulfillment.id },
  });
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  return fulfillment;
}

interface DeliverInput {
  /** Default: the newest fulfilment. */
  fulfillmentId?: Id;
  status?: SimFulfillment["events"][number]["status"];
}

/** The carrier reports (delivered unless told otherwise). @throws Refused when nothing was sent */
export function deliverOrder(world: World, domain: string, orderId: Id, input: DeliverInput = {}): SimOrder {
  const order = orderOf(world.shop(domain), orderId);
  const fulfillment = input.fulfillmentId
    ? order.fulfillments.find((f) => f.id === input.fulfillmentId)
    : order.fulfillments.at(-1);
  if (!fulfillment || fulfillment.status !== "success")
    throw new Refused(`order ${order.name} has no such fulfilment on its way`);
  const now = stamp(world);
  const event = { id: world.newId(), status: input.status ?? ("delivered" as const), at: now };
  fulfillment.events.push(event);
  fulfillment.updatedAt = now;
  order.updatedAt = now;
  world.emit({
    shop: domain,
    topic: "fulfillment_events/create",
    ids: { orderId, fulfillmentId: fulfillment.id, fulfillmentEventId: event.id },
  });
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  return order;
}

/** Takes a fulfilment back: its units can be sent, edited or cancelled again. */
export function cancelFulfilment(world: World, domain: string, orderId: Id, fulfillmentId: Id): SimOrder {
  const order = orderOf(world.shop(domain), orderId);
  const fulfillment = order.fulfillments.find((candidate) => candidate.id === fulfillmentId);
  if (!fulfillment || fulfillment.status === "cancelled")
    throw new Refused(`order ${order.name} has no such fulfilment`);
  fulfillment.status = "cancelled";
  fulfillment.updatedAt = stamp(world);
  order.updatedAt = fulfillment.updatedAt;
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  return order;
}
