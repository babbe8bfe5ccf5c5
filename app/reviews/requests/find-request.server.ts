// Who holds a request's link, and what may be reviewed through it. A look changes nothing.
import { queryShop, type ShopId } from "../../db.server";
import { toLocale, type Locale } from "../../i18n/locales";
import { PLAN_FACTS } from "./note-orders.server";
import { reviewableProducts, type RequestFacts, type RequestProduct } from "./request-plan";
import { hashToken, isRequestToken } from "./request-token.server";

export interface OpenRequest {
  requestId: number;
  orderId: number;
  memberId: number | null;
  customerGid: string | null;
  email: string | null;
  locale: Locale;
  /** The invitation promised points: what is written through it says so. */
  promised: boolean;
  products: {
    lineId: string;
    productGid: string;
    title: string;
    /** The review written for it. */ reviewed: number | null;
  }[];
}

/** The request behind a link. null: cut short, forged, another shop's, replaced by a newer one, ended, or of somebody erased. */
export async function findRequest(shopId: ShopId, token: string, now: Date): Promise<OpenRequest | null> {
  if (!isRequestToken(token)) return null;
  const [row] = await queryShop<FoundRow & { [column: string]: unknown }>(
    shopId,
    `WITH RECURSIVE found AS (
       SELECT r.id, r.order_id, r.promised, r.products, r.invited_at IS NOT NULL AS invited, o.customer_gid, o.email, ${PLAN_FACTS} AS facts,
              coalesce(o.member_id, r.member_id) AS member_id
         FROM review_request r JOIN customer_order o ON o.shop_id = r.shop_id AND o.id = r.order_id
        WHERE r.shop_id = $1 AND r.token_hash = $2 AND r.token_expires_at > $3 AND o.kind <> 'anonymised'),
     who AS (
       SELECT m.id, m.merged_into, m.status, m.email, m.locale, m.customer_gid FROM member m JOIN found ON m.shop_id = $1 AND m.id = found.member_id
       UNION SELECT m.id, m.merged_into, m.status, m.email, m.locale, m.customer_gid FROM member m JOIN who ON m.shop_id = $1 AND m.id = who.merged_into)
     SELECT found.id AS "requestId", found.order_id AS "orderId", found.promised, found.products, found.invited, found.facts,
            who.id AS "memberId", coalesce(who.customer_gid, found.customer_gid) AS "customerGid", who.status,
            coalesce(who.email, found.email) AS email, coalesce(who.locale, p.primary_locale) AS locale,
            (SELECT coalesce(jsonb_object_agg(v.line_id, v.id), '{}') FROM review v
              WHERE v.shop_id = $1 AND v.order_id = found.order_id AND v.line_id IS NOT NULL AND v.status <> 'deleted') AS reviewed
       FROM found JOIN shop_profile p ON p.shop_id = $1 LEFT JOIN who ON who.merged_into IS NULL`,
    [shopId, hashToken(token), now],
  );
  if (!row || row.status === "redacted" || row.status === "deleted") return null;
  const products = row.invited ? row.products : reviewableProducts(row.facts);
  const { requestId, orderId, memberId, customerGid, email, promised } = row;
  return {
    requestId,
    orderId,
    memberId,
    customerGid,
    email,
    promised,
    locale: toLocale(row.locale),
    products: products.map(({ lineId, productId, title }) => ({
      lineId,
      productGid: productId,
      title,
      reviewed: row.reviewed[lineId] ?? null,
    })),
  };
}

interface FoundRow {
  requestId: number;
  orderId: number;
  memberId: number | null;
  customerGid: string | null;
  status: string | null;
  email: string | null;
  locale: string | null;
  promised: boolean;
  products: RequestProduct[];
  invited: boolean;
  facts: RequestFacts;
  reviewed: Record<string, number>;
}
