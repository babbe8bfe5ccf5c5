// The days that give points by themselves, on the shop's calendar: birthdays and anniversaries of joining.
// 29 February is celebrated on the 28th in common years; a day of 23 or 25 hours is one day. Pure.
import { DateTime } from "luxon";

import type { Instant } from "../../shopify/order-facts";
import type { WayOfKind } from "../program-parts";

/** What a member's calendar depends on. */
export interface CalendarMember {
  /** "MM-DD" */
  birthday: string | null;
  birthdaySetAt: Date | null;
  joinedAt: Date | null;
}
export interface Occasion {
  kind: "birthday" | "anniversary";
  /** Names the occasion in the ledger: "birthday/2026". */
  name: string;
  /** First instant of the shop-local day. */
  day: Date;
  /** Anniversaries: how many years. */
  years: number;
}

/** A job that was down catches up this long; an older day is over. */
const CATCH_UP_DAYS = 7;
/** A birthday given anew after a reward may not bring the next one sooner than this. */
const REWARD_YEAR_DAYS = 365;
const BIRTHDAY = /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Whether the text is a day that exists in some year. */
export function isBirthday(text: string): boolean {
  // 2024 was a leap year.
  return BIRTHDAY.test(text) && DateTime.fromISO(`2024-${text}`).isValid;
}

/** What is due at `now` (the last days included), and when to look again; null: nothing will come. */
export function occasionsAt(
  member: CalendarMember,
  timeZone: string,
  now: Date,
): { due: Occasion[]; nextAt: Date | null; nextYears: number } {
  const oldest = DateTime.fromJSDate(now, { zone: timeZone }).minus({ days: CATCH_UP_DAYS }).toMillis();
  const all = around(member, timeZone, now);
  const next = all
    .filter(({ day }) => day.getTime() > now.getTime())
    .reduce<Occasion | null>((least, each) => (least === null || each.day < least.day ? each : least), null);
  return {
    due: all.filter(({ day }) => day.getTime() <= now.getTime() && day.getTime() > oldest),
    nextAt: next?.day ?? null,
    nextYears: next?.years ?? 0,
  };
}

function around({ birthday, joinedAt }: CalendarMember, timeZone: string, now: Date): Occasion[] {
  const thisYear = DateTime.fromJSDate(now, { zone: timeZone }).year;
  const joined = joinedAt && DateTime.fromJSDate(joinedAt, { zone: timeZone });
  return [thisYear - 1, thisYear, thisYear + 1].flatMap((year) => {
    const occasions: Occasion[] = [];
    if (birthday !== null) {
      const day = birthdayIn(year, birthday, timeZone);
      occasions.push({ kind: "birthday", name: `birthday/${year}`, day, years: 0 });
    }
    if (joined && year > joined.year) {
      const years = year - joined.year;
      const day = joined.plus({ years }).startOf("day").toJSDate();
      occasions.push({ kind: "anniversary", name: `anniversary/${year}`, day, years });
    }
    return occasions;
  });
}
function birthdayIn(year: number, birthday: string, timeZone: string): Date {
  const leap = DateTime.fromISO(`2024-${birthday}`, { zone: timeZone });
  // Setting the year clamps 29 February to the 28th.
  return leap.set({ year }).startOf("day").toJSDate();
}

/**
 * Whose birthdays the shop-local days since `since` are ("MM-DD"), as far back as a day is caught up, and when the next
 * day begins. null: nobody has looked yet.
 */
export function birthdaysToKeep(
  since: Date | null,
  timeZone: string,
  now: Date,
): { birthdays: string[]; nextAt: Date } {
  const today = DateTime.fromJSDate(now, { zone: timeZone }).startOf("day");
  const oldest = today.minus({ days: CATCH_UP_DAYS });
  const from = since && DateTime.fromJSDate(since, { zone: timeZone }).startOf("day");
  const birthdays: string[] = [];
  for (let day = from && from > oldest ? from : oldest; day <= today; day = day.plus({ days: 1 }).startOf("day")) {
    birthdays.push(day.toFormat("MM-dd"));
    if (day.month === 2 && day.day === 28 && !day.isInLeapYear) birthdays.push("02-29");
  }
  return { birthdays, nextAt: today.plus({ days: 1 }).startOf("day").toJSDate() };
}

/** What may keep a birthday from being rewarded. */
export interface BirthdayTerms {
  timeZone: string;
  noticeDays: number;
  setAt: Date | null;
  /** The day that was rewarded last. */
  lastDay: Date | null;
}
/** Whether a birthday's day counts: given long enough before, and not a second one within a year. */
export function doesBirthdayCount(day: Date, { timeZone, noticeDays, setAt, lastDay }: BirthdayTerms): boolean {
  const local = (instant: Date) => DateTime.fromJSDate(instant, { zone: timeZone }).startOf("day");
  if (setAt && day.getTime() < local(setAt).plus({ days: noticeDays }).toMillis()) return false;
  if (!lastDay) return true;
  // Unchanged since, the calendar itself keeps a year between; two days of slack for a shop that moved its zone.
  const isChanged = setAt !== null && setAt > lastDay;
  return local(day).diff(local(lastDay), "days").days >= (isChanged ? REWARD_YEAR_DAYS : REWARD_YEAR_DAYS - 2);
}

/** The next day on which the birthday is rewarded. */
export function nextBirthday(birthday: string, terms: BirthdayTerms, now: Date): Date {
  for (let year = DateTime.fromJSDate(now, { zone: terms.timeZone }).year; ; year++) {
    const day = birthdayIn(year, birthday, terms.timeZone);
    if (day > now && doesBirthdayCount(day, terms)) return day;
  }
}

/** When a birthday may be changed again. */
export function birthdayLockedUntil(setAt: Date, lockDays: number, timeZone: string): Date {
  return DateTime.fromJSDate(setAt, { zone: timeZone }).startOf("day").plus({ days: lockDays }).toJSDate();
}

/** The period of a social act: its occasion, and when the next one begins (null: never). */
export function socialOccasion(
  every: WayOfKind<"social">["every"],
  timeZone: string,
  now: Date,
): { name: string; nextAt: Instant | null } {
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  if (every === "once") return { name: "once", nextAt: null };
  const period = local.startOf(every);
  return {
    name: `social/${local.toFormat(every === "month" ? "yyyy-MM" : "yyyy")}`,
    nextAt: period
      .plus(every === "month" ? { months: 1 } : { years: 1 })
      .startOf("day")
      .toJSDate()
      .toISOString(),
  };
}

/** First instants of the shop-local month around an instant, and of the next one. */
export function shopMonth(at: Date, timeZone: string): { from: Date; until: Date } {
  const start = DateTime.fromJSDate(at, { zone: timeZone }).startOf("month");
  return { from: start.toJSDate(), until: start.plus({ months: 1 }).startOf("month").toJSDate() };
}

/** One grant of a way, as the ledger's side table keeps it. */
export interface GivenOccasion {
  wayId: string;
  occasion: string;
  kind: string;
  at: Date;
}
/** Once in a life, also when the merchant replaces the way by another of its kind. */
export const ONCE_PER_KIND: readonly string[] = ["join", "newsletter", "sms"];
const YEARLY: readonly string[] = ["birthday", "anniversary"];
const DAY_MS = 86_400_000;

/** Whether two members' grants are one and the same to the person they belong to. */
export function isSameOccasion(a: GivenOccasion, b: GivenOccasion): boolean {
  if (a.wayId === b.wayId && a.occasion === b.occasion) return true;
  if (a.kind !== b.kind) return false;
  if (ONCE_PER_KIND.includes(a.kind)) return true;
  const apart = Math.abs(a.at.getTime() - b.at.getTime());
  return YEARLY.includes(a.kind) && apart < (REWARD_YEAR_DAYS - 2) * DAY_MS;
}
