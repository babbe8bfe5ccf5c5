// Discount codes: made, switched off and on, deleted; their state and use.
import type { Id, Instant, SimDiscount, SimShop } from "../state";
import { Refused, stamp, type World } from "./world";

export type DiscountInput = Partial<Omit<SimDiscount, "id" | "used" | "createdAt" | "updatedAt">> & { code: string };
type DiscountStatus = "active" | "expired" | "scheduled";

/** Codes are written in any case, as shoppers do. */
export function findDiscount(shop: SimShop, code: string): SimDiscount | null {
  const wanted = code.trim().toLowerCase();
  return Object.values(shop.discounts).find((discount) => discount.code.toLowerCase() === wanted) ?? null;
}

/** The merchant or an app makes a discount code. @throws Refused when the code exists */
export function createDiscount(world: World, domain: string, input: DiscountInput): SimDiscount {
  const shop = world.shop(domain);
  if (findDiscount(shop, input.code)) throw new Refused(`code ${input.code} exists already`);
  const now = stamp(world);
  const defaults: Omit<SimDiscount, "code"> = {
    id: world.newId(),
    title: input.code,
    kind: "percentage",
    value: 1_000,
    items: null,
    eachItem: false,
    maximumShippingMinor: null,
    minimumMinor: null,
    customerIds: null,
    usageLimit: null,
    oncePerCustomer: false,
    used: 0,
    startsAt: now,
    endsAt: null,
    status: "active",
    combinesWith: { order: false, product: false, shipping: false },
    createdAt: now,
    updatedAt: now,
  };
  const discount: SimDiscount = { ...defaults, ...input };
  shop.discounts[discount.id] = discount;
  world.emit({ shop: domain, topic: "discounts/create", ids: { discountId: discount.id } });
  return discount;
}

/** The merchant changes a code in the admin. @throws Refused when there is none, or the new code is taken */
export function updateDiscount(
  world: World,
  domain: string,
  discountId: Id,
  input: Partial<DiscountInput>,
): SimDiscount {
  const shop = world.shop(domain);
  const discount = discountOf(shop, discountId);
  const other = input.code === undefined ? null : findDiscount(shop, input.code);
  if (other && other.id !== discountId) throw new Refused(`code ${other.code} exists already`);
  for (const [key, value] of Object.entries(input)) if (value !== undefined) Object.assign(discount, { [key]: value });
  return touched(world, domain, discount);
}

/** Switches a code off now: it ends. @throws Refused when there is none */
export function deactivateDiscount(world: World, domain: string, discountId: Id): SimDiscount {
  const discount = discountOf(world.shop(domain), discountId);
  const now = stamp(world);
  if (discountStatus(discount, now) === "expired") return discount;
  discount.status = "expired";
  discount.endsAt = now;
  return touched(world, domain, discount);
}

/** Switches a code on now: a past end is lifted, a later start moved here. @throws Refused when there is none */
export function activateDiscount(world: World, domain: string, discountId: Id): SimDiscount {
  const discount = discountOf(world.shop(domain), discountId);
  const now = stamp(world);
  if (discountStatus(discount, now) === "active") return discount;
  discount.status = "active";
  if (discount.endsAt && discount.endsAt <= now) discount.endsAt = null;
  if (discount.startsAt > now) discount.startsAt = now;
  return touched(world, domain, discount);
}

/** Removes a discount code. @throws Refused when there is none */
export function deleteDiscount(world: World, domain: string, discountId: Id): void {
  const shop = world.shop(domain);
  discountOf(shop, discountId);
  delete shop.discounts[discountId];
  world.emit({ shop: domain, topic: "discounts/delete", ids: { discountId }, extra: { deletedAt: stamp(world) } });
}

function discountOf(shop: SimShop, discountId: Id): SimDiscount {
  const discount = shop.discounts[discountId];
  if (!discount) throw new Refused(`${shop.domain} has no discount ${discountId}`);
  return discount;
}

function touched(world: World, domain: string, discount: SimDiscount): SimDiscount {
  discount.updatedAt = stamp(world);
  world.emit({ shop: domain, topic: "discounts/update", ids: { discountId: discount.id } });
  return discount;
}

/** Where a code stands at an instant. */
export function discountStatus(discount: SimDiscount, at: Instant): DiscountStatus {
  if (discount.status === "expired" || (discount.endsAt !== null && discount.endsAt <= at)) return "expired";
  return discount.startsAt > at ? "scheduled" : "active";
}

/** The class that decides what a code combines with. */
export function discountClass(discount: SimDiscount): "order" | "product" | "shipping" {
  if (discount.kind === "free_shipping") return "shipping";
  return discount.items ? "product" : "order";
}
