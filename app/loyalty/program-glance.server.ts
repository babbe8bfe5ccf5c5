// The points economy at a glance: what was given, used and taken back lately, and what is still owed.
import { DateTime } from "luxon";

import { queryShop, type ShopId } from "../db.server";

export interface GlanceDay {
  /** Shop-local "2026-11-22". */
  day: string;
  issued: number;
  /** Used for rewards, less what came back when an order was refunded. */
  redeemed: number;
  /** Taken back or expired. */
  removed: number;
}
export interface ProgramGlance {
  /** Totals of the last 30 shop-local days. */
  issued: number;
  redeemed: number;
  removed: number;
  /** What the shop still owes: available, pending, and set aside for rewards that are not used yet. */
  liabilityPoints: number;
  pendingPoints: number;
  reservedPoints: number;
  debtPoints: number;
  members: number;
  membersWithPoints: number;
  days: GlanceDay[];
}

const DAYS = 30;

/** Sums over the ledger's last 30 days and over all members. Points of test orders and merges do not count. */
export async function readGlance(shopId: ShopId, now: Date): Promise<ProgramGlance> {
  const [profile] = await queryShop<{ timeZone: string }>(
    shopId,
    `SELECT time_zone AS "timeZone" FROM shop_profile WHERE shop_id = $1`,
    [shopId],
  );
  const timeZone = profile?.timeZone ?? "UTC";
  const first = DateTime.fromJSDate(now, { zone: timeZone })
    .startOf("day")
    .minus({ days: DAYS - 1 });
  const [totals] = await queryShop<
    Omit<ProgramGlance, "days" | "issued" | "redeemed" | "removed"> & { [column: string]: unknown }
  >(shopId, TOTALS, [shopId]);
  const found = await queryShop<GlanceDay & { [column: string]: unknown }>(shopId, BY_DAY, [
    shopId,
    first.toJSDate(),
    now,
    timeZone,
  ]);
  // What came back may have been used before these days, or on another of them: no bar goes below zero.
  const byDay = new Map(found.map((row) => [row.day, { ...row, redeemed: Math.max(0, row.redeemed) }]));
  const redeemed = found.reduce((total, day) => total + day.redeemed, 0);
  const days = Array.from({ length: DAYS }, (_, index): GlanceDay => {
    const day = first.plus({ days: index }).toFormat("yyyy-MM-dd");
    return byDay.get(day) ?? { day, issued: 0, redeemed: 0, removed: 0 };
  });
  const sum = (field: "issued" | "removed") => days.reduce((total, day) => total + day[field], 0);
  if (!totals) throw new Error("an aggregate gave no row");
  return { issued: sum("issued"), redeemed: Math.max(0, redeemed), removed: sum("removed"), ...totals, days };
}

const TOTALS = `
SELECT coalesce(sum(available + pending + reserved), 0)::bigint AS "liabilityPoints", coalesce(sum(pending), 0)::bigint AS "pendingPoints",
       coalesce(sum(reserved), 0)::bigint AS "reservedPoints",
       coalesce(sum(debt), 0)::bigint AS "debtPoints", count(*) FILTER (WHERE status = 'active') AS members,
       count(*) FILTER (WHERE status = 'active' AND available + pending > 0) AS "membersWithPoints"
  FROM member WHERE shop_id = $1`;
const BY_DAY = `
SELECT to_char(at AT TIME ZONE $4, 'YYYY-MM-DD') AS day,
       coalesce(sum(points) FILTER (WHERE from_bucket = 'issued' AND kind IN ('grant', 'adjustment')), 0)::bigint AS issued,
       coalesce(sum(CASE WHEN to_bucket = 'redeemed' THEN points ELSE -points END)
                  FILTER (WHERE 'redeemed' IN (from_bucket, to_bucket)), 0)::bigint AS redeemed,
       coalesce(sum(points) FILTER (WHERE to_bucket IN ('revoked', 'expired') AND from_bucket <> 'expired' AND kind <> 'transfer'), 0)::bigint AS removed
  FROM points_entry WHERE shop_id = $1 AND at >= $2 AND at <= $3 AND NOT is_test GROUP BY 1`;
