// When points stop being usable: computed on the shop's calendar, so that no one loses a day to a zone. Pure.
import { DateTime } from "luxon";

import type { Instant } from "../shopify/order-facts";
import type { EarningRules } from "./earning-rules";

/**
 * The instant a lot expires: the end of the shop-local day that lies N days or months after the day the
 * points became available. 31 January + 1 month ends with the last day of February; a day of 23 or 25
 * hours is one day. null: never, or not known yet because the points are not available yet.
 */
export function lotExpiresAt(
  availableAt: Instant | null,
  expiry: EarningRules["expiry"],
  timeZone: string,
): Instant | null {
  if (availableAt === null || expiry.kind === "never") return null;
  const day = DateTime.fromISO(availableAt, { zone: timeZone });
  const last = expiry.kind === "after_days" ? day.plus({ days: expiry.days }) : day.plus({ months: expiry.months });
  return last.plus({ days: 1 }).startOf("day").toUTC().toJSDate().toISOString();
}

/** The shop-local day of an instant, as its first and its next day's first instant. */
export function shopDay(instant: Instant, timeZone: string): { from: Instant; until: Instant } {
  const start = DateTime.fromISO(instant, { zone: timeZone }).startOf("day");
  return {
    from: start.toUTC().toJSDate().toISOString(),
    until: start.plus({ days: 1 }).startOf("day").toUTC().toJSDate().toISOString(),
  };
}
