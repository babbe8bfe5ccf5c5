// The dates of tiers on the shop's calendar: a downgrade always comes with a local midnight. Pure.
import { DateTime } from "luxon";

import type { TierPlan } from "../program-parts";
import { ofLocalDay, rememberedDates, zoneOf } from "../zone";

type Window = TierPlan["window"];

/** Dates of one plan in one zone, as milliseconds; years are numbered by the calendar year they begin in. */
export class TierCalendar {
  private readonly yearStarts: Map<number, number>;
  private readonly months: number;

  constructor(
    private readonly window: Window,
    private readonly graceDays: number,
    private readonly timeZone: string,
  ) {
    this.months = window.kind === "rolling_months" ? window.months : 0;
    this.yearStarts = rememberedDates(timeZone, `years from ${this.startMonth}`);
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
    return this.ofDay(end, `${this.months} months on`, (day) => day.plus({ months: this.months }));
  }

  /** When an order that counts from `at` stops counting; null: never, or with its calendar year. */
  countsUntil(at: number): number | null {
    return this.window.kind === "rolling_months" ? this.afterMonths(at) : null;
  }

  /** The first local midnight at least the days of grace after an instant. */
  afterGrace(at: number): number {
    const midnight = this.ofDay(at, "midnight", (day) => day);
    return midnight === at
      ? this.ofDay(at, `${this.graceDays} days on`, (day) => day.plus({ days: this.graceDays }))
      : this.ofDay(at, `${this.graceDays} days on from the next`, (day) => day.plus({ days: 1 + this.graceDays }));
  }

  // The end of the local day that lies so many months later: 29 February + 12 months ends with 28 February,
  // and an order stops counting in the very instant in which the tier it brought ends.
  private afterMonths(at: number): number {
    return this.ofDay(at, `${this.months} months later`, (day) => day.plus({ months: this.months }).plus({ days: 1 }));
  }
  // The first instant of a day that is counted from the day of `at`.
  private ofDay(at: number, what: string, count: (day: DateTime) => DateTime): number {
    const { timeZone } = this;
    const work = (): number =>
      count(DateTime.fromMillis(at, { zone: zoneOf(timeZone) }).startOf("day"))
        .startOf("day")
        .toMillis();
    return ofLocalDay(at, { timeZone, what }, work);
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
