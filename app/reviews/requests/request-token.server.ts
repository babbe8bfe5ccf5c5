// The link of a request: a code made from the shop, the request and the generation, so that a mail can be
// rendered again while only its hash is kept. Raising the generation ends every earlier link.
import { createHash } from "node:crypto";

import type { ShopId } from "../../db.server";
import { macsOf } from "../../derived-keys.server";

/** 160 bits. */
const TOKEN_BYTES = 20;
const TOKEN_FORM = /^[\w-]{27}$/;

const subject = (shopId: ShopId, requestId: number, generation: number) => `${shopId}/${requestId}/${generation}`;

/** The token of a request's link, under the newest key. */
export function requestToken(shopId: ShopId, requestId: number, generation: number): string {
  return macsOf("review-request", subject(shopId, requestId, generation), TOKEN_BYTES)[0].toString("base64url");
}

/** The token whose hash was kept: made again under whichever key made it. null: that key is listed no more. */
export function keptRequestToken(
  shopId: ShopId,
  { requestId, generation, tokenHash }: { requestId: number; generation: number; tokenHash: Buffer },
): string | null {
  const tokens = macsOf("review-request", subject(shopId, requestId, generation), TOKEN_BYTES).map((mac) =>
    mac.toString("base64url"),
  );
  return tokens.find((token) => hashToken(token).equals(tokenHash)) ?? null;
}

/** What is kept of a token. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Whether a text could be a request's token at all. */
export function isRequestToken(token: string): boolean {
  return TOKEN_FORM.test(token);
}
