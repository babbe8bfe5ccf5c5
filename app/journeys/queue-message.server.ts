// What the gate said, written down: a message that waits for its time, or a line that says why there is none.
// The unique keys decide, whoever else is at it: the message's own, and the place under a cap.
import type { ShopTx } from "../db.server";
import { judgeContact, type SkipReason } from "./contact-gate";
import type { MessageContent } from "./messages";
import type { Recipient, ShopVoice, WrittenTo } from "./read-contact.server";

export interface MessageDraft {
  key: string;
  content: MessageContent;
  /** What is kept with the message; the rest of its content is read when it is sent. */
  params: unknown;
  contact: WrittenTo;
  about: Recipient;
  locale: string;
}
export type QueueOutcome = { outcome: "queued" | "known" } | { outcome: "skipped"; why: SkipReason };

/**
 * One announcer of a shop at a time: two that take places for several people, in different orders, would wait for
 * each other. Held until the transaction ends.
 */
export async function announceAlone(tx: ShopTx): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('announce'), $1)", [tx.shopId]);
}

/** Asks the gate, and queues the message or notes why not. */
export async function queueMessage(
  tx: ShopTx,
  draft: MessageDraft,
  voice: ShopVoice,
  now: Date,
): Promise<QueueOutcome> {
  const answer = judgeContact(draft.content, draft.contact, voice, now);
  if (answer.decision === "skip") return skip(tx, draft, answer.why, now);
  if (answer.slots === null) return queued(await insert(tx, draft, { dueAt: answer.dueAt, status: "queued" }));
  for (const { key, dueAt } of answer.slots) {
    const capKey = `${draft.contact.capOwner}/${key}`;
    if (await insert(tx, draft, { capKey, dueAt, status: "queued" })) return { outcome: "queued" };
    if (await exists(tx, draft.key)) return { outcome: "known" };
  }
  return skip(tx, draft, "capped", now);
}
const queued = (isNew: boolean): QueueOutcome => ({ outcome: isNew ? "queued" : "known" });

async function skip(tx: ShopTx, draft: MessageDraft, why: SkipReason, now: Date): Promise<QueueOutcome> {
  const isNew = await insert(tx, draft, { dueAt: now, status: "skipped", why });
  return isNew ? { outcome: "skipped", why } : { outcome: "known" };
}

async function insert(
  tx: ShopTx,
  { key, content, params, contact, about, locale }: MessageDraft,
  row: { capKey?: string; dueAt: Date; status: "queued" | "skipped"; why?: SkipReason },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO message (shop_id, member_id, request_id, review_id, channel, kind, key, cap_key, locale, params, status, why, due_at)
     VALUES ($1, $2, $3, $4, 'email', $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
    [
      tx.shopId,
      contact.memberId,
      about.requestId,
      about.reviewId,
      content.kind,
      key,
      row.capKey ?? null,
      locale,
      JSON.stringify(params),
      row.status,
      row.why ?? null,
      row.dueAt,
    ],
  );
  return rowCount === 1;
}
async function exists(tx: ShopTx, key: string): Promise<boolean> {
  const { rows } = await tx.query("SELECT FROM message WHERE shop_id = $1 AND key = $2", [tx.shopId, key]);
  return rows.length > 0;
}
