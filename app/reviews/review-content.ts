// What an author writes, and its limits. Text is kept as it came (normalised line ends, no control
// characters) and escaped wherever it is shown. Pure.
import { z } from "zod";

export const TITLE_MAX = 150;
export const BODY_MAX = 5_000;
export const NAME_MAX = 60;
export const PHOTOS_MAX = 10;
export const VIDEOS_MAX = 2;

/** Half a surrogate pair is no character, and no database takes it. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\uFFFD");
}
/** One line without control characters. */
const line = (max: number) =>
  z
    .string()
    .transform((text) =>
      wellFormed(text)
        .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
        .trim(),
    )
    .pipe(z.string().max(max));
/** Paragraphs: line ends are \n, other control characters go. */
const text = (max: number) =>
  z
    .string()
    .transform((raw) =>
      wellFormed(raw)
        .replace(/\r\n?/g, "\n")
        .replace(/[^\P{Cc}\n\t]+/gu, "")
        .replace(/\n{3,}/g, "\n\n")
        .trim(),
    )
    .pipe(z.string().max(max));

export const reviewContentSchema = z.strictObject({
  rating: z.number().int().min(1).max(5),
  title: line(TITLE_MAX).default(""),
  body: text(BODY_MAX).default(""),
  pros: line(300).default(""),
  cons: line(300).default(""),
  answers: z
    .array(z.strictObject({ questionId: z.string().max(40), optionId: z.string().max(40) }))
    .max(12)
    .default([]),
  authorName: line(NAME_MAX).default(""),
});
export type ReviewContent = z.infer<typeof reviewContentSchema>;
/** The fields people read. */
export const TEXT_FIELDS = ["title", "body", "pros", "cons", "authorName"] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

export const REVIEW_STATUSES = ["published", "held", "rejected", "unconfirmed", "deleted"] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];
export const REVIEW_SOURCES = ["request", "account", "signed_in", "open", "import"] as const;
export type ReviewSource = (typeof REVIEW_SOURCES)[number];

/** Why a review may be rejected: the whole list, shown in public with its counts. No reason is about stars or opinion. */
export const REJECT_REASONS = [
  "spam",
  "offensive",
  "personal_data",
  "off_topic",
  "fake",
  "unlawful_claim",
  "rights_of_others",
  "wrong_product",
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];
