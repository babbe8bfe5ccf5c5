// What keeps moving, as SQL like the other invariants: deliveries (I11), values (I21) and work (I22). Two of the
// laws can only be shown by a bench that knows what was sent; the audit says so instead of keeping quiet.
import type { Invariant } from "./invariants";

/** Work that was due so long ago is stuck. Leases and heartbeats are shorter than a quarter of this. */
const STUCK = "interval '15 minutes'";
/** Deliveries are settled within: a day's delay of the sender's, and a day of ours. */
const SETTLED_WITHIN = "interval '48 hours'";

export const LIVENESS: Invariant[] = [
  {
    id: "I11",
    law: "Every delivery in the letter box was settled in its time and says when, and none is there twice.",
    sql: `SELECT (SELECT count(*) FROM webhook_inbox) AS rows,
            (SELECT count(*) FROM webhook_inbox WHERE status IN ('done', 'ignored', 'dead', 'quarantined') AND settled_at IS NULL
                OR status IN ('pending', 'parked') AND (settled_at IS NOT NULL OR received_at < now() - ${SETTLED_WITHIN}))
            + (SELECT count(*) - count(DISTINCT (domain, topic, webhook_id)) FROM webhook_inbox) AS violations`,
  },
  {
    id: "I21",
    law: "Every point that was granted is explained by an order, an act, a tier or a person, and no order stayed unexplained.",
    sql: `WITH unexplained AS (
            SELECT e.shop_id FROM points_entry e WHERE e.kind = 'grant' AND NOT CASE e.source_type
              WHEN 'order' THEN EXISTS (SELECT FROM customer_order o JOIN order_earning a ON a.shop_id = o.shop_id AND a.order_id = o.id
                                         WHERE o.shop_id = e.shop_id AND o.id::text = e.source_id AND a.rule = e.rule AND o.facts IS NOT NULL)
              WHEN 'way' THEN EXISTS (SELECT FROM way_grant g WHERE g.shop_id = e.shop_id
                                         AND g.way_id || '/' || g.occasion = substr(e.source_id, strpos(e.source_id, '/') + 1))
              WHEN 'tier' THEN EXISTS (SELECT FROM way_grant g WHERE g.shop_id = e.shop_id AND g.kind = 'tier_entry'
                                         AND g.way_id IN ('tier-entry-' || substr(e.source_id, strpos(e.source_id, '/') + 1), substr(e.source_id, strpos(e.source_id, '/') + 1)))
              ELSE e.source_type = 'adjustment' AND e.actor <> 'system' END),
          passes AS (SELECT DISTINCT ON (shop_id) unexplained FROM reconciliation_run WHERE kind = 'orders' AND status = 'done' ORDER BY shop_id, id DESC)
          SELECT (SELECT count(*) FROM points_entry WHERE kind = 'grant') + (SELECT count(*) FROM passes) AS rows,
            (SELECT count(*) FROM unexplained) + (SELECT count(*) FROM passes WHERE unexplained > 0) AS violations`,
  },
  {
    id: "I22",
    law: "Work gets done: nothing due waits a quarter of an hour, no job lost its heartbeat, no transaction writes for more than 30 seconds.",
    sql: `SELECT (SELECT count(*) FROM webhook_inbox WHERE status IN ('pending', 'parked')) + (SELECT count(*) FROM pgboss.job WHERE state = 'active')
                 + (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL) AS rows,
            (SELECT count(*) FROM webhook_inbox WHERE status IN ('pending', 'parked') AND next_attempt < now() - ${STUCK})
            + (SELECT count(*) FROM pgboss.job WHERE state = 'active' AND heartbeat_seconds IS NOT NULL
                 AND coalesce(heartbeat_on, started_on) < now() - 2 * heartbeat_seconds * interval '1 second')
            + (SELECT count(*) FROM redemption WHERE lease_until < now() - ${STUCK})
            + (SELECT count(*) FROM message WHERE status = 'sending' AND lease_until < now() - ${STUCK})
            + (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
                 AND xact_start < now() - interval '30 seconds') AS violations`,
  },
];

export interface ElsewhereChecked {
  id: string;
  law: string;
  why: string;
}
/** Laws, or halves of them, that no look at the tables can show. */
export const BENCH_ONLY: ElsewhereChecked[] = [
  {
    id: "I11",
    law: "Each acknowledged delivery is in the letter box, and none took effect twice.",
    why: "Only who sent them knows what was acknowledged: npm run chaos compares.",
  },
  {
    id: "I13",
    law: "Replaying everything once more changes nothing.",
    why: "The audit changes nothing, so it replays nothing: npm run chaos and npm run kizuna -- replay do.",
  },
];
