// What a shopper may ask of the list of reviews, and the place in it where a page ends. Pure.
import { z } from "zod";

import { KEYWORD_MAX, KEYWORD_MIN, readKeyword, type GramAnswer } from "./review-grams";

export const SORTS = ["helpful", "newest"] as const;
export type ShownSort = (typeof SORTS)[number];
export const PAGE = 10;
const PAGE_MAX = 50;

export interface ShownQuery {
  /** Reviews of a group, or of the whole shop, whose list knows the newest first only. */
  of: { groupKey: string } | "shop";
  sort: ShownSort;
  /** Empty: any. */
  stars: readonly number[];
  withMedia: boolean;
  answers: readonly GramAnswer[];
  topic: string | null;
  /** Words that all have to be there; null: any. */
  words: readonly string[] | null;
  cursor: Cursor | null;
  limit: number;
}
export interface Cursor {
  rank: number;
  publishedAt: string;
  id: number;
}

/** Everything of a group, as a page shows it first. */
export function firstPage(groupKey: string, sort: ShownSort, limit = PAGE): ShownQuery {
  return {
    of: { groupKey },
    sort,
    stars: [],
    withMedia: false,
    answers: [],
    topic: null,
    words: null,
    cursor: null,
    limit,
  };
}

const one = z
  .array(z.string())
  .length(1)
  .transform(([value = ""]) => value);
const parameters = z.strictObject({
  sort: one.pipe(z.enum(SORTS)).default("helpful"),
  stars: one
    .pipe(z.string().regex(/^[1-5](,[1-5]){0,4}$/))
    .transform((text) => [...new Set(text.split(",").map(Number))].sort())
    .default([]),
  media: one
    .pipe(z.literal("1"))
    .transform(() => true)
    .default(false),
  /** fit:snug,skin:dry */
  answers: one
    .pipe(z.string().regex(/^[a-z0-9-]{1,40}:[a-z0-9-]{1,40}(,[a-z0-9-]{1,40}:[a-z0-9-]{1,40}){0,5}$/))
    .transform((text) =>
      text
        .split(",")
        .map((pair) => pair.split(":"))
        .map(([questionId = "", optionId = ""]) => ({ questionId, optionId })),
    )
    .default([]),
  topic: one.pipe(z.string().min(1).max(60)).nullable().default(null),
  q: one.pipe(z.string().max(KEYWORD_MAX)).default(""),
  cursor: one.pipe(z.string().max(200)).default(""),
  limit: one
    .pipe(z.string().regex(/^\d{1,2}$/))
    .transform(Number)
    .pipe(z.number().min(1).max(PAGE_MAX))
    .default(PAGE),
});

/**
 * The question in an address; null: not one that our pages ask. Each name stands once, and no other name may:
 * an answer that anybody may keep has one address.
 */
export function readShownQuery(query: URLSearchParams, of: ShownQuery["of"]): ShownQuery | null {
  const given: Record<string, string[]> = {};
  for (const [name, value] of query) (given[name] ??= []).push(value);
  const parsed = parameters.safeParse(given);
  if (!parsed.success) return null;
  const { sort, stars, media, answers, topic, q, cursor, limit } = parsed.data;
  const words = q.trim() === "" ? null : readKeyword(q);
  if (q.trim() !== "" && (words === null || [...q.trim()].length < KEYWORD_MIN)) return null;
  const from = cursor === "" ? null : readCursor(cursor);
  if (cursor !== "" && from === null) return null;
  if (of === "shop" && (sort !== "newest" || words || answers.length > 0 || topic !== null)) return null;
  return { of, sort, stars, withMedia: media, answers, topic, words, cursor: from, limit };
}

const cursorSchema = z.tuple([
  z.number().int().min(0).max(1_000_000),
  z.iso.datetime({ precision: 3 }),
  z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
]);

/** The place after a review, as the next page's address says it. */
export function writeCursor({ rank, publishedAt, id }: Cursor): string {
  return Buffer.from(JSON.stringify([rank, publishedAt, id])).toString("base64url");
}
function readCursor(text: string): Cursor | null {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    if (!parsed.success) return null;
    const [rank, publishedAt, id] = parsed.data;
    return { rank, publishedAt, id };
  } catch {
    return null;
  }
}
