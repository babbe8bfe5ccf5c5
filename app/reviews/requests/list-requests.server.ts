// Whom we asked, whom not, and why: every order that was looked at, newest first.
import { queryShop, type ShopId } from "../../db.server";
import type { RequestProduct, RequestReason, RequestStatus } from "./request-plan";

const PAGE = 50;

export interface ListedRequest {
  requestId: number;
  orderId: number;
  /** "#1001" */
  orderName: string;
  /** gid://shopify/Order/1 */
  orderGid: string;
  memberId: number | null;
  memberName: string;
  status: RequestStatus;
  why: RequestReason | null;
  basis: "delivered" | "fulfilled";
  /** The next step. */
  dueAt: Date | null;
  invitedAt: Date | null;
  remindedAt: Date | null;
  promised: boolean;
  products: RequestProduct[];
  /** How many of the order's lines were reviewed. */
  reviews: number;
  /** The newest mail of this request; null: none yet. */
  mail: { kind: string; status: string; why: string | null; sentAt: string | null } | null;
}
export interface RequestQuery {
  status?: RequestStatus | null;
  why?: RequestReason | null;
  /** An order's name, or an address: whole. */
  search?: string;
  /** requestId of the last row seen. */
  cursor?: number | null;
}
export interface RequestPage {
  requests: ListedRequest[];
  /** Continue with this; null: that was all. */
  next: number | null;
}

/** One page of requests. */
export async function listRequests(shopId: ShopId, query: RequestQuery = {}): Promise<RequestPage> {
  const term = query.search?.trim() ?? "";
  const rows = await queryShop<ListedRequest & { [column: string]: unknown }>(
    shopId,
    `SELECT r.id AS "requestId", r.order_id AS "orderId", o.name AS "orderName", o.order_gid AS "orderGid", r.member_id AS "memberId",
            coalesce(m.name, '') AS "memberName", r.status, r.why, r.basis, r.due_at AS "dueAt", r.invited_at AS "invitedAt",
            r.reminded_at AS "remindedAt", r.promised, r.products,
            (SELECT count(*)::int FROM review v WHERE v.shop_id = $1 AND v.order_id = r.order_id AND v.status <> 'deleted') AS reviews,
            (SELECT jsonb_build_object('kind', g.kind, 'status', g.status, 'why', g.why, 'sentAt', g.sent_at)
               FROM message g WHERE g.shop_id = $1 AND g.request_id = r.id ORDER BY g.id DESC LIMIT 1) AS mail
       FROM review_request r JOIN customer_order o ON o.shop_id = $1 AND o.id = r.order_id
            LEFT JOIN member m ON m.shop_id = $1 AND m.id = r.member_id
      WHERE r.shop_id = $1 ${conditions(query, term)} ORDER BY r.id DESC LIMIT ${PAGE + 1}`,
    [shopId, query.status ?? null, query.why ?? null, query.cursor ?? null, [term, `#${term}`], term.toLowerCase()],
  );
  const requests = rows.slice(0, PAGE);
  return { requests, next: rows.length > PAGE ? (requests.at(-1)?.requestId ?? null) : null };
}

// Written only when asked for, so that each combination can walk its own index; the parameters are always named.
function conditions(query: RequestQuery, term: string): string {
  return [
    query.status ? "AND r.status = $2" : "AND $2::text IS NULL",
    query.why ? "AND r.why = $3" : "AND $3::text IS NULL",
    query.cursor ? "AND r.id < $4" : "AND $4::bigint IS NULL",
    term === ""
      ? "AND ($5::text[], $6::text) IS NOT NULL"
      : `AND r.order_id IN (SELECT id FROM customer_order WHERE shop_id = $1 AND (name = ANY ($5) OR email = $6)
           UNION ALL SELECT f.id FROM member w JOIN customer_order f ON f.shop_id = w.shop_id AND f.member_id = w.id WHERE w.shop_id = $1 AND w.email = $6)`,
  ].join(" ");
}

/** How many requests are in each state; a state without any is missing. */
export async function countRequests(shopId: ShopId): Promise<Partial<Record<RequestStatus, number>>> {
  const rows = await queryShop<{ status: RequestStatus; count: number }>(
    shopId,
    "SELECT status, count(*)::int AS count FROM review_request WHERE shop_id = $1 GROUP BY status",
    [shopId],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** How many requests were left out for each reason. */
export async function countReasons(shopId: ShopId): Promise<Partial<Record<RequestReason, number>>> {
  const rows = await queryShop<{ why: RequestReason; count: number }>(
    shopId,
    "SELECT why, count(*)::int AS count FROM review_request WHERE shop_id = $1 AND why IS NOT NULL GROUP BY why",
    [shopId],
  );
  return Object.fromEntries(rows.map(({ why, count }) => [why, count]));
}
