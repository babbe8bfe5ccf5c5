// The dates of tiers on the shop's calendar: a downgrade always comes with a local midnight. Pure.
import { DateTime } from "luxon";

import type { TierPlan } from "../program-parts";
import { zoneOf } from "../zone";

type Window = TierPlan["window"];

// A settlement works the same dates out several times, and the next one of the same member again: with thousands of
// orders the calendar would be most of the work.
const DATES_MAX = 50_000;
const allDates = new Map<string, Map<number, number>>();

function remembered(timeZone: string, what: string): Map<number, number> {
  const name = `${timeZone}/${what}`;
  const dates = allDates.get(name) ?? new Map<number, number>();
  if (dates.size >= DATES_MAX) dates.clear();
  allDates.set(name, dates);
  return dates;
}

/** Dates of one plan in one zone, as milliseconds; years are numbered by the calendar year they begin in. */
export class TierCalendar {
  private readonly yearStarts: Map<number, number>;
  private readonly months: number;
  private readonly monthsLater: Map<number, number>;

  constructor(
    private readonly window: Window,
    private readonly graceDays: number,
    private readonly timeZone: string,
  ) {
    this.months = window.kind === "rolling_months" ? window.months : 0;
    this.monthsLater = remembered(timeZone, `${this.months} months later`);
    this.yearStarts = remembered(timeZone, `years from ${this.startMonth}`);
  }

  /** The program year an instant lies in. */
  yearOf(at: number): number {
    // No zone is a whole year away from UTC: one of three.
    const guess = new Date(at).getUTCFullYear();
    if (at >= this.yearStart(guess + 1)) return guess + 1;
    return at >= this.yearStart(guess) ? guess : guess - 1;
  }

  /** The end of the period of a tier reached at `at`; null: it has none. */
  periodEnd(at: number): number | null {
    switch (this.window.kind) {
      case "lifetime":
        return null;
      case "calendar_year":
        return this.yearStart(this.yearOf(at) + 1);
      case "rolling_months":
        return this.afterMonths(at);
    }
  }

  /** The end of the period that follows one which ended at `end`. */
  nextPeriodEnd(end: number): number | null {
    if (this.window.kind !== "rolling_months") return this.periodEnd(end);
    const day = this.local(end).startOf("day").plus({ months: this.window.months });
    return day.startOf("day").toMillis();
  }

  /** When an order that counts from `at` stops counting; null: never, or with its calendar year. */
  countsUntil(at: number): number | null {
    return this.window.kind === "rolling_months" ? this.afterMonths(at) : null;
  }

  /** The first local midnight at least the days of grace after an instant. */
  afterGrace(at: number): number {
    const midnight = this.local(at).startOf("day");
    const from = midnight.toMillis() === at ? midnight : midnight.plus({ days: 1 });
    return from.plus({ days: this.graceDays }).startOf("day").toMillis();
  }

  // The end of the local day that lies so many months later: 29 February + 12 months ends with 28 February,
  // and an order stops counting in the very instant in which the tier it brought ends.
  private afterMonths(at: number): number {
    const known = this.monthsLater.get(at);
    if (known !== undefined) return known;
    const day = this.local(at).startOf("day").plus({ months: this.months }).plus({ days: 1 });
    const until = day.startOf("day").toMillis();
    this.monthsLater.set(at, until);
    return until;
  }
  private yearStart(year: number): number {
    const known = this.yearStarts.get(year);
    if (known !== undefined) return known;
    const day = DateTime.fromObject({ year, month: this.startMonth, day: 1 }, { zone: zoneOf(this.timeZone) });
    const start = day.startOf("day").toMillis();
    this.yearStarts.set(year, start);
    return start;
  }
  private get startMonth(): number {
    return this.window.kind === "calendar_year" ? this.window.startMonth : 1;
  }
  private local(at: number): DateTime {
    return DateTime.fromMillis(at, { zone: zoneOf(this.timeZone) });
  }
}

/** The end of a shop-local day ("2026-02-28"): the first instant after it. */
export function endOfDay(day: string, timeZone: string): string {
  return DateTime.fromISO(day, { zone: zoneOf(timeZone) })
    .plus({ days: 1 })
    .startOf("day")
    .toUTC()
    .toJSDate()
    .toISOString();
}
