// Where in a text something was noticed: the text cut at every mark's edge. Pure.
import type { Finding } from "../../../reviews/moderation/findings";

export interface TextPart {
  text: string;
  /** What was noticed there; empty: nothing. */
  findings: Finding[];
}

/** The text in parts; together they are the text again, whatever the findings say. */
export function markText(text: string, findings: readonly Finding[]): TextPart[] {
  const marks = findings
    .map((finding) => ({ finding, from: clamp(finding.from, text), to: clamp(finding.to, text) }))
    .filter(({ from, to }) => to > from);
  const edges = [...new Set([0, text.length, ...marks.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? text.length;
    return {
      text: text.slice(from, to),
      findings: marks.filter((mark) => mark.from <= from && mark.to >= to).map(({ finding }) => finding),
    };
  });
}

function clamp(place: number, text: string): number {
  return Math.min(Math.max(0, place), text.length);
}
