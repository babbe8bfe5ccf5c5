import { queryShop, type ShopId } from "../../db.server";
import type { Finding } from "../moderation/findings";
import { shownTexts } from "../moderation/mask-text";
import type { Task, TaskKind, TaskStatus } from "./task";

const PAGE = 50;
export interface TaskFilters {
  status: TaskStatus | "unfinished" | "all";
  /** staff:<id>; "nobody": not taken yet. */
  assignee?: string | undefined;
  overdue?: boolean | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}
export interface TaskPage {
  tasks: Task[];
  nextCursor: string | null;
}

/** Tasks, the most urgent first. */
export async function listTasks(shopId: ShopId, filters: TaskFilters, now: Date): Promise<TaskPage> {
  const limit = Math.min(filters.limit ?? PAGE, 250);
  const after = readCursor(filters.cursor);
  const statuses =
    filters.status === "all"
      ? ["open", "doing", "done"]
      : filters.status === "unfinished"
        ? ["open", "doing"]
        : [filters.status];
  const rows = await queryShop<TaskRow>(shopId, LIST, [
    shopId,
    statuses,
    filters.assignee === "nobody" ? null : (filters.assignee ?? null),
    filters.assignee === "nobody",
    filters.overdue ? now : null,
    after?.dueAt ?? null,
    after?.id ?? null,
    limit + 1,
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    tasks: page.map((row) => toTask(row, now)),
    nextCursor: rows.length > limit && last ? `${last.dueAt.getTime()}.${last.id}` : null,
  };
}

/** For the badge: how many wait, and how many of them wait too long. */
export async function countTasks(shopId: ShopId, now: Date): Promise<{ unfinished: number; overdue: number }> {
  const [row] = await queryShop<{ unfinished: number; overdue: number }>(
    shopId,
    `SELECT count(*)::int AS unfinished, (count(*) FILTER (WHERE due_at <= $2))::int AS overdue
       FROM support_task WHERE shop_id = $1 AND status IN ('open', 'doing')`,
    [shopId, now],
  );
  return row ?? { unfinished: 0, overdue: 0 };
}

interface TaskRow {
  [column: string]: unknown;
  id: number;
  kind: TaskKind;
  status: TaskStatus;
  assignee: string | null;
  openedAt: Date;
  dueAt: Date;
  closedAt: Date | null;
  closedBy: string | null;
  reviewId: number | null;
  rating: number;
  title: string;
  body: string;
  pros: string;
  cons: string;
  authorName: string;
  findings: Finding[];
  reviewStatus: string;
  reply: string | null;
  productGid: string;
  productTitle: string | null;
  orderId: number | null;
  orderGid: string;
  orderName: string;
  memberId: number | null;
  memberName: string;
}

function toTask(row: TaskRow, now: Date): Task {
  const { id, kind, status, assignee, openedAt, dueAt, closedAt, closedBy } = row;
  const texts = row.reviewId === null ? null : shownTexts(row, row.findings);
  return {
    id,
    kind,
    status,
    assignee,
    openedAt,
    dueAt,
    closedAt,
    closedBy,
    isOverdue: status !== "done" && dueAt.getTime() <= now.getTime(),
    review:
      row.reviewId === null || texts === null
        ? null
        : {
            id: row.reviewId,
            rating: row.rating,
            title: texts.title,
            body: texts.body,
            authorName: texts.authorName,
            status: row.reviewStatus,
            productGid: row.productGid,
            productTitle: row.productTitle,
            reply: row.reply,
          },
    order: row.orderId === null ? null : { id: row.orderId, gid: row.orderGid, name: row.orderName },
    member: row.memberId === null ? null : { id: row.memberId, name: row.memberName },
  };
}

function readCursor(cursor: string | undefined): { dueAt: Date; id: number } | null {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor ?? "");
  return match ? { dueAt: new Date(Number(match[1])), id: Number(match[2]) } : null;
}

const LIST = `
  SELECT t.id, t.kind, t.status, t.assignee, t.opened_at AS "openedAt", t.due_at AS "dueAt", t.closed_at AS "closedAt", t.closed_by AS "closedBy",
         t.review_id AS "reviewId", r.rating, r.title, r.body, r.pros, r.cons, r.author_name AS "authorName", r.findings, r.status AS "reviewStatus", r.reply,
         r.product_gid AS "productGid", p.title AS "productTitle", t.order_id AS "orderId", o.order_gid AS "orderGid", o.name AS "orderName",
         t.member_id AS "memberId", m.name AS "memberName"
    FROM (SELECT * FROM support_task WHERE shop_id = $1 AND status = ANY ($2) AND ($3::text IS NULL OR assignee = $3) AND (NOT $4::boolean OR assignee IS NULL)
             AND ($5::timestamptz IS NULL OR due_at <= $5 AND status <> 'done') AND ($6::timestamptz IS NULL OR (due_at, id) > ($6, $7::bigint))
           ORDER BY due_at, id LIMIT $8) t
    LEFT JOIN review r ON r.shop_id = $1 AND r.id = t.review_id
    LEFT JOIN product_fact p ON p.shop_id = $1 AND p.product_gid = r.product_gid
    LEFT JOIN customer_order o ON o.shop_id = $1 AND o.id = t.order_id
    LEFT JOIN member m ON m.shop_id = $1 AND m.id = t.member_id
   ORDER BY t.due_at, t.id`;
