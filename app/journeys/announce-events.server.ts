// What happened to members becomes messages, or a line that says why not: each event once, in the transaction
// that marks it as announced.
import { inShop, type ShopId, type ShopTx } from "../db.server";
import { toLocale } from "../i18n/locales";
import { judgeContact, morningOf, type SkipReason } from "./contact-gate";
import { readContent, type MessageContent } from "./messages";
import { readContact, readVoice, type MemberContact, type ShopVoice } from "./read-contact.server";

const EVENTS_AT_ONCE = 50;

/** Adds to an event's facts what only other rooms know, such as the name of a tier. */
export type Describe = (kind: string, params: Record<string, unknown>) => Record<string, unknown>;

interface EventRow {
  [column: string]: unknown;
  id: number;
  memberId: number;
  kind: string;
  key: string;
  params: Record<string, unknown>;
}

/** Announces every event that nobody has looked at yet. */
export async function announceEvents(
  shopId: ShopId,
  describe: Describe,
  now: Date,
  signal: AbortSignal,
): Promise<{ announced: number; queued: number }> {
  const total = { announced: 0, queued: 0 };
  while (!signal.aborted) {
    const done = await inShop(shopId, (tx) => announceSome(tx, describe, now));
    total.announced += done.announced;
    total.queued += done.queued;
    if (done.announced < EVENTS_AT_ONCE) break;
  }
  return total;
}

async function announceSome(tx: ShopTx, describe: Describe, now: Date): Promise<{ announced: number; queued: number }> {
  const voice = await readVoice(tx);
  if (!voice) return { announced: 0, queued: 0 };
  const { rows } = await tx.query<EventRow>(
    `SELECT id, member_id AS "memberId", kind, key, params FROM loyalty_event
      WHERE shop_id = $1 AND announced_at IS NULL ORDER BY id LIMIT ${EVENTS_AT_ONCE} FOR UPDATE SKIP LOCKED`,
    [tx.shopId],
  );
  let queued = 0;
  for (const event of rows) if (await announce(tx, event, voice, describe, now)) queued += 1;
  await tx.query("UPDATE loyalty_event SET announced_at = $3 WHERE shop_id = $1 AND id = ANY ($2)", [
    tx.shopId,
    rows.map(({ id }) => id),
    now,
  ]);
  return { announced: rows.length, queued };
}

async function announce(
  tx: ShopTx,
  event: EventRow,
  voice: ShopVoice,
  describe: Describe,
  now: Date,
): Promise<boolean> {
  const content = readContent(event.kind, describe(event.kind, event.params));
  const contact = await readContact(tx, event.memberId, now);
  if (!content || !contact) return false;
  const draft = { key: event.key, content, contact, locale: toLocale(contact.locale ?? voice.shopLocale) };
  const answer = judgeContact(content, contact, voice, now);
  if (answer.decision === "skip") return skip(tx, draft, answer.why, now);
  if (answer.capDays === null) return queue(tx, draft, null, answer.dueAt);
  for (const [index, day] of answer.capDays.entries()) {
    const dueAt = index === 0 ? answer.dueAt : morningOf(day, voice.timeZone);
    if (await queue(tx, draft, `${contact.memberId}/${day}`, dueAt)) return true;
    if (await exists(tx, draft.key)) return false;
  }
  return skip(tx, draft, "capped", now);
}

interface MessageDraft {
  key: string;
  content: MessageContent;
  contact: MemberContact;
  locale: string;
}

// The unique keys decide, whoever else is at it: the message's own, and the member's day.
async function queue(tx: ShopTx, draft: MessageDraft, capKey: string | null, dueAt: Date): Promise<boolean> {
  return insert(tx, draft, { capKey, dueAt, status: "queued", why: null });
}
async function skip(tx: ShopTx, draft: MessageDraft, why: SkipReason, now: Date): Promise<false> {
  await insert(tx, draft, { capKey: null, dueAt: now, status: "skipped", why });
  return false;
}
async function insert(
  tx: ShopTx,
  { key, content, contact, locale }: MessageDraft,
  row: { capKey: string | null; dueAt: Date; status: "queued" | "skipped"; why: SkipReason | null },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO message (shop_id, member_id, channel, kind, key, cap_key, locale, params, status, why, due_at)
     VALUES ($1, $2, 'email', $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    [
      tx.shopId,
      contact.memberId,
      content.kind,
      key,
      row.capKey,
      locale,
      JSON.stringify(content.params),
      row.status,
      row.why,
      row.dueAt,
    ],
  );
  return rowCount === 1;
}
async function exists(tx: ShopTx, key: string): Promise<boolean> {
  const { rows } = await tx.query("SELECT FROM message WHERE shop_id = $1 AND key = $2", [tx.shopId, key]);
  return rows.length > 0;
}
