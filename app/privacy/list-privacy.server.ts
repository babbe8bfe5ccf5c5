// What the privacy page shows: requests with their dates, who looked at whose data, and what was erased.
import { queryShop, type ShopId } from "../db.server";
import type { AccessKind } from "./access-kinds";

export interface ListedRequest {
  requestId: number;
  /** Shopify's number of the customer; null: known by an address only, or erased. */
  customer: string | null;
  requestedAt: Date;
  dueAt: Date | null;
  expiresAt: Date | null;
  deliveredAt: Date | null;
  deliveredBy: string | null;
  /** ready: to be downloaded. delivered: was, and can be again. nothing: nobody we know. */
  state: "ready" | "delivered" | "nothing" | "ended" | "erased";
}

const REQUESTS_SHOWN = 50;

/** The newest requests for a person's data. */
export async function listDataRequests(shopId: ShopId): Promise<ListedRequest[]> {
  return queryShop<ListedRequest & { [column: string]: unknown }>(
    shopId,
    `SELECT r.id AS "requestId", substring(r.customer_gid FROM '[0-9]+$') AS customer, r.requested_at AS "requestedAt", r.due_at AS "dueAt",
            r.expires_at AS "expiresAt", r.delivered_at AS "deliveredAt", coalesce(s.name, r.delivered_to) AS "deliveredBy",
            CASE WHEN r.outcome = 'unknown_customer' THEN 'nothing' WHEN r.outcome = 'erased' THEN 'erased' WHEN r.emptied_at IS NOT NULL THEN 'ended'
                 WHEN r.delivered_at IS NOT NULL THEN 'delivered' ELSE 'ready' END AS state
       FROM data_export r LEFT JOIN staff s ON s.shop_id = r.shop_id AND 'staff:' || s.user_id = r.delivered_to
      WHERE r.shop_id = $1 ORDER BY r.requested_at DESC, r.id DESC LIMIT ${REQUESTS_SHOWN}`,
    [shopId],
  );
}

/** How many files wait to be handed over. */
export async function countOpenRequests(shopId: ShopId): Promise<number> {
  const [row] = await queryShop<{ open: number }>(
    shopId,
    "SELECT count(*) AS open FROM data_export WHERE shop_id = $1 AND outcome = 'exported' AND emptied_at IS NULL AND delivered_at IS NULL",
    [shopId],
  );
  return row?.open ?? 0;
}

export interface AccessLine {
  accessId: number;
  at: Date;
  /** The person's name, or their number where Shopify told no name. */
  who: string;
  kind: AccessKind;
  memberId: number | null;
  people: number;
}

/** A page of the access log, newest first. `before`: the last line of the page before. */
export async function listAccess(
  shopId: ShopId,
  { before, limit }: { before: number | null; limit: number },
): Promise<{ lines: AccessLine[]; next: number | null }> {
  const rows = await queryShop<AccessLine & { [column: string]: unknown }>(
    shopId,
    `SELECT a.id AS "accessId", a.at, coalesce(nullif(s.name, ''), a.actor) AS who, a.kind, a.member_id AS "memberId", a.people
       FROM customer_access a LEFT JOIN staff s ON s.shop_id = a.shop_id AND 'staff:' || s.user_id = a.actor
      WHERE a.shop_id = $1 AND ($2::bigint IS NULL OR a.id < $2) ORDER BY a.id DESC LIMIT $3`,
    [shopId, before, limit + 1],
  );
  const lines = rows.slice(0, limit);
  return { lines, next: rows.length > limit ? (lines.at(-1)?.accessId ?? null) : null };
}

/** How many people were erased, and when the last one was. */
export async function countErasures(shopId: ShopId): Promise<{ people: number; lastAt: Date | null }> {
  const [row] = await queryShop<{ people: number; lastAt: Date | null }>(
    shopId,
    `SELECT count(*) AS people, max(at) AS "lastAt" FROM erasure WHERE shop_id = $1 AND kind = 'member'`,
    [shopId],
  );
  return row ?? { people: 0, lastAt: null };
}
