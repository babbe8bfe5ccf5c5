// What stands in the form of a review, as the page writes it and as it comes back: names of fields, values, errors.
// Nothing that comes back is believed: it is text until reviewContentSchema has read it. Pure.
import { BODY_MAX, NAME_MAX, reviewContentSchema, TITLE_MAX, type ReviewContent } from "../../reviews/review-content";
import type { ReviewQuestion } from "../../reviews/review-settings";

/** Posted fields in the order they came, by name. */
export type Fields = ReadonlyMap<string, readonly string[]>;
/** The last value of a field; "" when there is none. */
export function valueOf(fields: Fields, name: string): string {
  return fields.get(name)?.at(-1) ?? "";
}

/** How long each text may be. */
export const TEXT_MAX = { title: TITLE_MAX, body: BODY_MAX, pros: 300, cons: 300, authorName: NAME_MAX } as const;
export type TextInput = "title" | "body" | "pros" | "cons";
const TEXT_INPUTS: readonly TextInput[] = ["title", "body", "pros", "cons"];

/** What somebody has typed about one product. */
export interface SectionValues {
  rating: number | null;
  texts: Record<TextInput, string>;
  /** Question id → option id. */
  answers: Record<string, string>;
}
export const NO_VALUES: SectionValues = {
  rating: null,
  texts: { title: "", body: "", pros: "", cons: "" },
  answers: {},
};
/** Codes of what is wrong, by field. */
export type SectionErrors = Partial<Record<TextInput | "rating" | "authorName", "missing" | "too_long" | "bad_text">>;

/** The name of a section's field: "rating.7001". */
export function fieldName(field: string, key: string): string {
  return `${field}.${key}`;
}
/** The name of a question's field. */
export function answerName(questionId: string, key: string): string {
  return `answer.${questionId}.${key}`;
}

/** What was typed in the section `key`. */
export function readSection(fields: Fields, key: string, questions: readonly ReviewQuestion[]): SectionValues {
  const text = (input: TextInput) => valueOf(fields, fieldName(input, key));
  const answers = questions.flatMap(({ id, options }) => {
    const chosen = valueOf(fields, answerName(id, key));
    return options.some((option) => option.id === chosen) ? [[id, chosen] as const] : [];
  });
  return {
    rating: toRating(valueOf(fields, fieldName("rating", key))),
    texts: { title: text("title"), body: text("body"), pros: text("pros"), cons: text("cons") },
    answers: Object.fromEntries(answers),
  };
}
/** One to five; null for anything else. */
export function toRating(text: string | null): number | null {
  return text !== null && /^[1-5]$/.test(text) ? Number(text) : null;
}

/** Whether somebody has begun to fill the section in. */
export function isTouched({ rating, texts, answers }: SectionValues): boolean {
  return rating !== null || TEXT_INPUTS.some((input) => texts[input].trim() !== "") || Object.keys(answers).length > 0;
}

/** The content of a filled section, or what is wrong with it. */
export function contentOf(
  { rating, texts, answers }: SectionValues,
  authorName: string,
): { outcome: "content"; content: ReviewContent } | { outcome: "errors"; errors: SectionErrors } {
  const parsed = reviewContentSchema.safeParse({
    rating: rating ?? 0,
    ...texts,
    answers: Object.entries(answers).map(([questionId, optionId]) => ({ questionId, optionId })),
    authorName,
  });
  if (parsed.success) return { outcome: "content", content: parsed.data };
  const errors: SectionErrors = {};
  for (const { path } of parsed.error.issues) {
    const [field] = path;
    if (field === "rating") errors.rating = "missing";
    else if (field === "authorName") errors.authorName = "too_long";
    else if (TEXT_INPUTS.some((input) => input === field)) errors[field as TextInput] = "too_long";
  }
  return { outcome: "errors", errors };
}

const EMAIL = /^[^\s@<>"'(),:;\\[\]]{1,64}@[^\s@<>"'(),:;\\[\]]{1,190}\.[^\s@<>"'(),:;\\[\].]{2,63}$/;
/** An address as it was meant; null: none. */
export function toEmail(text: string): string | null {
  const trimmed = text.trim().normalize("NFC");
  return trimmed.length <= 254 && EMAIL.test(trimmed) ? trimmed : null;
}

/** What somebody typed into any form of ours, for pages that could not take it: [label-less] texts only. */
export function typedTexts(fields: Fields): string[] {
  return [...fields]
    .filter(([name]) => /^(title|body|pros|cons|text|name)(\.|$)/.test(name))
    .flatMap(([, values]) => values)
    .map((text) => text.trim())
    .filter((text) => text !== "");
}
