// A token bucket per key, in this process. The limit protects us from one caller; the ledger needs none.

export interface RateLimit {
  /** True when the call may go on. `nowMs` is any monotonic clock. */
  allow(key: string, nowMs: number): boolean;
}

/** Keys remembered before the oldest are forgotten: bounds the memory an attacker can take. */
const KEYS_MAX = 50_000;

/** Allows `burst` calls at once and `perSecond` on average for each key. */
export function createRateLimit(burst: number, perSecond: number): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    allow(key, nowMs) {
      const bucket = buckets.get(key) ?? { tokens: burst, at: nowMs };
      const tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.at) / 1000) * perSecond);
      const allowed = tokens >= 1;
      // Deleting first keeps the map in order of last use, so the first key is the oldest.
      buckets.delete(key);
      buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: nowMs });
      if (buckets.size > KEYS_MAX) for (const oldest of buckets.keys()) return buckets.delete(oldest) && allowed;
      return allowed;
    },
  };
}
