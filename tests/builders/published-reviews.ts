// Published reviews as rows, for what reads them: many at once, and without the way they came.
import { inShop, type ShopId } from "../../app/db.server";
import { gramsOfReview, type GramAnswer } from "../../app/reviews/display/review-grams";
import type { Finding } from "../../app/reviews/moderation/findings";
import { shownTexts } from "../../app/reviews/moderation/mask-text";
import { helpfulRank } from "../../app/reviews/votes/helpful-rank";

export interface PublishedReview {
  productGid: string;
  groupKey: string;
  status: string;
  rating: number;
  title: string;
  body: string;
  pros: string;
  cons: string;
  answers: readonly GramAnswer[];
  authorName: string;
  authorEmail: string | null;
  customerGid: string | null;
  incentivised: boolean;
  findings: Finding[];
  helpful: number;
  unhelpful: number;
  photos: number;
  at: Date;
}
export const PRODUCT = "gid://shopify/Product/71";

/** Inserts reviews that differ so from a plain one. @returns their ids, in the same order */
export async function insertReviews(shopId: ShopId, reviews: readonly Partial<PublishedReview>[]): Promise<number[]> {
  const rows = reviews.map((change, index) => {
    const review: PublishedReview = {
      productGid: PRODUCT,
      groupKey: change.productGid ?? PRODUCT,
      status: "published",
      rating: 5,
      title: "",
      body: "しっとりします。",
      pros: "",
      cons: "",
      answers: [],
      authorName: "山田 花子",
      authorEmail: null,
      customerGid: null,
      incentivised: false,
      findings: [],
      helpful: 0,
      unhelpful: 0,
      photos: 0,
      at: new Date(Date.UTC(2026, 5, 1) + index * 60_000),
      ...change,
    };
    const { title, body, pros, cons } = shownTexts(review, review.findings);
    const place = { shopId, groupKey: review.groupKey };
    return {
      ...review,
      rank: helpfulRank(review.helpful, review.unhelpful),
      grams: gramsOfReview(place, [title, body, pros, cons], review.answers),
    };
  });
  const { rows: made } = await inShop(shopId, (tx) =>
    tx.query<{ id: number }>(
      `INSERT INTO review (shop_id, product_gid, group_key, customer_gid, source, status, rating, title, body, pros, cons, answers, author_name,
                           author_email, incentivised, findings, helpful, unhelpful, helpful_rank, photos, search_grams, submitted_at,
                           published_at, updated_at)
       SELECT $1, r."productGid", r."groupKey", r."customerGid", 'open', r.status, r.rating, r.title, r.body, r.pros, r.cons, r.answers,
              r."authorName", r."authorEmail", r.incentivised, r.findings, r.helpful, r.unhelpful, r.rank, r.photos, r.grams, r.at, r.at, r.at
         FROM ROWS FROM (jsonb_to_recordset($2) AS ("productGid" text, "groupKey" text, "customerGid" text, status text, rating int,
                title text, body text, pros text, cons text, answers jsonb, "authorName" text, "authorEmail" text, incentivised boolean,
                findings jsonb, helpful int, unhelpful int, rank int, photos int, grams text[], at timestamptz)) WITH ORDINALITY AS r
        ORDER BY r.ordinality RETURNING id`,
      [shopId, JSON.stringify(rows)],
    ),
  );
  return made.map(({ id }) => id);
}
