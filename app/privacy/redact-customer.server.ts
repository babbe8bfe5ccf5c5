import type { ShopTx } from "../db.server";
import { friendKeys } from "../loyalty/referrals/referral-keys.server";
import { redactReviews } from "../reviews/redact-reviews.server";

export interface CustomerToRedact {
  customerGid: string | null;
  email: string | null;
  orderGids: string[];
}

/**
 * Erases who a member is and keeps what the ledger counts: entries and lots stay under the member's own
 * random id. Unknown customers and repetitions change nothing.
 */
export async function redactCustomer(
  tx: ShopTx,
  request: CustomerToRedact,
  now: Date,
): Promise<{ outcome: "redacted" | "nothing_to_redact" }> {
  const email = request.email?.trim().toLowerCase() || null;
  const { rows } = await tx.query<{ id: number; email: string | null }>(
    `SELECT id, email FROM member WHERE shop_id = $1 AND status <> 'redacted'
        AND (customer_gid = $2 OR ($2::text IS NULL AND email = $3) OR (customer_gid IS NULL AND email = $3)) FOR UPDATE`,
    [tx.shopId, request.customerGid, email],
  );
  const memberIds = rows.map((row) => row.id);
  // Before the orders lose the address that some of the requests are found by.
  const reviews = await redactReviews(tx, { customerGid: request.customerGid, email, memberIds }, now);
  const orders = await redactOrders(tx, memberIds, request, email);
  await redactReferrals(tx, memberIds, [email, ...rows.map((row) => row.email)]);
  if (memberIds.length > 0) await redactMembers(tx, memberIds);
  await tx.query("DELETE FROM data_export WHERE shop_id = $1 AND customer_gid = $2", [tx.shopId, request.customerGid]);
  if (memberIds.length === 0 && orders === 0 && reviews === 0) return { outcome: "nothing_to_redact" };
  for (const memberId of memberIds) {
    await tx.query("INSERT INTO erasure (shop_id, kind, subject, at, counts) VALUES ($1, 'member', $2, $3, $4)", [
      tx.shopId,
      String(memberId),
      now,
      JSON.stringify({ orders, reviews }),
    ]);
  }
  return { outcome: "redacted" };
}

// The gid stays: it is how a later event of the same customer is known to be about an erased one.
async function redactMembers(tx: ShopTx, memberIds: number[]): Promise<void> {
  await tx.query(
    `UPDATE member SET email = NULL, name = '', locale = NULL, tags = '{}', search_grams = '{}', email_consent = NULL,
            sms_consent = NULL, joined_at = NULL, birthday = NULL, birthday_set_at = NULL, occasion_due_at = NULL, referral_code = NULL,
            status = 'redacted'
      WHERE shop_id = $1 AND id = ANY($2)`,
    [tx.shopId, memberIds],
  );
  await tx.query("DELETE FROM member_note WHERE shop_id = $1 AND member_id = ANY($2)", [tx.shopId, memberIds]);
  // That something was written stays; what was written, and what waits to be, goes. An address that asked for
  // nothing more is remembered by its keyed hash alone.
  await tx.query(
    `UPDATE message SET params = '{}', status = CASE WHEN status = 'queued' THEN 'skipped' ELSE status END,
            why = CASE WHEN status = 'queued' THEN 'member_gone' ELSE why END, cap_key = CASE WHEN status = 'queued' THEN NULL ELSE cap_key END
      WHERE shop_id = $1 AND member_id = ANY($2)`,
    [tx.shopId, memberIds],
  );
}

// Who brought whom stays, under random ids; the hash of the friend's address and where the claim came from go.
async function redactReferrals(tx: ShopTx, memberIds: number[], emails: (string | null)[]): Promise<void> {
  const keys = emails.flatMap((email) => (email === null ? [] : friendKeys(tx.shopId, email)));
  await tx.query(
    `UPDATE referral SET signals = '{}',
            friend_key = CASE WHEN friend_id = ANY ($2) OR friend_key = ANY ($3) THEN 'erased/' || id ELSE friend_key END
      WHERE shop_id = $1 AND (advocate_id = ANY ($2) OR friend_id = ANY ($2) OR friend_key = ANY ($3))`,
    [tx.shopId, memberIds, [...new Set(keys)]],
  );
}

// Amounts and products stay: they explain the entries. E-mail and tags name a person. Test orders of a
// member keep their kind: their points can still be removed, and the member's status keeps the address out.
async function redactOrders(
  tx: ShopTx,
  memberIds: number[],
  request: CustomerToRedact,
  email: string | null,
): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE customer_order
        SET email = NULL, kind = CASE WHEN kind = 'live' OR kind = 'test' AND member_id IS NULL THEN 'anonymised' ELSE kind END,
            facts = CASE WHEN facts IS NULL THEN NULL
              ELSE facts || jsonb_build_object('email', NULL, 'customerTags', '[]'::jsonb, 'orderTags', '[]'::jsonb) END
      WHERE shop_id = $1 AND (member_id = ANY($2) OR order_gid = ANY($3) OR customer_gid = $4 OR (customer_gid IS NULL AND email = $5))
        AND (kind = 'live' OR email IS NOT NULL OR coalesce(facts->>'email', '') <> '')`,
    [tx.shopId, memberIds, request.orderGids, request.customerGid, email],
  );
  return rowCount ?? 0;
}
