// Whether a sentence praises, complains or does neither: -1, 0 or 1. By word lists, clause by clause; what
// comes after "but" counts twice, for that is where people say what they mean. Pure.
export type Sentiment = -1 | 0 | 1;
/** A clause's score and whether it follows a "but". */
export interface ClauseScore {
  score: number;
  isContrast: boolean;
}

/** What a sentence says in all. */
export function sentimentOf(clauses: readonly ClauseScore[]): Sentiment {
  return sign(clauses.reduce((sum, { score, isContrast }) => sum + (isContrast ? 2 * score : score), 0));
}
/** -1, 0 or 1. */
export function sign(score: number): Sentiment {
  return score > 0 ? 1 : score < 0 ? -1 : 0;
}

const GLAD = /[😀😁😂🤣😃😄😆😊😋😍🥰😘🤩🤗😌🥹👍👏🙌💕💖💗💓💞💯✨🌟🎉🙆♥❤♡💪]/gu;
const SAD = /[😞😔😟😕🙁☹😣😖😫😩😢😭😤😠😡🤬👎💔🤢🤮😱😨😰🙅💢]/gu;

/** What the emoji of a sentence say, once. */
export function emojiScore(sentence: string): Sentiment {
  return sign((sentence.match(GLAD)?.length ?? 0) - (sentence.match(SAD)?.length ?? 0));
}
