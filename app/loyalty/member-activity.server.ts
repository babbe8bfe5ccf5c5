// Acts of members that keep points alive under expiry by inactivity: orders, redemptions and ways to earn that
// somebody did. What the calendar or the shop gives (birthdays, tier gifts, adjustments) is no act of theirs.
// Derived from those rows, never stored: nothing can be out of step.
import type { Queryable, ShopId } from "../db.server";
import type { Instant } from "../shopify/order-facts";
import { inactivityExpiry } from "./expiry";

/** What the dates of inactivity lots depend on. */
export interface Inactivity {
  timeZone: string;
  /** Version → months of inactivity; versions with another policy are not in it. */
  months: Map<number, number>;
  /** Acts by member, as far as lots under such versions need them. */
  activities: Map<number, Instant[]>;
}

interface PolicyRow {
  [column: string]: unknown;
  timeZone: string;
  months: [version: number, months: number][];
}

/** Which versions of the program let points end by inactivity. No member is read. */
export async function readInactivityPolicies(
  tx: Queryable & { shopId: ShopId },
): Promise<Pick<Inactivity, "timeZone" | "months">> {
  const { rows } = await tx.query<PolicyRow>(
    `SELECT time_zone AS "timeZone",
            (SELECT coalesce(jsonb_agg(jsonb_build_array(version, (rules->'expiry'->>'months')::int)), '[]') FROM program_version
              WHERE shop_id = $1 AND rules->'expiry'->>'kind' = 'after_inactivity') AS months
       FROM shop_profile WHERE shop_id = $1`,
    [tx.shopId],
  );
  return { timeZone: rows[0]?.timeZone ?? "UTC", months: new Map(rows[0]?.months ?? []) };
}

/** Acts of the members up to `now` (null: all), for the dates of their inactivity lots. */
export async function readInactivity(
  tx: Queryable & { shopId: ShopId },
  memberIds: number[],
  now: Date | null,
): Promise<Inactivity> {
  const policies = await readInactivityPolicies(tx);
  if (policies.months.size === 0 || memberIds.length === 0) return { ...policies, activities: new Map() };
  const { rows } = await tx.query<{ memberId: number; at: Date; [column: string]: unknown }>(ACTIVITIES, [
    tx.shopId,
    memberIds,
    now ?? "infinity",
  ]);
  const activities = new Map<number, Instant[]>();
  for (const { memberId, at } of rows)
    activities.set(memberId, [...(activities.get(memberId) ?? []), at.toISOString()]);
  return { ...policies, activities };
}

const ACTIVITIES = `
SELECT member_id AS "memberId", processed_at AS at FROM customer_order
 WHERE shop_id = $1 AND member_id = ANY ($2) AND processed_at <= $3 AND deleted_at IS NULL AND kind <> 'test_removed'
   AND facts->>'cancelledAt' IS NULL
UNION
SELECT member_id, reserved_at FROM redemption WHERE shop_id = $1 AND member_id = ANY ($2) AND reserved_at <= $3
UNION
SELECT member_id, at FROM way_grant
 WHERE shop_id = $1 AND member_id = ANY ($2) AND at <= $3 AND state = 'granted' AND kind NOT IN ('birthday', 'anniversary', 'tier_entry')`;

/** The date a lot really has: what it carries, or later where its member was active. */
export function effectiveExpiry(
  lot: { version: number | null; availableAt: Instant | null; expiresAt: Instant | null },
  memberId: number,
  { timeZone, months, activities }: Inactivity,
): Instant | null {
  const policy = lot.version === null ? undefined : months.get(lot.version);
  if (policy === undefined) return lot.expiresAt;
  return inactivityExpiry({ ...lot, months: policy, activities: activities.get(memberId) ?? [] }, timeZone);
}
