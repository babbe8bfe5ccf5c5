// The conservation laws of the ledger (I1–I5, I14, I15), recomputed by SQL as the owner, over every shop.
import type pg from "pg";
import { expect } from "vitest";

const LAWS: Record<string, string> = {
  "I2 cached balances = entries": `
    WITH moves AS (
      SELECT shop_id, member_id, to_bucket AS bucket, points FROM points_entry
      UNION ALL SELECT shop_id, member_id, from_bucket, -points FROM points_entry),
    sums AS (
      SELECT m.shop_id, m.id, m.pending, m.available, m.revoked, m.debt, m.redeemed, m.reserved, m.expired,
             coalesce(sum(v.points) FILTER (WHERE v.bucket = 'pending'), 0) AS s_pending,
             coalesce(sum(v.points) FILTER (WHERE v.bucket = 'available'), 0) AS s_available,
             coalesce(sum(v.points) FILTER (WHERE v.bucket = 'revoked'), 0) AS s_revoked,
             coalesce(sum(v.points) FILTER (WHERE v.bucket = 'expired'), 0) AS s_expired,
             coalesce(-sum(v.points) FILTER (WHERE v.bucket = 'debt'), 0) AS s_debt
        FROM member m LEFT JOIN moves v ON v.shop_id = m.shop_id AND v.member_id = m.id
       GROUP BY m.shop_id, m.id)
    SELECT * FROM sums WHERE pending <> s_pending OR available <> s_available OR revoked <> s_revoked OR debt <> s_debt OR expired <> s_expired`,
  "I2 cached balances = open lots": `
    SELECT m.id, m.pending, m.available, l.* FROM member m
      LEFT JOIN LATERAL (SELECT coalesce(sum(remaining) FILTER (WHERE state = 'pending'), 0) AS lot_pending,
                                coalesce(sum(remaining) FILTER (WHERE state = 'available'), 0) AS lot_available
                           FROM lot WHERE lot.shop_id = m.shop_id AND lot.member_id = m.id) l ON true
     WHERE m.pending <> l.lot_pending OR m.available <> l.lot_available`,
  "I3 each lot = its entries": `
    SELECT l.id, l.size, l.remaining, l.expired, e.* FROM lot l
      JOIN LATERAL (SELECT coalesce(sum(points) FILTER (WHERE from_bucket = 'issued'), 0) AS came,
                           coalesce(sum(points) FILTER (WHERE to_bucket IN ('pending', 'available')), 0)
                             - coalesce(sum(points) FILTER (WHERE from_bucket IN ('pending', 'available')), 0) AS open,
                           coalesce(sum(points) FILTER (WHERE to_bucket = 'expired'), 0)
                             - coalesce(sum(points) FILTER (WHERE from_bucket = 'expired'), 0) AS gone
                      FROM points_entry WHERE points_entry.shop_id = l.shop_id AND lot_id = l.id) e ON true
     WHERE e.came <> l.size OR e.open <> l.remaining OR e.gone <> l.expired`,
  "I4 grants − clawbacks = target, per order and rule": `
    SELECT t.shop_id, t.order_id, t.rule, t.target, e.posted FROM order_earning t
      JOIN LATERAL (SELECT coalesce(sum(CASE kind WHEN 'grant' THEN points WHEN 'clawback' THEN -points ELSE 0 END), 0) AS posted
                      FROM points_entry WHERE shop_id = t.shop_id AND source_type = 'order' AND source_id = t.order_id::text AND rule = t.rule) e ON true
     WHERE e.posted <> t.target`,
  "I15 nothing expired early": `
    SELECT e.id, e.at, l.expires_at FROM points_entry e JOIN lot l ON l.shop_id = e.shop_id AND l.id = e.lot_id
     WHERE e.kind = 'expiry' AND (l.expires_at IS NULL OR e.at < l.expires_at)`,
  "I14 merged members hold nothing": `
    SELECT id FROM member WHERE status = 'merged' AND (pending <> 0 OR available <> 0 OR expired <> 0 OR debt <> 0)`,
};

/** Fails with the offending rows when any law is broken, or when there was nothing to check. */
export async function expectLedgerAddsUp(owner: pg.Pool): Promise<void> {
  for (const [law, sql] of Object.entries(LAWS)) {
    const { rows } = await owner.query(sql);
    expect(rows, law).toEqual([]);
  }
}

/** How many entries there are: replays must not change it. */
export async function countEntries(owner: pg.Pool): Promise<number> {
  const { rows } = await owner.query<{ count: string }>("SELECT count(*) FROM points_entry");
  return Number(rows[0]?.count ?? 0);
}
