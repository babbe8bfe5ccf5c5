import { describe, expect, it } from "vitest";

import { birthdaysToKeep } from "../../../../app/loyalty/ways/occasions";

describe("whose birthdays are asked for", () => {
  const TOKYO = "Asia/Tokyo";
  const at = (text: string) => new Date(`${text}+09:00`);
  const keep = (since: string | null, now: string, zone = TOKYO) =>
    birthdaysToKeep(since ? at(since) : null, zone, at(now));

  it("C12 those of the day that has begun, and the next day is when to ask again", () => {
    expect(keep("2026-08-01T00:00", "2026-08-01T00:00")).toEqual({
      birthdays: ["08-01"],
      nextAt: at("2026-08-02T00:00"),
    });
    expect(keep("2026-08-01T00:00", "2026-08-01T23:59")).toEqual(keep("2026-08-01T00:00", "2026-08-01T00:00"));
  });

  it("C12 every day since, and no more than a week of them", () => {
    expect(keep("2026-07-30T00:00", "2026-08-01T09:00").birthdays).toEqual(["07-30", "07-31", "08-01"]);
    const week = ["07-25", "07-26", "07-27", "07-28", "07-29", "07-30", "07-31", "08-01"];
    expect(keep("2026-01-01T00:00", "2026-08-01T09:00").birthdays).toEqual(week);
    expect(keep(null, "2026-08-01T09:00").birthdays).toEqual(week);
  });

  it("C12 29 February is kept on the 28th in common years", () => {
    expect(keep("2026-02-28T00:00", "2026-02-28T00:00").birthdays).toEqual(["02-28", "02-29"]);
    expect(keep("2028-02-28T00:00", "2028-02-29T00:00").birthdays).toEqual(["02-28", "02-29"]);
    expect(keep("2026-02-27T00:00", "2026-03-01T00:00").birthdays).toEqual(["02-27", "02-28", "02-29", "03-01"]);
  });

  it("C12 a clock that went back asks for nothing, and a shop that moved asks for its own day", () => {
    expect(keep("2026-08-03T00:00", "2026-08-01T09:00").birthdays).toEqual([]);
    expect(keep("2026-08-02T00:00", "2026-08-02T00:00", "America/New_York")).toEqual({
      birthdays: ["08-01"],
      nextAt: new Date("2026-08-02T04:00:00Z"),
    });
  });

  it("C12 days of 23 and 25 hours are days", () => {
    const days = birthdaysToKeep(
      new Date("2026-10-31T04:00:00Z"),
      "America/New_York",
      new Date("2026-11-02T05:00:00Z"),
    );
    expect(days).toEqual({ birthdays: ["10-31", "11-01", "11-02"], nextAt: new Date("2026-11-03T05:00:00Z") });
  });
});
