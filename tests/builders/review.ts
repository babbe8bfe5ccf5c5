// Reviews for tests, sent in the way the doors send them.
import { inShop, queryShop, type ShopId } from "../../app/db.server";
import { recordOrder } from "../../app/loyalty/record-order.server";
import { submitReview, type SubmitOutcome, type Submission } from "../../app/reviews/submit-review.server";
import type { OrderFacts } from "../../app/shopify/order-facts";
import { newGid, orderFacts, orderLine } from "./order-facts";

export const REVIEW_DAY = new Date("2026-06-20T03:00:00Z");
export const AUTHOR_MAIL = "hanako@example.org";

/** A signed-in customer's plain review of a product they did not buy here, unless told otherwise. */
export function submission(
  fields: Partial<Omit<Submission, "content">> & { content?: Record<string, unknown> } = {},
): Submission {
  const { content, ...rest } = fields;
  return {
    source: "signed_in",
    productGid: "gid://shopify/Product/1",
    locale: "en",
    memberId: null,
    customerGid: newGid("Customer"),
    orderId: null,
    lineId: null,
    requestId: null,
    authorEmail: AUTHOR_MAIL,
    isConfirmed: true,
    promised: false,
    mediaTicket: null,
    licence: null,
    visitorKey: null,
    ...rest,
    content: {
      rating: 4,
      title: "Good tea",
      body: "It smells of spring and keeps well.",
      authorName: "Hanako Yamada",
      ...content,
    },
  };
}

/** An order in the book, with one line of each product. */
export async function storeOrder(
  shopId: ShopId,
  { productGids, ...fields }: Partial<OrderFacts> & { productGids: string[] },
): Promise<{ orderId: number; lineIds: string[]; facts: OrderFacts }> {
  const lines = fields.lines ?? productGids.map((productId) => orderLine({ productId }));
  const facts = orderFacts({ ...fields, lines });
  const recorded = await inShop(shopId, (tx) => recordOrder(tx, facts, "payload", new Date(facts.processedAt)));
  return { orderId: recorded.orderId, lineIds: lines.map(({ lineId }) => lineId), facts };
}

/** Submits, and insists that it was taken. */
export async function takeReview(
  shopId: ShopId,
  sent: Submission,
  now = REVIEW_DAY,
): Promise<Extract<SubmitOutcome, { outcome: "published" | "held" }>> {
  const outcome = await submitReview(shopId, sent, now);
  if (outcome.outcome !== "published" && outcome.outcome !== "held")
    throw new Error(`the review was not taken: ${JSON.stringify(outcome)}`);
  return outcome;
}

export interface StoredReview {
  [column: string]: unknown;
  status: string;
  rating: number;
  title: string;
  body: string;
  version: number;
  verified: boolean;
  refunded: boolean;
  incentivised: boolean;
  holdReasons: string[];
  holdUntil: Date | null;
  queuedAt: Date | null;
  publishedAt: Date | null;
  confirmedAt: Date | null;
  rejectReason: string | null;
  appeal: string | null;
  reply: string | null;
  lineId: string | null;
  memberId: number | null;
  awardDue: boolean;
  grams: number;
  findings: { kind: string; field: string | null; from: number; to: number; detail: string; masked?: boolean }[];
}
/** A review as stored. */
export async function storedReview(shopId: ShopId, reviewId: number): Promise<StoredReview> {
  const [row] = await queryShop<StoredReview>(
    shopId,
    `SELECT status, rating, title, body, version, verified, refunded, incentivised, hold_reasons AS "holdReasons", hold_until AS "holdUntil",
            queued_at AS "queuedAt", published_at AS "publishedAt", confirmed_at AS "confirmedAt", reject_reason AS "rejectReason", appeal, reply,
            line_id AS "lineId", member_id AS "memberId", award_due AS "awardDue", cardinality(search_grams) AS grams, findings
       FROM review WHERE shop_id = $1 AND id = $2`,
    [shopId, reviewId],
  );
  if (!row) throw new Error("no such review");
  return row;
}

/** Kinds of the record's lines, oldest first. */
export async function reviewEvents(shopId: ShopId, reviewId: number): Promise<string[]> {
  const rows = await queryShop<{ kind: string }>(
    shopId,
    "SELECT kind FROM review_event WHERE shop_id = $1 AND review_id = $2 ORDER BY id",
    [shopId, reviewId],
  );
  return rows.map(({ kind }) => kind);
}

/** What authors are to be told, oldest first. */
export async function reviewNotices(shopId: ShopId, reviewId: number): Promise<{ kind: string; params: unknown }[]> {
  return queryShop(shopId, "SELECT kind, params FROM review_notice WHERE shop_id = $1 AND review_id = $2 ORDER BY id", [
    shopId,
    reviewId,
  ]);
}

/** Changes the review settings of a test shop. */
export async function setReviewSettings(shopId: ShopId, reviews: Record<string, unknown>): Promise<void> {
  await inShop(shopId, (tx) =>
    tx.query("UPDATE shop_profile SET reviews = $2 WHERE shop_id = $1", [shopId, JSON.stringify(reviews)]),
  );
}
