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
                   coalesce(sum(g.points) FILTER (WHERE g.state = 'revoked'), 0) AS revoked, bool_or(g.kind LIKE '%review') AS is_review
              FROM way_grant g JOIN person p ON p.shop_id = g.shop_id AND p.id = g.member_id GROUP BY 1, 2, 3),
          posted AS (
            SELECT e.shop_id, p.kept, CASE e.source_type WHEN 'tier' THEN 'tier-entry-' ELSE '' END || substr(e.source_id, strpos(e.source_id, '/') + 1) AS act, sum(e.points) FILTER (WHERE e.kind = 'grant') AS granted,
                   coalesce(sum(e.points) FILTER (WHERE e.kind = 'clawback'), 0) AS revoked
              FROM points_entry e JOIN person p ON p.shop_id = e.shop_id AND p.id = e.member_id WHERE e.source_type IN ('way', 'tier') GROUP BY 1, 2, 3)
          SELECT (SELECT coalesce(sum(answers), 0) FROM first_orders) + (SELECT count(*) FROM acts) AS rows,
            (SELECT count(*) FROM first_orders WHERE standing > 1)
            + (SELECT count(*) FROM acts a FULL JOIN posted e ON e.shop_id = a.shop_id AND e.kept = a.kept AND e.act = a.act
                WHERE a.standing > 1 OR a.granted IS DISTINCT FROM e.granted 
                   -- A review that its author takes back gives back what was not spent.
                   OR CASE WHEN a.is_review THEN e.revoked > a.revoked ELSE a.revoked IS DISTINCT FROM e.revoked END) AS violations`,
  },
  {
    id: "I10",
    law: "The ledger refuses change: its triggers are in place and switched on, every key is unique, and each day's seal re-computes.",
    sql: `SELECT (SELECT count(*) FROM points_entry) AS rows,
            (SELECT count(*) FROM unnest(ARRAY['points_entry', 'program_version', 'ledger_seal']::regclass[]) AS t(id)
               CROSS JOIN unnest(ARRAY['append_only', 'append_only_truncate']) AS w(name)
              WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.id AND g.tgname = w.name AND g.tgenabled IN ('O', 'A')))
            -- Numbers sort many times faster than rows of text; two keys of one number are looked at again.
            + (SELECT CASE WHEN count(*) = count(DISTINCT hashtextextended(key, shop_id)) THEN 0
                      ELSE (SELECT count(*) - count(DISTINCT (shop_id, key)) FROM points_entry) END FROM points_entry)
            -- What at most once rests on, as long as nobody is so unlucky as to need it.
            + (SELECT count(*) FROM (VALUES ('points_entry', ARRAY['shop_id', 'key']), ('webhook_inbox', ARRAY['domain', 'topic', 'webhook_id']),
                                            ('redemption', ARRAY['shop_id', 'member_id', 'request_key']), ('customer_order', ARRAY['shop_id', 'order_gid']),
                                            ('member', ARRAY['shop_id', 'customer_gid'])) AS wanted (name, columns)
                WHERE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = wanted.name::regclass AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
                                     AND (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
                                            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) = wanted.columns)) AS violations`,
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
  {
    id: "I18",
    law: "Of a deleted review, and of whoever was erased, no word, name, address, picture or message is left.",
    sql: `WITH gone AS (
            SELECT r.* FROM review r WHERE r.status = 'deleted'
             UNION SELECT r.* FROM review r JOIN member m ON m.shop_id = r.shop_id AND m.id = r.member_id WHERE m.status = 'redacted')
          SELECT (SELECT count(*) FROM review) + (SELECT count(*) FROM member WHERE status = 'redacted') AS rows,
            (SELECT count(*) FROM gone g WHERE g.title || g.body || g.pros || g.cons || g.author_name || coalesce(g.author_email, '') || coalesce(g.reply, '') <> ''
               OR g.answers <> '[]' OR g.findings <> '[]' OR cardinality(g.search_grams) > 0 OR g.author_key IS NOT NULL)
            + (SELECT count(*) FROM review_media x JOIN gone g ON g.shop_id = x.shop_id AND g.id = x.review_id WHERE x.status <> 'removed' OR x.alt <> '')
            + (SELECT count(*) FROM review_version x JOIN gone g ON g.shop_id = x.shop_id AND g.id = x.review_id)
            + (SELECT count(*) FROM review_note x JOIN gone g ON g.shop_id = x.shop_id AND g.id = x.review_id)
            + (SELECT count(*) FROM review_mention x JOIN gone g ON g.shop_id = x.shop_id AND g.id = x.review_id)
            + (SELECT count(*) FROM member m WHERE m.status = 'redacted' AND (m.name <> '' OR m.email IS NOT NULL OR m.birthday IS NOT NULL OR m.birthday_sealed IS NOT NULL OR m.birthday_key IS NOT NULL OR cardinality(m.search_grams) > 0))
            AS violations`,
  },
  {
    id: "I19",
    law: "Sums of reviews equal a recount, a verified review has its order line, and points were promised wherever they were given.",
    sql: `WITH counted AS (
            SELECT shop_id, group_key, ARRAY[count(*) FILTER (WHERE rating = 1), count(*) FILTER (WHERE rating = 2), count(*) FILTER (WHERE rating = 3),
                     count(*) FILTER (WHERE rating = 4), count(*) FILTER (WHERE rating = 5)]::int[] AS counts,
                   count(*) FILTER (WHERE verified) AS verified, count(*) FILTER (WHERE incentivised) AS incentivised, count(*) FILTER (WHERE photos + videos > 0) AS with_media
              FROM review WHERE status = 'published' GROUP BY 1, 2)
          SELECT (SELECT count(*) FROM review) AS rows,
            (SELECT count(*) FROM counted c FULL JOIN (SELECT * FROM rating_summary WHERE counts <> '{0,0,0,0,0}') s ON s.shop_id = c.shop_id AND s.group_key = c.group_key
              WHERE (s.counts IS DISTINCT FROM c.counts OR s.verified <> c.verified OR s.incentivised <> c.incentivised OR s.with_media <> c.with_media)
                AND NOT EXISTS (SELECT FROM rating_change w WHERE w.shop_id = coalesce(c.shop_id, s.shop_id) AND w.group_key = coalesce(c.group_key, s.group_key)))
            + (SELECT count(*) FROM review r JOIN customer_order o ON o.shop_id = r.shop_id AND o.id = r.order_id
                WHERE r.verified AND o.facts IS NOT NULL
                  AND NOT jsonb_path_exists(o.facts, '$.lines[*] ? (@.lineId == $line && @.productId == $product)', jsonb_build_object('line', r.line_id, 'product', r.product_gid)))
            + (SELECT count(*) FROM review r JOIN way_grant g ON g.shop_id = r.shop_id AND g.member_id = r.member_id AND g.kind LIKE '%review'
                 AND g.occasion = 'line/' || split_part(r.line_id, '/', 5) WHERE NOT r.incentivised AND r.submitted_at <= g.at) AS violations`,
  },
  {
    id: "I20",
    law: "Nobody got more mails a day than the cap allows, nor one after asking for no more.",
    sql: `SELECT (SELECT count(*) FROM message WHERE status = 'sent') AS rows,
            (SELECT count(*) - count(DISTINCT (shop_id, cap_key)) FROM message WHERE status = 'sent' AND cap_key IS NOT NULL)
            -- A mail that was on its way when the wish arrived is no offence.
            + (SELECT count(*) FROM message m JOIN suppression s ON s.shop_id = m.shop_id AND s.address_key = m.address_key AND s.channel = m.channel
                WHERE m.status = 'sent' AND m.sent_at > s.at + interval '5 minutes') AS violations`,
  },
];

/** The one invariant that no SQL can check: recompute-earnings.server.ts does. */
export const RECOMPUTED = {
  id: "I12",
  law: "What stored order states and rule versions answer is what was remembered for each order.",
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
  I18: "review",
  I19: "review",
  I20: "message",
};
