// The question of a list of reviews as parts of SQL. Every order and filter walks an index from a key, so that a page
// costs the same at 100,000 reviews. Pure.
import { gramsOfSearch } from "./review-grams";
import type { ShownQuery, ShownSort } from "./shown-query";

/** How rows of `r` are sorted. */
export const ORDERS = {
  newest: { columns: "r.published_at DESC, r.id DESC", key: "(r.published_at, r.id)" },
  helpful: {
    columns: "r.helpful_rank DESC, r.published_at DESC, r.id DESC",
    key: "(r.helpful_rank, r.published_at, r.id)",
  },
} as const satisfies Record<ShownSort, { columns: string; key: string }>;

/** Parts of one statement and the values that they share; $1 is the shop. */
export interface ShownConditions {
  values: unknown[];
  put: (value: unknown) => string;
  /** What indexes know, but the stars: those have orders of their own. */
  place: string;
  /** What only the review itself says. */
  wanted: string;
}

/** Conditions on `r` for everything the question asks but its stars, its order and its cursor. */
export function conditionsOf(shopId: number, query: ShownQuery): ShownConditions {
  const values: unknown[] = [shopId];
  const put = (value: unknown) => `$${values.push(value)}`;
  const place = ["r.shop_id = $1", "r.status = 'published'"];
  if (query.of !== "shop") place.push(`r.group_key = ${put(query.of.groupKey)}`);
  if (query.withMedia) place.push("r.photos + r.videos > 0");
  const wanted: string[] = [];
  // As EXISTS it could be answered by reading every mention of the topic first.
  if (query.topic !== null) {
    wanted.push(
      `(SELECT true FROM review_mention m WHERE m.shop_id = $1 AND m.review_id = r.id AND m.topic = ${put(query.topic)} LIMIT 1) IS NOT NULL`,
    );
  }
  for (const { questionId, optionId } of query.answers) {
    wanted.push(`r.answers @> ${put(JSON.stringify([{ questionId, optionId }]))}::jsonb`);
  }
  for (const word of query.words ?? []) wanted.push(`strpos(r.search_text, ${put(word)}) > 0`);
  // What a mask hides is not found by its letters either.
  if (query.words && query.of !== "shop") {
    const grams = gramsOfSearch({ shopId, groupKey: query.of.groupKey }, { words: query.words, answers: [] });
    wanted.push(`(r.findings = '[]' OR r.search_grams @> ${put(grams)}::text[])`);
  }
  return { values, put, place: place.join(" AND "), wanted: wanted.join(" AND ") || "true" };
}

/** The condition on `r` to come after the question's cursor. */
export function beyondOf({ cursor, sort }: ShownQuery, put: ShownConditions["put"]): string {
  if (!cursor) return "true";
  const rank = sort === "helpful" ? `${put(cursor.rank)}::int, ` : "";
  return `${ORDERS[sort].key} < (${rank}${put(cursor.publishedAt)}::timestamptz, ${put(cursor.id)}::bigint)`;
}

/**
 * Rows in the order of `sort`, from indexes, so many of each star at most: a few rare stars are merged instead of
 * looked for among all.
 */
export function walkOf(
  { stars }: ShownQuery,
  sort: ShownSort,
  walk: { columns: string; where: string; most: number; put: ShownConditions["put"] },
): string {
  const { columns, where, most, put } = walk;
  const ofStars = stars.length === 0 ? [""] : stars.map((star) => ` AND r.rating = ${put(star)}::int`);
  return ofStars
    .map(
      (star) =>
        `(SELECT ${columns} FROM review r WHERE ${where}${star} ORDER BY ${ORDERS[sort].columns} LIMIT ${most})`,
    )
    .join(" UNION ALL ");
}
