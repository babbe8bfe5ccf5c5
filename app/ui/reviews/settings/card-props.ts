import type { ReviewDraft, ReviewField } from "./review-draft";

/** What each card of the review settings gets. */
export interface CardProps {
  draft: ReviewDraft;
  errorText(field: ReviewField): string | undefined;
  change(patch: Partial<ReviewDraft>): void;
}
