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
  await redactRequestMessages(tx, memberIds, request, email);
  const orders = await redactOrders(tx, memberIds, request, email);
  await redactReferrals(tx, memberIds, [email, ...rows.map((row) => row.email)]);
  if (memberIds.length > 0) await redactMembers(tx, memberIds);
  await redactFiles(tx, memberIds, request.customerGid, [email, ...rows.map((row) => row.email)], now);
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
            sms_consent = NULL, joined_at = NULL, birthday = NULL, birthday_sealed = NULL, birthday_key = NULL, birthday_set_at = NULL, occasion_due_at = NULL, referral_code = NULL,
            status = 'redacted'
      WHERE shop_id = $1 AND id = ANY($2)`,
    [tx.shopId, memberIds],
  );
  await tx.query("DELETE FROM member_note WHERE shop_id = $1 AND member_id = ANY($2)", [tx.shopId, memberIds]);
  // What was about to be announced has nobody to hear it.
  await tx.query(
    "UPDATE loyalty_event SET params = '{}', announced_at = coalesce(announced_at, at) WHERE shop_id = $1 AND member_id = ANY($2)",
    [tx.shopId, memberIds],
  );
  // That something was written stays; what was written, and what waits to be, goes. An address that asked for
  // nothing more is remembered by its keyed hash alone.
  await tx.query(
    `UPDATE message SET params = '{}', address_key = NULL, status = CASE WHEN status = 'queued' THEN 'skipped' ELSE status END,
            why = CASE WHEN status = 'queued' THEN 'member_gone' ELSE why END, cap_key = CASE WHEN status = 'queued' THEN NULL ELSE cap_key END
      WHERE shop_id = $1 AND member_id = ANY($2)`,
    [tx.shopId, memberIds],
  );
}

// What was or would be sent because of an order, to somebody who is perhaps no member.
async function redactRequestMessages(
  tx: ShopTx,
  memberIds: number[],
  request: CustomerToRedact,
  email: string | null,
): Promise<void> {
  await tx.query(
    `WITH asked AS (
       SELECT q.id FROM review_request q JOIN customer_order o ON o.shop_id = q.shop_id AND o.id = q.order_id
        WHERE q.shop_id = $1 AND (o.member_id = ANY ($2) OR o.order_gid = ANY ($3) OR o.customer_gid = $4 OR (o.customer_gid IS NULL AND o.email = $5))),
     told AS (UPDATE review_notice n SET params = '{}', announced_at = coalesce(n.announced_at, n.at) FROM asked WHERE n.shop_id = $1 AND n.request_id = asked.id)
     UPDATE message m SET params = '{}', address_key = NULL, status = CASE WHEN status = 'queued' THEN 'skipped' ELSE status END,
            why = CASE WHEN status = 'queued' THEN 'member_gone' ELSE why END, cap_key = CASE WHEN status = 'queued' THEN NULL ELSE cap_key END
       FROM asked WHERE m.shop_id = $1 AND m.request_id = asked.id`,
    [tx.shopId, memberIds, request.orderGids, request.customerGid, email],
  );
}

// Exports that were made for them lose their contents and stay in the list of requests; lines of imported files
// keep the member they meant.
async function redactFiles(
  tx: ShopTx,
  memberIds: number[],
  customerGid: string | null,
  emails: (string | null)[],
  now: Date,
): Promise<void> {
  const known = [...new Set(emails.filter((email) => email !== null))];
  await tx.query(
    `UPDATE data_export SET content = '{}', customer_gid = NULL, member_ids = '{}', outcome = 'erased', emptied_at = $5
      WHERE shop_id = $1 AND emptied_at IS NULL AND (customer_gid = $2 OR member_ids && $3
        OR EXISTS (SELECT FROM unnest($4::text[]) AS e (mail) WHERE strpos(lower(content::text), mail) > 0))`,
    [tx.shopId, customerGid, memberIds, known, now],
  );
  await tx.query(
    "UPDATE adjustment_row SET email = NULL WHERE shop_id = $1 AND email IS NOT NULL AND (member_id = ANY ($2) OR lower(trim(email)) = ANY ($3))",
    [tx.shopId, memberIds, known],
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
