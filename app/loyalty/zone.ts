// The zone of a shop's calendar. The library asks the runtime's formatter for every offset, which was most of what a
// date cost; here the offset of each quarter of an hour is remembered. Pure.
import { IANAZone } from "luxon";

const QUARTER_MS = 15 * 60_000;
/** Since then every zone changes its offset at a quarter of an hour. */
const QUARTERS_SINCE = Date.UTC(1975, 0, 1);
const OFFSETS_MAX = 100_000;

class RememberedZone extends IANAZone {
  readonly #offsets = new Map<number, number>();

  override offset(instant: number): number {
    if (!(instant >= QUARTERS_SINCE)) return super.offset(instant);
    const quarter = Math.floor(instant / QUARTER_MS);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    if (this.#offsets.size >= OFFSETS_MAX) this.#offsets.clear();
    const offset = super.offset(instant);
    this.#offsets.set(quarter, offset);
    return offset;
  }
}

const zones = new Map<string, RememberedZone>();

/** The zone of that IANA name, for the library's `zone` option. */
export function zoneOf(timeZone: string): IANAZone {
  const known = zones.get(timeZone);
  if (known) return known;
  const zone = new RememberedZone(timeZone);
  zones.set(timeZone, zone);
  return zone;
}

const DAY_MS = 86_400_000;
const DATES_MAX = 50_000;
const allDates = new Map<string, Map<number, number>>();

/** The shop-local date of an instant (milliseconds), counted in days: the same number all day long, of 23 hours or 25. */
export function localDay(at: number, timeZone: string): number {
  return Math.floor((at + zoneOf(timeZone).offset(at) * 60_000) / DAY_MS);
}

/**
 * Instants (milliseconds) worked out before, by a number. `what` names everything else they depend on. Orders of one day
 * ask for the same dates, and the next one of the same member again: calendar arithmetic would be most of the work.
 */
export function rememberedDates(timeZone: string, what: string): Map<number, number> {
  const name = `${timeZone}/${what}`;
  let dates = allDates.get(name);
  if (!dates) allDates.set(name, (dates = new Map<number, number>()));
  if (dates.size >= DATES_MAX) dates.clear();
  return dates;
}

/** What `work` says of the shop-local date of an instant: it may depend on nothing but that date and on `what`. */
export function ofLocalDay(
  at: number,
  { timeZone, what }: { timeZone: string; what: string },
  work: () => number,
): number {
  const dates = rememberedDates(timeZone, what);
  const day = localDay(at, timeZone);
  const known = dates.get(day);
  if (known !== undefined) return known;
  const date = work();
  dates.set(day, date);
  return date;
}
