// How long a hold still lasts. Pure.
const DAY_MS = 86_400_000;

export type Countdown =
  | { state: "expires"; days: number }
  | { state: "confirms"; until: Date }
  | { state: "person" }
  | { state: "overdue"; since: Date };

interface HeldReview {
  holdUntil: Date | string | null;
  /** Only its author can release it. */
  waitsForAuthor: boolean;
  submittedAt: Date | string;
}

/** What happens to a held review if nobody does anything. @param holdDays how long a person has before it is overdue */
export function countdownOf(
  { holdUntil, waitsForAuthor, submittedAt }: HeldReview,
  now: Date,
  holdDays: number,
): Countdown {
  if (holdUntil !== null) {
    const until = new Date(holdUntil);
    if (waitsForAuthor) return { state: "confirms", until };
    return { state: "expires", days: Math.max(0, Math.floor((until.getTime() - now.getTime()) / DAY_MS)) };
  }
  const since = new Date(new Date(submittedAt).getTime() + holdDays * DAY_MS);
  return since <= now ? { state: "overdue", since } : { state: "person" };
}
