// What expiry will take in the coming months, and what another policy would have done. Both answer from open
// lots and the ledger; nothing is written.
import { DateTime } from "luxon";

import { queryShop, type ShopId } from "../db.server";
import { lotExpiresAt } from "./expiry";
import { readInactivityPolicies } from "./member-activity.server";
import { reader } from "./next-expiry.server";
import type { ExpiryPolicy } from "./program-parts";

const MONTHS = 13;

export interface ForecastMonth {
  /** Shop-local "2026-11". */
  month: string;
  points: number;
  members: number;
}
export interface ExpiryForecast {
  /** This month and the twelve that follow. */
  months: ForecastMonth[];
  points: number;
  /** Members of whom anything ends within these months. */
  members: number;
  /** Whether some of the points end by inactivity: counted as if nobody were active from now on. */
  byInactivity: boolean;
}

/** Points that end in each of the next 13 shop-local months if nobody uses any. Test points do not count. */
export async function forecastExpiry(shopId: ShopId, now: Date): Promise<ExpiryForecast> {
  const { timeZone, months: inactive } = await readInactivityPolicies(reader(shopId));
  const first = DateTime.fromJSDate(now, { zone: timeZone }).startOf("month");
  const until = first.plus({ months: MONTHS });
  const rows = await queryShop<{ month: string | null; points: number; members: number }>(
    shopId,
    inactive.size === 0 ? BY_STORED_DATE : BY_REAL_DATE,
    [
      shopId,
      now,
      until.toJSDate(),
      timeZone,
      ...(inactive.size === 0 ? [] : [[...inactive.keys()], [...inactive.values()]]),
    ],
  );
  const byMonth = new Map(rows.map((row) => [row.month, row]));
  const total = byMonth.get(null);
  return {
    months: Array.from({ length: MONTHS }, (_, index): ForecastMonth => {
      const month = first.plus({ months: index }).toFormat("yyyy-MM");
      const { points = 0, members = 0 } = byMonth.get(month) ?? {};
      return { month, points, members };
    }),
    points: total?.points ?? 0,
    members: total?.members ?? 0,
    byInactivity: inactive.size > 0,
  };
}

// The last moment of use decides the month: points end with a day, and the instant is the next day's first.
const byMonth = (lots: string): string => `
SELECT to_char((until - interval '1 millisecond') AT TIME ZONE $4, 'YYYY-MM') AS month, sum(remaining)::bigint AS points,
       count(DISTINCT member_id)::int AS members
  FROM (${lots}) lots WHERE until > $2 AND until <= $3 GROUP BY GROUPING SETS ((1), ())`;
const BY_STORED_DATE = byMonth(
  `SELECT member_id, remaining, expires_at AS until FROM lot
    WHERE shop_id = $1 AND state = 'available' AND remaining > 0 AND expires_at > $2 AND expires_at <= $3 AND NOT is_test`,
);
const LAST_ACTIVITY = `greatest(
  (SELECT max(processed_at) FROM customer_order o WHERE o.shop_id = $1 AND o.member_id = l.member_id AND o.processed_at <= $2
      AND o.deleted_at IS NULL AND o.kind <> 'test_removed' AND o.facts->>'cancelledAt' IS NULL),
  (SELECT max(reserved_at) FROM redemption r WHERE r.shop_id = $1 AND r.member_id = l.member_id AND r.reserved_at <= $2),
  (SELECT max(at) FROM way_grant w WHERE w.shop_id = $1 AND w.member_id = l.member_id AND w.at <= $2 AND w.state = 'granted'
      AND w.kind NOT IN ('birthday', 'anniversary', 'tier_entry')))`;
const BY_REAL_DATE = byMonth(
  `SELECT l.member_id, l.remaining, CASE WHEN policy.months IS NULL THEN l.expires_at ELSE greatest(l.expires_at,
            (date_trunc('day', greatest(l.available_at, ${LAST_ACTIVITY}) AT TIME ZONE $4)
               + make_interval(months => policy.months) + interval '1 day') AT TIME ZONE $4) END AS until
     FROM lot l LEFT JOIN unnest($5::int[], $6::int[]) AS policy (version, months) ON policy.version = l.version
    WHERE l.shop_id = $1 AND l.state = 'available' AND l.remaining > 0 AND l.expires_at <= $3 AND NOT l.is_test`,
);

export interface ExpiryDryRun {
  /** Last shop-local day of points that become available now under the policy; null: they never end. */
  lastDay: string | null;
  /** Points members hold: they keep the dates they were given. */
  keptPoints: number;
  /** Points that would have ended in the last 12 months, as they were used then. */
  lastYearPoints: number;
  /** Points that did end in the last 12 months. */
  lastYearActual: number;
}

/**
 * What a changed policy would mean: for points earned from now on, for those already given (nothing), and what
 * it would have taken in the last 12 months. Each lot is followed by what really left it before its date under
 * the policy; that members would have used points in another order is not guessed.
 */
export async function dryRunExpiry(shopId: ShopId, policy: ExpiryPolicy, now: Date): Promise<ExpiryDryRun> {
  const { timeZone } = await readInactivityPolicies(reader(shopId));
  const end = lotExpiresAt(now.toISOString(), policy, timeZone);
  const since = DateTime.fromJSDate(now, { zone: timeZone }).minus({ years: 1 }).toJSDate();
  const [row] = await queryShop<{ keptPoints: number; lastYearPoints: number; lastYearActual: number }>(
    shopId,
    dryRunSql(policy),
    [shopId, since, now, timeZone, amountOf(policy)],
  );
  if (!row) throw new Error("an aggregate gave no row");
  return {
    ...row,
    lastDay:
      end === null ? null : DateTime.fromISO(end, { zone: timeZone }).minus({ milliseconds: 1 }).toFormat("yyyy-MM-dd"),
  };
}

function amountOf(policy: ExpiryPolicy): number {
  switch (policy.kind) {
    case "never":
      return 0;
    case "after_days":
      return policy.days;
    case "year_end":
      return policy.years;
    default:
      return policy.months;
  }
}

// `from` is shop-local wall time; the answer is the first instant after the last day.
function endSql(kind: ExpiryPolicy["kind"], from: string): string {
  const end: Record<ExpiryPolicy["kind"], string> = {
    never: "'infinity'::timestamp",
    after_days: `date_trunc('day', ${from}) + make_interval(days => $5::int + 1)`,
    after_months: `date_trunc('day', ${from}) + make_interval(months => $5::int) + interval '1 day'`,
    after_inactivity: `date_trunc('day', ${from}) + make_interval(months => $5::int) + interval '1 day'`,
    month_end: `date_trunc('month', ${from}) + make_interval(months => $5::int + 1)`,
    year_end: `date_trunc('year', ${from}) + make_interval(years => $5::int + 1)`,
  };
  return `(${end[kind]}) AT TIME ZONE $4`;
}

const local = (instant: string) => `(${instant} AT TIME ZONE $4)`;

// By inactivity a lot ends after the first of its acts (its own beginning is one) that no other follows in time.
function dateSql(policy: ExpiryPolicy): string {
  const plain = endSql(policy.kind, local("l.available_at"));
  if (policy.kind !== "after_inactivity") return plain;
  return `(SELECT min(act.until) FROM (
      SELECT acts.until, lead(acts.at) OVER (ORDER BY acts.at) AS next FROM (
        SELECT l.available_at AS at, ${plain} AS until
        UNION SELECT o.processed_at, ${endSql(policy.kind, local("o.processed_at"))} FROM customer_order o
         WHERE o.shop_id = $1 AND o.member_id = l.member_id AND o.processed_at BETWEEN l.available_at AND $3
           AND o.deleted_at IS NULL AND o.kind <> 'test_removed' AND o.facts->>'cancelledAt' IS NULL
        UNION SELECT r.reserved_at, ${endSql(policy.kind, local("r.reserved_at"))} FROM redemption r
         WHERE r.shop_id = $1 AND r.member_id = l.member_id AND r.reserved_at BETWEEN l.available_at AND $3
        UNION SELECT w.at, ${endSql(policy.kind, local("w.at"))} FROM way_grant w
         WHERE w.shop_id = $1 AND w.member_id = l.member_id AND w.at BETWEEN l.available_at AND $3 AND w.state = 'granted'
           AND w.kind NOT IN ('birthday', 'anniversary', 'tier_entry')) acts) act
     WHERE act.next IS NULL OR act.next >= act.until)`;
}

function dryRunSql(policy: ExpiryPolicy): string {
  return `
WITH ended AS (
  SELECT l.id, l.member_id, l.size, d.until FROM lot l CROSS JOIN LATERAL (SELECT ${dateSql(policy)} AS until) d
   WHERE l.shop_id = $1 AND l.state = 'available' AND l.available_at IS NOT NULL AND NOT l.is_test
     AND d.until > $2 AND d.until <= $3 AND l.available_at <= $3),
left_over AS (
  SELECT ended.size - coalesce((SELECT sum(CASE WHEN e.from_bucket IN ('pending', 'available') AND e.to_bucket NOT IN ('pending', 'available') THEN e.points
                                               WHEN e.to_bucket IN ('pending', 'available') AND e.from_bucket IN ('reserved', 'redeemed') THEN -e.points
                                               ELSE 0 END)
                                  FROM points_entry e
                                 WHERE e.shop_id = $1 AND e.member_id = ended.member_id AND e.lot_id = ended.id AND e.at < ended.until AND e.kind <> 'expiry'), 0) AS points
    FROM ended)
SELECT (SELECT coalesce(sum(remaining), 0)::bigint FROM lot WHERE shop_id = $1 AND remaining > 0 AND NOT is_test) AS "keptPoints",
       (SELECT coalesce(sum(greatest(points, 0)), 0)::bigint FROM left_over) AS "lastYearPoints",
       (SELECT coalesce(sum(points), 0)::bigint FROM points_entry
         WHERE shop_id = $1 AND kind = 'expiry' AND at > $2 AND at <= $3 AND NOT is_test AND $5::int IS NOT NULL) AS "lastYearActual"`;
}
