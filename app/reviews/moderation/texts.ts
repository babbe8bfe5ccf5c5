// The words of a review as rules see them, and what each rule shares. Pure. The stars are not among them:
// a rule that cannot see the rating cannot depend on it.
import { TEXT_FIELDS, type TextField } from "../review-content";
import type { Finding, FindingKind } from "./findings";

/** The fields people read, and nothing else. */
export type ReviewTexts = Readonly<Record<TextField, string>>;

/** The words of a review, without its stars and answers. */
export function textsOf(content: ReviewTexts): ReviewTexts {
  const { title, body, pros, cons, authorName } = content;
  return { title, body, pros, cons, authorName };
}

/** A stretch of text that a rule noticed. */
export interface Span {
  from: number;
  to: number;
  detail: string;
}

/** What `look` notices in each field, as findings of one kind. */
export function findInEach(texts: ReviewTexts, kind: FindingKind, look: (text: string) => Span[]): Finding[] {
  return TEXT_FIELDS.flatMap((field) =>
    look(texts[field]).map(({ from, to, detail }) => ({ kind, field, from, to, detail })),
  );
}

/** Everything that was written, for rules about the review as a whole. */
export function allWords(texts: ReviewTexts): string {
  return [texts.title, texts.body, texts.pros, texts.cons].filter((text) => text !== "").join("\n");
}
