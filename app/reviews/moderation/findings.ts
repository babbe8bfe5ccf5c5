// What a rule noticed in a review, and what follows from it. Pure; no rule knows the stars.
//
// finding         hold ends                          what is shown meanwhile / at the end
// link            by itself after 14 days            nothing / everything, links as plain text
// contact_data    never: the text publishes masked   published at once with the data masked; unmasked for staff only
// profanity       by itself after 14 days
// shop_word       by itself after 14 days            the shop's own list
// spam            by itself after 14 days
// duplicate       by itself after 14 days
// first_look      by itself after 14 days            the shop looks at everything first
// staff           by itself after 14 days            published with the label "works here"
// velocity        with the author's confirmation     else closed as "unconfirmed" after 14 days
// unverified      with the author's confirmation     likewise
// claim           never: a person decides            shows as overdue after 14 days
// malware, threat never: a person decides
// media           never for the media                the text publishes without them
import type { TextField } from "../review-content";

export const HOLD_DAYS = 14;
export const FINDING_KINDS = [
  "link",
  "contact_data",
  "profanity",
  "shop_word",
  "spam",
  "duplicate",
  "first_look",
  "staff",
  "velocity",
  "unverified",
  "claim",
  "malware",
  "threat",
  "media",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  kind: FindingKind;
  /** Where in the text, as UTF-16 offsets; null: about the review as a whole. */
  field: TextField | null;
  from: number;
  to: number;
  /** A code that explains it to staff: the article of a claim, the kind of contact data, the score. Never the text itself. */
  detail: string;
  /** Staff decided whether the stretch is masked; absent: as the kind says. */
  masked?: boolean;
}

/** expires: published by itself. confirms: ends with the author's confirmation. masks: no hold, shown masked. person: stays. none: only its media wait. */
export type HoldEnd = "expires" | "confirms" | "masks" | "person" | "none";
export const HOLD_END: Record<FindingKind, HoldEnd> = {
  link: "expires",
  contact_data: "masks",
  profanity: "expires",
  shop_word: "expires",
  spam: "expires",
  duplicate: "expires",
  first_look: "expires",
  staff: "expires",
  velocity: "confirms",
  unverified: "confirms",
  claim: "person",
  malware: "person",
  threat: "person",
  media: "none",
};
