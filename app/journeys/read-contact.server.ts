// What the gate needs to know of whoever a message would go to, and of the shop, read in the transaction that
// acts on the answer.
import type { ShopTx } from "../db.server";
import { hasMailChannel } from "../mail/smtp.server";
import type { Contact, GateSetting } from "./contact-gate";
import { addressKeys } from "./contact-keys.server";
import { mailSettingsSchema, type MailSettings } from "./mail-settings";
import type { Subject } from "./read-subject.server";
import { isSuppressed } from "./suppress.server";

const TOLD_WITHIN_DAYS = 30;

/** Whom a message is for: a member, or whoever a request or a review leads to. */
export interface Recipient {
  memberId: number | null;
  requestId: number | null;
  reviewId: number | null;
}
/** A person as the gate sees them, and as they are written to. */
export interface WrittenTo extends Contact {
  /** The member itself, or the one it was merged into; null: known only by the order or the review. */
  memberId: number | null;
  name: string;
  locale: string | null;
  /** Caps count per member, or per address where there is none. */
  capOwner: string;
}

type MemberRow = Pick<
  WrittenTo,
  "status" | "email" | "emailConsent" | "name" | "locale" | "available" | "tierId" | "toldTierId"
> & {
  memberId: number;
  [column: string]: unknown;
};

/** The member behind an id as the gate sees it; a merged one is the one it was merged into. */
export async function readContact(
  tx: ShopTx,
  memberId: number,
  now: Date,
  exceptMessageId: number | null = null,
): Promise<WrittenTo | null> {
  const row = await readMember(tx, memberId, now, exceptMessageId);
  return row && finish(tx, { ...row, isConfirmed: true, isSubjectCurrent: true });
}

/** Whoever a request or a review leads to: its member, else the address of the order or of the author. */
export async function readContactOf(
  tx: ShopTx,
  subject: Subject,
  now: Date,
  exceptMessageId: number | null = null,
): Promise<WrittenTo> {
  const member = subject.memberId === null ? null : await readMember(tx, subject.memberId, now, exceptMessageId);
  const own = { isConfirmed: member !== null || subject.isConfirmed, isSubjectCurrent: subject.isCurrent };
  if (member) {
    // The shop knows no address of theirs: the one given with the order or the review. It never agreed to news.
    const given =
      member.status === "active" && member.email === null ? { email: subject.email, emailConsent: null } : {};
    return finish(tx, { ...member, ...given, ...own });
  }
  return finish(tx, {
    memberId: null,
    status: subject.isErased ? "redacted" : "active",
    email: subject.email,
    emailConsent: null,
    name: subject.name,
    locale: subject.locale,
    available: 0,
    tierId: null,
    toldTierId: null,
    ...own,
  });
}

async function finish(tx: ShopTx, known: Omit<WrittenTo, "isSuppressed" | "capOwner">): Promise<WrittenTo> {
  const { email, memberId } = known;
  return {
    ...known,
    isSuppressed: email !== null && (await isSuppressed(tx, email)),
    capOwner:
      memberId === null
        ? `address/${email === null ? "" : (addressKeys(tx.shopId, email)[0] ?? "")}`
        : String(memberId),
  };
}

async function readMember(
  tx: ShopTx,
  memberId: number,
  now: Date,
  exceptMessageId: number | null,
): Promise<MemberRow | null> {
  const { rows } = await tx.query<MemberRow>(
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
  return rows[0] ?? null;
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
