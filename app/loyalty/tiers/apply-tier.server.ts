// Writes what the timeline says into the member's row: the tier, its end, the progress, and when to look
// again. A change leaves a row of tier_change and is told to whoever listens.
//
// Told: changes that began within the last 30 days, but neither the beginning of the very first plan nor the tier
// everybody holds, nor what orders from before the plan add when they are read in later; at most once a day up and
// once a day down.
import { DateTime } from "luxon";

import type { ShopTx } from "../../db.server";
import { announceEvents, type LoyaltyEvent } from "../announce-event.server";
import { byId, lockMembers, postEntries } from "../ledger.server";
import type { TierNow } from "./tier-now";
import { tierColumns, tierSteps, type TierCase, type TierStep } from "./tier-steps";
import { planAt, type TierCause, type TierHistory } from "./tier-timeline";

const TOLD_WITHIN_MS = 30 * 86_400_000;

/** Writes the tiers of members the caller has locked. A repeated call changes nothing. @returns how many hold another tier than before */
export async function applyTiers(tx: ShopTx, cases: TierCase[], now: Date, cause?: "merge"): Promise<number> {
  if (cases.length === 0) return 0;
  const members = await lockMembers(tx, { ids: cases.map(({ memberId }) => memberId) });
  const steps = tierSteps(byId(members), cases, now);
  const tiers = tierColumns(steps);
  if (tiers.length > 0) await postEntries(tx, { accounts: [], tiers, now });
  return noteTierSteps(tx, steps, now, cause);
}

/** Remembers changes of tier, and tells of them. The members' rows are written already. @returns how many hold another tier than before */
export async function noteTierSteps(tx: ShopTx, steps: TierStep[], now: Date, cause?: "merge"): Promise<number> {
  const changed = steps.filter(({ before, after }) => before.tierId !== after.tierId);
  await insertChanges(tx, changed, cause);
  await announceEvents(
    tx,
    changed.flatMap((each) => eventOf(each, now)),
    now,
  );
  return changed.length;
}

// The entry reward is due once in a life: a tier that is reached again gives nothing again.
async function insertChanges(tx: ShopTx, changed: TierStep[], cause?: "merge"): Promise<void> {
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

function eventOf({ before, after, history, at }: TierStep, now: Date): LoyaltyEvent[] {
  const to = tierIn(history, after, at);
  const beganAt = Date.parse(after.since ?? now.toISOString());
  const isBeginning = before.tierId === null && (after.cause === "plan_changed" || to?.threshold === 0);
  // Judged under this very plan before: only what happened before the plan can have become known since.
  const isLearnt = after.cause === "plan_changed" && (before.tierSince?.getTime() ?? -Infinity) >= beganAt;
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
