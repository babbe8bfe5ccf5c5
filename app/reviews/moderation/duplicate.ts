// The same words again under another name. Pure.
import type { Finding } from "./findings";
import { allWords, type ReviewTexts } from "./texts";

/** Shorter texts ("Great product") are alike by nature. */
const WORTH_COMPARING = 24;
const SHINGLE = 5;
/** Share of the smaller text's shingles that the other one holds. */
const ALIKE = 0.8;

/** What a text is compared by: letters and digits alone, in one width and case. */
export function comparable(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** One finding when the words are those of another author's recent review, or nearly so. */
export function findDuplicate(texts: ReviewTexts, others: readonly string[]): Finding[] {
  const own = comparable(allWords(texts));
  if ([...own].length < WORTH_COMPARING) return [];
  const shingles = shinglesOf(own);
  const best = others.reduce((alike, other) => Math.max(alike, likeness(own, shingles, comparable(other))), 0);
  if (best < ALIKE) return [];
  return [{ kind: "duplicate", field: null, from: 0, to: 0, detail: String(Math.round(best * 100)) }];
}

function likeness(own: string, shingles: ReadonlySet<string>, other: string): number {
  if (own === other) return 1;
  if ([...other].length < WORTH_COMPARING) return 0;
  const theirs = shinglesOf(other);
  const smaller = Math.min(shingles.size, theirs.size);
  // A short sentence inside a long review is a coincidence.
  if (smaller * 2 < Math.max(shingles.size, theirs.size)) return 0;
  let shared = 0;
  for (const shingle of theirs) if (shingles.has(shingle)) shared += 1;
  return shared / smaller;
}

function shinglesOf(text: string): Set<string> {
  const letters = [...text];
  const shingles = new Set<string>();
  for (let at = 0; at + SHINGLE <= letters.length; at += 1) shingles.add(letters.slice(at, at + SHINGLE).join(""));
  return shingles;
}
