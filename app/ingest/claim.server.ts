// Takes events out of the letter box under a lease, in a transaction of its own, a fair share per shop.
import { randomUUID } from "node:crypto";
import type pg from "pg";

import { routerPool, type ShopId } from "../db.server";
import type { Disposal } from "./event";

/** One claimed row; `shop` is null while nobody has installed the app for the domain. */
export interface ClaimedEvent {
  id: number;
  domain: string;
  topic: string;
  body: string | null;
  /** Bodies beyond a quarter of a megabyte are fetched one at a time: see `readLargeBody`. */
  isLarge: boolean;
  triggeredAt: Date | null;
  receivedAt: Date;
  attempts: number;
  apiVersion: string | null;
  shop: { shopId: ShopId; shopifyGid: string | null; installedAt: Date; uninstalledAt: Date | null } | null;
}
export interface Claim {
  lease: string;
  events: ClaimedEvent[];
}

interface ClaimRow {
  id: number;
  domain: string;
  topic: string;
  body: string | null;
  is_large: boolean | null;
  triggered_at: Date | null;
  received_at: Date;
  attempts: number;
  api_version: string | null;
  shop_id: number | null;
  shopify_gid: string | null;
  installed_at: Date | null;
  uninstalled_at: Date | null;
}

// Instants are stored to the millisecond and may have been rounded up.
const DUE = "now() + interval '1 millisecond'";

/** A batch of the largest orders must fit into memory. */
const SMALL_BYTES = 256 * 1024;

/** So many orders of one shop share a transaction; a claim takes as many of a shop, or a third of its own, before it turns to the next. */
export const TOGETHER = 32;

// The recursion jumps from domain to domain in the partial index, so the cost follows the number of
// shops with work, not the length of anybody's queue. The order of shops is drawn anew each time: a batch holds some
// of them, and who waits for the next one is left to chance.
const CLAIM = `
  WITH RECURSIVE busy (domain) AS (
    (SELECT domain FROM webhook_inbox WHERE status IN ('pending', 'parked') ORDER BY domain LIMIT 1)
    UNION ALL
    SELECT (SELECT i.domain FROM webhook_inbox i WHERE i.status IN ('pending', 'parked') AND i.domain > busy.domain ORDER BY i.domain LIMIT 1)
      FROM busy WHERE busy.domain IS NOT NULL
  ), due AS MATERIALIZED (
    SELECT busy.domain FROM busy WHERE busy.domain IS NOT NULL AND EXISTS (
      SELECT FROM webhook_inbox i WHERE i.domain = busy.domain AND i.status IN ('pending', 'parked') AND i.next_attempt <= ${DUE})
     ORDER BY random() LIMIT $1
  ), taken AS MATERIALIZED (
    SELECT mine.id, shop.id AS shop_id, shop.shopify_gid, shop.installed_at, shop.uninstalled_at
      FROM due
      CROSS JOIN LATERAL (
        SELECT i.id FROM webhook_inbox i
         WHERE i.domain = due.domain AND i.status IN ('pending', 'parked') AND i.next_attempt <= ${DUE}
         ORDER BY i.next_attempt, i.id
         LIMIT (SELECT greatest(least(${TOGETHER}, $1::integer / 3), $1::integer / greatest(1, count(*)::integer)) FROM due)
         FOR UPDATE SKIP LOCKED) mine
      LEFT JOIN shop ON shop.domain = due.domain
     LIMIT $1
  )
  UPDATE webhook_inbox i
     SET lease_token = $2, lease_until = now() + $3 * interval '1 second', next_attempt = now() + $3 * interval '1 second',
         attempts = i.attempts + 1, shop_id = taken.shop_id
    FROM taken WHERE i.id = taken.id
  RETURNING i.id, i.domain, i.topic, CASE WHEN octet_length(i.body) <= ${SMALL_BYTES} THEN i.body END AS body,
            octet_length(i.body) > ${SMALL_BYTES} AS is_large, i.triggered_at, i.received_at, i.attempts, i.api_version,
            taken.shop_id, taken.shopify_gid, taken.installed_at, taken.uninstalled_at`;

// A silent server must not hold the drain for longer than it takes to look elsewhere.
const CLAIM_TIMEOUT_MS = 8_000;

/** Claims up to `batch` due events for `leaseSeconds`. Nobody else gets them before the lease is over. */
export async function claimEvents(batch: number, leaseSeconds: number): Promise<Claim> {
  const lease = randomUUID();
  const query: pg.QueryConfig & { query_timeout: number } = {
    name: "claim-events",
    text: CLAIM,
    values: [batch, lease, leaseSeconds],
    query_timeout: CLAIM_TIMEOUT_MS,
  };
  const { rows } = await routerPool().query<ClaimRow>(query);
  const events = rows.map((row) => ({
    id: row.id,
    domain: row.domain,
    topic: row.topic,
    body: row.body,
    isLarge: row.is_large ?? false,
    triggeredAt: row.triggered_at,
    receivedAt: row.received_at,
    attempts: row.attempts,
    apiVersion: row.api_version,
    shop: toShop(row),
  }));
  return { lease, events: events.sort((a, b) => a.id - b.id) };
}

function toShop(row: ClaimRow): ClaimedEvent["shop"] {
  if (row.shop_id === null || row.installed_at === null) return null;
  return {
    shopId: row.shop_id,
    shopifyGid: row.shopify_gid,
    installedAt: row.installed_at,
    uninstalledAt: row.uninstalled_at,
  };
}

/** The body of a large event, when its turn comes. */
export async function readLargeBody(inboxId: number): Promise<string | null> {
  const { rows } = await routerPool().query<{ body: string | null }>("SELECT body FROM webhook_inbox WHERE id = $1", [
    inboxId,
  ]);
  return rows[0]?.body ?? null;
}

/** Gives back everything of a lease that is not settled, for others to take at once. */
export async function releaseLease(lease: string): Promise<void> {
  await routerPool().query(
    "UPDATE webhook_inbox SET lease_token = NULL, lease_until = NULL, next_attempt = now() WHERE lease_token = $1 AND lease_until > now()",
    [lease],
  );
}

/** Extends the lease of what is still unsettled. */
export async function extendLease(lease: string, leaseSeconds: number): Promise<void> {
  await routerPool().query(
    `UPDATE webhook_inbox SET lease_until = now() + $2 * interval '1 second', next_attempt = now() + $2 * interval '1 second'
      WHERE lease_token = $1 AND lease_until > now()`,
    [lease, leaseSeconds],
  );
}

/** Releases one event of the lease; false when the lease has passed to another worker meanwhile. */
export async function disposeOf(inboxId: number, lease: string, disposal: Disposal): Promise<boolean> {
  const again = "afterSeconds" in disposal ? disposal.afterSeconds : null;
  const { rowCount } = await routerPool().query(
    `UPDATE webhook_inbox
        SET status = $3, error = $4, lease_token = NULL, lease_until = NULL,
            next_attempt = CASE WHEN $5::float8 IS NULL THEN next_attempt ELSE now() + $5 * interval '1 second' END,
            settled_at = CASE WHEN $5::float8 IS NULL THEN now() END
      WHERE id = $1 AND lease_token = $2 AND lease_until > now()`,
    [inboxId, lease, disposal.status, disposal.detail, again],
  );
  return rowCount === 1;
}
