// Whether mail goes out, for the health page.
import { queryShop, type ShopId } from "../db.server";
import { hasMailChannel } from "../mail/smtp.server";

export interface MailHealth {
  /** Whether this server can send mail at all. */
  hasChannel: boolean;
  /** Due for more than a quarter of an hour; counted up to a limit. */
  overdue: number;
  /** Given up, among the newest messages. */
  failed: number;
  lastSentAt: Date | null;
}

const OVERDUE_MINUTES = 15;
const COUNTED_UP_TO = 1_000;
const MESSAGES_LOOKED_AT = 500;

/** How the shop's mail is doing. */
export async function readMailHealth(shopId: ShopId, now: Date): Promise<MailHealth> {
  const [row] = await queryShop<Omit<MailHealth, "hasChannel"> & { [column: string]: unknown }>(
    shopId,
    `SELECT (SELECT count(*) FROM (
               SELECT FROM message WHERE shop_id = $1 AND status IN ('queued', 'sending')
                  AND due_at < $2::timestamptz - interval '${OVERDUE_MINUTES} minutes' LIMIT ${COUNTED_UP_TO}) late) AS overdue,
            count(*) FILTER (WHERE newest.status = 'failed') AS failed, max(newest.sent_at) AS "lastSentAt"
       FROM (SELECT status, sent_at FROM message WHERE shop_id = $1 ORDER BY id DESC LIMIT ${MESSAGES_LOOKED_AT}) newest`,
    [shopId, now],
  );
  if (!row) throw new Error("counting the mail gave no row");
  return { hasChannel: hasMailChannel(), overdue: row.overdue, failed: row.failed, lastSentAt: row.lastSentAt };
}
