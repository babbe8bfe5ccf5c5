// The reviews shoppers see, a page at a time. Every order and filter walks an index from a key, so that a page
// costs the same at 100,000 reviews; what is rare is found first and sorted, what is frequent is met soon.
import { queryShop, type ShopId } from "../../db.server";
import { mediaUrl } from "../media/media-place.server";
import { readReviewSettings } from "../read-settings.server";
import { gramsOfSearch } from "./review-grams";
import { toShown, type ShownReview, type ShownRow } from "./shown-review";
import { writeCursor, type ShownQuery } from "./shown-query";

export interface ShownPage {
  reviews: ShownReview[];
  /** How many there are; null on later pages, which nobody counts again. */
  total: ShownTotal | null;
  next: string | null;
}
/** Exact up to 1,000; beyond it "more than that". */
export interface ShownTotal {
  count: number;
  isExact: boolean;
}

/** What is counted to the end. */
export const COUNT_MAX = 1_000;

/** So many matches are found and sorted; of more, the page is met soon by walking the order's index. */
const SORTED_MAX = COUNT_MAX;

/** One page of published reviews, masked, named and labelled as they are shown. */
export async function readShownReviews(shopId: ShopId, query: ShownQuery): Promise<ShownPage> {
  const ids = await narrow(shopId, query);
  if (ids?.length === 0) return { reviews: [], total: { count: 0, isExact: true }, next: null };
  const isFirst = query.cursor === null;
  const [page, total, { names }] = await Promise.all([
    readPage(shopId, query, ids),
    isFirst && ids === null ? readTotal(shopId, query) : null,
    readReviewSettings(shopId),
  ]);
  const rows = page.slice(0, query.limit);
  const last = page.length > query.limit ? rows.at(-1) : undefined;
  const withProduct = query.of === "shop" || !query.of.groupKey.startsWith("gid://");
  const addressOf = mediaUrl.bind(null, shopId);
  return {
    reviews: rows.map((row) => toShown(row, { names, withProduct, addressOf })),
    total: isFirst && ids ? atMost(page[0]?.found ?? 0) : total,
    next: last ? writeCursor({ rank: last.rank, publishedAt: last.publishedAt.toISOString(), id: last.id }) : null,
  };
}

/** The only reviews that can match what is rare of the question; null: too many to name. */
async function narrow(shopId: ShopId, query: ShownQuery): Promise<string[] | null> {
  if (query.of === "shop") return null;
  const { groupKey } = query.of;
  const grams = gramsOfSearch({ shopId, groupKey }, { words: query.words ?? [], answers: query.answers });
  if (grams.length > 0) {
    const stars = query.stars.length > 0 ? query.stars : null;
    const ids = await idsOf(shopId, "SELECT review_id FROM reviews_with_grams($1, $2, $3, $4, $5, $6)", [
      groupKey,
      grams,
      // Two characters are one gram, which says it all.
      (query.words ?? []).filter((word) => [...word].length > 2),
      stars,
      query.withMedia,
      SORTED_MAX + 1,
    ]);
    if (ids.length <= SORTED_MAX) return ids;
  }
  if (query.topic === null) return null;
  const ids = await idsOf(
    shopId,
    "SELECT review_id FROM review_mention WHERE shop_id = $1 AND group_key = $2 AND topic = $3 LIMIT $4",
    [shopId, groupKey, query.topic, SORTED_MAX + 1],
  );
  return ids.length <= SORTED_MAX ? ids : null;
}
async function idsOf(shopId: ShopId, text: string, values: unknown[]): Promise<string[]> {
  const [row] = await queryShop<{ ids: string[] | null }>(
    shopId,
    `SELECT array_agg(review_id::text) AS ids FROM (${text}) found`,
    values,
  );
  return row?.ids ?? [];
}

interface Conditions {
  text: string;
  values: unknown[];
}

function conditionsOf(shopId: ShopId, query: ShownQuery, ids: string[] | null): Conditions {
  const values: unknown[] = [shopId];
  const put = (value: unknown) => `$${values.push(value)}`;
  const where = ["r.shop_id = $1", "r.status = 'published'"];
  if (query.of !== "shop") where.push(`r.group_key = ${put(query.of.groupKey)}`);
  if (ids) where.push(`r.id = ANY (${put(ids)}::bigint[])`);
  if (query.withMedia) where.push("r.photos + r.videos > 0");
  if (query.topic !== null) {
    where.push(
      `EXISTS (SELECT FROM review_mention m WHERE m.shop_id = $1 AND m.review_id = r.id AND m.topic = ${put(query.topic)})`,
    );
  }
  for (const { questionId, optionId } of query.answers) {
    where.push(`r.answers @> ${put(JSON.stringify([{ questionId, optionId }]))}::jsonb`);
  }
  for (const word of query.words ?? []) where.push(`strpos(r.search_text, ${put(word)}) > 0`);
  // What a mask hides is not found by its letters either.
  if (query.words && query.of !== "shop") {
    const grams = gramsOfSearch({ shopId, groupKey: query.of.groupKey }, { words: query.words, answers: [] });
    where.push(`(r.findings = '[]' OR r.search_grams @> ${put(grams)}::text[])`);
  }
  return { text: where.join(" AND "), values };
}

type PageRow = ShownRow & {
  rank: number;
  publishedAt: Date;
  /** How many there are, where they were counted on the way. */
  found: number | null;
  [column: string]: unknown;
};
const ORDERS = {
  newest: {
    columns: "r.published_at DESC, r.id DESC",
    key: "(r.published_at, r.id)",
  },
  helpful: {
    columns: "r.helpful_rank DESC, r.published_at DESC, r.id DESC",
    key: "(r.helpful_rank, r.published_at, r.id)",
  },
} as const;

async function readPage(shopId: ShopId, query: ShownQuery, ids: string[] | null): Promise<PageRow[]> {
  const { text, values } = conditionsOf(shopId, query, ids);
  const order = ORDERS[query.sort];
  const put = (value: unknown) => `$${values.push(value)}`;
  const { cursor } = query;
  const beyond = cursor
    ? `${order.key} < (${query.sort === "helpful" ? `${put(cursor.rank)}::int, ` : ""}${put(cursor.publishedAt)}::timestamptz, ${put(cursor.id)}::bigint)`
    : "true";
  const most = put(query.limit + 1);
  const found = `SELECT r.id, r.helpful_rank, r.published_at FROM review r WHERE ${text}`;
  // Each star has an order of its own: a few rare ones are merged instead of looked for among all.
  const walked = () =>
    (query.stars.length === 0 ? [""] : query.stars.map((stars) => ` AND r.rating = ${put(stars)}::int`))
      .map((star) => `(${found}${star} AND ${beyond} ORDER BY ${order.columns} LIMIT ${most})`)
      .join(" UNION ALL ");
  const among = ids && query.stars.length > 0 ? ` AND r.rating = ANY (${put(query.stars)}::int[])` : "";
  const rows = ids ? `SELECT r.* FROM found r WHERE ${beyond}` : walked();
  return queryShop<PageRow>(
    shopId,
    `${ids ? `WITH found AS MATERIALIZED (${found}${among})` : ""}
     ${DETAILS}, ${ids ? "(SELECT count(*) FROM found)" : "NULL::bigint"} AS found
       FROM (SELECT * FROM (${rows}) r ORDER BY ${order.columns} LIMIT ${most}) page
       JOIN review r ON r.shop_id = $1 AND r.id = page.id
       LEFT JOIN product_fact p ON p.shop_id = $1 AND p.product_gid = r.product_gid AND p.deleted_at IS NULL
      ORDER BY ${order.columns}`,
    values,
  );
}

const DAY = (column: string) =>
  `to_char(${column} AT TIME ZONE (SELECT time_zone FROM shop_profile WHERE shop_id = $1), 'YYYY-MM-DD')`;
/** Everything a shown review is made of, of `r` and its product `p`; `$1` is the shop. */
const DETAILS = `SELECT r.id, r.product_gid AS "productGid", r.rating, r.title, r.body, r.pros, r.cons, r.answers,
  r.author_name AS "authorName", r.verified, r.incentivised, r.refunded, r.version, r.findings, r.reply, r.helpful,
  r.helpful_anon AS "helpfulAnon", r.helpful_rank AS rank, r.published_at AS "publishedAt",
  ${DAY("r.published_at")} AS "publishedOn", ${DAY("r.replied_at")} AS "repliedOn",
  p.title AS "productTitle", p.handle AS "productHandle",
  CASE WHEN r.photos + r.videos > 0 THEN
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'kind', m.kind, 'folder', m.storage_key, 'files', m.files,
              'width', m.width, 'height', m.height, 'alt', m.alt) ORDER BY m.position, m.id), '[]')
       FROM review_media m WHERE m.shop_id = $1 AND m.review_id = r.id AND m.status = 'ready' AND m.viewed_at IS NOT NULL)
  ELSE '[]'::jsonb END AS media`;

async function readTotal(shopId: ShopId, query: ShownQuery): Promise<ShownTotal> {
  const { words, answers, topic, stars: wanted, withMedia } = query;
  // What too many reviews answer to be named, and nothing is asked beside it: counted already.
  const hasWords = words !== null || answers.length > 0;
  const isMany = topic === null ? hasWords : !withMedia && !hasWords && wanted.length === 0;
  if (isMany) return { count: COUNT_MAX, isExact: false };
  const known = await knownTotal(shopId, query);
  if (known !== null) return atMost(known);
  const { text, values } = conditionsOf(shopId, query, null);
  const stars = query.stars.length > 0 ? ` AND r.rating = ANY ($${values.push(query.stars)}::int[])` : "";
  const [row] = await queryShop<{ count: number }>(
    shopId,
    `SELECT count(*) AS count FROM (SELECT FROM review r WHERE ${text}${stars} LIMIT ${COUNT_MAX + 1}) counted`,
    values,
  );
  return atMost(row?.count ?? 0);
}

// What the sums of the group say already is not counted again.
async function knownTotal(shopId: ShopId, query: ShownQuery): Promise<number | null> {
  const { of, stars, withMedia, answers, topic, words } = query;
  if (of === "shop" || answers.length > 0 || topic !== null || words || (withMedia && stars.length > 0)) return null;
  const [row] = await queryShop<{ counts: number[]; withMedia: number }>(
    shopId,
    `SELECT counts, with_media AS "withMedia" FROM rating_summary WHERE shop_id = $1 AND group_key = $2`,
    [shopId, of.groupKey],
  );
  if (!row) return null;
  if (withMedia) return row.withMedia;
  const wanted = stars.length > 0 ? stars : [1, 2, 3, 4, 5];
  return wanted.reduce((sum, star) => sum + (row.counts[star - 1] ?? 0), 0);
}
function atMost(count: number): ShownTotal {
  return { count: Math.min(count, COUNT_MAX), isExact: count <= COUNT_MAX };
}

/** Published reviews by id, in that order: what the gallery and the values of pages show. */
export async function readShownByIds(shopId: ShopId, ids: readonly number[]): Promise<ShownReview[]> {
  const [rows, { names }] = await Promise.all([
    queryShop<PageRow>(
      shopId,
      `${DETAILS} FROM review r
         LEFT JOIN product_fact p ON p.shop_id = $1 AND p.product_gid = r.product_gid AND p.deleted_at IS NULL
        WHERE r.shop_id = $1 AND r.id = ANY ($2::bigint[]) AND r.status = 'published'
        ORDER BY array_position($2::bigint[], r.id)`,
      [shopId, ids],
    ),
    readReviewSettings(shopId),
  ]);
  const addressOf = mediaUrl.bind(null, shopId);
  return rows.map((row) => toShown(row, { names, withProduct: true, addressOf }));
}
