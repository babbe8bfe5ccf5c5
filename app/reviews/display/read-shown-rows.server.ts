// Rows of reviews as they are shown: a page of an order, of named ones, or the named ones themselves.
import { queryShop, type ShopId } from "../../db.server";
import { beyondOf, conditionsOf, ORDERS, walkOf, type ShownConditions } from "./shown-conditions";
import type { ShownQuery } from "./shown-query";
import type { ShownRow } from "./shown-review";

export type PageRow = ShownRow & {
  rank: number;
  publishedAt: Date;
  /** How many there are, where they were counted on the way. */
  found: number | null;
  [column: string]: unknown;
};

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
const PRODUCT = "LEFT JOIN product_fact p ON p.shop_id = $1 AND p.product_gid = r.product_gid AND p.deleted_at IS NULL";

/** One page and one more, of all, of those with these ids, or of those a statement names. */
export async function readShownPage(
  shopId: ShopId,
  query: ShownQuery,
  named: string[] | ((put: ShownConditions["put"]) => string) | null,
): Promise<PageRow[]> {
  const { values, put, place, wanted } = conditionsOf(shopId, query);
  const order = ORDERS[query.sort].columns;
  const columns = "r.id, r.helpful_rank, r.published_at";
  const most = query.limit + 1;
  let found = "";
  if (named) {
    const stars = query.stars.length > 0 ? ` AND r.rating = ANY (${put(query.stars)}::int[])` : "";
    const ids = typeof named === "function" ? `IN (${named(put)})` : `= ANY (${put(named)}::bigint[])`;
    found = `WITH found AS MATERIALIZED (SELECT ${columns} FROM review r WHERE ${place} AND ${wanted} AND r.id ${ids}${stars})`;
  }
  const beyond = beyondOf(query, put);
  const rows = named
    ? `SELECT r.* FROM found r WHERE ${beyond}`
    : walkOf(query, query.sort, { columns, where: `${place} AND ${wanted} AND ${beyond}`, most, put });
  return queryShop<PageRow>(
    shopId,
    `${found} ${DETAILS}, ${named ? "(SELECT count(*) FROM found)" : "NULL::bigint"} AS found
       FROM (SELECT * FROM (${rows}) r ORDER BY ${order} LIMIT ${most}) page
       JOIN review r ON r.shop_id = $1 AND r.id = page.id ${PRODUCT}
      ORDER BY ${order}`,
    values,
  );
}

/** Published reviews by id, in that order. */
export async function readShownRows(shopId: ShopId, ids: readonly (number | string)[]): Promise<PageRow[]> {
  if (ids.length === 0) return [];
  return queryShop<PageRow>(
    shopId,
    `${DETAILS} FROM review r ${PRODUCT}
      WHERE r.shop_id = $1 AND r.id = ANY ($2::bigint[]) AND r.status = 'published'
      ORDER BY array_position($2::bigint[], r.id)`,
    [shopId, ids],
    { isHot: true },
  );
}
