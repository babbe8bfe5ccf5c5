// The list of addresses that get nothing more from a shop: only keyed hashes, so that it survives an erasure
// without naming anybody.
import { inShop, type ShopId, type ShopTx } from "../db.server";
import { addressKeys, type MailSubject } from "./contact-keys.server";

export type SuppressionReason = "unsubscribed" | "bounced";

/** Remembers that nothing more goes to an address; a second time changes nothing. */
export async function suppressAddress(tx: ShopTx, email: string, reason: SuppressionReason, now: Date): Promise<void> {
  await tx.query(
    `INSERT INTO suppression (shop_id, address_key, channel, reason, at) VALUES ($1, $2, 'email', $3, $4)
     ON CONFLICT (shop_id, address_key, channel) DO NOTHING`,
    [tx.shopId, addressKeys(tx.shopId, email)[0], reason, now],
  );
}

/** Whether nothing may go to an address. */
export async function isSuppressed(tx: ShopTx, email: string): Promise<boolean> {
  const keys = addressKeys(tx.shopId, email);
  const { rows } = await tx.query<{ addressKey: string; reason: SuppressionReason; at: Date }>(
    `SELECT address_key AS "addressKey", reason, at FROM suppression
      WHERE shop_id = $1 AND channel = 'email' AND address_key = ANY ($2)`,
    [tx.shopId, keys],
  );
  const [known] = rows;
  if (!known) return false;
  // Found under an older key: remembered under the newest, so that the older one can be retired.
  if (rows.every(({ addressKey }) => addressKey !== keys[0])) await suppressAddress(tx, email, known.reason, known.at);
  return true;
}

export interface Recipient {
  email: string | null;
  locale: string | null;
  shopName: string;
  shopLocale: string;
}

/** Who stands behind an unsubscribe link; a merged member's mail goes to the one it was merged into. */
export async function readRecipient(shopId: ShopId, subject: MailSubject): Promise<Recipient | null> {
  return inShop(shopId, (tx) => recipientOf(tx, subject));
}

async function recipientOf(tx: ShopTx, subject: MailSubject): Promise<Recipient | null> {
  if ("memberId" in subject) return memberRecipient(tx, subject.memberId);
  const given = "requestId" in subject ? await ofRequest(tx, subject.requestId) : await ofReview(tx, subject.reviewId);
  if (!given) return null;
  // Mail went to the member's own address where there is one, else to the one given with the order or the review.
  const member = given.memberId === null ? null : await memberRecipient(tx, given.memberId);
  return member?.email ? member : given;
}

type GivenRecipient = Recipient & { memberId: number | null; [column: string]: unknown };
const SHOP_COLUMNS = `p.name AS "shopName", p.primary_locale AS "shopLocale"`;

async function ofRequest(tx: ShopTx, requestId: number): Promise<GivenRecipient | null> {
  const { rows } = await tx.query<GivenRecipient>(
    `SELECT coalesce(o.member_id, r.member_id) AS "memberId", o.email, NULL AS locale, ${SHOP_COLUMNS}
       FROM review_request r JOIN customer_order o ON o.shop_id = $1 AND o.id = r.order_id JOIN shop_profile p ON p.shop_id = $1
      WHERE r.shop_id = $1 AND r.id = $2`,
    [tx.shopId, requestId],
  );
  return rows[0] ?? null;
}
async function ofReview(tx: ShopTx, reviewId: number): Promise<GivenRecipient | null> {
  const { rows } = await tx.query<GivenRecipient>(
    `SELECT v.member_id AS "memberId", v.author_email AS email, v.locale, ${SHOP_COLUMNS}
       FROM review v JOIN shop_profile p ON p.shop_id = $1 WHERE v.shop_id = $1 AND v.id = $2`,
    [tx.shopId, reviewId],
  );
  return rows[0] ?? null;
}

async function memberRecipient(tx: ShopTx, memberId: number): Promise<Recipient | null> {
  const { rows } = await tx.query<Recipient & { [column: string]: unknown }>(
    `WITH RECURSIVE one AS (
       SELECT id, merged_into, email, locale FROM member WHERE shop_id = $1 AND id = $2
       UNION SELECT m.id, m.merged_into, coalesce(m.email, one.email), m.locale FROM member m JOIN one ON m.shop_id = $1 AND m.id = one.merged_into)
     SELECT one.email, one.locale, p.name AS "shopName", p.primary_locale AS "shopLocale"
       FROM one JOIN shop_profile p ON p.shop_id = $1 WHERE one.merged_into IS NULL`,
    [tx.shopId, memberId],
  );
  return rows[0] ?? null;
}

/** One click: nothing more to this person's address, at once. Any number of clicks is one. */
export async function unsubscribe(
  shopId: ShopId,
  subject: MailSubject,
  now: Date,
): Promise<{ outcome: "unsubscribed" | "unknown" }> {
  return inShop(shopId, async (tx) => {
    const recipient = await recipientOf(tx, subject);
    if (!recipient?.email) return { outcome: "unknown" };
    await suppressAddress(tx, recipient.email, "unsubscribed", now);
    await tx.query(
      `UPDATE message SET status = 'skipped', why = 'suppressed', cap_key = NULL
        WHERE shop_id = $1 AND status = 'queued' AND (member_id IN (SELECT id FROM member WHERE shop_id = $1 AND email = $2)
           OR request_id = $3 OR review_id = $4)`,
      [
        tx.shopId,
        recipient.email,
        "requestId" in subject ? subject.requestId : null,
        "reviewId" in subject ? subject.reviewId : null,
      ],
    );
    return { outcome: "unsubscribed" };
  });
}

/**
 * Who agrees to e-mail again in the shop after having stopped it here gets it again. An agreement from before,
 * told late or twice, changes nothing; nor does it make a mailbox that does not exist.
 */
export async function resubscribe(tx: ShopTx, customerGid: string, agreedAt: Date): Promise<void> {
  const { rows } = await tx.query<{ email: string | null }>(
    "SELECT email FROM member WHERE shop_id = $1 AND customer_gid = $2",
    [tx.shopId, customerGid],
  );
  const email = rows[0]?.email;
  if (!email) return;
  await tx.query(
    "DELETE FROM suppression WHERE shop_id = $1 AND channel = 'email' AND reason = 'unsubscribed' AND at < $3 AND address_key = ANY ($2)",
    [tx.shopId, addressKeys(tx.shopId, email), agreedAt],
  );
}
