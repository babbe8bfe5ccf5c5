// Reviews as acts on them need them: locked, in one order, so that two acts on the same reviews follow each other.
import type { ShopTx } from "../db.server";
import type { Finding } from "./moderation/findings";
import type { ReviewContent, ReviewSource, ReviewStatus } from "./review-content";

export interface ReviewRow extends ReviewContent {
  [column: string]: unknown;
  id: number;
  productGid: string;
  groupKey: string;
  memberId: number | null;
  customerGid: string | null;
  orderId: number | null;
  lineId: string | null;
  source: ReviewSource;
  status: ReviewStatus;
  authorEmail: string | null;
  authorKey: Buffer | null;
  locale: string;
  verified: boolean;
  confirmedAt: Date | null;
  version: number;
  holdReasons: string[];
  holdUntil: Date | null;
  findings: Finding[];
  rejectReason: string | null;
  appeal: "open" | "upheld" | "dismissed" | null;
  reply: string | null;
  submittedAt: Date;
  publishedAt: Date | null;
}
const COLUMNS = `id, product_gid AS "productGid", group_key AS "groupKey", member_id AS "memberId", customer_gid AS "customerGid",
  order_id AS "orderId", line_id AS "lineId", source, status, rating, title, body, pros, cons, answers, author_name AS "authorName",
  author_email AS "authorEmail", author_key AS "authorKey", locale, verified, confirmed_at AS "confirmedAt", version,
  hold_reasons AS "holdReasons", hold_until AS "holdUntil", findings, reject_reason AS "rejectReason", appeal, reply,
  submitted_at AS "submittedAt", published_at AS "publishedAt"`;

/** The reviews, locked in the order of their ids until the transaction ends. Unknown ids are missing from the answer. */
export async function lockReviews(tx: ShopTx, ids: readonly number[]): Promise<ReviewRow[]> {
  const { rows } = await tx.query<ReviewRow>(
    `SELECT ${COLUMNS} FROM review WHERE shop_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE`,
    [tx.shopId, [...new Set(ids)]],
  );
  return rows;
}

/** One review, locked; null: there is none. */
export async function lockReview(tx: ShopTx, id: number): Promise<ReviewRow | null> {
  return (await lockReviews(tx, [id]))[0] ?? null;
}

/** The review of an author's link, locked; null: the link is not (or no longer) one of ours. */
export async function lockReviewByKey(tx: ShopTx, authorKey: Buffer): Promise<ReviewRow | null> {
  const { rows } = await tx.query<ReviewRow>(
    `SELECT ${COLUMNS} FROM review WHERE shop_id = $1 AND author_key = $2 FOR NO KEY UPDATE`,
    [tx.shopId, authorKey],
  );
  return rows[0] ?? null;
}

/** A later version of the words that waits while the earlier ones are shown. */
export interface PendingVersion {
  [column: string]: unknown;
  reviewId: number;
  version: number;
  content: ReviewContent;
  holdReasons: string[];
  findings: Finding[];
  submittedAt: Date;
}

/** The waiting versions of locked reviews, newest last. */
export async function pendingVersions(tx: ShopTx, ids: readonly number[]): Promise<PendingVersion[]> {
  const { rows } = await tx.query<PendingVersion>(
    `SELECT v.review_id AS "reviewId", v.version, v.content, v.hold_reasons AS "holdReasons", v.findings, v.submitted_at AS "submittedAt"
       FROM review_version v JOIN review r ON r.shop_id = v.shop_id AND r.id = v.review_id
      WHERE v.shop_id = $1 AND v.review_id = ANY ($2) AND v.status = 'held' AND v.version > r.version ORDER BY v.review_id, v.version`,
    [tx.shopId, ids],
  );
  return rows;
}
