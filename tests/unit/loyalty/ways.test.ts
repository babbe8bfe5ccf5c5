// The calendar of birthdays, anniversaries and periods.
import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";

import { defaultEarningRules } from "../../../app/loyalty/earning-rules";
import {
  birthdayLockedUntil,
  doesBirthdayCount,
  isBirthday,
  isSameOccasion,
  nextBirthday,
  occasionsAt,
  shopMonth,
  socialOccasion,
} from "../../../app/loyalty/ways/occasions";
import { whyNotTakingPart } from "../../../app/loyalty/ways/taking-part";

const DAY_MS = 86_400_000;
const TOKYO = "Asia/Tokyo";
const BERLIN = "Europe/Berlin";
const at = (text: string, zone = TOKYO) => DateTime.fromISO(text, { zone }).toJSDate();
const member = (fields: Partial<Parameters<typeof occasionsAt>[0]> = {}) => ({
  birthday: null,
  birthdaySetAt: null,
  joinedAt: null,
  ...fields,
});
const dayOf = (instant: Date | null, zone = TOKYO) =>
  instant && DateTime.fromJSDate(instant, { zone }).toFormat("yyyy-MM-dd HH:mm");

describe("birthdays", () => {
  it("C12 celebrates 29 February on the 28th in common years and on its day in leap years", () => {
    const days = [2027, 2028, 2029].map((year) =>
      dayOf(occasionsAt(member({ birthday: "02-29" }), TOKYO, at(`${year}-01-10`)).nextAt),
    );
    expect(days).toEqual(["2027-02-28 00:00", "2028-02-29 00:00", "2029-02-28 00:00"]);
  });

  it("C12 begins at the shop's own midnight, through days of 23 and 25 hours and where midnight does not exist", () => {
    const next = (birthday: string, zone: string, now: string) =>
      occasionsAt(member({ birthday }), zone, at(now, zone)).nextAt?.toISOString();
    expect(next("03-29", BERLIN, "2026-03-01")).toBe("2026-03-28T23:00:00.000Z");
    expect(next("10-25", BERLIN, "2026-10-01")).toBe("2026-10-24T22:00:00.000Z");
    expect(next("10-26", BERLIN, "2026-10-01")).toBe("2026-10-25T23:00:00.000Z");
    // Clocks in Santiago jump from midnight to one o'clock.
    expect(next("09-06", "America/Santiago", "2026-09-01")).toBe("2026-09-06T04:00:00.000Z");
  });

  it("is due from its first instant on for a week, and not a moment before", () => {
    const due = (now: string) => occasionsAt(member({ birthday: "06-15" }), TOKYO, at(now)).due.map(({ name }) => name);
    expect(due("2026-06-14T23:59:59.999")).toEqual([]);
    expect(due("2026-06-15T00:00")).toEqual(["birthday/2026"]);
    expect(due("2026-06-21T23:59:59.999")).toEqual(["birthday/2026"]);
    expect(due("2026-06-22T00:00")).toEqual([]);
  });

  it("catches up across the turn of the year", () => {
    const { due, nextAt } = occasionsAt(member({ birthday: "12-30" }), TOKYO, at("2027-01-02"));
    expect(due.map(({ name }) => name)).toEqual(["birthday/2026"]);
    expect(dayOf(nextAt)).toBe("2027-12-30 00:00");
  });

  it("C13 a birthday given less than the notice before its day counts from the next year", () => {
    const terms = (setAt: string, lastDay: string | null = null) => ({
      timeZone: TOKYO,
      noticeDays: 30,
      setAt: at(setAt),
      lastDay: lastDay === null ? null : at(lastDay),
    });
    expect(doesBirthdayCount(at("2026-06-15"), terms("2026-05-16T23:00"))).toBe(true);
    expect(doesBirthdayCount(at("2026-06-15"), terms("2026-05-17T00:00"))).toBe(false);
    expect(dayOf(nextBirthday("06-15", terms("2026-06-15T12:00"), at("2026-06-15T12:00")))).toBe("2027-06-15 00:00");
    expect(dayOf(nextBirthday("06-15", terms("2026-05-20"), at("2026-05-20")))).toBe("2027-06-15 00:00");
    // Moved to a day sooner than a year after the last reward: the one after that.
    expect(dayOf(nextBirthday("03-01", terms("2026-07-01", "2026-06-15"), at("2026-07-01")))).toBe("2028-03-01 00:00");
  });

  it("C13 two rewarded days are never closer than 365, whatever is changed and when", () => {
    const day = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
      .map(([month, date]) => `${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`)
      .filter(isBirthday);
    const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 1_500 }), day), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(changes, fc.constantFrom(TOKYO, BERLIN, "America/Santiago"), (list, zone) => {
        const start = DateTime.fromISO("2026-01-01T09:30", { zone });
        const changesAt = list
          .map(([offset, birthday]) => ({ at: start.plus({ days: offset }).toJSDate(), birthday }))
          .sort((a, b) => a.at.getTime() - b.at.getTime());
        let birthday: string | null = null;
        let setAt: Date | null = null;
        const rewarded: DateTime[] = [];
        // The clock goes from one event to the next: a change of mind, or the day itself.
        for (let now: Date = start.toJSDate(); now < start.plus({ years: 5 }).toJSDate();) {
          const lastDay: Date | null = rewarded.at(-1)?.toJSDate() ?? null;
          const { due: days, nextAt } = occasionsAt(member({ birthday }), zone, now);
          for (const { day: due } of days) {
            if (lastDay !== null && due <= lastDay) continue;
            const terms = { timeZone: zone, noticeDays: 30, setAt, lastDay };
            if (doesBirthdayCount(due, terms)) rewarded.push(DateTime.fromJSDate(due, { zone }));
          }
          while (changesAt[0] && changesAt[0].at <= now) {
            const change = changesAt.shift();
            if (change && change.birthday !== birthday) [birthday, setAt] = [change.birthday, change.at];
          }
          const change = changesAt[0]?.at ?? null;
          const next = [nextAt, change].filter((each) => each !== null).sort((a, b) => a.getTime() - b.getTime())[0];
          now = next && next > now ? next : new Date(now.getTime() + DAY_MS);
        }
        rewarded.slice(1).forEach((each, index) => {
          const before = rewarded[index];
          // Calendar days of the zone: a day of 23 hours is one.
          if (before) expect(before.plus({ days: 365 }).startOf("day") <= each).toBe(true);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("knows which days exist, and when a change is possible again", () => {
    for (const day of ["01-01", "02-29", "12-31"]) expect(isBirthday(day)).toBe(true);
    for (const day of ["02-30", "04-31", "13-01", "00-10", "1-1", "2024-01-01", ""])
      expect(isBirthday(day)).toBe(false);
    expect(dayOf(birthdayLockedUntil(at("2026-06-01T18:00"), 365, TOKYO))).toBe("2027-06-01 00:00");
  });
});

describe("anniversaries and periods", () => {
  it("C12 come every year on the day of joining; 29 February on the 28th", () => {
    const joined = member({ joinedAt: at("2024-02-29T20:00") });
    const { due, nextAt } = occasionsAt(joined, TOKYO, at("2027-02-28T06:00"));
    expect(due).toEqual([{ kind: "anniversary", name: "anniversary/2027", day: at("2027-02-28"), years: 3 }]);
    expect(dayOf(nextAt)).toBe("2028-02-29 00:00");
    expect(occasionsAt(joined, TOKYO, at("2024-03-01")).due).toEqual([]);
  });

  it("C12 the day is the shop's, not UTC's", () => {
    const joined = member({ joinedAt: new Date("2025-12-31T16:00:00Z") });
    expect(dayOf(occasionsAt(joined, TOKYO, at("2026-06-01")).nextAt)).toBe("2027-01-01 00:00");
  });

  it("names the period of a social act by the shop's calendar", () => {
    const now = new Date("2026-11-30T15:30:00Z");
    expect(socialOccasion("month", TOKYO, now)).toEqual({
      name: "social/2026-12",
      nextAt: "2026-12-31T15:00:00.000Z",
    });
    expect(socialOccasion("year", "UTC", now)).toEqual({ name: "social/2026", nextAt: "2027-01-01T00:00:00.000Z" });
    expect(socialOccasion("once", TOKYO, now)).toEqual({ name: "once", nextAt: null });
    expect(shopMonth(now, TOKYO)).toEqual({ from: at("2026-12-01"), until: at("2027-01-01") });
  });

  it("B09 knows which grants of two members are one to the person", () => {
    const given = (kind: string, wayId: string, occasion: string, day: string) => ({
      kind,
      wayId,
      occasion,
      at: at(day),
    });
    const join = given("join", "a", "join", "2026-01-01");
    expect(isSameOccasion(join, given("join", "b", "join", "2026-05-01"))).toBe(true);
    const birthday = given("birthday", "a", "birthday/2025", "2025-12-20");
    expect(isSameOccasion(birthday, given("birthday", "a", "birthday/2026", "2026-01-10"))).toBe(true);
    expect(isSameOccasion(birthday, given("birthday", "a", "birthday/2026", "2026-12-20"))).toBe(false);
    const social = given("social", "a", "social/2026-01", "2026-01-01");
    expect(isSameOccasion(social, given("social", "a", "social/2026-02", "2026-02-01"))).toBe(false);
    expect(isSameOccasion(social, given("social", "b", "social/2026-01", "2026-01-01"))).toBe(false);
  });
});

describe("who takes part", () => {
  const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
  const shopper = { customerGid: "gid://shopify/Customer/7", tags: ["VIP"], joinedAt: null };
  const why = (change: Partial<typeof rules>, who = shopper) =>
    whyNotTakingPart({ ...rules, ...change }, who, at("2026-06-01"));
  const participation = (fields: Partial<typeof rules.participation>) => ({
    participation: { ...rules.participation, ...fields },
  });

  it("is whoever the program's orders would earn for", () => {
    expect(why({})).toBeNull();
    expect(why({ status: "paused" })).toBe("program_paused");
    expect(why({ startsAt: "2026-07-01T00:00:00Z" })).toBe("not_started");
    expect(why({ previewCustomerIds: ["8"] })).toBe("preview_only");
    expect(why({ previewCustomerIds: ["7"] })).toBeNull();
    expect(why(participation({ who: "joined" }))).toBe("not_joined");
    expect(why(participation({ who: "tagged", tags: ["vip"] }))).toBeNull();
    expect(why(participation({ who: "tagged", tags: ["staff"] }))).toBe("not_tagged");
    expect(why(participation({ excludeTags: ["vip"] }))).toBe("excluded_customer");
  });
});
