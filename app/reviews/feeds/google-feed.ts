// Google's product review feed, version 2.4: the elements in their documented order.
// Source: developers.google.com/product-review-feeds/schema (2.4). Google expects the whole feed each time:
// a review that is no longer in it is deleted there. Pure.
import { feedText, type FeedItem, type FeedProduct, type FeedShop } from "./feed-item";

const SCHEMA = "http://www.google.com/shopping/reviews/schema/product/2.4/product_reviews.xsd";
const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** Text inside an element or an attribute. */
export function xmlText(text: string): string {
  return feedText(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
const element = (name: string, text: string) => `<${name}>${xmlText(text)}</${name}>`;
const list = (name: string, each: string, texts: string[]) =>
  texts.length === 0 ? "" : `<${name}>${texts.map((text) => element(each, text)).join("")}</${name}>`;

/** Everything before the first review. */
export function googleHead({ name }: FeedShop): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:vc="http://www.w3.org/2007/XMLSchema-versioning" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="${SCHEMA}">
<version>2.4</version><aggregator><name>Kizuna</name></aggregator><publisher>${element("name", name)}</publisher>
`;
}
/** Everything after the last review; the list itself may not be empty. */
export function googleTail(hasReviews: boolean): string {
  return `${hasReviews ? "</reviews>" : ""}</feed>\n`;
}

/** One review. `isFirst` opens the list. */
export function googleReview(item: FeedItem, isFirst: boolean): string {
  const images = item.images.map((url) => `<reviewer_image>${element("url", url)}</reviewer_image>`).join("");
  const parts = [
    element("review_id", item.id),
    `<reviewer>${item.name === "" ? '<name is_anonymous="true">Anonymous</name>' : element("name", item.name)}</reviewer>`,
    element("is_verified_purchase", String(item.verified)),
    element("is_incentivized_review", String(item.incentivised)),
    element("review_timestamp", item.writtenAt),
    item.title === "" ? "" : element("title", item.title),
    element("content", item.content),
    list("pros", "pro", item.pros === "" ? [] : [item.pros]),
    list("cons", "con", item.cons === "" ? [] : [item.cons]),
    `<review_url type="group">${xmlText(item.product.url)}</review_url>`,
    images === "" ? "" : `<reviewer_images>${images}</reviewer_images>`,
    `<ratings><overall min="1" max="5">${item.rating}</overall></ratings>`,
    `<products>${product(item.product)}</products>`,
    element("is_spam", "false"),
    element("collection_method", item.wasInvited ? "post_fulfillment" : "unsolicited"),
    item.transactionId === null ? "" : element("transaction_id", item.transactionId),
  ];
  return `${isFirst ? "<reviews>\n" : ""}<review>${parts.join("")}</review>\n`;
}

function product({ title, url, brand, skus, gtins }: FeedProduct): string {
  const ids = [
    list("gtins", "gtin", gtins),
    list("skus", "sku", skus),
    list("brands", "brand", brand === "" ? [] : [brand]),
  ];
  const named = ids.join("");
  return `<product>${named === "" ? "" : `<product_ids>${named}</product_ids>`}${element("product_name", title)}${element("product_url", url)}</product>`;
}
