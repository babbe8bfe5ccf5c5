// What the rules have to know around the words of a review.
import type { ShopTx } from "../../db.server";
import type { ReviewSettings } from "../review-settings";
import type { AuthorFacts } from "./staff";
import { allWords, type ReviewTexts } from "./texts";
import type { RecentCounts } from "./velocity";

/** How many recent reviews a text is compared with. */
const COMPARED = 300;
const HOUR_MS = 3_600_000;

export interface Author {
  email: string | null;
  customerGid: string | null;
  /** Keyed hash of the network, of a visitor without a purchase. */
  visitorKey: string | null;
}

/** The shop's own addresses beside the author's. */
export async function readAuthorFacts(
  tx: ShopTx,
  author: Author,
  { moderation }: Pick<ReviewSettings, "moderation">,
): Promise<AuthorFacts> {
  const { rows } = await tx.query<{ email: string | null; primaryDomain: string | null }>(
    `SELECT email, primary_domain AS "primaryDomain" FROM shop_profile WHERE shop_id = $1`,
    [tx.shopId],
  );
  const shop = rows[0];
  return {
    email: author.email,
    shopEmails: [...moderation.staffEmails, ...(shop?.email ? [shop.email] : [])],
    shopDomains: shop?.primaryDomain ? [shop.primaryDomain] : [],
  };
}

/** Reviews without a purchase of the last hour, counted no further than limits reach. */
export async function readRecentCounts(
  tx: ShopTx,
  author: Author,
  productGid: string,
  now: Date,
): Promise<RecentCounts> {
  const { rows } = await tx.query<{ byEmail: number; byCustomer: number; byPlace: number; ofProduct: number }>(
    `SELECT (SELECT count(*)::int FROM review WHERE shop_id = $1 AND author_email = $2 AND submitted_at > $6 AND line_id IS NULL) AS "byEmail",
            (SELECT count(*)::int FROM review WHERE shop_id = $1 AND customer_gid = $3 AND submitted_at > $6 AND line_id IS NULL
                AND customer_gid IS NOT NULL AND status <> 'deleted') AS "byCustomer",
            (SELECT count(*)::int FROM review WHERE shop_id = $1 AND visitor_key = $4 AND submitted_at > $6) AS "byPlace",
            (SELECT count(*)::int FROM (SELECT submitted_at, verified, source FROM review
                WHERE shop_id = $1 AND product_gid = $5 ORDER BY id DESC LIMIT 50) newest
              WHERE submitted_at > $6 AND NOT verified AND source <> 'import') AS "ofProduct"`,
    [tx.shopId, author.email, author.customerGid, author.visitorKey, productGid, new Date(now.getTime() - HOUR_MS)],
  );
  const counted = rows[0] ?? { byEmail: 0, byCustomer: 0, byPlace: 0, ofProduct: 0 };
  return {
    byAuthor: Math.max(counted.byEmail, counted.byCustomer),
    byPlace: counted.byPlace,
    ofProduct: counted.ofProduct,
  };
}

/** Words of the shop's newest reviews by other authors. */
export async function readOthersWords(tx: ShopTx, author: Author, exceptReviewId: number | null): Promise<string[]> {
  const { rows } = await tx.query<ReviewTexts & { [column: string]: unknown }>(
    `SELECT title, body, pros, cons, author_name AS "authorName" FROM (
       SELECT * FROM review WHERE shop_id = $1 ORDER BY submitted_at DESC, id DESC LIMIT $2) newest
      WHERE status <> 'deleted' AND id IS DISTINCT FROM $5
        AND (author_email IS NULL OR author_email IS DISTINCT FROM $3) AND (customer_gid IS NULL OR customer_gid IS DISTINCT FROM $4)`,
    [tx.shopId, COMPARED, author.email, author.customerGid, exceptReviewId],
  );
  return rows.map(allWords);
}
