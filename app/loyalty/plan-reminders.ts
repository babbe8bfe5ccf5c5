// Which reminders a member's points call for today. Pure.
import { DateTime } from "luxon";

import type { Instant } from "../shopify/order-facts";

export interface ReminderLot {
  points: number;
  /** Last shop-local day of use. */
  on: string;
  availableAt: Instant | null;
}
export interface Reminder {
  points: number;
  on: string;
  /** Which of the program's reminders it is. */
  daysBefore: number;
}

/**
 * One reminder for each day on which points end: the closest of the program's that is reached. One that
 * comes no sooner than the points themselves is left out while another follows, and the last one never is:
 * nobody loses points without a word.
 */
export function planReminders(
  lots: readonly ReminderLot[],
  daysBefore: readonly number[],
  { now, timeZone }: { now: Instant; timeZone: string },
): Reminder[] {
  const today = DateTime.fromISO(now, { zone: timeZone }).startOf("day");
  const byDay = new Map<string, ReminderLot[]>();
  for (const lot of lots) byDay.set(lot.on, [...(byDay.get(lot.on) ?? []), lot]);
  const last = Math.min(...daysBefore);
  return [...byDay].sort().flatMap(([on, ending]) => {
    const end = DateTime.fromISO(on, { zone: timeZone }).startOf("day");
    const daysLeft = Math.round(end.diff(today, "days").days);
    const reached = daysBefore.filter((days) => daysLeft >= 0 && daysLeft <= days);
    const closest = Math.min(...reached);
    if (reached.length === 0) return [];
    const isOld = ({ availableAt }: ReminderLot) =>
      availableAt === null || Date.parse(availableAt) < end.minus({ days: closest }).toMillis();
    if (closest !== last && !ending.some(isOld)) return [];
    return [{ on, points: ending.reduce((sum, { points }) => sum + points, 0), daysBefore: closest }];
  });
}
