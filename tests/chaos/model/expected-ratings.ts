// Stars per product, counted from what people sent in and were thanked for.
import type { Id, SimShop } from "../../simulator/state";
import { standingCustomer } from "./expected-spending";

export interface SentReview {
  customerId: Id;
  productId: Id;
  rating: number;
}

/**
 * [ones, twos, threes, fours, fives] by product. What an erased person wrote counts no more, under whichever of their
 * accounts they wrote it: who was merged into them is the same person, and their words go with them.
 */
export function expectedRatings(
  shop: Pick<SimShop, "mergedCustomers">,
  sent: SentReview[],
  erased: ReadonlySet<Id>,
): Map<Id, number[]> {
  const ratings = new Map<Id, number[]>();
  for (const { customerId, productId, rating } of sent) {
    if (erased.has(customerId) || erased.has(standingCustomer(shop, customerId))) continue;
    const counts = ratings.get(productId) ?? [0, 0, 0, 0, 0];
    counts[rating - 1] = (counts[rating - 1] ?? 0) + 1;
    ratings.set(productId, counts);
  }
  return ratings;
}
