// The list of addresses that get nothing more from a shop: only keyed hashes, so that it survives an erasure
// without naming anybody.
import { inShop, type ShopId, type ShopTx } from "../db.server";
import { addressKeys } from "./contact-keys.server";

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
export async function readRecipient(shopId: ShopId, memberId: number): Promise<Recipient | null> {
  return inShop(shopId, (tx) => recipientOf(tx, memberId));
}

async function recipientOf(tx: ShopTx, memberId: number): Promise<Recipient | null> {
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
  memberId: number,
  now: Date,
): Promise<{ outcome: "unsubscribed" | "unknown" }> {
  return inShop(shopId, async (tx) => {
    const recipient = await recipientOf(tx, memberId);
    if (!recipient?.email) return { outcome: "unknown" };
    await suppressAddress(tx, recipient.email, "unsubscribed", now);
    await tx.query(
      `UPDATE message SET status = 'skipped', why = 'suppressed', cap_key = NULL
        WHERE shop_id = $1 AND status = 'queued' AND member_id IN (SELECT id FROM member WHERE shop_id = $1 AND email = $2)`,
      [tx.shopId, recipient.email],
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
