// Messages leave under a lease. Each is judged again by the gate just before: who withdrew consent, was
// erased or spent the points meanwhile is not written to. A worker that dies between the server's "ok" and
// our mark sends at most one more copy, under the same Message-ID.
import { createHash, randomUUID } from "node:crypto";

import { inShop, type ShopId, type ShopTx } from "../db.server";
import type { Locale } from "../i18n/locales";
import { log } from "../log.server";
import { mailDomain, sendMail, type SendOutcome } from "../mail/smtp.server";
import { isCurrentInstall } from "../shops/is-current-install.server";
import { judgeContact, type SkipReason } from "./contact-gate";
import { addressKeys, unsubscribeUrl, type MailSubject } from "./contact-keys.server";
import { readContent, type MessageContent } from "./messages";
import { readContact, readContactOf, readVoice, type ShopVoice, type WrittenTo } from "./read-contact.server";
import { readSubject, type ReviewLinks } from "./read-subject.server";
import { renderMessage } from "./render-message";
import { suppressAddress } from "./suppress.server";

const MESSAGES_AT_ONCE = 20;
const LEASE_MS = 3 * 60_000;
/** Minutes before each further attempt; after the last one a message has failed. */
const RETRY_MINUTES = [1, 5, 15, 60, 240, 720, 1_440];

interface Claimed {
  [column: string]: unknown;
  id: number;
  memberId: number | null;
  requestId: number | null;
  reviewId: number | null;
  kind: string;
  key: string;
  locale: Locale;
  params: Record<string, unknown>;
  attempts: number;
}
interface Sent {
  sent: number;
  skipped: number;
  failed: number;
}

/** What the reviews' room adds: links, and an ear for what was not sent after all. */
export interface ReviewDesk extends ReviewLinks {
  /** Requests whose message the gate refused at the last moment. */
  refused(requestIds: number[]): Promise<void>;
}
const NO_REVIEWS: ReviewDesk = { requestToken: () => null, authorToken: () => null, refused: () => Promise.resolve() };

/** Sends what is due. Stops at once when the shop has gone. */
export async function sendMessages(
  shopId: ShopId,
  now: Date,
  signal: AbortSignal,
  reviews: ReviewDesk = NO_REVIEWS,
): Promise<Sent> {
  const total: Sent = { sent: 0, skipped: 0, failed: 0 };
  while (!signal.aborted) {
    const batch = await inShop(shopId, (tx) => claim(tx, now));
    if (batch.length === 0) return total;
    for (const message of batch) {
      if (signal.aborted || !(await isCurrentInstall(shopId))) {
        await inShop(shopId, (tx) => giveBack(tx, message, now));
        continue;
      }
      total[await sendOne(shopId, message, reviews, now)] += 1;
    }
    if (!(await isCurrentInstall(shopId))) return total;
  }
  return total;
}

// real time: a lease is held by a process, whatever the shop's clock says. The due time moves along, so that
// the sweep does not ring for what is under way.
async function claim(tx: ShopTx, now: Date): Promise<Claimed[]> {
  const { rows } = await tx.query<Claimed>(
    `UPDATE message SET status = 'sending', attempts = attempts + 1, lease_until = clock_timestamp() + $3 * interval '1 millisecond',
            due_at = $2::timestamptz + $3 * interval '1 millisecond'
      WHERE shop_id = $1 AND id IN (
        SELECT id FROM message WHERE shop_id = $1 AND status IN ('queued', 'sending') AND due_at <= $2
           AND (status = 'queued' OR lease_until <= clock_timestamp())
         ORDER BY due_at, id LIMIT ${MESSAGES_AT_ONCE} FOR UPDATE SKIP LOCKED)
      RETURNING id, member_id AS "memberId", request_id AS "requestId", review_id AS "reviewId", kind, key, locale, params, attempts`,
    [tx.shopId, now, LEASE_MS],
  );
  return rows.sort((a, b) => a.id - b.id);
}

async function giveBack(tx: ShopTx, message: Claimed, now: Date): Promise<void> {
  await tx.query(
    `UPDATE message SET status = 'queued', attempts = attempts - 1, lease_until = NULL, due_at = $4
      WHERE shop_id = $1 AND id = $2 AND status = 'sending' AND attempts = $3`,
    [tx.shopId, message.id, message.attempts, now],
  );
}

type Ready = { content: MessageContent; contact: WrittenTo & { email: string }; voice: ShopVoice };

async function sendOne(shopId: ShopId, message: Claimed, reviews: ReviewDesk, now: Date): Promise<keyof Sent> {
  const ready = await inShop(shopId, (tx) => prepare(tx, message, reviews, now));
  if (typeof ready === "string") {
    await inShop(shopId, (tx) => settle(tx, message, { status: "skipped", why: ready }));
    if (message.requestId !== null) await reviews.refused([message.requestId]);
    return "skipped";
  }
  if (ready === null) return "skipped";
  const outcome = await sendMail(await letter(shopId, message, ready));
  return inShop(shopId, (tx) => record(tx, message, ready.contact.email, outcome, now));
}

// A string: why it is not sent. null: its lease was lost to somebody else.
async function prepare(
  tx: ShopTx,
  message: Claimed,
  links: ReviewLinks,
  now: Date,
): Promise<Ready | SkipReason | null> {
  const { rowCount } = await tx.query(
    "SELECT FROM message WHERE shop_id = $1 AND id = $2 AND status = 'sending' AND attempts = $3",
    [tx.shopId, message.id, message.attempts],
  );
  if (rowCount === 0) return null;
  const voice = await readVoice(tx);
  if (!voice) return "member_gone";
  const subject = await readSubject(tx, message, { links, domain: voice.primaryDomain }, now);
  const contact = subject
    ? await readContactOf(tx, subject, now, message.id)
    : message.memberId === null
      ? null
      : await readContact(tx, message.memberId, now, message.id);
  const content = readContent(message.kind, { ...message.params, ...subject?.facts });
  if (!content || !contact) return "member_gone";
  const answer = judgeContact(content, contact, voice, now);
  if (answer.decision === "skip") return answer.why;
  if (leadsNowhere(content)) return "no_link";
  return contact.email === null ? "no_address" : { content, contact: { ...contact, email: contact.email }, voice };
}

// A question whose answer has no place is not asked.
function leadsNowhere({ kind, params }: MessageContent): boolean {
  return (kind === "review_request" || kind === "review_reminder" || kind === "review_confirm") && params.url === null;
}

// Whoever is no member stops the mail by what they are known by: no token holds an address.
function subjectOf(message: Claimed, contact: WrittenTo): MailSubject {
  if (contact.memberId !== null) return { memberId: contact.memberId };
  return message.reviewId === null ? { requestId: message.requestId ?? 0 } : { reviewId: message.reviewId };
}

async function letter(
  shopId: ShopId,
  message: Claimed,
  { content, contact, voice }: Ready,
): Promise<Parameters<typeof sendMail>[0]> {
  const stop = unsubscribeUrl(shopId, subjectOf(message, contact));
  const { shopName, timeZone, primaryDomain } = voice;
  const senderName = voice.settings.senderName ?? shopName;
  const rendered = await renderMessage(content, {
    locale: message.locale,
    shopName: senderName,
    timeZone,
    primaryDomain,
    linkPath: voice.settings.linkPath,
    recipientName: contact.name,
    unsubscribeUrl: stop,
  });
  return {
    ...rendered,
    senderName,
    replyTo: voice.settings.replyTo ?? voice.shopEmail,
    to: contact.email,
    messageId: messageId(shopId, message.key),
    unsubscribeUrl: stop,
  };
}
/** The Message-ID of what is said: the same for every attempt, and nothing can be read from it. */
export function messageId(shopId: ShopId, key: string): string {
  return `<${createHash("sha256").update(`${shopId}/${key}`).digest("hex").slice(0, 40)}@${mailDomain()}>`;
}

async function record(
  tx: ShopTx,
  message: Claimed,
  email: string,
  outcome: SendOutcome,
  now: Date,
): Promise<keyof Sent> {
  if (outcome.outcome === "sent") {
    await settle(tx, message, { status: "sent", why: null, sentAt: now, addressKey: addressKeys(tx.shopId, email)[0] });
    return "sent";
  }
  log().warn(
    { shopId: tx.shopId, messageId: message.id, what: outcome.what, code: outcome.code },
    "a mail was not taken",
  );
  if (outcome.what === "address") await suppressAddress(tx, email, "bounced", now);
  const retryMinutes = outcome.what === "later" ? RETRY_MINUTES[message.attempts - 1] : undefined;
  if (retryMinutes === undefined) await settle(tx, message, { status: "failed", why: `refused_${outcome.code}` });
  else await retry(tx, message, outcome.code, new Date(now.getTime() + retryMinutes * 60_000));
  return "failed";
}

// A message that was not sent frees its member's day for another one.
async function settle(
  tx: ShopTx,
  message: Claimed,
  end: { status: "sent" | "skipped" | "failed"; why: string | null; sentAt?: Date; addressKey?: string | undefined },
): Promise<void> {
  await tx.query(
    `UPDATE message SET status = $4, why = $5, sent_at = $6, address_key = $7, lease_until = NULL, cap_key = CASE WHEN $4 = 'skipped' THEN NULL ELSE cap_key END
      WHERE shop_id = $1 AND id = $2 AND status = 'sending' AND attempts = $3`,
    [tx.shopId, message.id, message.attempts, end.status, end.why, end.sentAt ?? null, end.addressKey ?? null],
  );
}
async function retry(tx: ShopTx, message: Claimed, code: string, dueAt: Date): Promise<void> {
  await tx.query(
    `UPDATE message SET status = 'queued', why = $4, lease_until = NULL, due_at = $5
      WHERE shop_id = $1 AND id = $2 AND status = 'sending' AND attempts = $3`,
    [tx.shopId, message.id, message.attempts, `waiting_${code}`, dueAt],
  );
}

/** One message to the shop itself, so that the merchant sees what a shopper would. */
export async function sendTestMessage(
  shopId: ShopId,
  content: MessageContent,
  locale: Locale,
): Promise<{ outcome: "sent" | "no_address" | "no_channel" | "refused" }> {
  const voice = await inShop(shopId, readVoice);
  const to = voice?.shopEmail;
  if (!voice || !to) return { outcome: "no_address" };
  if (!voice.hasChannel) return { outcome: "no_channel" };
  const senderName = voice.settings.senderName ?? voice.shopName;
  const rendered = await renderMessage(content, {
    locale,
    shopName: senderName,
    timeZone: voice.timeZone,
    primaryDomain: voice.primaryDomain,
    linkPath: voice.settings.linkPath,
    recipientName: "",
    unsubscribeUrl: unsubscribeUrl(shopId, { memberId: 0 }),
  });
  const sent = await sendMail({
    ...rendered,
    senderName,
    replyTo: voice.settings.replyTo ?? voice.shopEmail,
    to,
    messageId: messageId(shopId, `test/${randomUUID()}`),
    unsubscribeUrl: null,
  });
  return { outcome: sent.outcome === "sent" ? "sent" : "refused" };
}
