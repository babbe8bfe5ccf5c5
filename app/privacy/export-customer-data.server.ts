import type { ShopTx } from "../db.server";
import { raiseAlert } from "../ingest/alert.server";
import { exportReviews } from "../reviews/export-reviews.server";

export interface DataRequest {
  customerGid: string | null;
  email: string | null;
  /** Shopify's id of the request: the same request makes one export. */
  requestKey: string;
}

/**
 * Collects everything held about a customer for the merchant to hand over, and tells the merchant.
 * A person we do not know gets no export: there is nothing to hand over.
 */
export async function exportCustomerData(
  tx: ShopTx,
  request: DataRequest,
  now: Date,
): Promise<{ outcome: "exported" | "already_exported" | "unknown_customer" }> {
  const { rows } = await tx.query<{ id: number; content: unknown }>(EXPORT, [
    tx.shopId,
    request.customerGid,
    normalEmail(request.email),
  ]);
  // Somebody without an account may have written, too.
  const reviews = await exportReviews(tx, { ...request, memberIds: rows.map(({ id }) => id) });
  if (rows.length === 0 && reviews.length === 0) return { outcome: "unknown_customer" };
  const { rowCount } = await tx.query(
    `INSERT INTO data_export (shop_id, request_key, customer_gid, requested_at, content) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (shop_id, request_key) DO NOTHING`,
    [
      tx.shopId,
      request.requestKey,
      request.customerGid,
      now,
      JSON.stringify({ members: rows.map((row) => row.content), ...(reviews.length > 0 && { reviews }) }),
    ],
  );
  if (rowCount === 0) return { outcome: "already_exported" };
  await raiseAlert(tx, "data_request", { request: request.requestKey });
  return { outcome: "exported" };
}

// By e-mail only where Shopify named no customer: an address is a signal, never an identity.
const EXPORT = `
  SELECT m.id, jsonb_build_object(
    'member', to_jsonb(m) - 'search_grams' - 'shop_id',
    'notes', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', n.at, 'text', n.text) ORDER BY n.id), '[]')
                FROM member_note n WHERE n.shop_id = m.shop_id AND n.member_id = m.id),
    'orders', (SELECT coalesce(jsonb_agg(jsonb_build_object('order', o.order_gid, 'name', o.name, 'email', o.email, 'facts', o.facts) ORDER BY o.id), '[]')
                 FROM customer_order o WHERE o.shop_id = m.shop_id AND o.member_id = m.id),
    'entries', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'kind', e.kind, 'from', e.from_bucket, 'to', e.to_bucket,
                   'points', e.points, 'reason', e.reason, 'params', e.params) ORDER BY e.id), '[]')
                  FROM points_entry e WHERE e.shop_id = m.shop_id AND e.member_id = m.id),
    'ways', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', g.at, 'kind', g.kind, 'occasion', g.occasion, 'points', g.points, 'state', g.state)
                   ORDER BY g.at), '[]') FROM way_grant g WHERE g.shop_id = m.shop_id AND g.member_id = m.id),
    'tiers', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', t.at, 'from', t.from_tier_id, 'to', t.to_tier_id, 'cause', t.cause) ORDER BY t.id), '[]')
                FROM tier_change t WHERE t.shop_id = m.shop_id AND t.member_id = m.id),
    'redemptions', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', r.reserved_at, 'kind', r.kind, 'points', r.points, 'status', r.status,
                      'code', r.code, 'texts', r.texts) ORDER BY r.id), '[]') FROM redemption r WHERE r.shop_id = m.shop_id AND r.member_id = m.id),
    'referrals', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', f.claimed_at, 'as', CASE WHEN f.advocate_id = m.id THEN 'advocate' ELSE 'friend' END,
                    'status', f.status, 'points', CASE WHEN f.advocate_id = m.id THEN f.points END,
                    'code', CASE WHEN f.friend_id = m.id THEN f.code END) ORDER BY f.id), '[]')
                    FROM referral f WHERE f.shop_id = m.shop_id AND (f.advocate_id = m.id OR f.friend_id = m.id)),
    'messages', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', coalesce(s.sent_at, s.due_at), 'channel', s.channel, 'kind', s.kind,
                   'status', s.status, 'params', s.params) ORDER BY s.id), '[]')
                   FROM message s WHERE s.shop_id = m.shop_id AND s.member_id = m.id)) AS content
    FROM member m
   WHERE m.shop_id = $1 AND m.status <> 'redacted'
     AND (m.customer_gid = $2 OR ($2::text IS NULL AND $3::text IS NOT NULL AND m.email = $3))`;

function normalEmail(email: string | null): string | null {
  return email?.trim().toLowerCase() || null;
}
