// The letter box as the merchant sees it: what came, what became of it, and the way to try again.
import { routerPool, type ShopId } from "../db.server";
import { wakeDrain } from "./wake";

export type DeliveryStatus = "pending" | "parked" | "done" | "ignored" | "dead" | "quarantined";
export interface DeliveryLine {
  id: number;
  topic: string;
  subject: string | null;
  status: DeliveryStatus;
  detail: string | null;
  attempts: number;
  receivedAt: Date;
  triggeredAt: Date | null;
  settledAt: Date | null;
  nextAttempt: Date | null;
}
export interface Delivery extends DeliveryLine {
  webhookId: string;
  eventId: string | null;
  apiVersion: string | null;
  /** Length in characters; the body itself is personal data and stays where it is. */
  bodyLength: number | null;
}
export interface DeliveryFilter {
  /** problems: dead and quarantined. */
  status?: DeliveryStatus | "problems";
  topic?: string;
  /** From the previous page. */
  cursor?: number | null;
  limit?: number;
}

const LINE = `id, topic, subject, status, error AS detail, attempts, received_at AS "receivedAt", triggered_at AS "triggeredAt",
  settled_at AS "settledAt", CASE WHEN status IN ('pending', 'parked') THEN next_attempt END AS "nextAttempt"`;
const LIMIT_MAX = 200;

/** A page of the shop's deliveries, newest first. */
export async function listDeliveries(
  shopId: ShopId,
  filter: DeliveryFilter = {},
): Promise<{ deliveries: DeliveryLine[]; nextCursor: number | null }> {
  const limit = Math.min(filter.limit ?? 50, LIMIT_MAX);
  const statuses = filter.status === "problems" ? ["dead", "quarantined"] : filter.status ? [filter.status] : null;
  const { rows } = await routerPool().query<DeliveryLine>(
    `SELECT ${LINE} FROM webhook_inbox
      WHERE shop_id = $1 AND ($2::text[] IS NULL OR status = ANY($2)) AND ($3::text IS NULL OR topic = $3) AND ($4::bigint IS NULL OR id < $4)
      ORDER BY id DESC LIMIT $5`,
    [shopId, statuses, filter.topic ?? null, filter.cursor ?? null, limit + 1],
  );
  const deliveries = rows.slice(0, limit);
  return { deliveries, nextCursor: rows.length > limit ? (deliveries.at(-1)?.id ?? null) : null };
}

/** One delivery of the shop; null when it is not this shop's. */
export async function readDelivery(shopId: ShopId, id: number): Promise<Delivery | null> {
  const { rows } = await routerPool().query<Delivery>(
    `SELECT ${LINE}, webhook_id AS "webhookId", event_id AS "eventId", api_version AS "apiVersion", length(body) AS "bodyLength"
       FROM webhook_inbox WHERE shop_id = $1 AND id = $2`,
    [shopId, id],
  );
  return rows[0] ?? null;
}

const REPLAYED_AT_ONCE_MAX = 10_000;

/**
 * Puts dead and quarantined deliveries back to the start; applying twice what was applied posts nothing.
 * @param which ids of this shop, or every dead one
 */
export async function replayEvents(shopId: ShopId, which: number[] | "all-dead"): Promise<{ replayed: number }> {
  const { rowCount } = await routerPool().query(
    `UPDATE webhook_inbox SET status = 'pending', attempts = 0, next_attempt = now(), error = NULL, settled_at = NULL,
            lease_token = NULL, lease_until = NULL
      WHERE id IN (
        SELECT id FROM webhook_inbox
         WHERE shop_id = $1 AND body IS NOT NULL AND CASE WHEN $2::bigint[] IS NULL THEN status = 'dead'
               ELSE id = ANY($2) AND status IN ('dead', 'quarantined', 'ignored', 'done') END
         LIMIT $3)`,
    [shopId, which === "all-dead" ? null : which, REPLAYED_AT_ONCE_MAX],
  );
  wakeDrain();
  return { replayed: rowCount ?? 0 };
}
