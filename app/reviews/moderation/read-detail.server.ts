// One review with everything a moderator decides by: its words raw and masked, what was noticed, the order, the
// author, and what happened so far.
import { inShop, type ShopId, type ShopTx } from "../../db.server";
import type { ReviewContent, ReviewStatus } from "../review-content";
import type { QueueItem, ReviewDetail } from "./queue";
import { COLUMNS, JOINS, toItem, type QueueRow } from "./read-queue.server";

const OTHERS = 10;
const EVENTS = 200;

/** null: there is no such review, or it was deleted. */
export async function readReviewDetail(shopId: ShopId, reviewId: number, now: Date): Promise<ReviewDetail | null> {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<DetailRow>(DETAIL, [shopId, reviewId]);
    const row = rows[0];
    if (!row || row.status === "deleted") return null;
    return {
      ...toItem(queueColumns(row), now),
      ...detailOf(row),
      ...(await othersOf(tx, row)),
      ...(await trailOf(tx, reviewId)),
    };
  });
}

interface DetailRow extends QueueRow {
  answers: ReviewContent["answers"];
  authorEmail: string | null;
  customerGid: string | null;
  confirmedAt: Date | null;
  publishedAt: Date | null;
  decidedAt: Date | null;
  decidedBy: string | null;
  replyText: string | null;
  repliedAt: Date | null;
  repliedBy: string | null;
  helpful: number;
  unhelpful: number;
  helpfulAnon: number;
  unhelpfulAnon: number;
  orderId: number | null;
  orderGid: string;
  processedAt: Date | null;
  financialStatus: string | null;
  cancelledAt: string | null;
  currency: string | null;
  line: { title: string; quantity: number; amountMinor: number } | null;
  memberName: string | null;
  memberGid: string | null;
  memberOrders: number;
  memberStatus: string;
}
const DETAIL = `
  SELECT q.*, r.answers, r.author_email AS "authorEmail", r.customer_gid AS "customerGid", r.confirmed_at AS "confirmedAt", r.published_at AS "publishedAt",
         r.decided_at AS "decidedAt", r.decided_by AS "decidedBy", r.reply AS "replyText", r.replied_at AS "repliedAt", r.replied_by AS "repliedBy",
         r.helpful, r.unhelpful, r.helpful_anon AS "helpfulAnon", r.unhelpful_anon AS "unhelpfulAnon", r.order_id AS "orderId", o.order_gid AS "orderGid",
         o.processed_at AS "processedAt", o.facts->>'financialStatus' AS "financialStatus", o.facts->>'cancelledAt' AS "cancelledAt",
         o.facts->>'currency' AS currency,
         (SELECT jsonb_build_object('title', l->'title', 'quantity', l->'quantity', 'amountMinor', l->'amountMinor')
            FROM jsonb_array_elements(o.facts->'lines') l WHERE l->>'lineId' = r.line_id LIMIT 1) AS line,
         w.name AS "memberName", w.customer_gid AS "memberGid", w.orders_count AS "memberOrders", w.status AS "memberStatus"
    FROM (${COLUMNS} FROM (SELECT * FROM review WHERE shop_id = $1 AND id = $2) r ${JOINS}) q
    JOIN review r ON r.shop_id = $1 AND r.id = q.id
    LEFT JOIN customer_order o ON o.shop_id = $1 AND o.id = r.order_id
    LEFT JOIN member w ON w.shop_id = $1 AND w.id = r.member_id`;

// The item has the columns of a row of the queue and no others.
function queueColumns(row: DetailRow): QueueRow {
  const {
    id,
    status,
    rating,
    title,
    body,
    pros,
    cons,
    authorName,
    findings,
    holdReasons,
    holdUntil,
    queuedAt,
    submittedAt,
  } = row;
  const {
    productGid,
    productTitle,
    source,
    locale,
    verified,
    incentivised,
    refunded,
    orderName,
    memberId,
    openReports,
  } = row;
  const { appeal, rejectReason, hasReply, media, unviewedMedia, edit } = row;
  return {
    ...{
      id,
      status,
      rating,
      title,
      body,
      pros,
      cons,
      authorName,
      findings,
      holdReasons,
      holdUntil,
      queuedAt,
      submittedAt,
    },
    ...{ productGid, productTitle, source, locale, verified, incentivised, refunded, orderName, memberId, openReports },
    ...{ appeal, rejectReason, hasReply, media, unviewedMedia, edit },
  };
}

type Parts = Omit<
  ReviewDetail,
  keyof QueueItem | "others" | "othersCount" | "versions" | "reports" | "notes" | "events" | "task"
>;
function detailOf(row: DetailRow): Parts {
  const { rating, title, body, pros, cons, answers, authorName, edit } = row;
  return {
    raw: { rating, title, body, pros, cons, answers, authorName },
    findings: row.findings,
    pending: edit && {
      version: edit.version,
      raw: edit.content,
      findings: edit.findings,
      submittedAt: new Date(edit.submittedAt),
      holdUntil: edit.holdUntil === null ? null : new Date(edit.holdUntil),
    },
    authorEmail: row.authorEmail,
    confirmedAt: row.confirmedAt,
    publishedAt: row.publishedAt,
    decidedAt: row.decidedAt,
    decidedBy: row.decidedBy,
    reply:
      row.replyText === null
        ? null
        : { text: row.replyText, at: row.repliedAt ?? row.submittedAt, by: row.repliedBy ?? "" },
    helpful: { yes: row.helpful, no: row.unhelpful, yesAnonymous: row.helpfulAnon, noAnonymous: row.unhelpfulAnon },
    order: orderOf(row),
    member: row.memberId === null ? null : memberOf(row, row.memberId),
  };
}

function orderOf(row: DetailRow): ReviewDetail["order"] {
  if (row.orderId === null) return null;
  const { orderId: id, orderGid: gid, processedAt, cancelledAt, line } = row;
  return {
    id,
    gid,
    name: row.orderName ?? "",
    processedAt,
    financialStatus: row.financialStatus ?? "unknown",
    cancelledAt,
    line,
    currency: row.currency ?? "",
  };
}

function memberOf(row: DetailRow, id: number): ReviewDetail["member"] {
  return {
    id,
    name: row.memberName ?? "",
    customerGid: row.memberGid,
    ordersCount: row.memberOrders,
    status: row.memberStatus,
  };
}

/** Other reviews of the same member, customer or address. */
async function othersOf(tx: ShopTx, row: DetailRow): Promise<Pick<ReviewDetail, "others" | "othersCount">> {
  const { rows } = await tx.query<
    ReviewDetail["others"][number] & { total: number; [column: string]: unknown; status: ReviewStatus }
  >(
    `SELECT x.id AS "reviewId", x.status, x.rating, p.title AS "productTitle", x.submitted_at AS "submittedAt", (count(*) OVER ())::int AS total
       FROM (SELECT id FROM review WHERE shop_id = $1 AND member_id = $3
             UNION SELECT id FROM review WHERE shop_id = $1 AND author_email = $4 AND author_email IS NOT NULL) f
       JOIN review x ON x.shop_id = $1 AND x.id = f.id
       LEFT JOIN product_fact p ON p.shop_id = $1 AND p.product_gid = x.product_gid
      WHERE x.id <> $2 AND x.status <> 'deleted' ORDER BY x.id DESC LIMIT ${OTHERS}`,
    [tx.shopId, row.id, row.memberId, row.authorEmail],
  );
  return { others: rows.map(({ total: _total, ...other }) => other), othersCount: rows[0]?.total ?? 0 };
}

type Trail = Pick<ReviewDetail, "versions" | "reports" | "notes" | "events" | "task">;
async function trailOf(tx: ShopTx, reviewId: number): Promise<Trail> {
  const values = [tx.shopId, reviewId];
  const versions = await tx.query<Trail["versions"][number]>(
    `SELECT version, status, submitted_at AS "submittedAt", content, decided_at AS "decidedAt", decided_by AS "decidedBy"
       FROM review_version WHERE shop_id = $1 AND review_id = $2 ORDER BY version DESC LIMIT 50`,
    values,
  );
  const reports = await tx.query<Trail["reports"][number]>(
    `SELECT id, reason, text, at, resolved_at AS "resolvedAt" FROM review_report WHERE shop_id = $1 AND review_id = $2
      ORDER BY resolved_at IS NOT NULL, id DESC LIMIT 50`,
    values,
  );
  const notes = await tx.query<Trail["notes"][number]>(
    "SELECT id, kind, text, actor, at FROM review_note WHERE shop_id = $1 AND review_id = $2 ORDER BY id DESC LIMIT 100",
    values,
  );
  const events = await tx.query<Trail["events"][number]>(
    `SELECT kind, actor, params, at FROM review_event WHERE shop_id = $1 AND review_id = $2 ORDER BY id DESC LIMIT ${EVENTS}`,
    values,
  );
  const tasks = await tx.query<NonNullable<Trail["task"]>>(
    `SELECT id, status, due_at AS "dueAt", assignee FROM support_task WHERE shop_id = $1 AND review_id = $2 ORDER BY status = 'done', id DESC LIMIT 1`,
    values,
  );
  return {
    versions: versions.rows,
    reports: reports.rows,
    notes: notes.rows,
    events: events.rows,
    task: tasks.rows[0] ?? null,
  };
}
