// Words, answers and topics among a product's reviews: what is frequent is met soon on the way, what is rare is found by
// the index of grams, which costs as much as its lists are long. Which of the two it is, a short look ahead says.
import { queryShop, type ShopId } from "../../db.server";
import { amongOf, atMost, COUNT_MAX, countAmong, MANY, readGroupSums, type ShownTotal } from "./count-shown.server";
import { readShownPage, readShownRows, type PageRow } from "./read-shown-rows.server";
import { gramsOfSearch } from "./review-grams";
import { beyondOf, conditionsOf, ORDERS, walkOf, type ShownConditions } from "./shown-conditions";
import type { ShownQuery } from "./shown-query";

export interface Found {
  rows: PageRow[];
  /** null on later pages, which nobody counts again. */
  total: ShownTotal | null;
  hasMore: boolean;
}

/** So many reviews of the order are looked at before any index of words is asked, and so many of them first. */
export const LOOKED = 1_000;
const GLANCED = 200;
/** So many matches are named and sorted; of more, the page is met by walking the order's index. */
const NAMED_MAX = 2_000;
/** Microseconds to look at a review on the way, and to read one entry of a gram's list; only their ratio matters. */
const LOOK_COST = 2;
const ENTRY_COST = 0.4;

/** One page of what a question with words, answers or a topic finds. */
export async function searchShown(shopId: ShopId, query: ShownQuery, looked: number): Promise<Found> {
  const glance = Math.min(GLANCED, looked);
  let ahead = await lookAhead(shopId, query, glance);
  const isMet = () => ahead.looked < ahead.most || ahead.ids.length > query.limit;
  const lookOn = async () => (ahead = await lookAhead(shopId, query, looked));
  // None at a glance is probably rare: naming few costs less than a longer look, naming many more.
  if (!isMet() && ahead.matched > 0 && looked > glance) await lookOn();
  if (isMet()) return metOnTheWay(shopId, query, ahead);
  const ids = await name(shopId, query, NAMED_MAX);
  if (ids?.length === 0) return { rows: [], total: query.cursor === null ? atMost(0) : null, hasMore: false };
  if (ids === null && ahead.most < looked) await lookOn();
  if (isMet()) return metOnTheWay(shopId, query, ahead);
  // Many, and none of them near: all of them are sorted.
  const page = await readShownPage(shopId, query, ids ?? ((put) => namingOf(shopId, query, put, null)));
  const total = query.cursor === null ? atMost(page[0]?.found ?? 0) : null;
  return { rows: page.slice(0, query.limit), total, hasMore: page.length > query.limit };
}

async function metOnTheWay(shopId: ShopId, query: ShownQuery, ahead: Ahead): Promise<Found> {
  const count = () => (ahead.looked < ahead.most ? atMost(ahead.matched) : countFrequent(shopId, query, ahead));
  const [rows, total] = await Promise.all([
    readShownRows(shopId, ahead.ids.slice(0, query.limit)),
    query.cursor === null ? count() : null,
  ]);
  return { rows, total, hasMore: ahead.ids.length > query.limit };
}

interface Ahead {
  most: number;
  /** How many were looked at: fewer than `most` means that the order ended. */
  looked: number;
  matched: number;
  /** The first matches, a page and one more. */
  ids: string[];
}

async function lookAhead(shopId: ShopId, query: ShownQuery, most: number): Promise<Ahead> {
  const { values, put, place, wanted } = conditionsOf(shopId, query);
  const order = ORDERS[query.sort].columns;
  const where = `${place} AND ${beyondOf(query, put)}`;
  const columns = `r.id, r.helpful_rank, r.published_at, (${wanted}) AS fits`;
  const walk = walkOf(query, query.sort, { columns, where, most, put });
  const [ahead] = await queryShop<Ahead & { [column: string]: unknown }>(
    shopId,
    `SELECT count(*)::int AS looked, (count(*) FILTER (WHERE r.fits))::int AS matched,
            coalesce((array_agg(r.id::text ORDER BY ${order}) FILTER (WHERE r.fits))[1:${put(query.limit + 1)}::int], '{}') AS ids
       FROM (SELECT * FROM (${walk}) r ORDER BY ${order} LIMIT ${put(most)}) r`,
    values,
  );
  if (!ahead) throw new Error("a count gave no row");
  return { ...ahead, most };
}

// How frequent it is was seen: walking on until there are too many costs less the more there are, naming them more.
async function countFrequent(shopId: ShopId, query: ShownQuery, ahead: Ahead): Promise<ShownTotal> {
  if (ahead.matched > COUNT_MAX) return MANY;
  const sums = await readGroupSums(shopId, query);
  const share = ahead.matched / ahead.looked;
  const isPlain = query.stars.length === 0 && !query.withMedia;
  const [all, among] = sums ? [amongOf({ ...query, stars: [], withMedia: false }, sums), amongOf(query, sums)] : [0, 0];
  const walking = LOOK_COST * Math.min(among, COUNT_MAX / share);
  const lists = gramsOf(shopId, query).length || 1;
  const naming = ENTRY_COST * share * all * lists + LOOK_COST * Math.min(share * all, COUNT_MAX);
  // Words are named whatever the stars: too many of them say nothing about those with a few.
  if (walking > naming && (isPlain || share * all < COUNT_MAX)) {
    const ids = await name(shopId, query, COUNT_MAX);
    if (ids) return countAmong(shopId, query, ids);
    if (isPlain && (query.topic === null || gramsOf(shopId, query).length === 0)) return MANY;
  }
  const most = Math.ceil((2.5 * COUNT_MAX) / share);
  if (among > most && (await areMany(shopId, query, most))) return MANY;
  return countAhead(shopId, query, most);
}

// The newest lie beside each other in the table, whatever order is asked for.
async function countAhead(shopId: ShopId, query: ShownQuery, estimate: number): Promise<ShownTotal> {
  for (let most = estimate; ; most *= 2) {
    const { looked, matched } = await lookAhead(shopId, { ...query, sort: "newest" }, most);
    if (matched > COUNT_MAX || looked < most) return atMost(matched);
  }
}

/** Whether there are more than are counted among the newest `most`; stops as soon as there are. */
async function areMany(shopId: ShopId, query: ShownQuery, most: number): Promise<boolean> {
  const { values, put, place, wanted } = conditionsOf(shopId, query);
  const walk = walkOf(query, "newest", { columns: `(${wanted}) AS fits`, where: place, most, put });
  const [row] = await queryShop<{ count: number }>(
    shopId,
    `SELECT count(*) AS count FROM (SELECT FROM (${walk}) r WHERE r.fits LIMIT ${COUNT_MAX + 1}) met`,
    values,
  );
  return (row?.count ?? 0) > COUNT_MAX;
}

function gramsOf(shopId: ShopId, { of, words, answers }: ShownQuery): string[] {
  return of === "shop" ? [] : gramsOfSearch({ shopId, groupKey: of.groupKey }, { words: words ?? [], answers });
}

type Put = ShownConditions["put"];

/** The reviews that can match, by what is rarest of the question; null: more than `most`. */
async function name(shopId: ShopId, query: ShownQuery, most: number): Promise<string[] | null> {
  const ids = await idsOf(shopId, (put) => namingOf(shopId, query, put, most + 1));
  if (ids.length <= most) return ids;
  if (query.topic === null || gramsOf(shopId, query).length === 0) return null;
  const ofTopic = await idsOf(shopId, (put) => mentionsOf(query, put, most + 1));
  return ofTopic.length <= most ? ofTopic : null;
}
async function idsOf(shopId: ShopId, naming: (put: Put) => string): Promise<string[]> {
  const values: unknown[] = [shopId];
  const text = naming((value) => `$${values.push(value)}`);
  const [row] = await queryShop<{ ids: string[] | null }>(
    shopId,
    `SELECT array_agg(review_id::text) AS ids FROM (${text}) found WHERE $1::int IS NOT NULL`,
    values,
  );
  return row?.ids ?? [];
}

/** By words and answers, whatever the stars; without any, by the topic. `most` null: all of them. */
function namingOf(shopId: ShopId, query: ShownQuery, put: Put, most: number | null): string {
  const grams = gramsOf(shopId, query);
  if (grams.length === 0) return mentionsOf(query, put, most);
  // Two characters are one gram, which says it all.
  const long = (query.words ?? []).filter((word) => [...word].length > 2);
  const group = query.of === "shop" ? "" : query.of.groupKey;
  return `SELECT review_id FROM reviews_with_grams(${put(group)}, ${put(grams)}, ${put(long)}, NULL, false, ${put(most)})`;
}
function mentionsOf(query: ShownQuery, put: Put, most: number | null): string {
  const group = query.of === "shop" ? "" : query.of.groupKey;
  return `SELECT review_id FROM review_mention WHERE shop_id = $1 AND group_key = ${put(group)} AND topic = ${put(query.topic)} LIMIT ${put(most)}::int`;
}
