// The ledger's invariants as SQL, each one statement that answers {rows, violations}: how many rows it
// looked at and how many break it. They read over all shops, as the owner, and change nothing.

export interface Invariant {
  id: string;
  /** What must hold, in one sentence for the operator. */
  law: string;
  sql: string;
}

/** The sum of a member's (or lot's) movements into and out of a bucket. */
const net = (bucket: string) =>
  `sum(CASE WHEN to_bucket = '${bucket}' THEN points WHEN from_bucket = '${bucket}' THEN -points ELSE 0 END)`;

export const INVARIANTS: Invariant[] = [
  {
    id: "I1",
    law: "Per shop and member, the buckets including issued sum to zero.",
    sql: `SELECT count(*) AS rows, count(*) FILTER (WHERE
            coalesce(e.issued, 0) + m.pending + m.available + m.reserved + m.redeemed + m.expired + m.revoked - m.debt <> 0) AS violations
          FROM member m LEFT JOIN (SELECT shop_id, member_id, ${net("issued")} AS issued FROM points_entry GROUP BY 1, 2) e
            ON e.shop_id = m.shop_id AND e.member_id = m.id`,
  },
  {
    id: "I2",
    law: "The cached balance equals the sum of entries, and the open lots' remainders.",
    sql: `SELECT count(*) AS rows, count(*) FILTER (WHERE
            m.pending <> coalesce(e.pending, 0) OR m.available <> coalesce(e.available, 0) OR m.reserved <> coalesce(e.reserved, 0)
            OR m.redeemed <> coalesce(e.redeemed, 0) OR m.expired <> coalesce(e.expired, 0) OR m.revoked <> coalesce(e.revoked, 0)
            OR m.debt <> -coalesce(e.debt, 0)
            OR m.pending <> coalesce(l.pending, 0) OR m.available <> coalesce(l.available, 0)) AS violations
          FROM member m
          LEFT JOIN (SELECT shop_id, member_id, ${[
            "pending",
            "available",
            "reserved",
            "redeemed",
            "expired",
            "revoked",
            "debt",
          ]
            .map((bucket) => `${net(bucket)} AS ${bucket}`)
            .join(", ")} FROM points_entry GROUP BY 1, 2) e ON e.shop_id = m.shop_id AND e.member_id = m.id
          LEFT JOIN (SELECT shop_id, member_id, sum(remaining) FILTER (WHERE state = 'pending') AS pending,
                            sum(remaining) FILTER (WHERE state = 'available') AS available FROM lot GROUP BY 1, 2) l
            ON l.shop_id = m.shop_id AND l.member_id = m.id`,
  },
  {
    id: "I3",
    law: "What is left of a lot and what of it expired lie within its size, and each point is accounted for by entries that name the lot.",
    sql: `SELECT count(*) AS rows, count(*) FILTER (WHERE least(l.remaining, l.expired) < 0 OR l.remaining + l.expired > l.size
            OR l.remaining <> coalesce(e.open, 0) OR l.expired <> coalesce(e.expired, 0) OR l.size <> coalesce(e.granted, 0)) AS violations
          FROM lot l LEFT JOIN (
            SELECT shop_id, lot_id, ${net("pending")} + ${net("available")} AS open, ${net("expired")} AS expired,
                   sum(points) FILTER (WHERE from_bucket = 'issued') AS granted
              FROM points_entry WHERE lot_id IS NOT NULL GROUP BY 1, 2) e ON e.shop_id = l.shop_id AND e.lot_id = l.id`,
  },
  {
    id: "I4",
    law: "For each order and rule, the entries sum to what the rule answers; no order has entries without an answer.",
    sql: `SELECT count(*) AS rows, count(*) FILTER (WHERE coalesce(o.target, 0) <> coalesce(e.net, 0)) AS violations
          FROM order_earning o FULL JOIN (
            SELECT shop_id, source_id::bigint AS order_id, rule,
                   sum(points) FILTER (WHERE kind = 'grant') - coalesce(sum(points) FILTER (WHERE kind = 'clawback'), 0) AS net
              FROM points_entry WHERE source_type = 'order' AND kind IN ('grant', 'clawback') GROUP BY 1, 2, 3) e
            ON e.shop_id = o.shop_id AND e.order_id = o.order_id AND e.rule = o.rule`,
  },
  {
    id: "I5",
    law: "No order has more clawed back than it was granted.",
    sql: `SELECT count(*) AS rows, count(*) FILTER (WHERE clawed > granted) AS violations FROM (
            SELECT coalesce(sum(e.points) FILTER (WHERE e.kind = 'grant'), 0) AS granted,
                   coalesce(sum(e.points) FILTER (WHERE e.kind = 'clawback'), 0) AS clawed
              FROM order_earning o LEFT JOIN points_entry e ON e.shop_id = o.shop_id AND e.source_type = 'order'
               AND e.source_id = o.order_id::text AND e.rule = o.rule
             GROUP BY o.shop_id, o.order_id, o.rule) s`,
  },
  {
    id: "I6",
    law: "What each redemption holds is where its state says, each posted one was given or used exactly once, and none waits without a date.",
    sql: `WITH held AS (
            SELECT shop_id, source_id, ${net("reserved")} AS reserved, ${net("redeemed")} AS redeemed
              FROM points_entry WHERE source_type = 'redemption' GROUP BY 1, 2),
          judged AS (
            SELECT r.shop_id, r.member_id, coalesce(h.reserved, 0) AS reserved,
                   CASE r.status WHEN 'posted' THEN coalesce(h.reserved, 0) <> 0 OR coalesce(h.redeemed, 0) <> r.points - r.returned
                                 WHEN 'voided' THEN coalesce(h.reserved, 0) <> 0 OR coalesce(h.redeemed, 0) <> 0 OR r.returned <> r.points
                                 ELSE coalesce(h.reserved, 0) <> r.points OR coalesce(h.redeemed, 0) <> 0 OR r.returned <> 0 END
                   OR r.status IN ('reserved', 'issued', 'returning') AND r.next_attempt IS NULL
                   OR r.status = 'posted' AND CASE
                        WHEN r.kind = 'voucher' THEN (SELECT count(*) FROM voucher_code v WHERE v.shop_id = r.shop_id AND v.redemption_id = r.id) <> 1
                        WHEN r.kind IN ('gift_card', 'store_credit', 'early_access') THEN r.shopify_gid IS NULL
                        WHEN r.kind IN ('donation', 'place') THEN false
                        ELSE NOT EXISTS (SELECT FROM code_use u WHERE u.shop_id = r.shop_id AND u.code = r.code AND u.order_id = r.order_id) END AS is_wrong
              FROM redemption r LEFT JOIN held h ON h.shop_id = r.shop_id AND h.source_id = r.id::text)
          SELECT (SELECT count(*) FROM judged) AS rows,
            (SELECT count(*) FROM judged WHERE is_wrong)
            + (SELECT count(*) FROM member m LEFT JOIN (SELECT shop_id, member_id, sum(reserved) AS reserved FROM judged GROUP BY 1, 2) j
                 ON j.shop_id = m.shop_id AND j.member_id = m.id WHERE m.reserved <> coalesce(j.reserved, 0))
            + (SELECT count(*) FROM held h WHERE NOT EXISTS (SELECT FROM redemption r WHERE r.shop_id = h.shop_id AND r.id::text = h.source_id))
            AS violations`,
  },
  {
    id: "I8",
    law: "No balance is below zero.",
    sql: `SELECT count(*) AS rows, count(*) FILTER (WHERE
            least(pending, available, reserved, redeemed, expired, revoked, debt) < 0) AS violations FROM member`,
  },
  {
    id: "I9",
    law: "A member has at most one first-order bonus standing, and each act, day, friend or tier gave its points once.",
    // An act belongs to the person: the grants of merged members count with those of the member that was kept.
    sql: `WITH RECURSIVE person AS (
            SELECT shop_id, id, id AS kept FROM member WHERE merged_into IS NULL
            UNION ALL SELECT m.shop_id, m.id, p.kept FROM member m JOIN person p ON p.shop_id = m.shop_id AND p.id = m.merged_into),
          first_orders AS (
            SELECT count(*) AS answers, count(*) FILTER (WHERE o.rule = 'first_order' AND o.target > 0 AND c.member_id IS NOT NULL) AS standing
              FROM order_earning o JOIN customer_order c ON c.shop_id = o.shop_id AND c.id = o.order_id
             GROUP BY o.shop_id, c.member_id),
          acts AS (
            SELECT g.shop_id, p.kept, CASE WHEN g.kind = 'tier_entry' THEN g.way_id ELSE g.way_id || '/' || g.occasion END AS act, sum(g.points) AS granted, count(*) FILTER (WHERE g.state = 'granted') AS standing,
                   coalesce(sum(g.points) FILTER (WHERE g.state = 'revoked'), 0) AS revoked
              FROM way_grant g JOIN person p ON p.shop_id = g.shop_id AND p.id = g.member_id GROUP BY 1, 2, 3),
          posted AS (
            SELECT e.shop_id, p.kept, CASE e.source_type WHEN 'tier' THEN 'tier-entry-' ELSE '' END || substr(e.source_id, strpos(e.source_id, '/') + 1) AS act, sum(e.points) FILTER (WHERE e.kind = 'grant') AS granted,
                   coalesce(sum(e.points) FILTER (WHERE e.kind = 'clawback'), 0) AS revoked
              FROM points_entry e JOIN person p ON p.shop_id = e.shop_id AND p.id = e.member_id WHERE e.source_type IN ('way', 'tier') GROUP BY 1, 2, 3)
          SELECT (SELECT coalesce(sum(answers), 0) FROM first_orders) + (SELECT count(*) FROM acts) AS rows,
            (SELECT count(*) FROM first_orders WHERE standing > 1)
            + (SELECT count(*) FROM acts a FULL JOIN posted e ON e.shop_id = a.shop_id AND e.kept = a.kept AND e.act = a.act
                WHERE a.standing > 1 OR a.granted IS DISTINCT FROM e.granted OR a.revoked IS DISTINCT FROM e.revoked) AS violations`,
  },
  {
    id: "I10",
    law: "The ledger refuses change: its triggers are in place and switched on, and every key is unique.",
    sql: `SELECT (SELECT count(*) FROM points_entry) AS rows,
            (SELECT count(*) FROM unnest(ARRAY['points_entry', 'program_version']::regclass[]) AS t(id)
               CROSS JOIN unnest(ARRAY['append_only', 'append_only_truncate']) AS w(name)
              WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.id AND g.tgname = w.name AND g.tgenabled IN ('O', 'A')))
            + (SELECT count(*) - count(DISTINCT (shop_id, key)) FROM points_entry) AS violations`,
  },
  {
    id: "I14",
    law: "A merged member has no open lot, no points and no debt.",
    sql: `SELECT (SELECT count(*) FROM member) AS rows,
            (SELECT count(*) FROM member m WHERE m.status = 'merged' AND (m.pending + m.available + m.reserved + m.debt <> 0
               OR m.merged_into IS NULL OR EXISTS (SELECT FROM lot l WHERE l.shop_id = m.shop_id AND l.member_id = m.id AND l.remaining > 0)))
            AS violations`,
  },
  {
    id: "I15",
    law: "No lot holds points a day after its last one, by the shop's newest entry, and nothing expired before its date.",
    // The newest entry tells the shop's business time: beside the simulator it is not the database's.
    sql: `SELECT (SELECT count(*) FROM lot) AS rows,
            (SELECT count(*) FROM lot l JOIN (SELECT shop_id, max(at) AS at FROM points_entry GROUP BY 1) newest ON newest.shop_id = l.shop_id
              WHERE l.remaining > 0 AND l.expires_at < newest.at - interval '1 day')
            + (SELECT count(*) FROM points_entry e LEFT JOIN lot l ON l.shop_id = e.shop_id AND l.id = e.lot_id
                WHERE e.kind = 'expiry' AND (l.expires_at IS NULL OR e.at < l.expires_at)) AS violations`,
  },
  {
    id: "I17",
    law: "No row joins two shops, belongs to an unknown one, or lies in a table without row-level security.",
    sql: `SELECT (SELECT count(*) FROM points_entry) + (SELECT count(*) FROM lot) + (SELECT count(*) FROM order_earning) AS rows,
            (SELECT count(*) FROM points_entry e WHERE NOT EXISTS (SELECT FROM member m WHERE m.shop_id = e.shop_id AND m.id = e.member_id)
               OR e.lot_id IS NOT NULL AND NOT EXISTS (SELECT FROM lot l WHERE l.shop_id = e.shop_id AND l.id = e.lot_id AND l.member_id = e.member_id))
            + (SELECT count(*) FROM lot l WHERE NOT EXISTS (SELECT FROM member m WHERE m.shop_id = l.shop_id AND m.id = l.member_id))
            + (SELECT count(*) FROM order_earning o WHERE NOT EXISTS (SELECT FROM customer_order c WHERE c.shop_id = o.shop_id AND c.id = o.order_id))
            + (SELECT count(*) FROM member m WHERE NOT EXISTS (SELECT FROM shop s WHERE s.id = m.shop_id))
            + (SELECT count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'shop_id'
                WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'webhook_inbox'
                  AND NOT (c.relrowsecurity AND c.relforcerowsecurity)) AS violations`,
  },
];

/** The one invariant that no SQL can check: recompute-earnings.server.ts does. */
export const RECOMPUTED = {
  id: "I12",
  law: "What stored order states and rule versions answer is what was remembered and posted for each order.",
};

/** Tables whose emptiness would explain that an invariant looked at no row. */
export const SUBJECT: Record<string, string> = {
  I1: "member",
  I2: "member",
  I3: "lot",
  I4: "order_earning",
  I5: "order_earning",
  I6: "redemption",
  I8: "member",
  I9: "order_earning",
  I10: "points_entry",
  I12: "order_earning",
  I14: "member",
  I15: "lot",
  I17: "points_entry",
};
