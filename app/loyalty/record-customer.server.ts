// Who a member is at Shopify: name, address, tags, consents. Identity is the customer's gid, never the
// address; the newest state wins; a member who was merged or deleted is never brought back.
import type { ShopTx } from "../db.server";
import type { CustomerFacts } from "../shopify/customer-facts";
import { normalEmail, normalName, searchGrams } from "./member-name";
import { rewardConsents, type Consents } from "./ways/record-consent.server";

export type RecordCustomerOutcome =
  | { outcome: "recorded"; memberId: number }
  /** A newer state was known already. */
  | { outcome: "stale" }
  /** Merged, deleted or redacted: this customer is nobody's any more. */
  | { outcome: "gone" };

/**
 * Creates or updates the member of a customer. Tags count as they were at each order; the only points that
 * move are those of a way to earn by a new consent.
 */
export async function recordCustomer(tx: ShopTx, facts: CustomerFacts, now: Date): Promise<RecordCustomerOutcome> {
  const name = normalName(facts.name);
  const before = await lockConsents(tx, facts.customerId);
  const { rows } = await tx.query<Consents & { id: number }>(
    `INSERT INTO member AS m (shop_id, customer_gid, email, name, locale, tags, email_consent, sms_consent, first_seen_at, source_updated_at, search_grams,
                              tier_review_at)
     VALUES ($1, $2, $3, $4, $5, coalesce($6::text[], '{}'), $7, $8, $9, $10, $11, ${REVIEW_IF_TIERS})
     ON CONFLICT (shop_id, customer_gid) DO UPDATE
        SET email = CASE WHEN $13::boolean THEN m.email ELSE EXCLUDED.email END, name = CASE WHEN $14::boolean THEN m.name ELSE EXCLUDED.name END, locale = coalesce(EXCLUDED.locale, m.locale), tags = coalesce($6::text[], m.tags),
            email_consent = coalesce(EXCLUDED.email_consent, m.email_consent), sms_consent = coalesce(EXCLUDED.sms_consent, m.sms_consent),
            source_updated_at = EXCLUDED.source_updated_at, search_grams = CASE WHEN $14::boolean THEN m.search_grams ELSE EXCLUDED.search_grams END
      WHERE m.status = 'active' AND (m.source_updated_at IS NULL OR m.source_updated_at <= EXCLUDED.source_updated_at)
     RETURNING id, email_consent AS email, sms_consent AS sms`,
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
      now,
      facts.denied?.includes("email") ?? false,
      facts.denied?.includes("name") ?? false,
    ],
  );
  const recorded = rows[0];
  if (recorded) {
    if (before) await rewardConsents(tx, recorded.id, before, recorded, { at: facts.updatedAt, now });
    return { outcome: "recorded", memberId: recorded.id };
  }
  const { rows: known } = await tx.query<{ status: string }>(
    "SELECT status FROM member WHERE shop_id = $1 AND customer_gid = $2",
    [tx.shopId, facts.customerId],
  );
  return { outcome: known[0]?.status === "active" ? "stale" : "gone" };
}

// Somebody new holds the tier that everybody holds, if the shop has one; $12 is now.
const REVIEW_IF_TIERS = `(SELECT CASE WHEN jsonb_array_length(coalesce(rules -> 'tierPlans', '[]')) > 0 THEN $12::timestamptz END
  FROM program_version WHERE shop_id = $1 ORDER BY version DESC LIMIT 1)`;

// What was known before, with the row locked: of two reports of one change, the second sees the first.
async function lockConsents(tx: ShopTx, customerGid: string): Promise<Consents | undefined> {
  const { rows } = await tx.query<Consents & { [column: string]: unknown }>(
    "SELECT email_consent AS email, sms_consent AS sms FROM member WHERE shop_id = $1 AND customer_gid = $2 FOR NO KEY UPDATE",
    [tx.shopId, customerGid],
  );
  return rows[0];
}
