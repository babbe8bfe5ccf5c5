// How long what is kept: the one list, for the job that enforces it, the privacy page that shows it and the tests
// that hold it. Ends are counted in days from the moment named; a redaction ends all of it at once.

export interface RetentionRule {
  days: number;
  /** The moment from which the days count. */
  from: string;
  /** What happens then. */
  then: "deleted" | "emptied";
}

/** Kind of data → how long it is kept. Whatever is not listed lives as long as the member or the shop. */
export const RETENTION = {
  /** Bodies of webhooks: what Shopify told us, word by word. */
  delivery_bodies: { days: 14, from: "settled", then: "emptied" },
  /** That a delivery was there, and what became of it. */
  delivery_lines: { days: 35, from: "received", then: "deleted" },
  /** Exports of a person's data: the merchant's 30 days to hand them over, and a few to look again. */
  data_exports: { days: 37, from: "requested", then: "emptied" },
  /** That there was a request, by an id of Shopify's: what a merchant shows an authority. */
  data_request_lines: { days: 1_095, from: "requested", then: "deleted" },
  /** Who looked at customers' data. */
  access_log: { days: 365, from: "looked", then: "deleted" },
  /** The contents of mails that were sent or were not; that there was one stays. */
  mail_texts: { days: 90, from: "due", then: "emptied" },
  /** Network hashes beside referrals. */
  referral_networks: { days: 90, from: "claimed", then: "emptied" },
  /** Network hashes beside reviews that were written without a purchase. */
  review_networks: { days: 90, from: "submitted", then: "emptied" },
  /** Hashes of browsers and addresses beside votes; the vote stays. */
  visitor_votes: { days: 90, from: "voted", then: "emptied" },
  /** Addresses in the lines of imported files; the member they meant stays. */
  import_addresses: { days: 90, from: "imported", then: "emptied" },
  /** Signed-in sessions of staff that have ended. */
  ended_sessions: { days: 2, from: "ended", then: "deleted" },
} as const satisfies Record<string, RetentionRule>;
export type RetainedKind = keyof typeof RETENTION;

/** Compliance bodies hold nothing but a person's identity; the purge, which reads the address there, empties them itself. */
export const COMPLIANCE_BODIES_HOURS = 24;
/** By when a merchant must have answered a request (GDPR: one month). */
export const ANSWER_WITHIN_DAYS = 30;

/** What is older than this, of a kind, has reached its end at `now`. */
export function endOf(kind: RetainedKind, now: Date): Date {
  return new Date(now.getTime() - RETENTION[kind].days * 86_400_000);
}
/** When something of a kind that began at `from` reaches its end. */
export function keptUntil(kind: RetainedKind, from: Date): Date {
  return new Date(from.getTime() + RETENTION[kind].days * 86_400_000);
}
