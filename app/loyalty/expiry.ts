// When points stop being usable: computed on the shop's calendar, so that no one loses a day to a zone. Pure.
import { DateTime } from "luxon";

import type { Instant } from "../shopify/order-facts";
import type { ExpiryPolicy } from "./program-parts";
import { ofLocalDay, zoneOf } from "./zone";

/**
 * The instant a lot expires: the end of its last shop-local day. 31 January + 1 month ends with the last
 * day of February; a day of 23 or 25 hours is one day. null: never, or not known yet because the points
 * are not available yet.
 */
export function lotExpiresAt(availableAt: Instant | null, expiry: ExpiryPolicy, timeZone: string): Instant | null {
  if (availableAt === null || expiry.kind === "never") return null;
  const at = Date.parse(availableAt);
  const end = ofLocalDay(at, { timeZone, what: `expiry ${JSON.stringify(expiry)}` }, () =>
    lastDay(DateTime.fromMillis(at, { zone: zoneOf(timeZone) }), expiry)
      .plus({ days: 1 })
      .startOf("day")
      .toMillis(),
  );
  return new Date(end).toISOString();
}

function lastDay(day: DateTime, expiry: Exclude<ExpiryPolicy, { kind: "never" }>): DateTime {
  switch (expiry.kind) {
    case "after_days":
      return day.plus({ days: expiry.days });
    case "after_months":
    case "after_inactivity":
      return day.plus({ months: expiry.months });
    case "month_end":
      return day.startOf("month").plus({ months: expiry.months }).endOf("month");
    case "year_end":
      return day.startOf("year").plus({ years: expiry.years }).endOf("year");
  }
}

/** What a lot's date under expiry by inactivity depends on. */
export interface InactivityFacts {
  availableAt: Instant | null;
  /** The date the lot carries now: never shortened, because somebody may have read it. */
  expiresAt: Instant | null;
  months: number;
  /** Acts of the member, in any order; those before the lot's own beginning do not matter. */
  activities: readonly Instant[];
}

/**
 * The date of a lot that each activity extends. An act counts only while the points are alive: one that
 * comes after the date does not bring them back, however late the sweep is.
 */
export function inactivityExpiry(
  { availableAt, expiresAt, months, activities }: InactivityFacts,
  timeZone: string,
): Instant | null {
  if (availableAt === null) return expiresAt;
  const policy: ExpiryPolicy = { kind: "after_inactivity", months };
  const dateAfter = (act: Instant) => Date.parse(lotExpiresAt(act, policy, timeZone) ?? act);
  let until = Math.max(dateAfter(availableAt), expiresAt === null ? 0 : Date.parse(expiresAt));
  for (const act of [...activities].sort((a, b) => Date.parse(a) - Date.parse(b)))
    if (Date.parse(act) < until) until = Math.max(until, dateAfter(act));
  return new Date(until).toISOString();
}

/** The later of two dates; null never comes. */
export function laterExpiry(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return null;
  return Date.parse(a) >= Date.parse(b) ? a : b;
}

/** The last shop-local day on which points can be used: "2026-11-22". */
export function lastUsableDay(expiresAt: Instant, timeZone: string): string {
  return DateTime.fromISO(expiresAt, { zone: zoneOf(timeZone) })
    .minus({ milliseconds: 1 })
    .toFormat("yyyy-MM-dd");
}

/** The shop-local day of an instant, as its first and its next day's first instant. */
export function shopDay(instant: Instant, timeZone: string): { from: Instant; until: Instant } {
  const at = Date.parse(instant);
  const start = () => DateTime.fromMillis(at, { zone: zoneOf(timeZone) }).startOf("day");
  const from = ofLocalDay(at, { timeZone, what: "midnight" }, () => start().toMillis());
  const until = ofLocalDay(at, { timeZone, what: "next midnight" }, () =>
    start().plus({ days: 1 }).startOf("day").toMillis(),
  );
  return { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
}
