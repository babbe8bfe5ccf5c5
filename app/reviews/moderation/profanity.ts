// Words that offend, and the shop's own words. The words of other languages' lists come from the package
// naughty-words; which of them are ordinary in shops is decided in profanity-words.ts. Pure.
import naughtyWords from "naughty-words";

import type { Finding } from "./findings";
import { foldText, type FoldedText } from "./fold-text";
import { outermost } from "./links";
import {
  ENGLISH,
  INNOCENT_ENGLISH,
  INNOCENT_JAPANESE,
  JAPANESE,
  MILD_ENGLISH,
  MILD_JAPANESE,
  MILD_JAPANESE_OWN,
  OFTEN_MASKED,
} from "./profanity-words";
import { findInEach, type ReviewTexts, type Span } from "./texts";

/** What stands for a letter that is hidden. */
const HIDDEN = "○●〇◯⚪✗×■□◎◆◇☆★*＊";
/** What is put between letters so that filters miss them. */
const BETWEEN = new RegExp(`[${HIDDEN}・·.．_\\-‐‑‒–—―|/＿\\s]`, "u");
const JAPANESE_LETTER = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}ー]/u;

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const byLength = (words: Iterable<string>) => [...new Set(words)].sort((a, b) => b.length - a.length);

const latin = (words: readonly string[]) => words.filter((word) => !JAPANESE_LETTER.test(word) && /[a-z]/i.test(word));
const packaged = {
  en: naughtyWords.en.filter((word) => /[a-z]/i.test(word)),
  ja: naughtyWords.ja.map((word) => word.normalize("NFKC")).filter((word) => JAPANESE_LETTER.test(word)),
};
const mildJapanese = new Set([...MILD_JAPANESE].map((word) => word.normalize("NFKC")));

const WORDS = {
  strong: [...ENGLISH, ...packaged.en.filter((word) => !MILD_ENGLISH.has(word))],
  mild: [...MILD_ENGLISH, ...latin(naughtyWords.ja).map((word) => word.normalize("NFKC"))],
};
const TERMS = {
  strong: byLength([...JAPANESE, ...packaged.ja.filter((word) => !mildJapanese.has(word))]),
  mild: byLength([...MILD_JAPANESE_OWN, ...packaged.ja.filter((word) => mildJapanese.has(word))]),
};

// Words with spaces between them end where their letters end: Scunthorpe, cocktail and analysis are no findings.
function wholeWords(words: readonly string[]): RegExp {
  const alternatives = byLength(words).map((word) => escape(word).replaceAll(" ", "[\\s-]+"));
  return new RegExp(`(?<![\\p{Script=Latin}\\p{N}'])(?:${alternatives.join("|")})(?![\\p{Script=Latin}\\p{N}])`, "giu");
}
// Japanese has no spaces; a run of katakana is one word all the same (ファックス is a fax, フェラーリ a car), and
// so is the rest of a verb in hiragana.
function runs(terms: readonly string[]): RegExp {
  return new RegExp(terms.map(bounded).join("|"), "gu");
}
function bounded(term: string): string {
  if (/^[\p{Script=Katakana}ー]+$/u.test(term))
    return `(?<![\\p{Script=Katakana}ー])${escape(term)}(?![\\p{Script=Katakana}ー])`;
  if (/^\p{Script=Hiragana}+$/u.test(term))
    return `(?<![^\\P{Script=Hiragana}はがのをにもでとへや])${escape(term)}(?![とてたずぬ])`;
  return escape(term);
}
// One or more letters hidden, the first one and most of the others told. Whoever hides a mild word means it, too.
function hidden(terms: readonly string[]): RegExp {
  const long = terms.filter((term) => [...term].length >= 3 && JAPANESE_LETTER.test(term));
  const alternatives = long.map((term) => {
    const [first = "", ...rest] = [...term];
    return escape(first) + rest.map((letter) => `[${escape(letter)}${HIDDEN}]`).join("");
  });
  return new RegExp(alternatives.join("|"), "gu");
}
function maskedLatin(words: readonly string[]): RegExp {
  const alternatives = words.map((word) => {
    const letters = [...word];
    return letters
      .map((letter, index) =>
        index === 0 || index === letters.length - 1 ? letter : `[${letter}${LOOKALIKES[letter] ?? ""}*@#$%!•●○.]{1,4}`,
      )
      .join("");
  });
  return new RegExp(
    `(?<![\\p{Script=Latin}\\p{N}])(?:${alternatives.join("|")})(?:s|ing|ed|er)?(?![\\p{Script=Latin}\\p{N}])`,
    "giu",
  );
}
// F U C K, f.u.c.k: marks between all the letters.
function spacedLatin(words: readonly string[]): RegExp {
  const alternatives = words.map((word) => [...word].join("[\\s._-]{1,3}"));
  return new RegExp(`(?<![\\p{Script=Latin}\\p{N}])(?:${alternatives.join("|")})(?![\\p{Script=Latin}\\p{N}])`, "giu");
}
const LOOKALIKES: Record<string, string> = {
  a: "4",
  c: "(",
  e: "3",
  g: "69",
  i: "1l|",
  o: "0",
  s: "5",
  t: "7+",
  u: "vµ",
};
const PATTERNS = {
  strong: [wholeWords(WORDS.strong), runs(TERMS.strong)],
  mild: [wholeWords(WORDS.mild), runs(TERMS.mild)],
  maskedLatin: maskedLatin(OFTEN_MASKED),
  spaced: spacedLatin(OFTEN_MASKED),
  gesture: /\u{1F595}/gu,
  hidden: hidden([...TERMS.strong, ...MILD_JAPANESE_OWN]),
  disguised: runs([...TERMS.strong, ...TERMS.mild]),
};

/** A finding per word; detail: word, or masked where it was disguised. */
export function findProfanity(texts: ReviewTexts, { mild }: { mild: boolean }): Finding[] {
  return findInEach(texts, "profanity", (text) => profanityIn(text, mild));
}

/** The words in one text. */
export function profanityIn(text: string, mild: boolean): Span[] {
  const folded = foldText(text);
  const innocent = [...matches(folded.text, INNOCENT_ENGLISH), ...matches(folded.text, INNOCENT_JAPANESE)];
  const patterns = mild ? [...PATTERNS.strong, ...PATTERNS.mild] : PATTERNS.strong;
  const plain = patterns
    .flatMap((pattern) => matches(folded.text, pattern))
    .concat(matches(folded.text, PATTERNS.gesture))
    .filter((found) => !innocent.some((each) => each.from <= found.from && found.to <= each.to));
  const hiddenOnes = [
    ...matches(folded.text, PATTERNS.maskedLatin).filter(({ from, to }) => isDrawnOut(folded.text.slice(from, to))),
    ...matches(folded.text, PATTERNS.spaced),
    ...matches(folded.text, PATTERNS.hidden).filter(({ from, to }) => isHalfTold(folded.text.slice(from, to))),
  ];
  return outermost([
    ...plain.map(({ from, to }) => ({ ...folded.span(from, to), detail: "word" })),
    ...hiddenOnes.map(({ from, to }) => ({ ...folded.span(from, to), detail: "masked" })),
    ...disguisedIn(text),
  ]);
}

interface Place {
  from: number;
  to: number;
}
function matches(text: string, pattern: RegExp): Place[] {
  return [...text.matchAll(pattern)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
}
// A plain word is judged as a plain word: f*ck and fuuuck are not plain.
function isDrawnOut(text: string): boolean {
  return !/^\p{L}+$/u.test(text) || /(\p{L})\1\1/iu.test(text);
}
function isHalfTold(text: string): boolean {
  const letters = [...text];
  const masked = letters.filter((letter) => HIDDEN.includes(letter)).length;
  return masked > 0 && masked * 2 <= letters.length;
}

// Kanji that look like katakana: バ力 is written with the kanji for strength.
const LIKE_KATAKANA: Record<string, string> = {
  力: "カ",
  口: "ロ",
  二: "ニ",
  八: "ハ",
  夕: "タ",
  工: "エ",
  卜: "ト",
  千: "チ",
  一: "ー",
  才: "オ",
};

/**
 * Words somebody took the trouble to disguise: marks between the letters, or letters that only look alike. Whoever
 * does that means it, so mild words count as well.
 */
function disguisedIn(text: string): Span[] {
  const joined = joinLetters(text);
  return matches(joined.text, PATTERNS.disguised)
    .map(({ from, to }) => ({ ...joined.span(from, to), told: joined.text.slice(from, to) }))
    .filter(({ from, to, told }) => isDisguise(text.slice(from, to).normalize("NFKC"), told))
    .map(({ from, to }) => ({ from, to, detail: "masked" }));
}

// Only the marks of a disguise make one: a space or a line end is how people write.
function isDisguise(written: string, told: string): boolean {
  const letters = written.replace(/\s/gu, "");
  return letters !== told && !/[\s。、,，]/u.test(written);
}

/** The text without marks between Japanese letters, and with look-alikes beside katakana as katakana. */
function joinLetters(text: string): FoldedText {
  const plain = foldText(text);
  const letters = [...plain.text].filter((letter) => !BETWEEN.test(letter));
  let at = 0;
  return foldText(text, (folded) => {
    if (BETWEEN.test(folded)) return "";
    const index = at;
    at += [...folded].length;
    const like = LIKE_KATAKANA[folded];
    const beside = `${letters[index - 1] ?? ""}${letters[index + 1] ?? ""}`;
    return like !== undefined && /\p{Script=Katakana}/u.test(beside) ? like : folded;
  });
}

/** The shop's own words to look at: whole words where words have spaces, anywhere in Japanese. */
export function findShopWords(texts: ReviewTexts, words: readonly string[]): Finding[] {
  if (words.length === 0) return [];
  const folded = words.map((word) => foldText(word).text);
  const patterns = [
    wholeOr(
      folded.filter((word) => !JAPANESE_LETTER.test(word)),
      wholeWords,
    ),
    wholeOr(
      folded.filter((word) => JAPANESE_LETTER.test(word)),
      (terms) => new RegExp(byLength(terms).map(escape).join("|"), "giu"),
    ),
  ].flatMap((pattern) => pattern ?? []);
  return findInEach(texts, "shop_word", (text) => {
    const plain = foldText(text);
    return outermost(
      patterns
        .flatMap((pattern) => matches(plain.text, pattern))
        .map(({ from, to }) => ({ ...plain.span(from, to), detail: "" })),
    );
  });
}

function wholeOr(words: readonly string[], make: (words: readonly string[]) => RegExp): RegExp | null {
  return words.length > 0 ? make(words) : null;
}
