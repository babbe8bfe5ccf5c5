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
