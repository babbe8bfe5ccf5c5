// A published review as feeds tell it: the words shoppers see, with its labels. Pure.

// What no XML document can hold, in any form: control characters and halves of surrogate pairs. JSON could,
// but the two feeds tell the same.
const UNSPEAKABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** A shopper's words as a feed can hold them; empty when nothing of them is left. */
export function feedText(text: string): string {
  return text.replace(UNSPEAKABLE, "").trim();
}
export interface FeedItem {
  id: string;
  /** Empty: anonymous. */
  name: string;
  verified: boolean;
  incentivised: boolean;
  /** ISO 8601 with the shop's offset. */
  writtenAt: string;
  title: string;
  /** Never empty: a feed takes no review without words. */
  content: string;
  pros: string;
  cons: string;
  rating: number;
  /** Absolute addresses. */
  images: string[];
  /** Asked for after the purchase; otherwise the author came by themselves. */
  wasInvited: boolean;
  /** Our own number of the order, which tells nothing to anybody else; null: no purchase. */
  transactionId: string | null;
  product: FeedProduct;
}
export interface FeedProduct {
  title: string;
  url: string;
  brand: string;
  skus: string[];
  gtins: string[];
}
export interface FeedShop {
  name: string;
  /** "shop.example.jp" */
  domain: string;
}
