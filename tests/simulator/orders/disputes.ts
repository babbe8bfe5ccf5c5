// Chargebacks and inquiries of the shopper's bank.
import { totals } from "../order-math";
import type { Id, Minor, SimOrder } from "../state";
import { orderOf, Refused, stamp, whole, type World } from "./world";

type Dispute = SimOrder["disputes"][number];

/** The bank asks for the money back. @throws Refused when nothing was paid */
export function openDispute(
  world: World,
  domain: string,
  orderId: Id,
  input: { type?: Dispute["type"]; amountMinor?: Minor } = {},
): Dispute {
  const order = orderOf(world.shop(domain), orderId);
  const { paidMinor, refundedMinor } = totals(order);
  const amountMinor = whole(input.amountMinor ?? paidMinor - refundedMinor, "a disputed amount", 1);
  if (amountMinor > paidMinor) throw new Refused(`order ${order.name} was paid with ${paidMinor} only`);
  const dispute: Dispute = {
    id: world.newId(),
    type: input.type ?? "chargeback",
    status: "needs_response",
    amountMinor,
    initiatedAt: stamp(world),
  };
  order.disputes.push(dispute);
  tell(world, domain, order, dispute.id, "disputes/create");
  return dispute;
}

/** The dispute moves on or ends. @throws Refused when there is no such open dispute */
export function closeDispute(
  world: World,
  domain: string,
  orderId: Id,
  disputeId: Id,
  status: Exclude<Dispute["status"], "needs_response">,
): Dispute {
  const order = orderOf(world.shop(domain), orderId);
  const dispute = order.disputes.find((candidate) => candidate.id === disputeId);
  if (!dispute || dispute.status === "won" || dispute.status === "lost")
    throw new Refused(`order ${order.name} has no open dispute ${disputeId}`);
  dispute.status = status;
  tell(world, domain, order, dispute.id, "disputes/update");
  return dispute;
}

function tell(world: World, domain: string, order: SimOrder, disputeId: Id, topic: string): void {
  order.updatedAt = stamp(world);
  world.emit({ shop: domain, topic, ids: { orderId: order.id, disputeId } });
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId: order.id } });
}
