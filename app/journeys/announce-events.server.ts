// What happened to members becomes messages, or a line that says why not: each event once, in the transaction
// that marks it as announced.
import { inShop, type ShopId, type ShopTx } from "../db.server";
import { toLocale } from "../i18n/locales";
import { readContent } from "./messages";
import { announceAlone, queueMessage } from "./queue-message.server";
import { readContact, readVoice, type ShopVoice } from "./read-contact.server";

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
  await announceAlone(tx);
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
  const draft = {
    key: event.key,
    content,
    params: content.params,
    contact,
    about: { memberId: event.memberId, requestId: null, reviewId: null },
    locale: toLocale(contact.locale ?? voice.shopLocale),
  };
  return (await queueMessage(tx, draft, voice, now)).outcome === "queued";
}
