// GET /account-api/reviews and POST /account-api/review: reviews from the customer's own order and account pages.
import { z } from "zod";

import { queryShop } from "../db.server";
import { findShopper } from "../loyalty/shopper-balance.server";
import { marksReviewOf, reviewPromiseTo } from "../loyalty/ways/review-promise.server";
import { displayName } from "../reviews/display/display-name";
import { readReviewSettings } from "../reviews/read-settings.server";
import { BODY_MAX, NAME_MAX, TITLE_MAX } from "../reviews/review-content";
import { submitReview } from "../reviews/submit-review.server";
import { toGid } from "../shopify/gid";
import type { OrderReviewsAnswer, ReviewableProduct } from "./account-answers";
import { localeOf, withBody, type DoorAnswer, type MemberCall } from "./door";
import { readOrderedProducts, type OrderedProduct } from "./review-purchase.server";

const ORDER = /^gid:\/\/shopify\/Order\/(\d{1,20})$/;

/** What of the order in `order` (or, without one, of the newest orders) can be reviewed. */
export async function readAccountReviews({
  shopId,
  customerId,
  parameters,
  now,
}: MemberCall): Promise<DoorAnswer & OrderReviewsAnswer> {
  const asked = parameters.get("order");
  const number = asked === null ? null : ORDER.exec(asked)?.[1];
  if (number === undefined) return { outcome: "bad_request" };
  const customerGid = toGid("Customer", customerId);
  const memberId = await findShopper(shopId, customerGid);
  const [products, promise, author, { names }] = await Promise.all([
    readOrderedProducts(shopId, { memberId, customerGid }, number === null ? null : toGid("Order", number)),
    reviewPromiseTo(shopId, { memberId }, now),
    readAuthor(shopId, memberId),
    readReviewSettings(shopId),
  ]);
  return {
    outcome: "found",
    name: displayName(author.name, names),
    products: products.map(toReviewable),
    points: promise?.review ?? null,
  };
}

function toReviewable({ lineId, title, status, rating }: OrderedProduct): ReviewableProduct {
  if (status === null || rating === null) return { lineId, title, review: null };
  const state = status === "published" || status === "held" ? status : "closed";
  return { lineId, title, review: { rating, state } };
}

const reviewSchema = z.object({
  /** Absent: the line is of one of the newest orders. */
  order: z.string().regex(ORDER).optional(),
  lineId: z.string().regex(/^gid:\/\/shopify\/LineItem\/\d{1,20}$/),
  rating: z.number().int().min(1).max(5),
  title: z.string().max(TITLE_MAX * 2),
  body: z.string().max(BODY_MAX),
  name: z.string().max(NAME_MAX * 2),
});

/** Takes a review of a line of the token's customer. not_allowed: it is not theirs, or has not arrived. */
export const answerAccountReview = withBody(reviewSchema, async (sent, call): Promise<DoorAnswer> => {
  const { shopId, customerId, parameters, now } = call;
  const customerGid = toGid("Customer", customerId);
  const memberId = await findShopper(shopId, customerGid);
  const products = await readOrderedProducts(shopId, { memberId, customerGid }, sent.order ?? null);
  const product = products.find(({ lineId }) => lineId === sent.lineId);
  if (!product) return { outcome: "not_allowed" };
  const { email } = await readAuthor(shopId, memberId);
  const { outcome } = await submitReview(
    shopId,
    {
      source: "account",
      productGid: product.productGid,
      content: { rating: sent.rating, title: sent.title, body: sent.body, authorName: sent.name },
      locale: localeOf(parameters.get("locale")),
      memberId,
      customerGid,
      orderId: product.orderId,
      lineId: product.lineId,
      requestId: null,
      authorEmail: email,
      isConfirmed: true,
      promised: await marksReviewOf(shopId, { memberId }, now),
      mediaTicket: null,
      licence: null,
      visitorKey: null,
    },
    now,
  );
  return { outcome };
});

async function readAuthor(
  shopId: MemberCall["shopId"],
  memberId: number | null,
): Promise<{ name: string; email: string | null }> {
  if (memberId === null) return { name: "", email: null };
  const [row] = await queryShop<{ name: string; email: string | null }>(
    shopId,
    "SELECT name, email FROM member WHERE shop_id = $1 AND id = $2",
    [shopId, memberId],
  );
  return row ?? { name: "", email: null };
}
