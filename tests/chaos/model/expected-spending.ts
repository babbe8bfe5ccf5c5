// What shoppers spent, from what they were told and what the platform holds: each reward they were promised costs
// its points once, whatever was lost on the way; an order that is given back gives back its share.
import { totals } from "../../simulator/order-math";
import type { Id, SimOrder, SimShop } from "../../simulator/state";
import { keptGoods, type SoakRules } from "./expected-holdings";

/** A reward that a shopper was told they have, and the code the platform holds for it. */
export interface PromisedReward {
  customerId: Id;
  points: number;
  code: string;
}

/** Who the customer is now: merges hand everything on. */
export function standingCustomer(shop: Pick<SimShop, "mergedCustomers">, customerId: Id): Id {
  let standing = customerId;
  for (let next = shop.mergedCustomers[standing]; next !== undefined; next = shop.mergedCustomers[standing])
    standing = next;
  return standing;
}

/** Points each customer has spent and not got back. */
export function expectedSpending(shop: SimShop, promised: PromisedReward[], rules: SoakRules): Map<Id, number> {
  const spending = new Map<Id, number>();
  for (const reward of promised) {
    const customer = standingCustomer(shop, reward.customerId);
    spending.set(customer, (spending.get(customer) ?? 0) + spentFor(shop, reward, rules));
  }
  return spending;
}

function spentFor(shop: SimShop, { points, code }: PromisedReward, rules: SoakRules): number {
  const order = Object.values(shop.orders).find(
    (each) =>
      each.deletedAt === null && each.discountCodes.some((used) => used.code.toUpperCase() === code.toUpperCase()),
  );
  return order === undefined ? points : points - givenBack(shop, order, points, rules);
}

function givenBack(shop: SimShop, order: SimOrder, points: number, rules: SoakRules): number {
  if (order.cancelledAt !== null || totals(order).financialStatus === "voided") return points;
  const { whole, kept } = keptGoods(shop, order, rules);
  if (whole === 0) return 0;
  return Number((BigInt(points) * BigInt(whole - kept)) / BigInt(whole));
}
