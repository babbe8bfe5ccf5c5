// Meta's product review feed for Shops: one JSON document, written review by review.
// Source: developers.facebook.com, Commerce Platform, "Product Review Feed Schema" (2023-03). Pure.
import type { FeedItem, FeedShop } from "./feed-item";

const TITLE_MAX = 60;

/** Everything before the first review. */
export function metaHead({ name, domain }: FeedShop): string {
  const head = JSON.stringify({ aggregator: "Kizuna", store: { name, id: domain, storeUrls: [domain] } });
  return `${head.slice(0, -1)},"reviews":[\n`;
}
/** Everything after the last review. */
export function metaTail(): string {
  return "]}\n";
}
/** One review. Titles are required there: without one the beginning of the text stands for it. */
export function metaReview(item: FeedItem, isFirst: boolean): string {
  const { product } = item;
  const review = {
    reviewID: item.id,
    rating: item.rating,
    title: item.title || [...item.content.replace(/\s+/gu, " ")].slice(0, TITLE_MAX).join(""),
    content: [item.content, item.pros, item.cons].filter((text) => text !== "").join("\n"),
    createdAt: item.writtenAt,
    ...(item.images.length > 0 ? { reviewImageUrls: item.images } : {}),
    incentivized: item.incentivised,
    hasVerifiedPurchase: item.verified,
    reviewer: { name: item.name || "Anonymous", isAnonymous: item.name === "" },
    product: {
      name: product.title,
      url: product.url,
      productIdentifiers: {
        skus: product.skus,
        gtins: product.gtins,
        brand: product.brand,
      },
    },
  };
  return `${isFirst ? "" : ","}${JSON.stringify(review)}\n`;
}
