// Shopify's cost bucket, as its answers describe it. Background work leaves half of it to people.

export interface ThrottleStatus {
  maximumAvailable: number;
  currentlyAvailable: number;
  restoreRate: number;
}
export interface BucketReading extends ThrottleStatus {
  /** Monotonic milliseconds of the reading. */
  at: number;
}

/** The part of the bucket that background work may never touch. */
const RESERVED_FOR_PEOPLE = 0.5;

/**
 * Milliseconds background work has to wait before a call of `cost` would leave half the bucket full.
 * A call dearer than the free half waits for a full bucket.
 */
export function backgroundWaitMs(reading: BucketReading | undefined, cost: number, nowMs: number): number {
  if (!reading || reading.restoreRate <= 0) return 0;
  const refilled = ((nowMs - reading.at) / 1000) * reading.restoreRate;
  const available = Math.min(reading.maximumAvailable, reading.currentlyAvailable + Math.max(0, refilled));
  const wanted = Math.min(reading.maximumAvailable, reading.maximumAvailable * RESERVED_FOR_PEOPLE + cost);
  return available >= wanted ? 0 : Math.ceil(((wanted - available) / reading.restoreRate) * 1000);
}

/** Milliseconds until the bucket holds `cost`, from the status in a THROTTLED answer. */
export function throttledWaitMs(status: ThrottleStatus | undefined, cost: number | undefined): number {
  if (!status || status.restoreRate <= 0) return 1_000;
  const missing = Math.max(0, Math.min(cost ?? 100, status.maximumAvailable) - status.currentlyAvailable);
  return Math.max(100, Math.ceil((missing / status.restoreRate) * 1000));
}

/** Full jitter on top of the known wait, so that a hundred waiters do not return at once. */
export function withJitter(waitMs: number, attempt: number, random: () => number): number {
  const spread = Math.min(8_000, 250 * 2 ** attempt);
  return waitMs + Math.floor(random() * spread);
}
