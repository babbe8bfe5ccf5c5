// The leaky bucket of query cost, per app and shop, on real time.
import type { SimShop } from "../state";

export interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
}

/** Lets the bucket fill for the time that passed, and shows it. */
export function refill(shop: SimShop): ThrottleStatus {
  const { bucket } = shop;
  const now = Date.now();
  const seconds = Math.max(0, now - bucket.at) / 1_000;
  bucket.available = Math.min(bucket.maximum, bucket.available + seconds * bucket.restorePerSecond);
  bucket.at = now;
  return {
    maximumAvailable: bucket.maximum,
    currentlyAvailable: Math.floor(bucket.available),
    restoreRate: bucket.restorePerSecond,
  };
}

/** Whether there was room; when there was, the cost is gone. */
export function spend(shop: SimShop, cost: number): boolean {
  refill(shop);
  if (shop.bucket.available < cost) return false;
  shop.bucket.available -= cost;
  return true;
}

/** Gives back what a query did not use. */
export function giveBack(shop: SimShop, cost: number): void {
  shop.bucket.available = Math.min(shop.bucket.maximum, shop.bucket.available + cost);
}
