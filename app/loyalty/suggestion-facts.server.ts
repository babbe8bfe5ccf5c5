// The shop's side of what Home suggests: one query, each part of it on an index of its own.
import { queryShop, type ShopId } from "../db.server";
import type { SuggestionFacts } from "./suggestions";

export type StoredFacts = Pick<
  SuggestionFacts,
  "stuck" | "stuckPoints" | "heldReferrals" | "hasReward" | "endingPoints" | "endingMembers"
>;

const DAYS_AHEAD = 30;

/** What waits for a person, whether points buy anything, and which points end soon. Test points do not count. */
export async function readSuggestionFacts(shopId: ShopId, now: Date): Promise<StoredFacts> {
  const [row] = await queryShop<StoredFacts & { [column: string]: unknown }>(shopId, FACTS, [
    shopId,
    now,
    new Date(now.getTime() + DAYS_AHEAD * 86_400_000),
  ]);
  if (!row) throw new Error("an aggregate gave no row");
  return row;
}

const FACTS = `
SELECT stuck.count AS stuck, stuck.points AS "stuckPoints", ending.points AS "endingPoints", ending.members AS "endingMembers",
       (SELECT count(*)::int FROM referral WHERE shop_id = $1 AND status = 'held') AS "heldReferrals",
       EXISTS (SELECT FROM reward WHERE shop_id = $1 AND status = 'active') AS "hasReward"
  FROM (SELECT count(*)::int AS count, coalesce(sum(points), 0)::bigint AS points
          FROM redemption WHERE shop_id = $1 AND status = 'needs_person') stuck,
       (SELECT coalesce(sum(remaining), 0)::bigint AS points, count(DISTINCT member_id)::int AS members
          FROM lot WHERE shop_id = $1 AND state = 'available' AND remaining > 0 AND NOT is_test
                     AND expires_at > $2 AND expires_at <= $3) ending`;
