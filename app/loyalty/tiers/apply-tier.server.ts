// Writes what the timeline says into the member's row: the tier, its end, the progress, and when to look
// again. A change leaves a row of tier_change and is told to whoever listens.
//
// Told: changes that began within the last 30 days, but neither the beginning of the very first plan nor the tier
// everybody holds, nor what orders from before the plan add when they are read in later; at most once a day up and
// once a day down.
import { DateTime } from "luxon";

import type { ShopTx } from "../../db.server";
import { announceEvents, type LoyaltyEvent } from "../announce-event.server";
import { tierNow, type TierNow } from "./tier-now";
import { planAt, type TierCause, type TierHistory, type TierProgress } from "./tier-timeline";

export interface TierCase {
  /** Locked by the caller. */
  memberId: number;
  history: TierHistory;
}
const TOLD_WITHIN_MS = 30 * 86_400_000;
/** Shopify's clock may be ahead of ours, and a job goes on for hours with the instant at which it began. */
const KNOWN_AHEAD_MS = 6 * 3_600_000;

interface StoredTier {
  id: number;
  status: string;
  tierId: string | null;
  since: Date | null;
  until: Date | null;
  progress: TierProgress | null;
  reviewAt: Date | null;
}

/** Writes the tiers of locked members. A repeated call changes nothing. @returns how many hold another tier than before */
export async function applyTiers(tx: ShopTx, cases: TierCase[], now: Date, cause?: "merge"): Promise<number> {
  if (cases.length === 0) return 0;
  const { rows } = await tx.query<StoredTier & { [column: string]: unknown }>(
    `SELECT id, status, tier_id AS "tierId", tier_since AS since, tier_until AS until, tier_progress AS progress, tier_review_at AS "reviewAt"
       FROM member WHERE shop_id = $1 AND id = ANY ($2)`,
    [tx.shopId, cases.map(({ memberId }) => memberId)],
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  const next = cases.flatMap(({ memberId, history }) => {
    const before = stored.get(memberId);
    if (!before) return [];
    const at = judgedAt(before, history, now);
    const after = before.status === "active" ? tierNow(history, at.toISOString()) : NO_TIER;
    return [{ before, after, history, at }];
  });
  await writeMembers(tx, next);
  const changed = next.filter(({ before, after }) => before.tierId !== after.tierId);
  await insertChanges(tx, changed, cause);
  await announceEvents(
    tx,
    changed.flatMap((each) => eventOf(each, now)),
    now,
  );
  return changed.length;
}

interface Next {
  before: StoredTier;
  after: TierNow;
  history: TierHistory;
  /** The instant the answer is for. */
  at: Date;
}
// What is known counts: nobody is put back to where they stood before their own order, or before their last change.
function judgedAt({ since }: StoredTier, { contributions }: TierHistory, now: Date): Date {
  const horizon = now.getTime() + KNOWN_AHEAD_MS;
  const known = contributions.flatMap((steps) => steps.map(([at]) => Date.parse(at))).filter((at) => at <= horizon);
  const earliest = Math.max(now.getTime(), since?.getTime() ?? 0);
  return new Date(known.reduce((latest, at) => Math.max(latest, at), earliest));
}
// A member who is gone keeps their last changes as history, and holds nothing.
const NO_TIER: TierNow = {
  tierId: null,
  since: null,
  until: null,
  cause: "plan_changed",
  progress: null,
  reviewAt: null,
};

async function writeMembers(tx: ShopTx, next: Next[]): Promise<void> {
  const rows = next
    .map(({ before, after }) => ({ id: before.id, before, after, isSeen: isSeenToChange(before, after) }))
    .filter(({ before, after, isSeen }) => isSeen || iso(before.reviewAt) !== after.reviewAt);
  if (rows.length === 0) return;
  // A new balance_seq makes the storefront hear of it although no points moved.
  await tx.query(
    `UPDATE member m SET tier_id = r."tierId", tier_since = r.since, tier_until = r.until, tier_progress = r.progress, tier_review_at = r."reviewAt",
            balance_seq = m.balance_seq + CASE WHEN r."isSeen" THEN 1 ELSE 0 END
       FROM jsonb_to_recordset($2::jsonb) AS r (id bigint, "tierId" text, since timestamptz, until timestamptz, progress jsonb, "reviewAt" timestamptz,
                                                "isSeen" boolean)
      WHERE m.shop_id = $1 AND m.id = ANY ($3) AND m.id = r.id`,
    [
      tx.shopId,
      JSON.stringify(rows.map(({ id, after, isSeen }) => ({ id, ...after, isSeen }))),
      rows.map(({ id }) => id),
    ],
  );
}

function isSeenToChange(before: StoredTier, after: TierNow): boolean {
  return (
    before.tierId !== after.tierId ||
    iso(before.since) !== after.since ||
    iso(before.until) !== after.until ||
    PROGRESS.some((key) => (before.progress?.[key] ?? null) !== (after.progress?.[key] ?? null))
  );
}
const PROGRESS = ["metric", "current", "nextTierId", "nextThreshold", "periodEnd"] as const;

// The entry reward is due once in a life: a tier that is reached again gives nothing again.
async function insertChanges(tx: ShopTx, changed: Next[], cause?: "merge"): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map(({ before, after, history, at }) => ({
    member: before.id,
    at,
    from: before.tierId,
    to: after.tierId,
    cause: cause ?? after.cause,
    has_entry: tierIn(history, after, at)?.entryPoints !== null && after.tierId !== null,
  }));
  await tx.query(
    `INSERT INTO tier_change (shop_id, member_id, from_tier_id, to_tier_id, cause, at, entry_due)
     SELECT $1, r.member, r."from", r."to", r.cause, r.at,
            r.has_entry AND NOT EXISTS (SELECT FROM way_grant w WHERE w.shop_id = $1 AND w.member_id = r.member AND w.way_id = 'tier-entry-' || r."to")
       FROM jsonb_to_recordset($2::jsonb) AS r (member bigint, at timestamptz, "from" text, "to" text, cause text, has_entry boolean)`,
    [tx.shopId, JSON.stringify(rows)],
  );
}
function tierIn(history: TierHistory, { tierId }: Pick<TierNow, "tierId">, at: Date) {
  return planAt(history.plans, at.toISOString())?.tiers.find(({ id }) => id === tierId) ?? null;
}

function eventOf({ before, after, history, at }: Next, now: Date): LoyaltyEvent[] {
  const to = tierIn(history, after, at);
  const beganAt = Date.parse(after.since ?? now.toISOString());
  const isBeginning = before.tierId === null && (after.cause === "plan_changed" || to?.threshold === 0);
  // Judged under this very plan before: only what happened before the plan can have become known since.
  const isLearnt = after.cause === "plan_changed" && (before.since?.getTime() ?? -Infinity) >= beganAt;
  const isOld = now.getTime() - beganAt > TOLD_WITHIN_MS;
  if (isBeginning || isLearnt || isOld || before.status !== "active") return [];
  const day = DateTime.fromJSDate(now, { zone: history.timeZone }).toISODate();
  return [
    {
      memberId: before.id,
      kind: "tier_changed",
      key: `tier/${before.id}/${direction(before.tierId, after, history, at)}/${day}`,
      params: { fromTierId: before.tierId, toTierId: after.tierId, until: after.until },
    },
  ];
}
function direction(fromId: string | null, { tierId, cause }: TierNow, history: TierHistory, at: Date): "up" | "down" {
  if (cause === "qualified") return "up";
  if (cause === "period_end" || cause === ("refund" satisfies TierCause)) return "down";
  const tiers = planAt(history.plans, at.toISOString())?.tiers ?? [];
  const rank = (wanted: string | null) => tiers.findIndex(({ id }) => id === wanted);
  return rank(tierId) >= rank(fromId) ? "up" : "down";
}
function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
