// A line on the health page, once per hour and cause: an alarm that repeats itself is not read.
import { inShop, routerPool, type Queryable, type ShopId } from "../db.server";
import { log } from "../log.server";

export type AlertKind =
  | "delivery_too_large"
  | "delivery_quarantined"
  | "delivery_dead"
  | "unknown_topic"
  | "other_api_version"
  | "foreign_payload"
  | "order_unverified"
  | "reinstalled_before_redact"
  | "data_request"
  | "shop_unauthorized"
  | "gap_closed"
  | "job_failed"
  | "redemption_stuck"
  | "reward_refused"
  | "code_changed"
  | "joins_rushed"
  /** Raised by reviews/moderation/raise-burst-alert.server.ts. */
  | "review_burst"
  /** Raised and resolved by shopify/note-denied-data.server.ts. */
  | "protected_data_denied";

/** Adds an alert in the shop's transaction unless the same one is already open since less than an hour. */
export async function raiseAlert(
  tx: Queryable & { shopId: ShopId },
  kind: AlertKind,
  params: Record<string, string | number | null>,
): Promise<void> {
  await tx.query(
    `INSERT INTO health_alert (shop_id, kind, params)
     SELECT $1, $2::text, $3::jsonb WHERE NOT EXISTS (
       SELECT FROM health_alert WHERE shop_id = $1 AND kind = $2 AND params = $3::jsonb AND resolved_at IS NULL AND at > now() - interval '1 hour')`,
    [tx.shopId, kind, JSON.stringify(params)],
  );
}

/** The same from outside a transaction; a failure to alert is logged, never thrown. */
export async function raiseAlertInShop(
  shopId: ShopId,
  kind: AlertKind,
  params: Record<string, string | number | null>,
): Promise<void> {
  try {
    await inShop(shopId, (tx) => raiseAlert(tx, kind, params));
  } catch (error) {
    log().error({ shopId, kind, code: (error as { code?: string }).code }, "an alert could not be stored");
  }
}

/** The same when only the domain is known; a domain that was never installed has nobody to alert. */
export async function raiseAlertForDomain(
  domain: string,
  kind: AlertKind,
  params: Record<string, string | number | null>,
): Promise<void> {
  try {
    const { rows } = await routerPool().query<{ id: number }>("SELECT id FROM shop WHERE domain = $1", [domain]);
    if (rows[0]) await raiseAlertInShop(rows[0].id, kind, params);
  } catch (error) {
    log().error({ domain, kind, code: (error as { code?: string }).code }, "an alert could not be stored");
  }
}
