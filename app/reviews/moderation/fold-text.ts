// A text in its plainest form (one width, no invisible characters), with the way back: each place of the
// folded text knows the stretch of the original it came from. Pure.

export interface FoldedText {
  text: string;
  /** The original stretch of folded[from, to). */
  span(from: number, to: number): { from: number; to: number };
}

// Zero-width and bidirectional marks, soft hyphens, variation selectors: nobody sees them, filters should not either.
const INVISIBLE = /^[\u00AD\u034F\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFE00-\uFE0F\uFEFF]$/;
// A half-width kana and its voicing mark are one character in the usual form.
const CLUSTER = /[\s\S][\p{M}\uFF9E\uFF9F]*/gu;

/**
 * Folds `text` by NFKC, character by character.
 * @param change further changes of one folded character: "" leaves it out
 */
export function foldText(text: string, change: (folded: string) => string = (folded) => folded): FoldedText {
  const starts: number[] = [];
  const ends: number[] = [];
  let folded = "";
  for (const match of text.matchAll(CLUSTER)) {
    const piece = [...match[0]].filter((character) => !INVISIBLE.test(character)).join("");
    const plain = change(piece.normalize("NFKC"));
    for (let unit = 0; unit < plain.length; unit += 1) {
      starts.push(match.index);
      ends.push(match.index + match[0].length);
    }
    folded += plain;
  }
  return {
    text: folded,
    span: (from, to) => ({ from: starts[from] ?? text.length, to: ends[Math.max(from, to - 1)] ?? text.length }),
  };
}
