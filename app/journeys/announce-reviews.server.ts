// What happened to review requests and reviews becomes messages, or a line that says why not: each notice once,
// in the transaction that marks it as announced.
import { inShop, type ShopId, type ShopTx } from "../db.server";
import { toLocale } from "../i18n/locales";
import { readContent } from "./messages";
import { announceAlone, queueMessage } from "./queue-message.server";
import { readContactOf, readVoice, type ShopVoice } from "./read-contact.server";
import { readSubject } from "./read-subject.server";

const NOTICES_AT_ONCE = 50;
/** Points come a moment after a review is shown; the mail waits that long to name them. */
const WAIT_FOR_POINTS_MS = 10 * 60_000;

/** The points that a purchase's review has brought; occasion: "line/123". */
export type PointsOf = (tx: ShopTx, review: { memberId: number; occasion: string }) => Promise<number>;

interface NoticeRow {
  [column: string]: unknown;
  id: number;
  requestId: number | null;
  reviewId: number | null;
  kind: string;
  key: string;
  params: Record<string, unknown>;
  memberId: number | null;
  lineId: string | null;
}
export interface Announced {
  announced: number;
  queued: number;
  /** Requests whose message the gate refused. */
  refusedRequests: number[];
}

/** Announces every notice that nobody has looked at yet. */
export async function announceReviews(
  shopId: ShopId,
  pointsOf: PointsOf,
  now: Date,
  signal: AbortSignal,
): Promise<Announced> {
  const total: Announced = { announced: 0, queued: 0, refusedRequests: [] };
  while (!signal.aborted) {
    const done = await inShop(shopId, (tx) => announceSome(tx, pointsOf, now));
    total.announced += done.announced;
    total.queued += done.queued;
    total.refusedRequests.push(...done.refusedRequests);
    if (done.announced < NOTICES_AT_ONCE) break;
  }
  return total;
}

async function announceSome(tx: ShopTx, pointsOf: PointsOf, now: Date): Promise<Announced> {
  const done: Announced = { announced: 0, queued: 0, refusedRequests: [] };
  await announceAlone(tx);
  const voice = await readVoice(tx);
  if (!voice) return done;
  const { rows } = await tx.query<NoticeRow>(
    `SELECT n.id, n.request_id AS "requestId", n.review_id AS "reviewId", n.kind, n.key, n.params, v.member_id AS "memberId", v.line_id AS "lineId"
       FROM review_notice n LEFT JOIN review v ON v.shop_id = $1 AND v.id = n.review_id
      WHERE n.shop_id = $1 AND n.announced_at IS NULL AND NOT (n.kind = 'review_published' AND coalesce(v.award_due, false) AND n.at > $2)
      ORDER BY n.id LIMIT ${NOTICES_AT_ONCE} FOR UPDATE OF n SKIP LOCKED`,
    [tx.shopId, new Date(now.getTime() - WAIT_FOR_POINTS_MS)],
  );
  for (const notice of rows) {
    const outcome = await announce(tx, notice, voice, pointsOf, now);
    if (outcome === "queued") done.queued += 1;
    else if (outcome === "skipped" && notice.requestId !== null) done.refusedRequests.push(notice.requestId);
  }
  await tx.query("UPDATE review_notice SET announced_at = $3 WHERE shop_id = $1 AND id = ANY ($2)", [
    tx.shopId,
    rows.map(({ id }) => id),
    now,
  ]);
  done.announced = rows.length;
  return done;
}

async function announce(
  tx: ShopTx,
  notice: NoticeRow,
  voice: ShopVoice,
  pointsOf: PointsOf,
  now: Date,
): Promise<"queued" | "skipped" | "known" | "unsayable"> {
  const params = { ...notice.params, ...(await rewardOf(tx, notice, pointsOf)) };
  const subject = await readSubject(tx, { ...notice, params }, { links: null, domain: voice.primaryDomain }, now);
  const content = readContent(notice.kind, { ...params, ...subject?.facts });
  if (!subject || !content) return "unsayable";
  const about = { memberId: null, requestId: notice.requestId, reviewId: notice.reviewId };
  const contact = await readContactOf(tx, subject, now);
  // The language somebody wrote in is the one they read.
  const locale = toLocale(subject.locale ?? contact.locale ?? voice.shopLocale);
  return (await queueMessage(tx, { key: notice.key, content, params, contact, about, locale }, voice, now)).outcome;
}

async function rewardOf(
  tx: ShopTx,
  { kind, memberId, lineId }: NoticeRow,
  pointsOf: PointsOf,
): Promise<{ points?: number }> {
  if (kind !== "review_published" || memberId === null || lineId === null) return {};
  return { points: await pointsOf(tx, { memberId, occasion: `line/${lineId.split("/").at(-1) ?? lineId}` }) };
}
