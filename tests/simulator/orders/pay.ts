// Money that comes in after checkout: a transfer arrives, an authorization is captured or voided.
import { totals } from "../order-math";
import type { Id, Minor, SimOrder, SimPayment } from "../state";
import { assertConserved } from "./conservation";
import { orderOf, Refused, stamp, whole, type World } from "./world";

interface PayOrderInput {
  /** Default: everything that is open. */
  amountMinor?: Minor;
  gateway?: SimPayment["gateway"];
  /** A pending payment that turned out to fail. */
  status?: "success" | "failure";
}

/** Marks an order as paid, captures its authorization, or takes part of what is open. @throws Refused */
export function payOrder(world: World, domain: string, orderId: Id, input: PayOrderInput = {}): SimOrder {
  const order = orderOf(world.shop(domain), orderId);
  if (order.cancelledAt) throw new Refused(`order ${order.name} is cancelled`);
  const before = totals(order);
  const open = before.outstandingMinor;
  if (open <= 0) throw new Refused(`order ${order.name} has nothing left to pay`);
  const amountMinor = whole(input.amountMinor ?? open, "a payment", 1);
  if (amountMinor > open) throw new Refused(`order ${order.name} has only ${open} to pay`);
  const parent = order.payments.find(
    (p) => p.kind === "authorization" || (p.status === "pending" && p.kind === "sale"),
  );
  const status = input.status ?? "success";
  const payment: SimPayment = {
    id: world.newId(),
    kind: parent?.kind === "authorization" ? "capture" : "sale",
    status,
    gateway: input.gateway ?? parent?.gateway ?? "manual",
    amountMinor,
    at: stamp(world),
    refundId: null,
    parentId: parent?.id ?? null,
  };
  order.payments.push(payment);
  if (status === "success" && amountMinor === open) {
    order.paymentPending = false;
    order.authorizedOnly = false;
  }
  order.updatedAt = stamp(world);
  assertConserved(order);
  world.emit({ shop: domain, topic: "order_transactions/create", ids: { orderId, paymentId: payment.id } });
  if (before.financialStatus !== "paid" && totals(order).financialStatus === "paid") {
    world.emit({ shop: domain, topic: "orders/paid", ids: { orderId } });
  }
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  return order;
}

/** Gives an authorization up. @throws Refused when there is none left */
export function voidPayment(world: World, domain: string, orderId: Id): SimOrder {
  const order = orderOf(world.shop(domain), orderId);
  const payment = addVoid(world, order);
  if (!payment) throw new Refused(`order ${order.name} has no authorization to void`);
  order.updatedAt = stamp(world);
  world.emit({ shop: domain, topic: "order_transactions/create", ids: { orderId, paymentId: payment.id } });
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  return order;
}

/** The void itself, for cancellations too; null when nothing is authorized. */
export function addVoid(world: World, order: SimOrder): SimPayment | null {
  const authorization = order.payments.find((payment) => payment.kind === "authorization");
  const amountMinor = totals(order).authorizedMinor;
  if (!authorization || amountMinor === 0) return null;
  const payment: SimPayment = {
    id: world.newId(),
    kind: "void",
    status: "success",
    gateway: authorization.gateway,
    amountMinor,
    at: stamp(world),
    refundId: null,
    parentId: authorization.id,
  };
  order.payments.push(payment);
  order.authorizedOnly = false;
  return payment;
}
