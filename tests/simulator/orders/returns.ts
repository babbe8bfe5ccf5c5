// Returns are a promise about goods; the money follows as a refund of its own.
import type { Id, SimOrder, SimReturn } from "../state";
import { lineFigures } from "../order-math";
import { lineOf, orderOf, Refused, stamp, whole, type World } from "./world";

interface ReturnInput {
  lines: { lineId: Id; quantity: number; reason?: string }[];
  /** Asked for by the shopper, or opened by the merchant (default). */
  status?: "requested" | "open";
}
type ReturnStep = "approve" | "decline" | "cancel" | "close" | "reopen";

const STEPS: Record<ReturnStep, { from: SimReturn["status"][]; to: SimReturn["status"] }> = {
  approve: { from: ["requested"], to: "open" },
  decline: { from: ["requested"], to: "declined" },
  cancel: { from: ["requested", "open"], to: "canceled" },
  close: { from: ["open"], to: "closed" },
  reopen: { from: ["closed"], to: "open" },
};

/** Opens or requests a return of fulfilled units. @throws Refused when they were not fulfilled */
export function createReturn(world: World, domain: string, orderId: Id, input: ReturnInput): SimReturn {
  const order = orderOf(world.shop(domain), orderId);
  if (input.lines.length === 0) throw new Refused("a return needs lines");
  for (const { lineId, quantity } of input.lines) {
    whole(quantity, "a returned quantity", 1);
    const { fulfilledQuantity } = lineFigures(order, lineOf(order, lineId));
    const asked = order.returns
      .filter((r) => r.status !== "canceled" && r.status !== "declined")
      .flatMap((r) => r.lines.filter((l) => l.lineId === lineId));
    const left = fulfilledQuantity - asked.reduce((sum, line) => sum + line.quantity, 0);
    if (quantity > left) throw new Refused(`line ${lineId} has only ${left} units to return`);
  }
  const created: SimReturn = {
    id: world.newId(),
    name: `${order.name}-R${order.returns.length + 1}`,
    status: input.status ?? "open",
    createdAt: stamp(world),
    lines: input.lines.map((line) => ({
      lineId: line.lineId,
      quantity: line.quantity,
      reason: line.reason ?? "other",
    })),
  };
  order.returns.push(created);
  tell(world, domain, order, created, created.status === "requested" ? "returns/request" : "returns/approve");
  return created;
}

/** Moves a return on. @throws Refused when it is not in a state for that */
export function moveReturn(world: World, domain: string, orderId: Id, returnId: Id, step: ReturnStep): SimReturn {
  const order = orderOf(world.shop(domain), orderId);
  const found = order.returns.find((candidate) => candidate.id === returnId);
  if (!found) throw new Refused(`order ${order.name} has no return ${returnId}`);
  if (!STEPS[step].from.includes(found.status))
    throw new Refused(`return ${found.name} is ${found.status}: cannot ${step}`);
  found.status = STEPS[step].to;
  tell(world, domain, order, found, `returns/${step}`);
  return found;
}

/** Takes units out of an open return. @throws Refused when there are fewer */
export function removeFromReturn(
  world: World,
  domain: string,
  orderId: Id,
  returnId: Id,
  lineId: Id,
  quantity: number,
): SimReturn {
  const order = orderOf(world.shop(domain), orderId);
  const found = order.returns.find((candidate) => candidate.id === returnId);
  const line = found?.lines.find((candidate) => candidate.lineId === lineId);
  if (!found || !line || found.status !== "open" || line.quantity < quantity)
    throw new Refused(`return ${returnId} has no ${quantity} units of line ${lineId} to remove`);
  line.quantity -= whole(quantity, "a removed quantity", 1);
  order.updatedAt = stamp(world);
  world.emit({
    shop: domain,
    topic: "returns/update",
    ids: { orderId, returnId },
    extra: { removals: [{ lineId, delta: quantity }] },
  });
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  return found;
}

function tell(world: World, domain: string, order: SimOrder, found: SimReturn, topic: string): void {
  order.updatedAt = stamp(world);
  world.emit({ shop: domain, topic, ids: { orderId: order.id, returnId: found.id } });
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId: order.id } });
}
