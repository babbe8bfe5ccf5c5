// The rules of moderation on texts that were collected to break programs.
import { expect } from "vitest";

import { judgeReview } from "../../app/reviews/moderation/judge-review";
import { holdOf } from "../../app/reviews/moderation/hold";
import { shownTexts } from "../../app/reviews/moderation/mask-text";
import { reviewContentSchema, TEXT_FIELDS, type ReviewContent } from "../../app/reviews/review-content";
import { DEFAULT_REVIEW_SETTINGS } from "../../app/reviews/review-settings";

const around = {
  author: { email: null, shopEmails: [], shopDomains: [] },
  isConfirmed: true,
  isVerified: true,
  recent: { byAuthor: 0, byPlace: 0, ofProduct: 0 },
  othersWords: [],
  hasUnviewedMedia: false,
};

/** The text as a form would send it. */
export function contentOf(text: string): ReviewContent {
  return reviewContentSchema.parse({ rating: 3, title: text.slice(0, 150), body: text.slice(0, 5_000) });
}

/** Each is judged, its findings lie inside it, a mask keeps its length, and scripts wait for a person. */
export function expectJudged(contents: readonly ReviewContent[]): void {
  for (const content of contents) {
    const findings = judgeReview(content, around, DEFAULT_REVIEW_SETTINGS);
    for (const { field, from, to } of findings)
      if (field !== null) expect([from >= 0, from < to, to <= content[field].length]).toEqual([true, true, true]);
    const shown = shownTexts(content, findings);
    for (const field of TEXT_FIELDS) expect(shown[field].length).toBe(content[field].length);
    if (/<script[\s>]|javascript:\w+\(/iu.test(content.body))
      expect([content.body, holdOf(findings, new Date(0))?.ending]).toEqual([content.body, "person"]);
  }
}
