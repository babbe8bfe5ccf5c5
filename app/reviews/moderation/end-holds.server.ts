// Holds that end by themselves: nobody rejected the words in time, so they are shown; nobody confirmed the
// address in time, so the review is closed.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import { publishReview } from "../publish-review.server";
import { lockReviews, pendingVersions, type ReviewRow } from "../review-rows.server";
import { recordEvents, tellAuthors } from "../review-trail.server";
import { needsConfirmation } from "./hold";
import { settleQueue } from "./settle-queue.server";

const BATCH = 100;
export interface EndedHolds {
  published: number;
  unconfirmed: number;
  editsPublished: number;
}

/** Ends what is due by `now`, in small transactions; what somebody is deciding at this moment is left to them. */
export async function endHolds(shopId: ShopId, now: Date, signal: AbortSignal): Promise<EndedHolds> {
  const ended: EndedHolds = { published: 0, unconfirmed: 0, editsPublished: 0 };
  for (;;) {
    if (signal.aborted) return ended;
    const batch = await inShop(shopId, async (tx) => {
      const reviews = await endReviews(tx, now);
      const edits = await endEdits(tx, now);
      return { ...reviews, editsPublished: edits };
    });
    ended.published += batch.published;
    ended.unconfirmed += batch.unconfirmed;
    ended.editsPublished += batch.editsPublished;
    if (batch.published + batch.unconfirmed + batch.editsPublished === 0) return ended;
  }
}

async function endReviews(tx: ShopTx, now: Date): Promise<{ published: number; unconfirmed: number }> {
  const { rows } = await tx.query<{ id: number }>(
    `SELECT id FROM review WHERE shop_id = $1 AND status = 'held' AND hold_until <= $2
      ORDER BY hold_until, id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED`,
    [tx.shopId, now, BATCH],
  );
  const due = await lockReviews(
    tx,
    rows.map(({ id }) => id),
  );
  const closed = due.filter((review) => needsConfirmation(review.holdReasons));
  const shown = due.filter((review) => !needsConfirmation(review.holdReasons));
  await close(tx, closed, now);
  for (const review of shown) await show(tx, review, now);
  await settleQueue(
    tx,
    due.map(({ id }) => id),
    now,
  );
  return { published: shown.length, unconfirmed: closed.length };
}

async function show(tx: ShopTx, review: ReviewRow, now: Date): Promise<void> {
  const { id: reviewId, groupKey, version, findings } = review;
  await publishReview(tx, { reviewId, groupKey, version, content: review, findings }, null, now);
  await recordEvents(
    tx,
    [{ reviewId, kind: "published", actor: "system", params: { after: "hold", reasons: review.holdReasons, version } }],
    now,
  );
  await tellAuthors(tx, [{ reviewId, kind: "review_published", key: `review_published/${reviewId}/${version}` }], now);
}

async function close(tx: ShopTx, reviews: readonly ReviewRow[], now: Date): Promise<void> {
  if (reviews.length === 0) return;
  const ids = reviews.map(({ id }) => id);
  await tx.query(
    "UPDATE review SET status = 'unconfirmed', hold_until = NULL, updated_at = $3 WHERE shop_id = $1 AND id = ANY ($2)",
    [tx.shopId, ids, now],
  );
  await tx.query(
    "UPDATE review_version SET status = 'rejected', decided_at = $3 WHERE shop_id = $1 AND review_id = ANY ($2) AND status = 'held'",
    [tx.shopId, ids, now],
  );
  await recordEvents(
    tx,
    ids.map((reviewId) => ({ reviewId, kind: "unconfirmed" as const, actor: "system" })),
    now,
  );
}

/** Edits of shown words. */
async function endEdits(tx: ShopTx, now: Date): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `SELECT r.id FROM review r
      WHERE r.shop_id = $1 AND r.id IN (
        SELECT review_id FROM review_version WHERE shop_id = $1 AND status = 'held' AND hold_until <= $2 ORDER BY hold_until LIMIT $3)
      ORDER BY r.id FOR NO KEY UPDATE SKIP LOCKED`,
    [tx.shopId, now, BATCH],
  );
  const reviews = new Map(
    (
      await lockReviews(
        tx,
        rows.map(({ id }) => id),
      )
    ).map((review) => [review.id, review]),
  );
  const edits = await pendingVersions(tx, [...reviews.keys()]);
  for (const { reviewId, version, content, findings, holdReasons } of edits) {
    const review = reviews.get(reviewId);
    if (!review) continue;
    await publishReview(tx, { reviewId, groupKey: review.groupKey, version, content, findings }, null, now);
    await recordEvents(
      tx,
      [{ reviewId, kind: "edit_published", actor: "system", params: { after: "hold", reasons: holdReasons, version } }],
      now,
    );
    await tellAuthors(
      tx,
      [{ reviewId, kind: "review_published", key: `review_published/${reviewId}/${version}` }],
      now,
    );
  }
  await settleQueue(tx, [...reviews.keys()], now);
  return edits.length;
}
