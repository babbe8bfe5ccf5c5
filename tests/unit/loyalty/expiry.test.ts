import { describe, expect, it } from "vitest";

import { lotExpiresAt, shopDay } from "../../../app/loyalty/expiry";

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
