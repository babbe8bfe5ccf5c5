// The link with which an author confirms, edits and deletes: a code made from the shop and the review, so that a
// mail can be rendered again while only its hash is kept.
import { createHash } from "node:crypto";

import type { ShopId } from "../db.server";
import { macsOf } from "../derived-keys.server";

/** 128 bits. */
const TOKEN_BYTES = 16;
const TOKEN_FORM = /^[\w-]{22}$/;

const subject = (shopId: ShopId, reviewId: number) => `${shopId}/${reviewId}`;

/** The token of a review's author, under the newest key. */
export function authorToken(shopId: ShopId, reviewId: number): string {
  return macsOf("review-author", subject(shopId, reviewId), TOKEN_BYTES)[0].toString("base64url");
}

/** The token whose hash was kept, made again under whichever key made it; null: that key is listed no more. */
export function keptAuthorToken(shopId: ShopId, reviewId: number, authorKey: Buffer): string | null {
  const tokens = macsOf("review-author", subject(shopId, reviewId), TOKEN_BYTES).map((mac) =>
    mac.toString("base64url"),
  );
  return tokens.find((token) => authorKeyOf(token).equals(authorKey)) ?? null;
}

/** What is kept of a token. */
export function authorKeyOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Whether a text could be an author's token at all. */
export function isAuthorToken(token: string): boolean {
  return TOKEN_FORM.test(token);
}
