// What a member's row says of the tier, what it should say, and which of its columns change. Pure.
import { tierNow, type TierNow } from "./tier-now";
import type { TierHistory, TierProgress } from "./tier-timeline";

/** What a member's row says of the tier. */
export interface StoredTier {
  id: number;
  status: "active" | "merged" | "deleted" | "redacted";
  tierId: string | null;
  tierSince: Date | null;
  tierUntil: Date | null;
  tierProgress: TierProgress | null;
  tierReviewAt: Date | null;
}
export interface TierCase {
  memberId: number;
  history: TierHistory;
}
/** From what a member's row says to what it should say. */
export interface TierStep {
  before: StoredTier;
  after: TierNow;
  history: TierHistory;
  /** The instant the answer is for. */
  at: Date;
}
/** Columns of a member's row as JSON. */
export interface TierColumns {
  id: number;
  /** Somebody sees the difference: the storefront has to hear of it although no points moved. */
  tier_is_seen: boolean;
  tier_id: string | null;
  tier_since: string | null;
  tier_until: string | null;
  tier_progress: TierProgress | null;
  tier_review_at: string | null;
}

/** Shopify's clock may be ahead of ours, and a job goes on for hours with the instant at which it began. */
const KNOWN_AHEAD_MS = 6 * 3_600_000;
// A member who is gone keeps their last changes as history, and holds nothing.
const NO_TIER: TierNow = {
  tierId: null,
  since: null,
  until: null,
  cause: "plan_changed",
  progress: null,
  reviewAt: null,
};

/** One step for each case whose member is among `stored`, also where it leads nowhere. */
export function tierSteps(stored: ReadonlyMap<number, StoredTier>, cases: readonly TierCase[], now: Date): TierStep[] {
  return cases.flatMap(({ memberId, history }) => {
    const before = stored.get(memberId);
    if (!before) return [];
    const at = judgedAt(before, history, now);
    const after = before.status === "active" ? tierNow(history, at.toISOString()) : NO_TIER;
    return [{ before, after, history, at }];
  });
}

/** The columns of those members whose row says something else so far. */
export function tierColumns(steps: readonly TierStep[]): TierColumns[] {
  return steps
    .map(({ before, after }) => ({ before, after, isSeen: isSeenToChange(before, after) }))
    .filter(({ before, after, isSeen }) => isSeen || iso(before.tierReviewAt) !== after.reviewAt)
    .map(({ before, after, isSeen }) => ({
      id: before.id,
      tier_is_seen: isSeen,
      tier_id: after.tierId,
      tier_since: after.since,
      tier_until: after.until,
      tier_progress: after.progress,
      tier_review_at: after.reviewAt,
    }));
}

// What is known counts: nobody is put back to where they stood before their own order, or before their last change.
function judgedAt({ tierSince }: StoredTier, { contributions }: TierHistory, now: Date): Date {
  const horizon = now.getTime() + KNOWN_AHEAD_MS;
  const known = contributions.flatMap((steps) => steps.map(([at]) => Date.parse(at))).filter((at) => at <= horizon);
  const earliest = Math.max(now.getTime(), tierSince?.getTime() ?? 0);
  return new Date(known.reduce((latest, at) => Math.max(latest, at), earliest));
}

function isSeenToChange(before: StoredTier, after: TierNow): boolean {
  return (
    before.tierId !== after.tierId ||
    iso(before.tierSince) !== after.since ||
    iso(before.tierUntil) !== after.until ||
    PROGRESS.some((key) => (before.tierProgress?.[key] ?? null) !== (after.progress?.[key] ?? null))
  );
}
const PROGRESS = ["metric", "current", "nextTierId", "nextThreshold", "periodEnd"] as const;

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
