// What a review says about which topic. Pure, but for the tokenizer that is handed in.
import { englishClauses, englishSentences, namesEnglish } from "./english";
import { japaneseClauses, japaneseSentences, namesJapanese, type JapaneseToken } from "./japanese";
import { sentimentOf, sign, type ClauseScore, type Sentiment } from "./sentiment";
import { TOPICS } from "./topics";

export interface Mention {
  topic: string;
  sentiment: Sentiment;
}
export type TokenizeJapanese = (text: string) => JapaneseToken[];

/** Whether a text is Japanese: kana decide, kanji alone as well. */
export function isJapanese(text: string): boolean {
  return /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text);
}

interface Sentence {
  clauses: (ClauseScore & { names: (topic: (typeof TOPICS)[number]) => boolean })[];
}

// Each sentence in its own language: one review may speak two.
function sentencesOf(text: string, tokenize: TokenizeJapanese | null): Sentence[] {
  if (!tokenize || !isJapanese(text)) return englishSentences(text).map(inEnglish);
  return japaneseSentences(text).flatMap((sentence) =>
    isJapanese(sentence) ? [inJapanese(sentence, tokenize)] : englishSentences(sentence).map(inEnglish),
  );
}

function inJapanese(sentence: string, tokenize: TokenizeJapanese): Sentence {
  const clauses = japaneseClauses(tokenize(sentence));
  return {
    clauses: clauses.map((clause) => ({ ...clause, names: (topic) => namesJapanese(clause.tokens, topic.ja) })),
  };
}

function inEnglish(sentence: string): Sentence {
  const clauses = englishClauses(sentence);
  return {
    clauses: clauses.map((clause) => ({ ...clause, names: (topic) => namesEnglish(clause.words, topic.en) })),
  };
}

/** The sentiment of one sentence. `tokenize` is needed for Japanese. */
export function sentenceSentiment(sentence: string, tokenize: TokenizeJapanese | null): Sentiment {
  return sentimentOf(sentencesOf(sentence, tokenize).flatMap(({ clauses }) => clauses));
}

/** Each topic that the texts name, once, with what they say of it in all. A clause that only names it speaks with its sentence. */
export function mentionsOf(texts: readonly string[], tokenize: TokenizeJapanese | null): Mention[] {
  const totals = new Map<string, number>();
  for (const { clauses } of texts.flatMap((text) => sentencesOf(text, tokenize))) {
    const whole = sentimentOf(clauses);
    for (const topic of TOPICS) {
      const own = clauses.filter((clause) => clause.names(topic));
      if (own.length === 0) continue;
      const said = own.reduce((sum, { score }) => sum + score, 0);
      totals.set(topic.id, (totals.get(topic.id) ?? 0) + (said === 0 ? whole : sign(said)));
    }
  }
  return [...totals].map(([topic, total]) => ({ topic, sentiment: sign(total) }));
}
