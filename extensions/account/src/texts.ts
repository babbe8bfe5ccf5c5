// Texts, numbers and days as the host's language writes them.
import { host } from "./host";

/** A text by its key. */
export function text(key: string, values: Record<string, string | number> = {}): string {
  return host().i18n.translate(key, values);
}

/** A text that counts: the plural follows `count`, and {{ formatted }} is the number written out. */
export function counted(key: string, count: number, values: Record<string, string> = {}): string {
  return text(key, { count, formatted: host().i18n.formatNumber(count), ...values });
}

/** A gain or a loss with its sign. */
export function signed(points: number): string {
  const size = host().i18n.formatNumber(Math.abs(points));
  return points < 0 ? `−${size}` : `+${size}`;
}

/** The last day, in the shop's zone, before the instant at which something ends. */
export function lastDay(end: string, timeZone: string): string {
  return host().i18n.formatDate(new Date(Date.parse(end) - 1), { dateStyle: "long", timeZone });
}
