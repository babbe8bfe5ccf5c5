// What was written to whom, what was not, and why: for the settings page and the member's page.
import { inShop, queryShop, type ShopId } from "../db.server";
import { hasMailChannel } from "../mail/smtp.server";
import { mailSettingsSchema, type MailSettings } from "./mail-settings";
import type { MessageKind } from "./messages";

export interface LoggedMessage {
  messageId: number;
  /** null: somebody known only by an order or a review. */
  memberId: number | null;
  memberName: string;
  kind: MessageKind;
  status: "queued" | "sending" | "sent" | "skipped" | "failed";
  /** A skip reason, or what the mail server said. */
  why: string | null;
  dueAt: Date;
  sentAt: Date | null;
  attempts: number;
}

/** The newest messages of the shop, or of one member. */
export async function readMessages(
  shopId: ShopId,
  { memberId = null, limit = 20 }: { memberId?: number | null; limit?: number } = {},
): Promise<LoggedMessage[]> {
  return queryShop<LoggedMessage & { [column: string]: unknown }>(
    shopId,
    `SELECT m.id AS "messageId", m.member_id AS "memberId", coalesce(nullif(who.name, ''), v.author_name, '') AS "memberName", m.kind, m.status, m.why,
            m.due_at AS "dueAt", m.sent_at AS "sentAt", m.attempts
       FROM message m LEFT JOIN member who ON who.shop_id = m.shop_id AND who.id = m.member_id
            LEFT JOIN review v ON v.shop_id = m.shop_id AND v.id = m.review_id
      WHERE m.shop_id = $1 AND ($2::bigint IS NULL OR m.member_id = $2) ORDER BY m.id DESC LIMIT $3`,
    [shopId, memberId, Math.min(limit, 100)],
  );
}

export interface MailSetup {
  settings: MailSettings;
  shopName: string;
  shopEmail: string | null;
  primaryDomain: string | null;
  timeZone: string;
  /** Whether this server can send mail at all. */
  hasChannel: boolean;
}

/** How the shop writes to its members. */
export async function readMailSetup(shopId: ShopId): Promise<MailSetup> {
  const [row] = await queryShop<{
    mail: unknown;
    shopName: string;
    shopEmail: string | null;
    primaryDomain: string | null;
    timeZone: string;
  }>(
    shopId,
    `SELECT mail, name AS "shopName", email AS "shopEmail", primary_domain AS "primaryDomain", time_zone AS "timeZone" FROM shop_profile`,
  );
  if (!row) throw new Error("a shop without a profile has no mail settings");
  const { mail, ...rest } = row;
  return { ...rest, settings: mailSettingsSchema.parse(mail), hasChannel: hasMailChannel() };
}

/** Replaces the mail settings. `fields`: what was refused. */
export async function saveMailSettings(
  shopId: ShopId,
  settings: unknown,
): Promise<{ outcome: "saved" } | { outcome: "invalid"; fields: string[] }> {
  const parsed = mailSettingsSchema.safeParse(settings);
  if (!parsed.success) return { outcome: "invalid", fields: parsed.error.issues.map(({ path }) => path.join(".")) };
  await inShop(shopId, (tx) =>
    tx.query("UPDATE shop_profile SET mail = $2 WHERE shop_id = $1", [shopId, JSON.stringify(parsed.data)]),
  );
  return { outcome: "saved" };
}
