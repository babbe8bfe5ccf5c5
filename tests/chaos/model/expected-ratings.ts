// Stars per product, counted from what people sent in and were thanked for.
import type { Id } from "../../simulator/state";

export interface SentReview {
  customerId: Id;
  productId: Id;
  rating: number;
}

/** [ones, twos, threes, fours, fives] by product; what an erased person wrote counts no more. */
export function expectedRatings(sent: SentReview[], erased: ReadonlySet<Id>): Map<Id, number[]> {
  const ratings = new Map<Id, number[]>();
  for (const { customerId, productId, rating } of sent) {
    if (erased.has(customerId)) continue;
    const counts = ratings.get(productId) ?? [0, 0, 0, 0, 0];
    counts[rating - 1] = (counts[rating - 1] ?? 0) + 1;
    ratings.set(productId, counts);
  }
  return ratings;
}
