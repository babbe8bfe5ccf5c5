import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { inactivityExpiry, lotExpiresAt, shopDay } from "../../../app/loyalty/expiry";
import type { ExpiryPolicy } from "../../../app/loyalty/program-parts";

const tokyo = (instant: string, months: number) =>
  lotExpiresAt(instant, { kind: "after_months", months }, "Asia/Tokyo");

describe("C12 expiry on the shop's calendar", () => {
  it("C12 lasts through the whole last day, wherever the shop is", () => {
    expect(lotExpiresAt("2026-06-06T01:00:00.000Z", { kind: "after_days", days: 10 }, "Asia/Tokyo")).toBe(
      "2026-06-16T15:00:00.000Z",
    );
    // 23:30 on 5 June in New York is 6 June in UTC: the shop's day counts.
    expect(lotExpiresAt("2026-06-06T03:30:00.000Z", { kind: "after_days", days: 1 }, "America/New_York")).toBe(
      "2026-06-07T04:00:00.000Z",
    );
  });

  it("C12 ends a month that has no such day with its last day, leap years included", () => {
    expect(tokyo("2026-01-31T03:00:00.000Z", 1)).toBe("2026-02-28T15:00:00.000Z");
    expect(tokyo("2028-01-31T03:00:00.000Z", 1)).toBe("2028-02-29T15:00:00.000Z");
    expect(tokyo("2028-02-29T03:00:00.000Z", 12)).toBe("2029-02-28T15:00:00.000Z");
  });

  it("C12 counts days of 23 and 25 hours as days", () => {
    const newYork = (instant: string) => lotExpiresAt(instant, { kind: "after_days", days: 1 }, "America/New_York");
    expect(newYork("2026-03-07T17:00:00.000Z")).toBe("2026-03-09T04:00:00.000Z");
    expect(newYork("2026-10-31T16:00:00.000Z")).toBe("2026-11-02T05:00:00.000Z");
    const { from, until } = shopDay("2026-11-01T16:00:00.000Z", "America/New_York");
    expect(Date.parse(until) - Date.parse(from)).toBe(25 * 3_600_000);
  });

  it("never expires when so set, or while the points are not available", () => {
    expect(lotExpiresAt("2026-06-06T01:00:00.000Z", { kind: "never" }, "Asia/Tokyo")).toBeNull();
    expect(lotExpiresAt(null, { kind: "after_days", days: 1 }, "Asia/Tokyo")).toBeNull();
  });
});

describe("C12 every policy", () => {
  const CASES: [string, ExpiryPolicy, string, string, string][] = [
    // Why, policy, available at, zone, the first instant after.
    [
      "this month",
      { kind: "month_end", months: 0 },
      "2026-01-31T14:59:59.999Z",
      "Asia/Tokyo",
      "2026-01-31T15:00:00.000Z",
    ],
    [
      "a month that has begun",
      { kind: "month_end", months: 0 },
      "2026-01-31T15:00:00.000Z",
      "Asia/Tokyo",
      "2026-02-28T15:00:00.000Z",
    ],
    [
      "31 January and a month",
      { kind: "month_end", months: 1 },
      "2028-01-31T03:00:00.000Z",
      "Asia/Tokyo",
      "2028-02-29T15:00:00.000Z",
    ],
    [
      "the last evening of the year",
      { kind: "year_end", years: 0 },
      "2026-12-31T14:59:59.999Z",
      "Asia/Tokyo",
      "2026-12-31T15:00:00.000Z",
    ],
    [
      "New Year's morning",
      { kind: "year_end", years: 0 },
      "2026-12-31T15:00:00.000Z",
      "Asia/Tokyo",
      "2027-12-31T15:00:00.000Z",
    ],
    [
      "a leap year's end",
      { kind: "year_end", years: 1 },
      "2027-06-01T00:00:00.000Z",
      "America/New_York",
      "2029-01-01T05:00:00.000Z",
    ],
    [
      "the end of the month in which clocks go forward",
      { kind: "month_end", months: 0 },
      "2026-03-07T17:00:00.000Z",
      "America/New_York",
      "2026-04-01T04:00:00.000Z",
    ],
    [
      "the end of the month in which clocks go back",
      { kind: "month_end", months: 0 },
      "2026-11-01T05:30:00.000Z",
      "America/New_York",
      "2026-12-01T05:00:00.000Z",
    ],
    [
      "29 February and a year",
      { kind: "after_months", months: 12 },
      "2028-02-29T03:00:00.000Z",
      "Asia/Tokyo",
      "2029-02-28T15:00:00.000Z",
    ],
    [
      "a midnight that does not exist",
      { kind: "after_days", days: 1 },
      "2026-09-04T12:00:00.000Z",
      "America/Santiago",
      "2026-09-06T04:00:00.000Z",
    ],
  ];
  it.each(CASES)("C12 %s", (_why, policy, from, zone, until) => {
    expect(lotExpiresAt(from, policy, zone)).toBe(until);
  });

  const policies = fc.oneof(
    fc.record({ kind: fc.constant("after_days" as const), days: fc.integer({ min: 1, max: 3650 }) }),
    fc.record({ kind: fc.constant("after_months" as const), months: fc.integer({ min: 1, max: 120 }) }),
    fc.record({ kind: fc.constant("month_end" as const), months: fc.integer({ min: 0, max: 120 }) }),
    fc.record({ kind: fc.constant("year_end" as const), years: fc.integer({ min: 0, max: 10 }) }),
    fc.record({ kind: fc.constant("after_inactivity" as const), months: fc.integer({ min: 1, max: 120 }) }),
  );
  const zones = fc.constantFrom(
    "Asia/Tokyo",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kolkata",
  );
  const moments = fc.date({ min: new Date("2020-01-01"), max: new Date("2032-01-01"), noInvalidDate: true });

  it("C12 ends with a shop-local day, never before the points are there, and never earlier for later points", () => {
    fc.assert(
      fc.property(policies, zones, moments, moments, (policy, zone, a, b) => {
        const [first, second] = a <= b ? [a, b] : [b, a];
        const end = lotExpiresAt(first.toISOString(), policy, zone) ?? "";
        const { from } = shopDay(end, zone);
        expect(from).toBe(end);
        expect(Date.parse(end)).toBeGreaterThan(first.getTime());
        expect(Date.parse(lotExpiresAt(second.toISOString(), policy, zone) ?? "")).toBeGreaterThanOrEqual(
          Date.parse(end),
        );
      }),
    );
  });

  it("C10 expiry by inactivity does not depend on when or how often it is worked out", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 24 }),
        zones,
        moments,
        fc.array(moments, { maxLength: 12 }),
        (months, zone, from, acts) => {
          const activities = acts.map((act) => act.toISOString());
          const facts = { availableAt: from.toISOString(), expiresAt: null, months, activities };
          const end = inactivityExpiry(facts, zone) ?? "";
          // In any order, and from whatever date an earlier look has left.
          expect(inactivityExpiry({ ...facts, activities: activities.toReversed(), expiresAt: end }, zone)).toBe(end);
          const soFar = activities.filter((act) => act < (activities[0] ?? ""));
          const early = inactivityExpiry({ ...facts, activities: soFar }, zone);
          expect(inactivityExpiry({ ...facts, expiresAt: early }, zone)).toBe(end);
          // Dead points stay dead: no act after the end moves it.
          const later = new Date(Date.parse(end) + 1).toISOString();
          expect(inactivityExpiry({ ...facts, activities: [...activities, later] }, zone)).toBe(end);
        },
      ),
    );
  });
});
