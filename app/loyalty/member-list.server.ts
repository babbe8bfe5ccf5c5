// The list of members: keyset pages over an index for each sort, so that page 10,000 costs what page 1 does.
import { queryShop, type ShopId } from "../db.server";
import { gramsOfSearch, normalEmail } from "./member-name";

export type MemberSort = "balance" | "last_order" | "name" | "newest";
export interface MemberListRequest {
  /** Name (from two characters), or the beginning of an e-mail address. */
  search?: string | null;
  /** Ignored under a filter by tier: its index knows the newest first and nothing else. */
  sort?: MemberSort;
  /** A tier's id, or "" for members without one; null: everybody. */
  tierId?: string | null;
  /** Direction of paging from the cursor; "next" without a cursor is the first page. */
  direction?: "next" | "previous";
  cursor?: string | null;
  limit?: number;
}
export interface MemberRow {
  memberId: number;
  customerGid: string | null;
  name: string;
  email: string | null;
  available: number;
  pending: number;
  debt: number;
  lastOrderAt: Date | null;
  ordersCount: number;
  tierId: string | null;
  firstSeenAt: Date;
}
export interface MemberPage {
  members: MemberRow[];
  /** Cursor of the next page; null: this is the last. */
  nextCursor: string | null;
  previousCursor: string | null;
}

const LIMIT_MAX = 100;
const FOUND_MAX = 5_000;
type Order = MemberSort | "id";
const SORTS: Record<Order, { column: string; type: string; isDescending: boolean }> = {
  balance: { column: "available", type: "bigint", isDescending: true },
  last_order: { column: "coalesce(last_order_at, '-infinity'::timestamptz)", type: "timestamptz", isDescending: true },
  name: { column: "name", type: "text", isDescending: false },
  newest: { column: "first_seen_at", type: "timestamptz", isDescending: true },
  id: { column: "id", type: "bigint", isDescending: true },
};

/** One page of active members. A cursor of another sort, or a broken one, starts from the first page. */
export async function listMembers(shopId: ShopId, request: MemberListRequest): Promise<MemberPage> {
  const tierId = request.tierId ?? null;
  const sort: Order = tierId === null ? (request.sort ?? "last_order") : "id";
  const { column, type, isDescending } = SORTS[sort];
  const limit = Math.min(Math.max(request.limit ?? 50, 1), LIMIT_MAX);
  const cursor = readCursor(request.cursor, sort);
  const isBackwards = cursor !== null && request.direction === "previous";
  const values: unknown[] = [shopId, limit + 1];
  const where = [`shop_id = $1`, `status = 'active'`, ...(await searchConditions(shopId, request.search, values))];
  if (tierId !== null) where.push(tierCondition(tierId, values));
  // Ids ascend within equal keys; walking backwards turns both around.
  const [keyOrder, idOrder] = [isDescending !== isBackwards ? "DESC" : "ASC", isBackwards ? "DESC" : "ASC"];
  if (cursor) {
    values.push(cursor.key, cursor.id);
    const [key, id] = [`$${values.length - 1}::${type}`, `$${values.length}::bigint`];
    const beyond = keyOrder === "DESC" ? "<" : ">";
    where.push(`${column} ${beyond}= ${key}`, `(${column} ${beyond} ${key} OR id ${isBackwards ? "<" : ">"} ${id})`);
  }
  const rows = await queryShop<MemberRow & { sortKey: string; [column: string]: unknown }>(
    shopId,
    `SELECT id AS "memberId", customer_gid AS "customerGid", name, email, available, pending, debt, last_order_at AS "lastOrderAt",
            orders_count AS "ordersCount", tier_id AS "tierId", first_seen_at AS "firstSeenAt", (${column})::text AS "sortKey"
       FROM member WHERE ${where.join(" AND ")} ORDER BY ${column} ${keyOrder}, id ${idOrder} LIMIT $2`,
    values,
  );
  const hasMore = rows.length > limit;
  const page = rows.slice(0, limit);
  if (isBackwards) page.reverse();
  const cursorOf = (row: (typeof page)[number] | undefined) =>
    row ? writeCursor(sort, row.sortKey, row.memberId) : null;
  return {
    members: page.map(({ sortKey: _sortKey, ...member }) => member),
    nextCursor: (isBackwards ? cursor !== null : hasMore) ? cursorOf(page.at(-1)) : null,
    previousCursor: (isBackwards ? hasMore : cursor !== null) ? cursorOf(page[0]) : null,
  };
}

function tierCondition(tierId: string, values: unknown[]): string {
  if (tierId === "") return "tier_id IS NULL";
  values.push(tierId);
  return `tier_id = $${values.length}`;
}

// Few matches are found first and sorted; of many, the page is met soon by walking the sort's index.
async function searchConditions(
  shopId: ShopId,
  search: string | null | undefined,
  values: unknown[],
): Promise<string[]> {
  const text = search?.trim() ?? "";
  if (text === "") return [];
  const prefix = normalEmail(text) ?? "";
  const grams = gramsOfSearch(shopId, text);
  const [found] = await queryShop<{ ids: number[] | null }>(
    shopId,
    `SELECT array_agg(id) AS ids FROM (
       (SELECT id FROM member WHERE shop_id = $1 AND email ~>=~ $2 AND email ~<~ $3 LIMIT $5::int)
       UNION (SELECT member_id FROM members_with_grams($4::text[], $5::int))) matches`,
    [shopId, prefix, `${prefix}\u{10FFFF}`, grams, FOUND_MAX + 1],
  );
  const ids = found?.ids ?? [];
  if (ids.length <= FOUND_MAX) {
    values.push(ids);
    return [`id = ANY ($${values.length})`];
  }
  values.push(prefix, grams);
  return [`(starts_with(email, $${values.length - 1}) OR search_grams @> $${values.length})`];
}

function writeCursor(sort: Order, key: string, id: number): string {
  return Buffer.from(JSON.stringify([sort, key, id])).toString("base64url");
}
// A cursor comes from the address bar: it is checked like any input.
function readCursor(cursor: string | null | undefined, sort: Order): { key: string; id: number } | null {
  if (!cursor) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (!Array.isArray(parsed) || parsed.length !== 3) return null;
    const [ofSort, key, id] = parsed as unknown[];
    if (ofSort !== sort || typeof key !== "string" || !Number.isSafeInteger(id)) return null;
    const isNumber = /^\d{1,15}$/.test(key);
    const isInstant = key === "-infinity" || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/.test(key);
    const isFine = sort === "name" ? !key.includes("\0") : sort === "balance" || sort === "id" ? isNumber : isInstant;
    return isFine ? { key, id: id as number } : null;
  } catch {
    return null;
  }
}
