// How much a person may give or take by hand in one act, and from where on they are asked twice. Pure.

/** Points one adjustment may give to a member or take from them. */
export const ADJUSTMENT_MAX = 10_000_000;
/** An act that moves more points than this, over all its members, needs a confirmation. */
export const CONFIRM_ABOVE = 10_000;

/** Whether an act is large enough for a slip of the keyboard to hurt. */
export function needsConfirmation(points: number, members = 1): boolean {
  return Math.abs(points) * members > CONFIRM_ABOVE;
}
