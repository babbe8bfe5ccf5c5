import type { ShopTx } from "../db.server";
import { raiseAlert } from "../ingest/alert.server";
import { addressKeys } from "../journeys/contact-keys.server";
import { exportReviews } from "../reviews/export-reviews.server";
import { withMergedMembers } from "../reviews/redact-reviews.server";
import { collectMembers, collectOtherOrders } from "./collect-person.server";
import { ANSWER_WITHIN_DAYS, keptUntil } from "./retention";

export interface DataRequest {
  customerGid: string | null;
  email: string | null;
  /** Orders that the request names. */
  orderGids?: readonly string[];
  /** Shopify's id of the request: the same request makes one export. */
  requestKey: string;
}

/**
 * Collects everything held about a customer for the merchant to hand over, and tells the merchant.
 * Of a person we do not know there is nothing to hand over; that is an answer, too, and is listed.
 */
export async function exportCustomerData(
  tx: ShopTx,
  request: DataRequest,
  now: Date,
): Promise<{ outcome: "exported" | "already_exported" | "unknown_customer" }> {
  const { customerGid } = request;
  const email = request.email?.trim().toLowerCase() || null;
  const memberIds = await findMembers(tx, customerGid, email);
  const members = await collectMembers(tx, memberIds);
  const orders = await collectOtherOrders(tx, { customerGid, email, orderGids: request.orderGids ?? [], memberIds });
  // Somebody without an account may have written, too.
  const reviews = await exportReviews(tx, { customerGid, email, memberIds });
  const isKnown = members.length + orders.length + reviews.length > 0;
  const content = isKnown
    ? {
        members,
        ...(orders.length > 0 && { orders }),
        ...(reviews.length > 0 && { reviews }),
        mailStopped: await readMailStops(tx, email, members),
      }
    : {};
  const { rowCount } = await tx.query(
    `INSERT INTO data_export (shop_id, request_key, customer_gid, member_ids, requested_at, due_at, expires_at, outcome, content)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (shop_id, request_key) DO NOTHING`,
    [
      tx.shopId,
      request.requestKey,
      isKnown ? customerGid : null,
      memberIds,
      now,
      new Date(now.getTime() + ANSWER_WITHIN_DAYS * 86_400_000),
      keptUntil("data_exports", now),
      isKnown ? "exported" : "unknown_customer",
      JSON.stringify(content),
    ],
  );
  if (!isKnown) return { outcome: "unknown_customer" };
  if (rowCount === 0) return { outcome: "already_exported" };
  await raiseAlert(tx, "data_request", { request: request.requestKey });
  return { outcome: "exported" };
}

// Addresses that get no more mail are remembered as keyed hashes: asked by the addresses that are known here.
async function readMailStops(
  tx: ShopTx,
  email: string | null,
  members: readonly Record<string, unknown>[],
): Promise<unknown[]> {
  const ofMembers = members.map(({ member }) => (member as { email: string | null }).email);
  const keys = [email, ...ofMembers].flatMap((each) => (each === null ? [] : addressKeys(tx.shopId, each)));
  const { rows } = await tx.query(
    "SELECT channel, reason, at FROM suppression WHERE shop_id = $1 AND address_key = ANY ($2) ORDER BY at",
    [tx.shopId, keys],
  );
  return rows;
}

// By e-mail only where Shopify named no customer: an address is a signal, never an identity.
async function findMembers(tx: ShopTx, customerGid: string | null, email: string | null): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `SELECT id FROM member WHERE shop_id = $1 AND status <> 'redacted'
        AND (customer_gid = $2 OR ($2::text IS NULL AND $3::text IS NOT NULL AND email = $3))`,
    [tx.shopId, customerGid, email],
  );
  return withMergedMembers(
    tx,
    rows.map(({ id }) => id),
  );
}
