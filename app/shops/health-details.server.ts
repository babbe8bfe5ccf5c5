// What the health page shows beside the sync health: how far the storefront is behind, and the last time
// that others looked. On real time: when something arrived or ran is a fact about us.
import { inShop, routerPool, type ShopId, type ShopTx } from "../db.server";

export interface HealthDetails {
  /** The database's own clock: what arrived and what ran is told on real time. */
  readAt: Date;
  /** When the last event about an order arrived; null when none is among the newest deliveries. */
  lastOrderEventAt: Date | null;
  /** Deliveries that wait for the order they belong to. */
  parked: number;
  /** Balances and ratings that the storefront does not show yet; counted up to a limit. */
  unpublished: { members: number; products: number };
  /** Whether publishing has failed and is being tried again. */
  isPublishingRetried: boolean;
  /** When Shopify last turned the app's calls away, within the last two hours. */
  turnedAwayAt: Date | null;
  subscriptions: { at: Date; present: number; refused: number } | null;
  /** The last check of the books by whoever runs the server. */
  audit: { at: Date; checks: number; violations: number } | null;
}

const DELIVERIES_LOOKED_AT = 2_000;
const COUNTED_UP_TO = 1_000;
const PUBLISHING_JOBS = ["publish-balances", "publish-ratings", "publish-program"];

/** Reads the details; each part rides on its own index and is bounded. */
export async function readHealthDetails(shopId: ShopId): Promise<HealthDetails> {
  const [routed, tenant] = await Promise.all([readRouted(shopId), inShop(shopId, readTenant)]);
  return { ...routed, ...tenant };
}

type Routed = Pick<HealthDetails, "readAt" | "lastOrderEventAt" | "parked" | "isPublishingRetried">;
async function readRouted(shopId: ShopId): Promise<Routed> {
  const { rows } = await routerPool().query<Routed>(
    `SELECT now() AS "readAt",
            (SELECT max(received_at) FROM (
               SELECT topic, received_at FROM webhook_inbox WHERE shop_id = $1 ORDER BY received_at DESC LIMIT ${DELIVERIES_LOOKED_AT}) newest
              WHERE topic LIKE 'orders/%') AS "lastOrderEventAt",
            (SELECT count(*) FROM webhook_inbox
              WHERE domain = (SELECT domain FROM shop WHERE id = $1) AND status = 'parked') AS parked,
            EXISTS (SELECT FROM pgboss.job
                     WHERE name = ANY($2) AND singleton_key = $1::text AND state = 'retry') AS "isPublishingRetried"`,
    [shopId, PUBLISHING_JOBS],
  );
  const [row] = rows;
  if (!row) throw new Error("reading the health gave no row");
  return row;
}

type Tenant = Omit<HealthDetails, keyof Routed>;
async function readTenant(tx: ShopTx): Promise<Tenant> {
  const behind = await tx.query<{ members: number; products: number; turnedAwayAt: Date | null }>(
    `SELECT (SELECT count(*) FROM (
               SELECT FROM member WHERE shop_id = $1 AND balance_seq > published_seq LIMIT ${COUNTED_UP_TO}) m) AS members,
            (SELECT count(*) FROM (
               SELECT FROM rating_summary WHERE shop_id = $1 AND counted_seq > published_seq LIMIT ${COUNTED_UP_TO}) s) AS products,
            (SELECT max(at) FROM health_alert WHERE shop_id = $1 AND kind = 'shop_unauthorized' AND resolved_at IS NULL
                AND at > now() - interval '2 hours') AS "turnedAwayAt"`,
    [tx.shopId],
  );
  const [row] = behind.rows;
  if (!row) throw new Error("counting what is unpublished gave no row");
  const passes = await tx.query<{ kind: string; at: Date; seen: number; matched: number; unexplained: number }>(
    `SELECT kind, coalesce(finished_at, started_at) AS at, seen, matched, unexplained
       FROM unnest(ARRAY['subscriptions', 'audit']) wanted
      CROSS JOIN LATERAL (
        SELECT * FROM reconciliation_run WHERE shop_id = $1 AND kind = wanted AND status = 'done' ORDER BY started_at DESC LIMIT 1) run`,
    [tx.shopId],
  );
  const pass = (kind: string) => passes.rows.find((each) => each.kind === kind);
  const subscriptions = pass("subscriptions");
  const audit = pass("audit");
  return {
    unpublished: { members: row.members, products: row.products },
    turnedAwayAt: row.turnedAwayAt,
    subscriptions: subscriptions
      ? {
          at: subscriptions.at,
          present: subscriptions.seen - subscriptions.unexplained,
          refused: subscriptions.unexplained,
        }
      : null,
    audit: audit ? { at: audit.at, checks: audit.seen, violations: audit.unexplained } : null,
  };
}
