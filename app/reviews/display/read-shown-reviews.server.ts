// The reviews shoppers see, a page at a time.
import type { ShopId } from "../../db.server";
import { mediaUrl } from "../media/media-place.server";
import { readReviewSettings } from "../read-settings.server";
import { countListed, type ShownTotal } from "./count-shown.server";
import { readShownPage, readShownRows } from "./read-shown-rows.server";
import { LOOKED, searchShown, type Found } from "./search-shown.server";
import { toShown, type ShownReview } from "./shown-review";
import { writeCursor, type ShownQuery } from "./shown-query";

export interface ShownPage {
  reviews: ShownReview[];
  /** How many there are; null on later pages, which nobody counts again. */
  total: ShownTotal | null;
  next: string | null;
}

/**
 * One page of published reviews, masked, named and labelled as they are shown.
 * @param looked how many of the order are looked at before an index of words is asked
 */
export async function readShownReviews(shopId: ShopId, query: ShownQuery, looked = LOOKED): Promise<ShownPage> {
  const [{ rows, total, hasMore }, { names }] = await Promise.all([
    isSearch(query) ? searchShown(shopId, query, looked) : list(shopId, query),
    readReviewSettings(shopId),
  ]);
  const last = hasMore ? rows.at(-1) : undefined;
  const withProduct = query.of === "shop" || !query.of.groupKey.startsWith("gid://");
  const addressOf = mediaUrl.bind(null, shopId);
  return {
    reviews: rows.map((row) => toShown(row, { names, withProduct, addressOf })),
    total,
    next: last ? writeCursor({ rank: last.rank, publishedAt: last.publishedAt.toISOString(), id: last.id }) : null,
  };
}

/** Whether something is asked that no order's index knows. */
function isSearch({ of, words, answers, topic }: ShownQuery): boolean {
  return of !== "shop" && (words !== null || answers.length > 0 || topic !== null);
}

async function list(shopId: ShopId, query: ShownQuery): Promise<Found> {
  const [page, total] = await Promise.all([
    readShownPage(shopId, query, null),
    query.cursor === null ? countListed(shopId, query) : null,
  ]);
  return { rows: page.slice(0, query.limit), total, hasMore: page.length > query.limit };
}

/** Published reviews by id, in that order: what the gallery and the values of pages show. */
export async function readShownByIds(shopId: ShopId, ids: readonly number[]): Promise<ShownReview[]> {
  const [rows, { names }] = await Promise.all([readShownRows(shopId, ids), readReviewSettings(shopId)]);
  const addressOf = mediaUrl.bind(null, shopId);
  return rows.map((row) => toShown(row, { names, withProduct: true, addressOf }));
}
