// English sentences: words, clauses and their scores. Pure.
//
// "must have", "fell apart"            turns of phrase count as one word
// "not really good", "no problems"     a negation up to four words before turns a word around
// "too small", "smaller than expected" words of measure complain only when compared with what should be
// "doesn't close", "never arrived"     what a thing should do is silent unless it does not
// "I like it", "looks like"            "like" praises only where somebody likes
// "insanely good", "pretty bad"        an adverb before a word with a weight only underlines it
// "cheap plastic", "cheap price"       "cheap" praises a price and nothing else
import { emojiScore, type ClauseScore } from "./sentiment";
import {
  COMPLAINING,
  COMPLAINT,
  EXPECTED,
  MEASURES,
  NEGATION_REACH,
  NEGATIONS,
  NOT_TOO,
  PRAISE,
  PRAISING,
} from "./words-en";

export interface EnglishClause extends ClauseScore {
  words: string[];
}
const CONTRAST = new Set(["but", "however", "yet", "except", "unfortunately", "sadly"]);
const CONCESSION = /^\s*(although|though|even though|despite|in spite|while)\b/;
const LIKERS = new Set(
  "i we they he she really also you kids would definitely both to n't not don't didn't doesn't".split(" "),
);
const HOPED =
  /\bthan (i |we )?(expected|hoped|thought|pictured|advertised|described|imagined|stated|shown|the (picture|photo|description)s?)/;
// Stand for a turn of phrase; no word looks like them.
const PRAISED = "1praised";
const COMPLAINED = "1complained";
const phrases = (patterns: readonly string[]) =>
  new RegExp(`(?<![\\p{L}\\p{N}'-])(?:${patterns.join("|")})(?![\\p{L}\\p{N}])`, "gu");
const PRAISING_PHRASE = phrases(PRAISING);
const COMPLAINING_PHRASE = phrases(COMPLAINING);
const WORD = /[\p{L}\p{N}]+(?:['-][\p{L}]+)*/gu;

/** The sentences of a text. */
export function englishSentences(text: string): string[] {
  return text.split(/(?<=[.!?])\s+|\n+/u).filter((sentence) => /\p{L}/u.test(sentence));
}

/** The clauses of a sentence, each with its score. */
export function englishClauses(sentence: string): EnglishClause[] {
  const plain = sentence.toLowerCase().replaceAll("’", "'");
  const parts = plain.split(/[,;:()–—]| (?=(?:but|however|although|though|yet|except)\b)|(?<=\p{L}{2}[.!?])/u);
  const concedes = parts.some((part) => CONCESSION.test(part) && (part.match(WORD)?.length ?? 0) > 1);
  const clauses = parts.flatMap((part) => {
    const words: string[] = part.match(WORD) ?? [];
    if (words.length === 0) return [];
    const isContrast = CONTRAST.has(words[0] ?? "") || (concedes && !CONCESSION.test(part));
    return [{ words, score: scoreOf(part), isContrast }];
  });
  const last = clauses.at(-1);
  if (last) last.score += emojiScore(sentence);
  return clauses;
}

function scoreOf(clause: string): number {
  const joined = clause.replace(PRAISING_PHRASE, ` ${PRAISED} `).replace(COMPLAINING_PHRASE, ` ${COMPLAINED} `);
  const words = joined.match(WORD) ?? [];
  const isCompared = HOPED.test(clause);
  return words.reduce((sum, word, index) => sum + valueAt(words, word, index, isCompared), 0);
}

function valueAt(words: string[], word: string, index: number, isCompared: boolean): number {
  if (word === PRAISED) return negated(words, index);
  if (word === COMPLAINED) return -1;
  const before = words[index - 1] ?? "";
  const after = words[index + 1] ?? "";
  if (before === "too" || (before === "little" && words[index - 2] === "too")) {
    return NOT_TOO.has(word) || /^(much|many)$/.test(word) ? 0 : -negated(words, index - 1);
  }
  if (word === "like") return LIKERS.has(before) ? negated(words, index) : 0;
  if (word === "well") return before === "as" || index === 0 ? 0 : negated(words, index);
  if (word === "kind" && after === "of") return 0;
  if (word === "cheap" || word === "cheaply")
    return /^(price|prices|shipping)$/.test(after) ? 1 : -negated(words, index);
  if ((word === "pretty" || word.endsWith("ly")) && (polarity(after) !== 0 || MEASURES.has(after))) return 0;
  const own = polarity(word);
  if (own !== 0) return own * negated(words, index);
  if (inflections(word).some((form) => EXPECTED.has(form))) return negated(words, index) === -1 ? -1 : 0;
  return isCompared && MEASURES.has(word) ? -1 : 0;
}

function polarity(word: string): -1 | 0 | 1 {
  for (const form of inflections(word)) {
    const isPraise = PRAISE.has(form);
    if (isPraise !== COMPLAINT.has(form)) return isPraise ? 1 : -1;
  }
  return 0;
}

// A word and what it may be a form of: loves, loved, smoothly, dented, unravelling, softest, itchier.
function inflections(word: string): string[] {
  const forms = [word];
  for (const [ending, replacements] of ENDINGS) {
    if (!word.endsWith(ending) || word.length < ending.length + 3) continue;
    const stem = word.slice(0, -ending.length);
    forms.push(...replacements.map((replacement) => stem + replacement));
    if (stem.at(-1) === stem.at(-2)) forms.push(stem.slice(0, -1));
  }
  return forms;
}
const ENDINGS: readonly (readonly [string, readonly string[]])[] = [
  ["ily", ["y"]],
  ["ly", ["", "le"]],
  ["ies", ["y"]],
  ["es", ["", "e"]],
  ["s", [""]],
  ["ied", ["y"]],
  ["ed", ["", "e"]],
  ["ing", ["", "e"]],
  ["ier", ["y"]],
  ["iest", ["y"]],
  ["er", ["", "e"]],
  ["est", ["", "e"]],
];

// -1 where a negation stands before, else 1. "Not only good" praises all the same; a new start ("and I …") ends its reach.
function negated(words: string[], index: number): 1 | -1 {
  const near = words.slice(Math.max(0, index - NEGATION_REACH), index);
  const at = near.findLastIndex((word) => NEGATIONS.has(word));
  if (at === -1 || near[at + 1] === "only") return 1;
  return near.slice(at + 1).some((word) => ENDS_NEGATION.has(word)) ? 1 : -1;
}
const ENDS_NEGATION = new Set(["because", "until", "since", "when", "while", "if", "i", "and", PRAISED, COMPLAINED]);

/** Whether a clause names one of the terms. */
export function namesEnglish(words: readonly string[], terms: readonly string[]): boolean {
  return terms.some((term) =>
    term.endsWith("*")
      ? words.some((word) => word.startsWith(term.slice(0, -1)))
      : words.some((word) => word === term || word === `${term}s` || word === `${term}es`),
  );
}
