// The weeks that the analytics page looks at: whole weeks of the shop, Monday first, the present one last. Pure.
import { DateTime } from "luxon";

/** In weeks. */
export const PERIODS = [12, 26, 52] as const;
export type Period = (typeof PERIODS)[number];

export interface Weeks {
  /** Instant at which the first week begins. */
  from: Date;
  /** The Mondays: 2026-11-16 … */
  weeks: string[];
}

/** The last `count` weeks of a zone as seen at `now`, the running one included. */
export function lastWeeks(count: number, now: Date, timeZone: string): Weeks {
  const monday = DateTime.fromJSDate(now, { zone: timeZone }).startOf("week");
  const first = monday.minus({ weeks: count - 1 });
  const weeks = Array.from({ length: count }, (_, index) => first.plus({ weeks: index }).toFormat("yyyy-MM-dd"));
  return { from: first.toJSDate(), weeks };
}

/** The mean of stars in hundredths, so that nothing is lost on the way; null: nothing to take a mean of. */
export function meanHundredths(sum: number, count: number): number | null {
  return count === 0 ? null : Math.round((sum * 100) / count);
}

/** A share in whole percent; null: of nothing. */
export function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part * 100) / whole);
}
