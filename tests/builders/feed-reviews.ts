// Published reviews of one product with an address, an order behind them where they are verified.
import { inShop, type ShopId } from "../../app/db.server";

export interface FeedReview {
  rating: number;
  title: string;
  body: string;
  pros?: string;
  cons?: string;
  authorName?: string;
  verified?: boolean;
  incentivised?: boolean;
  source?: string;
  status?: string;
  /** Hidden from shoppers, in the body. */
  masked?: [number, number];
}

/** Inserts a product, an order and the reviews, all on 2026-06-01 at noon in Tokyo. */
export async function insertFeedReviews(shopId: ShopId, reviews: FeedReview[]): Promise<void> {
  const at = new Date("2026-06-01T03:00:00Z");
  await inShop(shopId, async (tx) => {
    await tx.query("UPDATE shop_profile SET primary_domain = 'shop.example.jp' WHERE shop_id = $1", [shopId]);
    await tx.query(
      `INSERT INTO product_fact (shop_id, product_gid, title, handle, vendor, identifiers, tags, collection_ids, updated_at)
       VALUES ($1, 'gid://shopify/Product/1', '花の湯 <入浴剤>', 'hana-no-yu', 'Kinari & Co', '{"skus":["HANA-01"],"gtins":["2000000000008"]}', '{}', '{}', $2)`,
      [shopId, at],
    );
    const order = await tx.query<{ id: number }>(
      "INSERT INTO customer_order (shop_id, order_gid) VALUES ($1, 'gid://shopify/Order/1') RETURNING id",
      [shopId],
    );
    for (const [index, review] of reviews.entries()) {
      const [from = 0, to = 0] = review.masked ?? [];
      const findings = review.masked ? [{ kind: "contact_data", field: "body", from, to, detail: "email" }] : [];
      const isVerified = review.verified ?? false;
      await tx.query(
        `INSERT INTO review (shop_id, product_gid, group_key, source, status, rating, title, body, pros, cons, author_name, author_email,
                             verified, incentivised, order_id, line_id, findings, submitted_at, published_at, updated_at)
         VALUES ($1, 'gid://shopify/Product/1', 'gid://shopify/Product/1', $2, $3, $4, $5, $6, $7, $8, $9, 'canary@example.com', $10, $11, $12, $13, $14, $15, $15, $15)`,
        [
          shopId,
          review.source ?? "open",
          review.status ?? "published",
          review.rating,
          review.title,
          review.body.replaceAll("\0", ""),
          review.pros ?? "",
          review.cons ?? "",
          review.authorName ?? "",
          isVerified,
          review.incentivised ?? false,
          isVerified ? order.rows[0]?.id : null,
          isVerified ? `gid://shopify/LineItem/${index + 1}` : null,
          JSON.stringify(findings),
          at,
        ],
      );
    }
  });
}
