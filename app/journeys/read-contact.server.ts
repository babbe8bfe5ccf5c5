// What the gate needs to know of a member and of the shop, read in the transaction that acts on the answer.
import type { ShopTx } from "../db.server";
import { hasMailChannel } from "../mail/smtp.server";
import type { Contact, GateSetting } from "./contact-gate";
import { mailSettingsSchema, type MailSettings } from "./mail-settings";
import { isSuppressed } from "./suppress.server";

const TOLD_WITHIN_DAYS = 30;

export interface MemberContact extends Contact {
  /** The member itself, or the one it was merged into. */
  memberId: number;
  name: string;
  locale: string | null;
}

/** The member behind an id as the gate sees it; a merged one is the one it was merged into. */
export async function readContact(
  tx: ShopTx,
  memberId: number,
  now: Date,
  exceptMessageId: number | null = null,
): Promise<MemberContact | null> {
  const { rows } = await tx.query<Omit<MemberContact, "isSuppressed"> & { [column: string]: unknown }>(
    `WITH RECURSIVE one AS (
       SELECT id, merged_into FROM member WHERE shop_id = $1 AND id = $2
       UNION SELECT m.id, m.merged_into FROM member m JOIN one ON m.shop_id = $1 AND m.id = one.merged_into)
     SELECT m.id AS "memberId", m.status, m.email, m.email_consent AS "emailConsent", m.name, m.locale, m.available, m.tier_id AS "tierId",
            (SELECT told.params->>'toTierId' FROM message told
              WHERE told.shop_id = $1 AND told.member_id = m.id AND told.kind = 'tier_changed' AND told.status <> 'skipped'
                AND told.due_at > $3 AND told.id IS DISTINCT FROM $4::bigint ORDER BY told.id DESC LIMIT 1) AS "toldTierId"
       FROM one JOIN member m ON m.shop_id = $1 AND m.id = one.id WHERE one.merged_into IS NULL`,
    [tx.shopId, memberId, new Date(now.getTime() - TOLD_WITHIN_DAYS * 86_400_000), exceptMessageId],
  );
  const row = rows[0];
  if (!row) return null;
  return { ...row, isSuppressed: row.email !== null && (await isSuppressed(tx, row.email)) };
}

export interface ShopVoice extends GateSetting {
  shopName: string;
  shopEmail: string | null;
  shopLocale: string;
  primaryDomain: string | null;
  settings: MailSettings;
}

/** How the shop writes. null: Shopify has not been read yet. */
export async function readVoice(tx: ShopTx): Promise<ShopVoice | null> {
  const { rows } = await tx.query<
    Omit<ShopVoice, "settings" | "hasChannel"> & { mail: unknown; [column: string]: unknown }
  >(
    `SELECT name AS "shopName", email AS "shopEmail", primary_locale AS "shopLocale", primary_domain AS "primaryDomain",
            time_zone AS "timeZone", mail FROM shop_profile WHERE shop_id = $1`,
    [tx.shopId],
  );
  if (!rows[0]) return null;
  const { mail, ...voice } = rows[0];
  return { ...voice, settings: mailSettingsSchema.parse(mail), hasChannel: hasMailChannel() };
}
