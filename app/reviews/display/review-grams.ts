// What the words of a review are found by. Two characters are a whole word in Japanese, so words are kept as
// bigrams, each behind a mark of its group: a search looks at one product's reviews only, whatever else the
// shop holds. Pure.
import { createHash } from "node:crypto";

export interface GramPlace {
  shopId: number;
  groupKey: string;
}
export interface GramAnswer {
  questionId: string;
  optionId: string;
}

/** The shortest keyword that is looked for. */
export const KEYWORD_MIN = 2;
export const KEYWORD_MAX = 60;

// Product ids are long and a review has hundreds of grams: eight characters stand for shop and group. Two groups
// of one shop that shared them would cost a few more rows to look at, and no wrong result.
function markOf({ shopId, groupKey }: GramPlace): string {
  return createHash("sha256").update(`${shopId}/${groupKey}`).digest().subarray(0, 6).toString("base64url");
}

/** Text as it is compared: without spaces and marks of width or case, so that ｼﾐ finds シミ. */
export function searchForm(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/gu, "");
}
function bigrams(text: string): string[] {
  const characters = [...searchForm(text)];
  return characters.slice(1).map((character, index) => `${characters[index] ?? ""}${character}`);
}

/** review.search_grams: of the words as they are shown (masked ones are not found) and of the answers. */
export function gramsOfReview(place: GramPlace, texts: readonly string[], answers: readonly GramAnswer[]): string[] {
  const mark = markOf(place);
  return [...new Set([...texts.flatMap(bigrams), ...answers.map(answerGram)].map((gram) => `${mark}${gram}`))];
}

/** The words of a search, as they are compared; null: too short to look for. */
export function readKeyword(text: string): string[] | null {
  const words = text.trim().slice(0, KEYWORD_MAX).split(/\s+/u).map(searchForm);
  const long = [...new Set(words)].filter((word) => [...word].length >= KEYWORD_MIN);
  return long.length > 0 ? long.slice(0, 5) : null;
}

/** The grams that every match has. */
export function gramsOfSearch(
  place: GramPlace,
  wanted: { words: readonly string[]; answers: readonly GramAnswer[] },
): string[] {
  const mark = markOf(place);
  return [...new Set([...wanted.words.flatMap(bigrams), ...wanted.answers.map(answerGram)])].map(
    (gram) => `${mark}${gram}`,
  );
}

// Longer than a bigram, so that no word can be taken for an answer.
function answerGram({ questionId, optionId }: GramAnswer): string {
  return `?${questionId}=${optionId}`;
}
