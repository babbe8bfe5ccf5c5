// Erasure of a person reaches what they wrote: words, names, addresses and media go, the star and the date stay.
import type { ShopTx } from "../db.server";
import { emptyReviews } from "./delete-review.server";
import { lockReviews } from "./review-rows.server";
import { recordEvents } from "./review-trail.server";
import { forgetVoter } from "./votes/forget-voter.server";

export interface PersonToRedact {
  customerGid: string | null;
  email: string | null;
  memberIds: readonly number[];
}

/** Empties the reviews, requests and reports of a person. @returns how many reviews were theirs */
export async function redactReviews(tx: ShopTx, person: PersonToRedact, now: Date): Promise<number> {
  const email = person.email?.trim().toLowerCase() || null;
  const memberIds = await withMergedMembers(tx, person.memberIds);
  // By the address alone only where no other account stands behind the review. What was sent from an account in the
  // moment in which it was merged has no member: it is found by the account.
  const { rows } = await tx.query<{ id: number }>(
    `SELECT id FROM review WHERE shop_id = $1 AND (customer_gid = $2 OR member_id = ANY ($4)
        OR customer_gid IN (SELECT customer_gid FROM member WHERE shop_id = $1 AND id = ANY ($4))
        OR author_email = $3 AND (customer_gid IS NULL OR $2::text IS NULL))`,
    [tx.shopId, person.customerGid, email, memberIds],
  );
  const reviews = await lockReviews(
    tx,
    rows.map(({ id }) => id),
  );
  const ids = reviews.map(({ id }) => id);
  await emptyReviews(tx, ids, now);
  // Whose review it was is only told by the member's own random id, of whom nothing else is left.
  await tx.query(
    "UPDATE review SET customer_gid = NULL WHERE shop_id = $1 AND id = ANY ($2) AND customer_gid IS NOT NULL",
    [tx.shopId, ids],
  );
  const fresh = reviews.filter(({ status }) => status !== "deleted");
  await recordEvents(
    tx,
    fresh.map(({ id: reviewId }) => ({ reviewId, kind: "redacted" as const, actor: "system" })),
    now,
  );
  await redactElsewhere(tx, { ...person, memberIds }, email, ids);
  return ids.length;
}

/** The members, and those that were merged into them: what these wrote is theirs. */
export async function withMergedMembers(tx: ShopTx, memberIds: readonly number[]): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `WITH RECURSIVE one AS (
       SELECT unnest($2::bigint[]) AS id
       UNION SELECT m.id FROM member m JOIN one ON m.shop_id = $1 AND m.merged_into = one.id)
     SELECT id FROM one`,
    [tx.shopId, memberIds],
  );
  return rows.map(({ id }) => id);
}

// What they said of others' reviews, and what was or would be sent to them.
async function redactElsewhere(
  tx: ShopTx,
  person: PersonToRedact,
  email: string | null,
  ids: readonly number[],
): Promise<void> {
  if (person.customerGid !== null)
    await tx.query("DELETE FROM review_report WHERE shop_id = $1 AND reporter = $2", [tx.shopId, person.customerGid]);
  if (person.customerGid !== null) await forgetVoter(tx, person.customerGid);
  // Another account's review that was sent from this address keeps its words and loses the address.
  await tx.query("UPDATE review SET author_email = NULL WHERE shop_id = $1 AND author_email = $2", [tx.shopId, email]);
  await tx.query(
    `UPDATE message SET params = '{}', address_key = NULL, status = CASE WHEN status = 'queued' THEN 'skipped' ELSE status END,
            why = CASE WHEN status = 'queued' THEN 'member_gone' ELSE why END
      WHERE shop_id = $1 AND review_id = ANY ($2)`,
    [tx.shopId, ids],
  );
  await tx.query(
    `UPDATE review_request SET status = 'cancelled', why = 'erased', due_at = NULL, token_hash = NULL, products = '[]'
      WHERE shop_id = $1 AND (member_id = ANY ($2) OR order_id IN (
        SELECT id FROM customer_order WHERE shop_id = $1 AND (customer_gid = $3 OR (customer_gid IS NULL AND email = $4))))`,
    [tx.shopId, person.memberIds, person.customerGid, email],
  );
}
