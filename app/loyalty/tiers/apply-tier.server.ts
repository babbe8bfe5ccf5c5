// Writes what the timeline says into the member's row: the tier, its end, the progress, and when to look
// again. A change leaves a row of tier_change and is told to whoever listens.
//
// Told: changes that began within the last 30 days (an import of old orders tells nobody), but neither the
// beginning of the very first plan nor the tier everybody holds; at most once a day up and once a day down.
import { DateTime } from "luxon";

import type { ShopTx } from "../../db.server";
import { announceEvents, type LoyaltyEvent } from "../announce-event.server";
import { touchMembers } from "../ledger.server";
import { tierNow, type TierNow } from "./tier-now";
import { planAt, type TierCause, type TierHistory, type TierProgress } from "./tier-timeline";

export interface TierCase {
  /** Locked by the caller. */
  memberId: number;
  history: TierHistory;
}
const TOLD_WITHIN_MS = 30 * 86_400_000;

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
    const after = before.status === "active" ? tierNow(history, now.toISOString()) : NO_TIER;
    return [{ before, after, history }];
  });
  await writeMembers(tx, next);
  const changed = next.filter(({ before, after }) => before.tierId !== after.tierId);
  await insertChanges(tx, changed, now, cause);
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
  const seen = next.filter(({ before, after }) => isSeenToChange(before, after));
  const others = next.filter(({ before, after }) => iso(before.reviewAt) !== after.reviewAt);
  const rows = [...new Set([...seen, ...others])].map(({ before: { id }, after }) => ({ id, ...after }));
  if (rows.length === 0) return;
  await tx.query(
    `UPDATE member m SET tier_id = r."tierId", tier_since = r.since, tier_until = r.until, tier_progress = r.progress, tier_review_at = r."reviewAt"
       FROM jsonb_to_recordset($2::jsonb) AS r (id bigint, "tierId" text, since timestamptz, until timestamptz, progress jsonb, "reviewAt" timestamptz)
      WHERE m.shop_id = $1 AND m.id = r.id`,
    [tx.shopId, JSON.stringify(rows)],
  );
  await touchMembers(
    tx,
    seen.map(({ before }) => before.id),
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
async function insertChanges(tx: ShopTx, changed: Next[], now: Date, cause?: "merge"): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map(({ before, after, history }) => ({
    member: before.id,
    from: before.tierId,
    to: after.tierId,
    cause: cause ?? after.cause,
    has_entry: tierIn(history, after, now)?.entryPoints !== null && after.tierId !== null,
  }));
  await tx.query(
    `INSERT INTO tier_change (shop_id, member_id, from_tier_id, to_tier_id, cause, at, entry_due)
     SELECT $1, r.member, r."from", r."to", r.cause, $3,
            r.has_entry AND NOT EXISTS (SELECT FROM way_grant w WHERE w.shop_id = $1 AND w.member_id = r.member AND w.way_id = 'tier-entry-' || r."to")
       FROM jsonb_to_recordset($2::jsonb) AS r (member bigint, "from" text, "to" text, cause text, has_entry boolean)`,
    [tx.shopId, JSON.stringify(rows), now],
  );
}
function tierIn(history: TierHistory, { tierId }: Pick<TierNow, "tierId">, now: Date) {
  return planAt(history.plans, now.toISOString())?.tiers.find(({ id }) => id === tierId) ?? null;
}

function eventOf({ before, after, history }: Next, now: Date): LoyaltyEvent[] {
  const to = tierIn(history, after, now);
  const beganAt = Date.parse(after.since ?? now.toISOString());
  const isBeginning = before.tierId === null && (after.cause === "plan_changed" || to?.threshold === 0);
  if (isBeginning || before.status !== "active" || now.getTime() - beganAt > TOLD_WITHIN_MS) return [];
  const day = DateTime.fromJSDate(now, { zone: history.timeZone }).toISODate();
  return [
    {
      memberId: before.id,
      kind: "tier_changed",
      key: `tier/${before.id}/${direction(before.tierId, after, history, now)}/${day}`,
      params: { fromTierId: before.tierId, toTierId: after.tierId, until: after.until },
    },
  ];
}
function direction(fromId: string | null, { tierId, cause }: TierNow, history: TierHistory, now: Date): "up" | "down" {
  if (cause === "qualified") return "up";
  if (cause === "period_end" || cause === ("refund" satisfies TierCause)) return "down";
  const tiers = planAt(history.plans, now.toISOString())?.tiers ?? [];
  const rank = (wanted: string | null) => tiers.findIndex(({ id }) => id === wanted);
  return rank(tierId) >= rank(fromId) ? "up" : "down";
}
function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
