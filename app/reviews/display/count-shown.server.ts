// How many reviews a question finds, exact up to 1,000.
import { queryShop, type ShopId } from "../../db.server";
import { conditionsOf, walkOf } from "./shown-conditions";
import type { ShownQuery } from "./shown-query";

/** Exact up to 1,000; beyond it "more than that". */
export interface ShownTotal {
  count: number;
  isExact: boolean;
}

/** What is counted to the end. */
export const COUNT_MAX = 1_000;
/** More than that. */
export const MANY: ShownTotal = { count: COUNT_MAX, isExact: false };

/** A count as it is told. */
export function atMost(count: number): ShownTotal {
  return count > COUNT_MAX ? MANY : { count, isExact: true };
}

/** What is known of a group without counting. */
interface GroupSums {
  /** [one, two, three, four, five] */
  counts: number[];
  withMedia: number;
}
/** null: the group was never counted. */
export async function readGroupSums(shopId: ShopId, query: ShownQuery): Promise<GroupSums | null> {
  if (query.of === "shop") return null;
  const [row] = await queryShop<GroupSums & { [column: string]: unknown }>(
    shopId,
    `SELECT counts, with_media AS "withMedia" FROM rating_summary WHERE shop_id = $1 AND group_key = $2`,
    [shopId, query.of.groupKey],
    { isHot: true },
  );
  return row ?? null;
}
/** How many reviews of the group have the question's stars and pictures, at most. */
export function amongOf({ stars, withMedia }: ShownQuery, { counts, withMedia: pictured }: GroupSums): number {
  const wanted = stars.length > 0 ? stars : [1, 2, 3, 4, 5];
  const sum = wanted.reduce((total, star) => total + (counts[star - 1] ?? 0), 0);
  return withMedia ? Math.min(sum, pictured) : sum;
}

/** Of a question without words, answers or a topic: from the group's sums where they say it. */
export async function countListed(shopId: ShopId, query: ShownQuery): Promise<ShownTotal> {
  const isKnown = query.of !== "shop" && !(query.withMedia && query.stars.length > 0);
  const sums = isKnown ? await readGroupSums(shopId, query) : null;
  return sums ? atMost(amongOf(query, sums)) : countRows(shopId, query);
}

async function countRows(shopId: ShopId, query: ShownQuery): Promise<ShownTotal> {
  const { values, put, place } = conditionsOf(shopId, query);
  const walk = walkOf(query, "newest", { columns: "1", where: place, most: COUNT_MAX + 1, put });
  const [row] = await queryShop<{ count: number }>(
    shopId,
    `SELECT count(*) AS count FROM (SELECT FROM (${walk}) r LIMIT ${COUNT_MAX + 1}) counted`,
    values,
  );
  return atMost(row?.count ?? 0);
}

/** Of reviews named before. */
export async function countAmong(shopId: ShopId, query: ShownQuery, ids: readonly string[]): Promise<ShownTotal> {
  if (ids.length === 0) return atMost(0);
  const { values, put, place, wanted } = conditionsOf(shopId, query);
  const stars = query.stars.length > 0 ? ` AND r.rating = ANY (${put(query.stars)}::int[])` : "";
  const [row] = await queryShop<{ count: number }>(
    shopId,
    `SELECT count(*) AS count FROM review r WHERE ${place} AND ${wanted} AND r.id = ANY (${put(ids)}::bigint[])${stars}`,
    values,
  );
  return atMost(row?.count ?? 0);
}
