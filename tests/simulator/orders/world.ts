// What the order engine needs of the simulator. Seeding and replays pass a world of another time that
// tells nobody: `silentWorld`.
import type { Simulator } from "../simulator";
import type { Id, Instant, SimCustomer, SimLine, SimOrder, SimProduct, SimShop, SimVariant } from "../state";

export type World = Pick<Simulator, "state" | "shop" | "now" | "newId" | "emit">;

/** An act the platform would refuse: a mistake of the caller, answered 4xx by the control API. */
export class Refused extends Error {}

/** The platform's timestamps have whole seconds, in the state as in payloads and API answers. */
export function stamp(world: Pick<World, "now">): Instant {
  return new Date(Math.floor(world.now().getTime() / 1000) * 1000).toISOString();
}

/** The same state at another time, without webhooks. */
export function silentWorld(world: World, at: Date): World {
  return {
    state: world.state,
    shop: (domain) => world.shop(domain),
    newId: () => world.newId(),
    now: () => at,
    emit: () => undefined,
  };
}

/** @throws Refused when the shop has no such order, or it was deleted */
export function orderOf(shop: SimShop, orderId: Id): SimOrder {
  const order = shop.orders[orderId];
  if (!order || order.deletedAt) throw new Refused(`${shop.domain} has no order ${orderId}`);
  return order;
}

/** @throws Refused when the order has no such line */
export function lineOf(order: SimOrder, lineId: Id): SimLine {
  const line = order.lines.find((candidate) => candidate.id === lineId);
  if (!line) throw new Refused(`order ${order.name} has no line ${lineId}`);
  return line;
}

/** @throws Refused when the shop has no such customer */
export function customerOf(shop: SimShop, customerId: Id): SimCustomer {
  const customer = shop.customers[customerId];
  if (!customer) throw new Refused(`${shop.domain} has no customer ${customerId}`);
  return customer;
}

/** @throws Refused when the shop sells no such variant */
export function variantOf(shop: SimShop, variantId: Id): { product: SimProduct; variant: SimVariant } {
  for (const product of Object.values(shop.products)) {
    const variant = product.variants.find((candidate) => candidate.id === variantId);
    if (variant) return { product, variant };
  }
  throw new Refused(`${shop.domain} sells no variant ${variantId}`);
}

/** Whole, positive (or zero when allowed). @throws Refused otherwise */
export function whole(value: number, what: string, least = 0): number {
  if (!Number.isSafeInteger(value) || value < least)
    throw new Refused(`${what} must be a whole number of at least ${least}, not ${value}`);
  return value;
}
