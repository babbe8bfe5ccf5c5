// What moderators see: the queue in the order in which it filled, and the list of all reviews, in keyset pages.
import { queryShop, type ShopId } from "../../db.server";
import type { RejectReason, ReviewContent, ReviewSource, ReviewStatus } from "../review-content";
import { HOLD_DAYS, type Finding, type FindingKind } from "./findings";
import { shownTexts } from "./mask-text";
import {
  COUNTED_MAX,
  readCursor,
  readSearch,
  SEARCHED_MAX,
  writeCursor,
  type QueueCounts,
  type QueueItem,
  type QueuePage,
  type QueueRequest,
} from "./queue";

const DAY_MS = 86_400_000;
const LIMIT_MAX = 100;

export interface QueueRow {
  [column: string]: unknown;
  id: number;
  status: ReviewStatus;
  rating: number;
  title: string;
  body: string;
  pros: string;
  cons: string;
  authorName: string;
  findings: Finding[];
  holdReasons: string[];
  holdUntil: Date | null;
  queuedAt: Date | null;
  submittedAt: Date;
  productGid: string;
  productTitle: string | null;
  source: ReviewSource;
  locale: string;
  verified: boolean;
  incentivised: boolean;
  refunded: boolean;
  orderName: string | null;
  memberId: number | null;
  openReports: number;
  appeal: QueueItem["appeal"];
  rejectReason: RejectReason | null;
  hasReply: boolean;
  media: number;
  unviewedMedia: number;
  edit: {
    version: number;
    content: ReviewContent;
    findings: Finding[];
    reasons: string[];
    holdUntil: string | null;
    submittedAt: string;
  } | null;
}

/** One page. "all" goes from the newest review back, everything else from whatever has waited longest. */
export async function listQueue(shopId: ShopId, request: QueueRequest, now: Date): Promise<QueuePage> {
  const limit = Math.min(Math.max(request.limit ?? 50, 1), LIMIT_MAX);
  const { text, values, isCut } = listStatement(shopId, request, limit + 1, now);
  const rows = await queryShop<QueueRow>(shopId, text, values);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => toItem(row, now)),
    nextCursor: rows.length > limit && last ? cursorOf(request, last) : null,
    searchedOnly: isCut ? SEARCHED_MAX : null,
  };
}

function cursorOf({ filter, productGid }: QueueRequest, last: QueueRow): string {
  if (filter !== "all") return writeCursor(last.queuedAt, last.id);
  return productGid === undefined ? writeCursor(last.submittedAt, last.id) : writeCursor(null, last.id);
}

/** A row as pages show it. */
export function toItem(row: QueueRow, now: Date): QueueItem {
  const { id: reviewId, title, body, pros, cons, authorName, findings, edit, ...rest } = row;
  const kinds = [...findings, ...(edit?.findings ?? [])].map(({ kind }) => kind);
  return {
    ...(rest as Omit<QueueItem, "reviewId" | "texts" | "edit" | "kinds" | "isOverdue">),
    reviewId,
    texts: shownTexts({ title, body, pros, cons, authorName }, findings),
    edit: edit && {
      version: edit.version,
      rating: edit.content.rating,
      texts: shownTexts(edit.content, edit.findings),
      reasons: edit.reasons,
      holdUntil: edit.holdUntil === null ? null : new Date(edit.holdUntil),
    },
    kinds: [...new Set<FindingKind>(kinds)],
    isOverdue: row.queuedAt !== null && row.queuedAt.getTime() <= overdueBefore(now).getTime(),
  };
}

function overdueBefore(now: Date): Date {
  return new Date(now.getTime() - HOLD_DAYS * DAY_MS);
}

const WAITS = {
  queue: "true",
  held: "r.status = 'held'",
  edits:
    "r.status = 'published' AND EXISTS (SELECT FROM review_version v WHERE v.shop_id = $1 AND v.review_id = r.id AND v.status = 'held')",
  reports: "EXISTS (SELECT FROM review_report p WHERE p.shop_id = $1 AND p.review_id = r.id AND p.resolved_at IS NULL)",
  appeals: "r.appeal = 'open'",
  media:
    "EXISTS (SELECT FROM review_media m WHERE m.shop_id = $1 AND m.review_id = r.id AND m.status = 'ready' AND m.viewed_at IS NULL)",
} as const;

interface Statement {
  text: string;
  values: unknown[];
  isCut: boolean;
}

// The inner walk is over one index and stops at the page's end. What no index knows (words, the kinds of findings) is looked for among the first rows of the walk only. Everything else is read for the page alone.
function listStatement(shopId: ShopId, request: QueueRequest, limit: number, now: Date): Statement {
  const values: unknown[] = [shopId];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const order = orderOf(request);
  const wide = ["r.shop_id = $1", ...placeConditions(request, bind, now), ...exactConditions(request, bind)];
  const narrow = narrowConditions(request, bind);
  const walk = `SELECT r.* FROM review r WHERE ${wide.join(" AND ")} ORDER BY ${order} LIMIT`;
  const page =
    narrow.length > 0
      ? `SELECT * FROM (${walk} ${SEARCHED_MAX}) r WHERE ${narrow.join(" AND ")} ORDER BY ${order} LIMIT ${bind(limit)}`
      : `${walk} ${bind(limit)}`;
  return { text: `${COLUMNS} FROM (${page}) r ${JOINS} ORDER BY ${order}`, values, isCut: narrow.length > 0 };
}

function orderOf({ filter, productGid }: QueueRequest): string {
  if (filter !== "all") return "r.queued_at, r.id";
  return productGid === undefined ? "r.submitted_at DESC, r.id DESC" : "r.id DESC";
}

type Bind = (value: unknown) => string;
function placeConditions(request: QueueRequest, bind: Bind, now: Date): string[] {
  const { filter, status, productGid } = request;
  const where: string[] = [];
  if (filter !== "all") where.push("r.queued_at IS NOT NULL");
  if (filter === "overdue") where.push(`r.queued_at <= ${bind(overdueBefore(now))}`);
  else if (filter !== "all" && filter !== "queue") where.push(WAITS[filter]);
  if (filter === "all") where.push(status ? `r.status = ${bind(status)}` : "r.status <> 'deleted'");
  if (productGid !== undefined) where.push(`r.product_gid = ${bind(productGid)}`);
  const after = readCursor(request.cursor);
  if (after && filter !== "all")
    where.push(`(r.queued_at, r.id) > (${bind(after.at)}::timestamptz, ${bind(after.id)}::bigint)`);
  else if (after?.at && productGid === undefined)
    where.push(`(r.submitted_at, r.id) < (${bind(after.at)}::timestamptz, ${bind(after.id)}::bigint)`);
  else if (after && productGid !== undefined) where.push(`r.id < ${bind(after.id)}::bigint`);
  return where;
}

function exactConditions(request: QueueRequest, bind: Bind): string[] {
  const search = readSearch(request.search);
  if (search?.by === "id") return [`r.id = ${bind(search.id)}`];
  if (search?.by === "order")
    return [
      `r.order_id = ANY (ARRAY(SELECT o.id FROM customer_order o WHERE o.shop_id = $1 AND o.name = ${bind(search.name)}))`,
    ];
  return search?.by === "email" ? [`r.author_email = ${bind(search.email)}`] : [];
}

function narrowConditions(request: QueueRequest, bind: Bind): string[] {
  const where: string[] = [];
  if (request.kinds && request.kinds.length > 0) {
    const wanted = bind(request.kinds);
    where.push(
      `(r.hold_reasons && ${wanted}::text[] OR EXISTS (SELECT FROM jsonb_array_elements(r.findings) f WHERE f->>'kind' = ANY (${wanted}::text[])))`,
    );
  }
  const search = readSearch(request.search);
  if (search?.by === "words") {
    const texts = "lower(concat_ws(' ', r.title, r.body, r.pros, r.cons, r.author_name))";
    for (const word of search.words) where.push(`position(${bind(word)} in ${texts}) > 0`);
  }
  return where;
}

/** What of a row a page shows; $1 is the shop, r the review. */
export const COLUMNS = `
  SELECT r.id, r.status, r.rating, r.title, r.body, r.pros, r.cons, r.author_name AS "authorName", r.findings, r.hold_reasons AS "holdReasons",
         r.hold_until AS "holdUntil", r.queued_at AS "queuedAt", r.submitted_at AS "submittedAt", r.product_gid AS "productGid", p.title AS "productTitle",
         r.source, r.locale, r.verified, r.incentivised, r.refunded, o.name AS "orderName", r.member_id AS "memberId", r.appeal,
         r.reject_reason AS "rejectReason", r.reply IS NOT NULL AS "hasReply", e.edit,
         (SELECT count(*)::int FROM review_report b WHERE b.shop_id = $1 AND b.review_id = r.id AND b.resolved_at IS NULL) AS "openReports", n.media, n."unviewedMedia"`;
export const JOINS = `
  LEFT JOIN product_fact p ON p.shop_id = $1 AND p.product_gid = r.product_gid
  LEFT JOIN customer_order o ON o.shop_id = $1 AND o.id = r.order_id
  LEFT JOIN LATERAL (
    SELECT jsonb_build_object('version', v.version, 'content', v.content, 'findings', v.findings, 'reasons', v.hold_reasons, 'holdUntil', v.hold_until,
             'submittedAt', v.submitted_at) AS edit
      FROM review_version v WHERE v.shop_id = $1 AND v.review_id = r.id AND v.status = 'held' AND v.version > r.version ORDER BY v.version DESC LIMIT 1) e ON true
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS media, (count(*) FILTER (WHERE m.viewed_at IS NULL))::int AS "unviewedMedia"
      FROM review_media m WHERE m.shop_id = $1 AND m.review_id = r.id AND m.status = 'ready') n`;

/** How many wait, per filter, counted up to 1,000. */
export async function countQueue(shopId: ShopId, now: Date): Promise<QueueCounts> {
  const [row] = await queryShop<QueueCounts & { [column: string]: unknown }>(
    shopId,
    `SELECT count(*)::int AS queue, ${(["held", "edits", "reports", "appeals", "media"] as const)
      .map((filter) => `(count(*) FILTER (WHERE ${WAITS[filter]}))::int AS ${filter}`)
      .join(", ")}, (count(*) FILTER (WHERE r.queued_at <= $2))::int AS overdue
       FROM (SELECT id, status, appeal, queued_at FROM review WHERE shop_id = $1 AND queued_at IS NOT NULL ORDER BY queued_at, id LIMIT ${COUNTED_MAX}) r`,
    [shopId, overdueBefore(now)],
  );
  if (!row) throw new Error("a count gave no row");
  return row;
}
