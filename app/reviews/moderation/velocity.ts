// Too many at once: from one author, from one place, or about one product. Only reviews that no purchase stands
// behind are counted and held: twenty products of one parcel, reviewed in one evening, are welcome. Pure.
import type { Finding } from "./findings";

export const PER_AUTHOR_HOUR = 3;
export const PER_PLACE_HOUR = 3;
export const PER_PRODUCT_HOUR = 10;
/** From here on nothing more is taken from one author or place for the hour: not even a mail goes out. */
export const REFUSED_PER_HOUR = 10;

/** Unverified reviews of the hour before this one. */
export interface RecentCounts {
  byAuthor: number;
  byPlace: number;
  ofProduct: number;
}

/** A finding per limit that is reached. */
export function findVelocity(recent: RecentCounts, isVerified: boolean): Finding[] {
  if (isVerified) return [];
  const reached: string[] = [];
  if (recent.byAuthor >= PER_AUTHOR_HOUR) reached.push("author");
  if (recent.byPlace >= PER_PLACE_HOUR) reached.push("place");
  if (recent.ofProduct >= PER_PRODUCT_HOUR) reached.push("product");
  return reached.map((detail) => ({ kind: "velocity", field: null, from: 0, to: 0, detail }));
}

/** Whether a product gets more than people write. */
export function isBurst(findings: readonly Finding[]): boolean {
  return findings.some(({ kind, detail }) => kind === "velocity" && detail === "product");
}

/** Whether one author or place has written so much that the door closes for the hour. */
export function isTooMuch(recent: RecentCounts): boolean {
  return Math.max(recent.byAuthor, recent.byPlace) >= REFUSED_PER_HOUR;
}
