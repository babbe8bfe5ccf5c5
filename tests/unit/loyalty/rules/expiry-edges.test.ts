import { describe, expect, it } from "vitest";

import { inactivityExpiry, lastUsableDay, laterExpiry, lotExpiresAt, shopDay } from "../../../../app/loyalty/expiry";

const TOKYO = "Asia/Tokyo";
/** A shop-local midnight. */
const midnight = (day: string) => new Date(`${day}T00:00:00+09:00`).toISOString();

describe("C10 expiry by inactivity", () => {
  const begin = "2026-01-10T03:00:00.000Z";
  const until = (activities: string[], expiresAt: string | null = null) =>
    inactivityExpiry({ availableAt: begin, expiresAt, months: 2, activities }, TOKYO);

  it("C10 ends the months after the points were there when nothing happened", () => {
    expect(until([])).toBe(midnight("2026-03-11"));
    expect(until([])).toBe(lotExpiresAt(begin, { kind: "after_inactivity", months: 2 }, TOKYO));
  });

  it("C10 each act extends it, in any order, and one before the beginning does not shorten it", () => {
    expect(until(["2026-02-20T03:00:00.000Z"])).toBe(midnight("2026-04-21"));
    expect(until(["2026-04-15T03:00:00.000Z", "2026-02-20T03:00:00.000Z"])).toBe(midnight("2026-06-16"));
    expect(until(["2025-12-01T03:00:00.000Z"])).toBe(midnight("2026-03-11"));
  });

  it("C10 an act in the last moment counts, one at the end does not", () => {
    const end = Date.parse(midnight("2026-03-11"));
    expect(until([new Date(end - 1).toISOString()])).toBe(midnight("2026-05-11"));
    expect(until([new Date(end).toISOString()])).toBe(midnight("2026-03-11"));
    expect(until([new Date(end + 86_400_000).toISOString()])).toBe(midnight("2026-03-11"));
  });

  it("C10 a date that somebody may have read is never shortened", () => {
    expect(until([], midnight("2026-09-01"))).toBe(midnight("2026-09-01"));
    expect(until([], midnight("2026-02-01"))).toBe(midnight("2026-03-11"));
    // An act before the later date counts, though it comes after the plain one.
    expect(until(["2026-08-20T03:00:00.000Z"], midnight("2026-09-01"))).toBe(midnight("2026-10-21"));
  });

  it("C10 points that are not there yet keep the date they have", () => {
    const facts = { availableAt: null, months: 2, activities: ["2026-02-20T03:00:00.000Z"] };
    expect(inactivityExpiry({ ...facts, expiresAt: midnight("2026-09-01") }, TOKYO)).toBe(midnight("2026-09-01"));
    expect(inactivityExpiry({ ...facts, expiresAt: null }, TOKYO)).toBeNull();
  });
});

describe("dates beside each other", () => {
  const [early, late] = [midnight("2026-03-01"), midnight("2026-03-02")];
  it("C08 the later of two dates is the one that lasts, and never lasts longest", () => {
    expect([laterExpiry(early, late), laterExpiry(late, early), laterExpiry(late, late)]).toEqual([late, late, late]);
    expect([laterExpiry(null, late), laterExpiry(late, null), laterExpiry(null, null)]).toEqual([null, null, null]);
  });

  it("C12 the last day on which points can be used is the one before they end", () => {
    expect(lastUsableDay(midnight("2026-03-01"), TOKYO)).toBe("2026-02-28");
    expect(lastUsableDay("2026-03-01T14:59:59.000Z", TOKYO)).toBe("2026-03-01");
    expect(shopDay("2026-03-01T14:59:59.000Z", TOKYO)).toEqual({ from: early, until: late });
  });
});
