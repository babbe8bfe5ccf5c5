// Who a member is at Shopify: name, address, tags, consents. Identity is the customer's gid, never the
// address; the newest state wins; a member who was merged or deleted is never brought back.
import type { ShopTx } from "../db.server";
import type { CustomerFacts } from "../shopify/customer-facts";
import { normalEmail, normalName, searchGrams } from "./member-name";

export type RecordCustomerOutcome =
  | { outcome: "recorded"; memberId: number }
  /** A newer state was known already. */
  | { outcome: "stale" }
  /** Merged, deleted or redacted: this customer is nobody's any more. */
  | { outcome: "gone" };

/** Creates or updates the member of a customer. Moves no points: tags count as they were at each order. */
export async function recordCustomer(tx: ShopTx, facts: CustomerFacts, now: Date): Promise<RecordCustomerOutcome> {
  const name = normalName(facts.name);
  const { rows } = await tx.query<{ id: number }>(
    `INSERT INTO member AS m (shop_id, customer_gid, email, name, locale, tags, email_consent, sms_consent, first_seen_at, source_updated_at, search_grams)
     VALUES ($1, $2, $3, $4, $5, coalesce($6::text[], '{}'), $7, $8, $9, $10, $11)
     ON CONFLICT (shop_id, customer_gid) DO UPDATE
        SET email = EXCLUDED.email, name = EXCLUDED.name, locale = coalesce(EXCLUDED.locale, m.locale), tags = coalesce($6::text[], m.tags),
            email_consent = coalesce(EXCLUDED.email_consent, m.email_consent), sms_consent = coalesce(EXCLUDED.sms_consent, m.sms_consent),
            source_updated_at = EXCLUDED.source_updated_at, search_grams = EXCLUDED.search_grams
      WHERE m.status = 'active' AND (m.source_updated_at IS NULL OR m.source_updated_at <= EXCLUDED.source_updated_at)
     RETURNING id`,
    [
      tx.shopId,
      facts.customerId,
      normalEmail(facts.email),
      name,
      facts.locale ?? null,
      facts.tags ?? null,
      facts.emailConsent ?? null,
      facts.smsConsent ?? null,
      facts.createdAt ?? now,
      facts.updatedAt,
      searchGrams(tx.shopId, name),
    ],
  );
  const memberId = rows[0]?.id;
  if (memberId !== undefined) return { outcome: "recorded", memberId };
  const { rows: known } = await tx.query<{ status: string }>(
    "SELECT status FROM member WHERE shop_id = $1 AND customer_gid = $2",
    [tx.shopId, facts.customerId],
  );
  return { outcome: known[0]?.status === "active" ? "stale" : "gone" };
}
