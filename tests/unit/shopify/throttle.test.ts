import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { backgroundWaitMs, throttledWaitMs, withJitter, type BucketReading } from "../../../app/shopify/throttle";

const bucket = (currentlyAvailable: number, change: Partial<BucketReading> = {}): BucketReading => ({
  maximumAvailable: 2_000,
  currentlyAvailable,
  restoreRate: 100,
  at: 0,
  ...change,
});

describe("F09 background budget", () => {
  it("goes at once while half the bucket stays full, and waits exactly until it would", () => {
    expect(backgroundWaitMs(undefined, 800, 0)).toBe(0);
    expect(backgroundWaitMs(bucket(2_000), 800, 0)).toBe(0);
    expect(backgroundWaitMs(bucket(1_800), 800, 0)).toBe(0);
    expect(backgroundWaitMs(bucket(1_799), 800, 0)).toBe(10);
    expect(backgroundWaitMs(bucket(0), 800, 0)).toBe(18_000);
    expect(backgroundWaitMs(bucket(0), 800, 8_000)).toBe(10_000);
    // Parallel jobs have spent more than there was: the debt is waited for as well.
    expect(backgroundWaitMs(bucket(-500), 800, 0)).toBe(23_000);
  });

  it("a call dearer than the free half waits for a full bucket, not for ever", () => {
    expect(backgroundWaitMs(bucket(1_900), 5_000, 0)).toBe(1_000);
    expect(backgroundWaitMs(bucket(2_000), 5_000, 0)).toBe(0);
  });

  it("after the wait the call may go, whatever the bucket", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -2_000, max: 2_000 }),
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 1, max: 2_000 }),
        (available, cost, restoreRate) => {
          const reading = bucket(available, { restoreRate });
          const wait = backgroundWaitMs(reading, cost, 0);
          expect(backgroundWaitMs(reading, cost, wait)).toBe(0);
          if (wait > 20) expect(backgroundWaitMs(reading, cost, wait - 20)).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe("C05 after THROTTLED", () => {
  it("waits for what is missing, a second where nothing is known", () => {
    expect(throttledWaitMs(bucket(20), 120)).toBe(1_000);
    expect(throttledWaitMs(bucket(2_000), 120)).toBe(100);
    expect(throttledWaitMs(bucket(0), 9_999)).toBe(20_000);
    expect(throttledWaitMs(undefined, 50)).toBe(1_000);
    expect(throttledWaitMs(bucket(0, { restoreRate: 0 }), 50)).toBe(1_000);
  });

  it("jitter spreads the waiters upwards only, wider with each attempt and at most eight seconds", () => {
    expect(withJitter(1_000, 0, () => 0)).toBe(1_000);
    expect(withJitter(1_000, 0, () => 0.999)).toBe(1_249);
    expect(withJitter(1_000, 3, () => 0.999)).toBe(2_998);
    expect(withJitter(0, 20, () => 0.999)).toBe(7_992);
  });
});
