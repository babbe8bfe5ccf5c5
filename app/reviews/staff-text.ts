// Words that staff, reporters and appellants type beside a review. Pure.

import { wellFormed } from "./review-content";

/** Paragraphs without control characters; line ends are \n. */
export function cleanText(raw: string): string {
  return wellFormed(raw)
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]+/gu, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
