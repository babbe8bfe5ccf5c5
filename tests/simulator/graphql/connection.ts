// Relay connections: opaque cursors that hold the sort value and id of an item, so that a page continues
// rightly when items before it come and go.
import { badRequest, say, type Args } from "./types";

const PAGE_MAX = 250;
type SortValue = string | number;

export interface Position {
  value: SortValue;
  /** Numeric id, the tie-breaker. */
  id: string;
}
export interface Connection<T> {
  edges: { cursor: string; node: T }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}
export interface PageOptions<T> {
  position: (item: T) => Position;
  /** Bulk operations read everything. */
  whole?: boolean;
}

/** One page of unordered items. @throws GraphQLError for wrong paging arguments */
export function paginate<T>(items: readonly T[], args: Args, options: PageOptions<T>): Connection<T> {
  const direction = args.reverse === true ? -1 : 1;
  const compare = (a: Position, b: Position) => direction * comparePositions(a, b);
  let placed = items.map((item) => ({ item, at: options.position(item) }));
  if (options.whole) {
    placed.sort((a, b) => compare(a.at, b.at));
    return toConnection(placed, { hasNextPage: false, hasPreviousPage: false });
  }
  const { size, backward } = readPaging(args);
  const after = readCursor(args.after);
  const before = readCursor(args.before);
  const total = placed.length;
  if (after) placed = placed.filter(({ at }) => compare(at, after) > 0);
  const skippedBefore = total - placed.length;
  const untilBefore = placed.length;
  if (before) placed = placed.filter(({ at }) => compare(at, before) < 0);
  const skippedAfter = untilBefore - placed.length;
  const page = smallest(placed, size, (a, b) => (backward ? -1 : 1) * compare(a.at, b.at));
  const more = placed.length > size;
  if (backward) page.reverse();
  return toConnection(page, {
    hasNextPage: backward ? skippedAfter > 0 : more,
    hasPreviousPage: backward ? more : skippedBefore > 0,
  });
}

/** A page of items that are already in order (lines of an order). */
export function paginateList<T>(items: readonly T[], args: Args, whole: boolean): Connection<T> {
  const places = new Map(items.map((item, at) => [item, { value: at, id: String(at) }]));
  return paginate(items, args, { position: (item) => places.get(item) ?? { value: 0, id: "0" }, whole });
}

function readPaging(args: Args): { size: number; backward: boolean } {
  const { first, last } = args;
  if (typeof first === "number" && typeof last === "number")
    throw badRequest("providing both first and last is not supported");
  const size = typeof first === "number" ? first : typeof last === "number" ? last : null;
  if (size === null) throw badRequest("you must provide one of first or last");
  const name = typeof first === "number" ? "first" : "last";
  if (size < 0) throw badRequest(`${name} cannot be negative`);
  if (size > PAGE_MAX) throw badRequest(`${name} cannot exceed ${PAGE_MAX}`, "MAX_PAGE_SIZE_EXCEEDED");
  return { size, backward: name === "last" };
}

function toConnection<T>(
  page: { item: T; at: Position }[],
  has: { hasNextPage: boolean; hasPreviousPage: boolean },
): Connection<T> {
  const edges = page.map(({ item, at }) => ({ cursor: makeCursor(at), node: item }));
  return {
    edges,
    pageInfo: { ...has, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null },
  };
}

function makeCursor({ value, id }: Position): string {
  return Buffer.from(JSON.stringify({ last_id: id, last_value: value })).toString("base64");
}

function readCursor(cursor: unknown): Position | null {
  if (cursor === null || cursor === undefined) return null;
  const wrong = badRequest("Invalid cursor for current pagination sort.", "INVALID_CURSOR");
  let parsed: { last_id?: unknown; last_value?: unknown };
  try {
    parsed = JSON.parse(Buffer.from(say(cursor), "base64").toString("utf8")) as typeof parsed;
  } catch {
    throw wrong;
  }
  const { last_id: id, last_value: value } = parsed;
  if (typeof id !== "string" || (typeof value !== "string" && typeof value !== "number")) throw wrong;
  return { value, id };
}

function comparePositions(a: Position, b: Position): number {
  if (typeof a.value !== typeof b.value)
    throw badRequest("Invalid cursor for current pagination sort.", "INVALID_CURSOR");
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return compareIds(a.id, b.id);
}

/** Numeric ids as text: shorter is smaller. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The `count` smallest items in order: no full sort of twenty thousand orders for each page of fifty. */
function smallest<T>(items: T[], count: number, compare: (a: T, b: T) => number): T[] {
  if (items.length <= count * 4) return items.sort(compare).slice(0, count);
  const kept: T[] = [];
  for (const item of items) {
    const last = kept.at(-1);
    if (kept.length === count && last !== undefined && compare(item, last) >= 0) continue;
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const there = kept[middle];
      if (there !== undefined && compare(there, item) <= 0) low = middle + 1;
      else high = middle;
    }
    kept.splice(low, 0, item);
    if (kept.length > count) kept.pop();
  }
  return kept;
}
