// Masks at output: the stored words never change. A masked stretch keeps its length, so that every other
// finding's place in the text stays true. Pure.
import { TEXT_FIELDS, type TextField } from "../review-content";
import { HOLD_END, type Finding, type FindingKind } from "./findings";
import type { ReviewTexts } from "./texts";

const MASK = "•";
/** What staff may hide by a mask, or show again. Opinions, and the shop's own word list, are never masked. */
export const MASKABLE: readonly FindingKind[] = ["contact_data", "link", "profanity"];

/** Whether shoppers see a mask there: what staff decided, else what the kind says. */
export function isMasked(finding: Finding): boolean {
  if (finding.field === null) return false;
  return finding.masked ?? HOLD_END[finding.kind] === "masks";
}

/** The text with its masked stretches hidden. `findings` are those of this very text. */
export function maskText(text: string, findings: readonly Pick<Finding, "from" | "to">[]): string {
  const hidden = [...findings].sort((a, b) => a.from - b.from);
  let masked = "";
  let at = 0;
  for (const { from, to } of hidden) {
    const start = Math.max(from, at);
    const end = Math.min(to, text.length);
    if (end <= start) continue;
    masked += text.slice(at, start) + text.slice(start, end).replace(/[^\s]/g, MASK);
    at = end;
  }
  return masked + text.slice(at);
}

/** One field as shoppers read it. */
export function shownText(field: TextField, text: string, findings: readonly Finding[]): string {
  return maskText(
    text,
    findings.filter((finding) => finding.field === field && isMasked(finding)),
  );
}

/** All the words of a review as shoppers read them: pages, mails, feeds and structured data take no others. */
export function shownTexts(texts: ReviewTexts, findings: readonly Finding[]): ReviewTexts {
  return Object.fromEntries(TEXT_FIELDS.map((field) => [field, shownText(field, texts[field], findings)])) as Record<
    TextField,
    string
  >;
}

/** Whether the author works for the shop: shown beside the review. */
export function isByStaff(findings: readonly Pick<Finding, "kind">[]): boolean {
  return findings.some(({ kind }) => kind === "staff");
}
