// Japanese sentences, as the tokenizer cut them: clauses and their scores. Pure.
//
// 良くない、合いません、べたつきがなくて   a negation close behind turns a word around
// 甘すぎる、甘すぎず                       too much of it complains; not too much praises
// 思ったより小さい                         words of measure complain when compared with what was hoped for
// 質が高い                                 高い praises what ought to be high, and complains of a price
// 手放せない、穴が開く                      turns of phrase count as one word
// 綿と書いてあるのに麻だった               のに complains where nothing else says anything
import { emojiScore, type ClauseScore } from "./sentiment";
import {
  COMPLAINING,
  COMPLAINT,
  HOPES,
  MEASURES,
  NEGATION_REACH,
  NEGATIONS,
  NEUTRAL,
  PRAISE,
  PRAISING,
} from "./words-ja";

export interface JapaneseToken {
  surface: string;
  base: string;
  /** 名詞, 動詞, 形容詞, 助詞 … */
  pos: string;
  /** 自立, 非自立, 接続助詞 … */
  detail: string;
}
export interface JapaneseClause extends ClauseScore {
  tokens: JapaneseToken[];
}

const CONTRAST = new Set([
  "が",
  "けど",
  "けれど",
  "けれども",
  "のに",
  "ものの",
  "ただ",
  "しかし",
  "でも",
  "ですが",
  "だが",
]);
const LIGHT = new Set(["する", "ある", "なる", "感じる", "出る", "いる", "できる", "思う", "言う", "いう"]);
const PRAISED_HIGH = /(質|性|評価|効果|満足度|人気|レベル|度|クオリティ|デザイン性|機能)$/u;
const UNDERLINING = new Set(["すごく", "凄く", "すっごく", "大変", "ひどく", "やばく"]);
const TOO_MUCH = /^(すぎる|過ぎる|すぎ|過ぎ)$/u;
const phrases = (patterns: readonly string[]) => new RegExp(patterns.join("|"), "gu");
// In this order: what one finds, the next does not look at again.
const PHRASES = [
  [phrases(NEUTRAL), 0],
  [phrases(COMPLAINING), -1],
  [phrases(PRAISING), 1],
] as const;

/** The sentences of a text. */
export function japaneseSentences(text: string): string[] {
  return text.split(/(?<=[。！？!?])|\n+/u).filter((sentence) => /[\p{L}]/u.test(sentence));
}

/** The clauses of a sentence, each with its score. */
export function japaneseClauses(tokens: readonly JapaneseToken[]): JapaneseClause[] {
  const clauses: JapaneseClause[] = [];
  const said = phrasesIn(tokens);
  let open: JapaneseToken[] = [];
  let isContrast = false;
  const close = (nextIsContrast: boolean) => {
    if (open.length > 0) clauses.push({ tokens: open, score: scoreOf(open, said), isContrast });
    open = [];
    isContrast = nextIsContrast;
  };
  for (const token of tokens) {
    const contrasts = CONTRAST.has(token.surface) && (token.pos === "接続詞" || token.detail === "接続助詞");
    if (contrasts) close(true);
    else if (token.pos === "記号") close(isContrast && open.length === 0);
    else open.push(token);
  }
  close(false);
  const last = clauses.at(-1);
  if (last) last.score += emojiScore(tokens.map(({ surface }) => surface).join(""));
  const isDespite = tokens.some(({ surface, detail }) => surface === "のに" && detail === "接続助詞");
  if (last && isDespite && clauses.every(({ score }) => score === 0)) last.score = -1;
  return clauses;
}

/** The tokens that turns of phrase cover, and what the phrase says at the first of them. */
function phrasesIn(tokens: readonly JapaneseToken[]): Map<JapaneseToken, number> {
  let text = tokens.map(({ surface }) => surface).join("");
  // The token that each character belongs to.
  const at = tokens.flatMap(({ surface }, index) => Array.from({ length: surface.length }, () => index));
  const taken = new Map<number, number>();
  for (const [pattern, value] of PHRASES) {
    text = text.replace(pattern, (found, ...rest: unknown[]) => {
      const start = rest.find((part) => typeof part === "number") ?? 0;
      const covered = [...new Set(at.slice(start, start + found.length))].filter((index) => !taken.has(index));
      for (const index of covered) taken.set(index, 0);
      const [first, last = first] = [covered[0], covered.at(-1)];
      if (first !== undefined && last !== undefined) taken.set(first, value === 1 ? turned(tokens, last) : value);
      return "\u0000".repeat(found.length);
    });
  }
  return new Map(
    tokens.flatMap((token, index) => {
      const value = taken.get(index);
      return value === undefined ? [] : [[token, value]];
    }),
  );
}

function scoreOf(tokens: readonly JapaneseToken[], said: ReadonlyMap<JapaneseToken, number>): number {
  const text = tokens.map(({ surface }) => surface).join("");
  const isCompared = HOPES.some((hope) => text.includes(hope));
  let score = 0;
  for (let index = 0; index < tokens.length;) {
    const token = tokens[index];
    const phrase = token && said.get(token);
    if (phrase !== undefined) {
      score += phrase;
      index += 1;
      continue;
    }
    const { value, length } = valueAt(tokens, index, isCompared);
    score += value;
    index += length;
  }
  return score;
}

function valueAt(
  tokens: readonly JapaneseToken[],
  index: number,
  isCompared: boolean,
): { value: number; length: number } {
  for (const length of [3, 2]) {
    const part = tokens.slice(index, index + length);
    const joined = part.map(({ surface }) => surface).join("");
    const whole =
      part
        .slice(0, -1)
        .map(({ surface }) => surface)
        .join("") + (part.at(-1)?.base ?? "");
    const value = part.length === length ? (polarity(joined) ?? polarity(whole)) : null;
    if (value !== null) return { value: value * turned(tokens, index + length - 1), length };
  }
  const token = tokens[index];
  if (!token) return { value: 0, length: 1 };
  const next = tokens[index + 1]?.base ?? "";
  const isMeasure = MEASURES.has(token.base);
  // すごく, 大変 before a word only underline it.
  if (UNDERLINING.has(token.surface) && next !== "" && !/^(です|だ|。)$/u.test(next)) return { value: 0, length: 1 };
  // 高さ, 重さ: the measure itself.
  if (isMeasure && tokens[index + 1]?.surface === "さ") return { value: 0, length: 2 };
  // 高すぎ without a verb leaves the adjective bare of its ending.
  if (
    TOO_MUCH.test(next) &&
    [token.base, `${token.base}い`].some((word) => MEASURES.has(word) || polarity(word) !== null)
  ) {
    return { value: -turned(tokens, index + 1), length: 2 };
  }
  if (
    token.base === "高い" &&
    PRAISED_HIGH.test(tokens.slice(Math.max(0, index - 4), index).findLast(({ pos }) => pos === "名詞")?.surface ?? "")
  ) {
    return { value: turned(tokens, index), length: 1 };
  }
  const value = polarity(token.base) ?? polarity(token.surface);
  // 疲れにくい, 割れにくい: what is bad hardly happens.
  if (value === -1 && token.pos === "動詞" && next === "にくい") return { value: turned(tokens, index + 1), length: 2 };
  if (value !== null && token.pos !== "助詞" && token.pos !== "助動詞")
    return { value: value * turned(tokens, index), length: 1 };
  return { value: isCompared && isMeasure ? -1 : 0, length: 1 };
}

function polarity(word: string): 1 | -1 | null {
  if (PRAISE.has(word)) return 1;
  return COMPLAINT.has(word) ? -1 : null;
}

// -1 where a negation follows before the next word of its own weight, else 1.
function turned(tokens: readonly JapaneseToken[], index: number): 1 | -1 {
  for (const [offset, token] of tokens.slice(index + 1, index + 1 + NEGATION_REACH).entries()) {
    if (NEGATIONS.has(token.base)) return -1;
    const isEnd = token.detail === "接続助詞" && tokens[index + offset + 2]?.detail !== "非自立";
    const isOwnWord = /^(動詞|形容詞|副詞)$/u.test(token.pos) && token.detail === "自立" && !LIGHT.has(token.base);
    const isNoun = token.pos === "名詞" && offset > 1;
    if (isEnd || isOwnWord || isNoun) return 1;
  }
  return 1;
}

/** Whether a clause names one of the terms, by base form or as it stands. */
export function namesJapanese(tokens: readonly JapaneseToken[], terms: readonly string[]): boolean {
  const text = tokens.map(({ surface }) => surface).join("");
  return terms.some(
    (term) =>
      tokens.some(({ base, surface }) => base === term || surface === term) || (term.length > 2 && text.includes(term)),
  );
}
