// From findings to what happens with the words: the strictest finding wins. Pure.
import { HOLD_DAYS, HOLD_END, type Finding, type FindingKind } from "./findings";

const DAY_MS = 86_400_000;

/** How a hold ends: published by itself, by the author's confirmation (else unconfirmed), or by a person. */
export type Ending = "expires" | "confirms" | "person";
export interface Hold {
  ending: Ending;
  /** The kinds of finding that hold, in the order of the list. */
  reasons: FindingKind[];
  /** When it ends without anybody; null: a person ends it. */
  until: Date | null;
}
const STRICTNESS: readonly Ending[] = ["expires", "confirms", "person"];

/** The hold that findings make; null: nothing holds, the words are shown at once. */
export function holdOf(findings: readonly Pick<Finding, "kind">[], submittedAt: Date): Hold | null {
  const reasons = [...new Set(findings.map(({ kind }) => kind))].filter((kind) => endingOf(kind) !== null);
  const strictest = reasons.reduce<number>((worst, kind) => Math.max(worst, STRICTNESS.indexOf(endingOf(kind)!)), -1);
  const ending = STRICTNESS[strictest];
  if (!ending) return null;
  return { ending, reasons, until: ending === "person" ? null : holdDue(submittedAt) };
}

/** When 14 days are over: holds that end by themselves end, the others show as overdue. */
export function holdDue(submittedAt: Date): Date {
  return new Date(submittedAt.getTime() + HOLD_DAYS * DAY_MS);
}

/** What still holds once the author has confirmed. */
export function holdAfterConfirmation(findings: readonly Finding[], submittedAt: Date): Hold | null {
  return holdOf(
    findings.filter(({ kind }) => HOLD_END[kind] !== "confirms"),
    submittedAt,
  );
}

/** Whether the author's confirmation is waited for. */
export function needsConfirmation(reasons: readonly string[]): boolean {
  return reasons.some((reason) => HOLD_END[reason as FindingKind] === "confirms");
}

function endingOf(kind: FindingKind): Ending | null {
  const end = HOLD_END[kind];
  return end === "masks" || end === "none" ? null : end;
}
