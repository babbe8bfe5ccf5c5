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
/** So many members of the order are looked at before the index of names is asked. */
const LOOKED = 2_000;
type Order = MemberSort | "id";
const NEVER = "-infinity";
const SORTS: Record<Order, { column: string; type: string; isDescending: boolean }> = {
  balance: { column: "available", type: "bigint", isDescending: true },
  last_order: { column: "last_order_at", type: "timestamptz", isDescending: true },
  name: { column: "name", type: "text", isDescending: false },
  newest: { column: "first_seen_at", type: "timestamptz", isDescending: true },
  id: { column: "id", type: "bigint", isDescending: true },
};
const COLUMNS = `m.id AS "memberId", m.customer_gid AS "customerGid", m.name, m.email, m.available, m.pending, m.debt,
  m.last_order_at AS "lastOrderAt", m.orders_count AS "ordersCount", m.tier_id AS "tierId", m.first_seen_at AS "firstSeenAt"`;

/** One page of active members. A cursor of another sort, or a broken one, starts from the first page. */
export async function listMembers(shopId: ShopId, request: MemberListRequest): Promise<MemberPage> {
  const sort: Order = (request.tierId ?? null) === null ? (request.sort ?? "last_order") : "id";
  const limit = Math.min(Math.max(request.limit ?? 50, 1), LIMIT_MAX);
  const cursor = readCursor(request.cursor, sort);
  const isBackwards = cursor !== null && request.direction === "previous";
  const question: Question = { tierId: request.tierId ?? null, sort, cursor, isBackwards, most: limit + 1 };
  const text = request.search?.trim() ?? "";
  const rows = text === "" ? await readPage(shopId, question, null) : await search(shopId, question, text);
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

interface Question {
  tierId: string | null;
  sort: Order;
  cursor: { key: string; id: number } | null;
  isBackwards: boolean;
  most: number;
}
type SortedRow = MemberRow & { sortKey: string; [column: string]: unknown };
interface Search {
  /** Whom to look at: the next of the order, or everybody the indexes find. */
  among: "next" | "found";
  prefix: string;
  grams: string[];
}

// What is frequent is met soon on the way. Only what is not is asked of the indexes, which name all who match: then
// there are few, or they lie far from where the order begins.
async function search(shopId: ShopId, question: Question, text: string): Promise<SortedRow[]> {
  const wanted = { prefix: normalEmail(text) ?? "", grams: gramsOfSearch(shopId, text) };
  const near = await readPage(shopId, question, { among: "next", ...wanted });
  return near.length === question.most ? near : readPage(shopId, question, { among: "found", ...wanted });
}

async function readPage(shopId: ShopId, question: Question, wanted: Search | null): Promise<SortedRow[]> {
  const { sort, isBackwards, most } = question;
  const { isDescending } = SORTS[sort];
  const values: unknown[] = [shopId];
  const put = (value: unknown) => `$${values.push(value)}`;
  // Ids ascend within equal keys; walking backwards turns both around.
  const order: [string, string] = [isDescending !== isBackwards ? "DESC" : "ASC", isBackwards ? "DESC" : "ASC"];
  const page = () => {
    if (wanted?.among !== "next") {
      const from = wanted && `members_found(${put(wanted.grams)}::text[], ${put(wanted.prefix)})`;
      return walkOf(question, order, { fits: "true", most, put, from: from ?? "member" });
    }
    const fits = `(starts_with(email, ${put(wanted.prefix)}) OR search_grams @> ${put(wanted.grams)}::text[])`;
    return `SELECT * FROM (${walkOf(question, order, { fits, most: LOOKED, put, from: "member" })}) looked
             WHERE fits ORDER BY key ${order[0]}, id ${order[1]} LIMIT ${most}`;
  };
  return queryShop<SortedRow>(
    shopId,
    `SELECT ${COLUMNS}, page.key::text AS "sortKey" FROM (${page()}) page JOIN member m ON m.shop_id = $1 AND m.id = page.id
      ORDER BY page.key ${order[0]}, page.id ${order[1]}`,
    values,
  );
}

interface Walk {
  fits: string;
  most: number;
  put: (value: unknown) => string;
  /** The table, or what was found of it. */
  from: string;
}
// Many have the same key (no points, no order yet): those equal to the cursor's and those beyond it are walks of their
// own, each from its place in the index. One condition for both would begin at the first of the equal ones.
function walkOf(question: Question, [keyOrder, idOrder]: [string, string], walk: Walk): string {
  const { tierId, sort } = question;
  const { column } = SORTS[sort];
  const { fits, most, put, from } = walk;
  const where = ["shop_id = $1", "status = 'active'"];
  if (tierId !== null) where.push(tierId === "" ? "tier_id IS NULL" : `tier_id = ${put(tierId)}`);
  const key = sort === "last_order" ? `coalesce(${column}, '${NEVER}')` : column;
  const rows = partsOf(question, keyOrder, put).map(
    (part) => `(SELECT id, ${key} AS key, ${fits} AS fits FROM ${from} member WHERE ${[...where, ...part].join(" AND ")}
      ORDER BY ${column} ${keyOrder}, id ${idOrder} LIMIT ${most})`,
  );
  if (rows.length === 1) return rows.join("");
  return `SELECT * FROM (${rows.join(" UNION ALL ")}) walked ORDER BY key ${keyOrder}, id ${idOrder} LIMIT ${most}`;
}

// Who never ordered comes last, by a walk of their own: coalesce() in a condition counts as leaking what a policy hides,
// and would be asked of every row of the shop.
function partsOf({ sort, cursor }: Question, keyOrder: string, put: (value: unknown) => string): string[][] {
  const { column, type } = SORTS[sort];
  const isNullable = sort === "last_order";
  const [ordered, never] = [[`${column} IS NOT NULL`], [`${column} IS NULL`]];
  if (!cursor) return isNullable ? [ordered, never] : [[]];
  const isDown = keyOrder === "DESC";
  const beyondId = () => `id ${isDown === SORTS[sort].isDescending ? ">" : "<"} ${put(cursor.id)}::bigint`;
  if (isNullable && cursor.key === NEVER) return [[...never, beyondId()], ...(isDown ? [] : [ordered])];
  const key = `${put(cursor.key)}::${type}`;
  const beyond = [`${column} ${isDown ? "<" : ">"} ${key}`];
  if (sort === "id") return [beyond];
  return [[`${column} = ${key}`, beyondId()], beyond, ...(isNullable && isDown ? [never] : [])];
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
    const isInstant = key === NEVER || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/.test(key);
    const isFine = sort === "name" ? !key.includes("\0") : sort === "balance" || sort === "id" ? isNumber : isInstant;
    return isFine ? { key, id: id as number } : null;
  } catch {
    return null;
  }
}
