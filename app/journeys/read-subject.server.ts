// The request or the review that a message is about, as it is at this moment: who stands behind it, whether the
// message is still true, and the words that are kept with the review alone.
import type { ShopTx } from "../db.server";
import { gidNumber } from "../shopify/gid";
import { reviewPageUrl } from "../shopify/review-links";
import type { MessageKind } from "./messages";

/** Makes the links that only the reviews' room can make. */
export interface ReviewLinks {
  /** null: the key that made it is listed no more. */
  requestToken(request: { requestId: number; generation: number; tokenHash: Buffer }): string | null;
  authorToken(reviewId: number, authorKey: Buffer): string | null;
}
export interface Subject {
  memberId: number | null;
  email: string | null;
  name: string;
  locale: string | null;
  isErased: boolean;
  isConfirmed: boolean;
  isCurrent: boolean;
  /** What the message's parameters do not hold: products, links, quoted words. */
  facts: Record<string, unknown>;
}
/** A message that is about a request or a review. */
export interface About {
  kind: MessageKind | (string & {});
  requestId: number | null;
  reviewId: number | null;
  params: Record<string, unknown>;
}

/** What a message is about. null: there is no such request or review. */
export async function readSubject(
  tx: ShopTx,
  about: About,
  { links, domain }: { links: ReviewLinks | null; domain: string | null },
  now: Date,
): Promise<Subject | null> {
  if (about.requestId !== null) return requestSubject(tx, about.requestId, about.params, { links, domain }, now);
  if (about.reviewId !== null) return reviewSubject(tx, about.reviewId, about, { links, domain });
  return null;
}

interface Place {
  links: ReviewLinks | null;
  domain: string | null;
}
interface RequestRow {
  [column: string]: unknown;
  status: string;
  generation: number;
  tokenHash: Buffer | null;
  tokenExpiresAt: Date | null;
  kind: string;
  memberId: number | null;
  email: string | null;
  /** Those without a review, in the order of the request. */
  products: { lineId: string; title: string }[];
}

async function requestSubject(
  tx: ShopTx,
  requestId: number,
  params: Record<string, unknown>,
  { links, domain }: Place,
  now: Date,
): Promise<Subject | null> {
  const { rows } = await tx.query<RequestRow>(
    `SELECT r.status, r.generation, r.token_hash AS "tokenHash", r.token_expires_at AS "tokenExpiresAt", o.kind,
            coalesce(o.member_id, r.member_id) AS "memberId", o.email,
            (SELECT coalesce(jsonb_agg(product ORDER BY place), '[]') FROM jsonb_array_elements(r.products) WITH ORDINALITY AS asked (product, place)
              WHERE NOT EXISTS (SELECT FROM review v WHERE v.shop_id = $1 AND v.line_id = product->>'lineId' AND v.status <> 'deleted')) AS products
       FROM review_request r JOIN customer_order o ON o.shop_id = $1 AND o.id = r.order_id WHERE r.shop_id = $1 AND r.id = $2`,
    [tx.shopId, requestId],
  );
  const row = rows[0];
  if (!row) return null;
  const { generation, tokenHash, products } = row;
  const isOpen = row.status === "sent" && tokenHash !== null && row.tokenExpiresAt !== null && row.tokenExpiresAt > now;
  const token = tokenHash && links ? links.requestToken({ requestId, generation, tokenHash }) : null;
  return {
    memberId: row.memberId,
    email: row.email,
    name: "",
    locale: null,
    isErased: row.kind === "anonymised",
    isConfirmed: true,
    // Made for an earlier link, or everything is reviewed meanwhile: not worth a word.
    isCurrent: isOpen && generation === params["generation"] && products.length > 0,
    facts: {
      products: products.map(({ title }) => title),
      url: token && domain ? reviewPageUrl(domain, "review", token, firstOf(products)) : null,
    },
  };
}

/** The line that the mail names beside its stars: whatever is reviewed meanwhile, they are no other product's. */
function firstOf([first]: RequestRow["products"]): Record<string, string> {
  return first ? { l: gidNumber(first.lineId) } : {};
}

interface ReviewRow {
  [column: string]: unknown;
  status: string;
  memberId: number | null;
  email: string | null;
  name: string;
  locale: string;
  authorKey: Buffer | null;
  isConfirmed: boolean;
  /** It waits for the word of whoever owns the address. */
  waitsForAuthor: boolean;
  reply: string | null;
  appeal: string | null;
  product: string;
  note: string | null;
}

async function reviewSubject(
  tx: ShopTx,
  reviewId: number,
  { kind, params }: About,
  { links, domain }: Place,
): Promise<Subject | null> {
  const { rows } = await tx.query<ReviewRow>(
    `SELECT v.status, v.member_id AS "memberId", v.author_email AS email, v.author_name AS name, v.locale, v.author_key AS "authorKey",
            v.confirmed_at IS NOT NULL AS "isConfirmed", v.hold_reasons && ARRAY['unverified', 'velocity'] AS "waitsForAuthor", v.reply, v.appeal, coalesce(f.title, '') AS product,
            (SELECT n.text FROM review_note n WHERE n.shop_id = $1 AND n.review_id = v.id AND n.id = $3::bigint AND n.kind = 'private_message') AS note
       FROM review v LEFT JOIN product_fact f ON f.shop_id = $1 AND f.product_gid = v.product_gid WHERE v.shop_id = $1 AND v.id = $2`,
    [tx.shopId, reviewId, typeof params["noteId"] === "number" ? params["noteId"] : null],
  );
  const row = rows[0];
  if (!row) return null;
  const token = row.authorKey && links ? links.authorToken(reviewId, row.authorKey) : null;
  const page = kind === "review_confirm" ? "review/confirm" : "review/mine";
  return {
    memberId: row.memberId,
    email: row.email,
    // A stranger's name would be an advertisement in a stranger's mailbox.
    name: row.isConfirmed ? row.name : "",
    locale: row.locale,
    isErased: row.status === "deleted",
    isConfirmed: row.isConfirmed,
    isCurrent: isCurrent(kind, row, params),
    facts: {
      product: row.product,
      url: token && domain ? reviewPageUrl(domain, page, token) : null,
      ...(kind === "review_rejected" ? { canAppeal: row.appeal === null && row.status === "rejected" } : {}),
      ...(kind === "review_replied" ? { reply: row.reply ?? "" } : {}),
      ...(kind === "review_message" ? { text: row.note ?? "" } : {}),
    },
  };
}

function isCurrent(kind: string, row: ReviewRow, params: Record<string, unknown>): boolean {
  switch (kind) {
    case "review_confirm":
      return row.status === "held" && row.waitsForAuthor;
    case "review_published":
      return row.status === "published";
    case "review_rejected":
      return params["edit"] === true ? row.status !== "deleted" : row.status === "rejected";
    case "review_replied":
      return row.status === "published" && row.reply !== null;
    default:
      return row.status !== "deleted" && row.note !== null;
  }
}
