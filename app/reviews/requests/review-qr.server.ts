// Codes to print. An insert that lies in every parcel carries the shop's code: it opens what a signed-in customer
// bought. A product's code opens the page for anybody who may write, and a signed-in customer's purchase is recognised
// there. A packing slip carries its order's own code: it opens what the invitation will open, before that is sent.
import { renderSVG } from "uqr";

import { inShop, queryShop, type ShopId, type ShopTx } from "../../db.server";
import { boughtReviewUrl, productReviewUrl, reviewPageUrl } from "../../shopify/review-links";
import { reviewSettingsIn } from "../read-settings.server";
import { DAY_MS } from "./request-plan";
import { hashToken, keptRequestToken, requestToken } from "./request-token.server";

export interface ReviewQr {
  url: string;
  /** An SVG document, black on white, with its quiet zone. */
  svg: string;
}

/** The code of an address. */
export function reviewQr(url: string): ReviewQr {
  // Level M survives a fold; the border of four modules is what scanners need.
  return { url, svg: renderSVG(url, { ecc: "M", border: 4 }) };
}

/** The code for every parcel. null: the shop's own domain is not known yet. */
export async function qrForShop(shopId: ShopId): Promise<ReviewQr | null> {
  const domain = await readDomain(shopId);
  return domain === null ? null : reviewQr(boughtReviewUrl(domain));
}

/** The code for a product's insert. null: the shop's own domain is not known yet. */
export async function qrForProduct(shopId: ShopId, productGid: string): Promise<ReviewQr | null> {
  const domain = await readDomain(shopId);
  return domain === null ? null : reviewQr(productReviewUrl(domain, productGid));
}

async function readDomain(shopId: ShopId): Promise<string | null> {
  const [shop] = await queryShop<{ domain: string | null }>(
    shopId,
    "SELECT primary_domain AS domain FROM shop_profile WHERE shop_id = $1",
    [shopId],
  );
  return shop?.domain ?? null;
}

export type OrderQr = ({ outcome: "made" } & ReviewQr) | { outcome: "unknown" | "erased" | "no_domain" };

/** The code for a packing slip; the order's request is made where there is none yet. */
export async function qrForOrder(shopId: ShopId, orderId: number, now: Date): Promise<OrderQr> {
  return inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ kind: string; domain: string | null; memberId: number | null }>(
      `SELECT o.kind, o.member_id AS "memberId", p.primary_domain AS domain FROM customer_order o JOIN shop_profile p ON p.shop_id = $1
        WHERE o.shop_id = $1 AND o.id = $2 AND o.facts IS NOT NULL`,
      [shopId, orderId],
    );
    const order = rows[0];
    if (!order) return { outcome: "unknown" };
    if (order.kind === "anonymised") return { outcome: "erased" };
    if (order.domain === null) return { outcome: "no_domain" };
    const token = await openLink(tx, { orderId, memberId: order.memberId }, now);
    return { outcome: "made", ...reviewQr(reviewPageUrl(order.domain, "review", token)) };
  });
}

// Printed before anything is shipped: the link lives for the usual time after the longest way.
async function openLink(
  tx: ShopTx,
  { orderId, memberId }: { orderId: number; memberId: number | null },
  now: Date,
): Promise<string> {
  await tx.query(
    `INSERT INTO review_request (shop_id, order_id, member_id, status, why, created_at, updated_at)
     VALUES ($1, $2, $3, 'scheduled', 'not_delivered_yet', $4, $4) ON CONFLICT (shop_id, order_id) DO NOTHING`,
    [tx.shopId, orderId, memberId, now],
  );
  const { rows } = await tx.query<{ requestId: number; generation: number; tokenHash: Buffer | null; isOpen: boolean }>(
    `SELECT id AS "requestId", generation, token_hash AS "tokenHash", coalesce(token_expires_at > $3, false) AS "isOpen"
       FROM review_request WHERE shop_id = $1 AND order_id = $2 FOR UPDATE`,
    [tx.shopId, orderId, now],
  );
  const request = rows[0];
  if (!request) throw new Error("a request that was just made is not there");
  const kept =
    request.tokenHash && request.isOpen
      ? keptRequestToken(tx.shopId, { ...request, tokenHash: request.tokenHash })
      : null;
  if (kept !== null) return kept;
  const { requests: settings } = await reviewSettingsIn(tx);
  const days = settings.linkDays + settings.shippingDays + settings.waitDays;
  const token = requestToken(tx.shopId, request.requestId, request.generation);
  await tx.query(
    "UPDATE review_request SET token_hash = $3, token_expires_at = $4, updated_at = $5 WHERE shop_id = $1 AND id = $2",
    [tx.shopId, request.requestId, hashToken(token), new Date(now.getTime() + days * DAY_MS), now],
  );
  return token;
}
