// What a member's row says of their tier, at an instant. Pure: the reviews write it, the audit makes it again.
import type { Instant } from "../../shopify/order-facts";
import {
  horizonAfter,
  nextReview,
  standAt,
  tierTimeline,
  type TierCause,
  type TierHistory,
  type TierProgress,
} from "./tier-timeline";

export interface TierNow {
  tierId: string | null;
  /** When the tier held began; null without one. */
  since: Instant | null;
  until: Instant | null;
  /** What began it. */
  cause: TierCause;
  progress: TierProgress | null;
  /** When this is to be looked at again although nothing happens; null: never. */
  reviewAt: Instant | null;
}

/** The tier held at `now`, the way to the next one, and when that changes by itself. */
export function tierNow(history: TierHistory, now: Instant): TierNow {
  const segments = tierTimeline({ ...history, until: horizonOf(history, now) });
  const index = segments.findLastIndex(({ from }) => Date.parse(from) <= Date.parse(now));
  const held = segments[index] ?? null;
  let first = index;
  while (first > 0 && segments[first - 1]?.tierId === held?.tierId) first -= 1;
  const began = segments[first];
  const tierId = held?.tierId ?? null;
  const { progress, changesAt } = standAt(history, segments, now);
  const reviews = [nextReview(segments, now), changesAt, nextStep(history, now)].filter((at) => at !== null);
  return {
    tierId,
    since: tierId === null ? null : (began?.from ?? null),
    until: tierId === null ? null : (held?.until ?? null),
    cause: began?.cause ?? "plan_changed",
    progress,
    reviewAt: reviews.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null,
  };
}

// Orders may be dated ahead of our clock.
function nextStep({ contributions }: TierHistory, now: Instant): Instant | null {
  const coming = contributions
    .flatMap((steps) => steps.map(([at]) => Date.parse(at)))
    .filter((at) => at > Date.parse(now));
  return coming.length === 0 ? null : new Date(coming.reduce((a, b) => Math.min(a, b))).toISOString();
}

// Far enough for every period that runs now, every plan that is to come and every setting by hand.
function horizonOf({ plans, overrides }: TierHistory, now: Instant): Instant {
  const dates = [
    horizonAfter(now),
    ...plans.map(({ effectiveAt }) => effectiveAt),
    ...overrides.map((each) => each.until),
  ];
  return dates.reduce<Instant>((latest, at) => (at !== null && Date.parse(at) > Date.parse(latest) ? at : latest), now);
}
