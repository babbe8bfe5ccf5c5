// Who is about to review what: through the link of a request, or on their own. Reads only.
import { createHash } from "node:crypto";

import { inShop, queryShop, type ShopId } from "../db.server";
import { isMacOf, macsOf } from "../derived-keys.server";
import type { Locale } from "../i18n/locales";
import { findShopper } from "../loyalty/shopper-balance.server";
import { keptAuthorToken } from "../reviews/author-token.server";
import { findUnreviewedPurchase } from "../reviews/find-purchase.server";
import { findRequest } from "../reviews/requests/find-request.server";
import type { ReviewSource } from "../reviews/review-content";
import { gidNumber, toGid } from "../shopify/gid";
import { readProducts } from "../shopify/read-products.server";
import { findReviewOf, readBoughtProducts } from "./review-purchase.server";

/** A product that may be reviewed in this visit. */
export interface VisitProduct {
  /** The number of its order line, or of the product: names its fields. */
  key: string;
  productGid: string;
  title: string;
  productType: string;
  orderId: number | null;
  lineId: string | null;
  /** An order stands behind it. */
  isVerified: boolean;
  /** The review written for it; null: none yet. */
  reviewed: number | null;
}
/** One visit of the form. */
export interface ReviewVisit {
  source: ReviewSource;
  products: VisitProduct[];
  requestId: number | null;
  memberId: number | null;
  customerGid: string | null;
  email: string | null;
  /** The author is known to be who they say: they came by our link or are signed in. */
  isConfirmed: boolean;
  promised: boolean;
  /** The language we know them by; null: none. */
  locale: Locale | null;
  name: string;
  /** Brings a posted form back here. */
  hidden: Record<string, string>;
  draftKey: string;
}

/** The visit behind a request's link; null: the link does not work (any more). */
export async function visitByLink(shopId: ShopId, token: string, now: Date): Promise<ReviewVisit | null> {
  const request = await findRequest(shopId, token, now);
  if (!request) return null;
  const [types, name] = await Promise.all([readTypes(shopId, request.products), readName(shopId, request.memberId)]);
  return {
    source: "request",
    products: request.products.map((product) => ({
      ...product,
      key: gidNumber(product.lineId),
      productType: types.get(product.productGid) ?? "",
      orderId: request.orderId,
      isVerified: true,
    })),
    requestId: request.requestId,
    memberId: request.memberId,
    customerGid: request.customerGid,
    email: request.email,
    isConfirmed: true,
    promised: request.promised,
    locale: request.locale,
    name,
    hidden: { t: token },
    draftKey: draftKey(`${shopId}/request/${request.requestId}`),
  };
}

/** Who opens the page of a product without an invitation. */
export interface OpenVisitor {
  shopId: ShopId;
  customerId: string | null;
  /** What is known of where they are, for people who are not signed in. */
  visitor: string;
}
/** The visit of one product without an invitation; null: there is no such product. */
export async function visitProduct(caller: OpenVisitor, productNumber: string): Promise<ReviewVisit | null> {
  const { shopId, customerId } = caller;
  const productGid = toGid("Product", productNumber);
  const product = await findProduct(shopId, productGid);
  if (!product) return null;
  const customerGid = customerId === null ? null : toGid("Customer", customerId);
  const memberId = customerGid === null ? null : await findShopper(shopId, customerGid);
  const who = { memberId, customerGid };
  const [purchase, name, email] = await Promise.all([
    customerGid === null || memberId === null
      ? null
      : inShop(shopId, (tx) => findUnreviewedPurchase(tx, { memberId, customerGid, email: null }, productGid)),
    readName(shopId, memberId),
    readEmail(shopId, memberId),
  ]);
  const reviewed =
    customerGid !== null && purchase === null ? await findReviewOf(shopId, customerGid, productGid) : null;
  return {
    source: customerGid === null ? "open" : "signed_in",
    products: [
      {
        key: productNumber,
        productGid,
        ...product,
        orderId: purchase?.orderId ?? null,
        lineId: purchase?.lineId ?? null,
        isVerified: purchase?.isVerified ?? false,
        reviewed,
      },
    ],
    requestId: null,
    ...who,
    email,
    isConfirmed: customerGid !== null,
    promised: false,
    locale: null,
    name,
    hidden: { product: productNumber, key: formKey(caller, `product/${productNumber}`) },
    draftKey: draftKey(`${shopId}/product/${productNumber}/${customerId ?? ""}`),
  };
}

/** The visit of a signed-in customer to everything they bought: what the code in every parcel opens. */
export async function visitBought(caller: OpenVisitor & { customerId: string }): Promise<ReviewVisit> {
  const { shopId, customerId } = caller;
  const customerGid = toGid("Customer", customerId);
  const memberId = await findShopper(shopId, customerGid);
  const [bought, name, email] = await Promise.all([
    readBoughtProducts(shopId, memberId),
    readName(shopId, memberId),
    readEmail(shopId, memberId),
  ]);
  const types = await readTypes(shopId, bought);
  return {
    source: "signed_in",
    products: bought.map(({ orderId, lineId, productGid, title, reviewId }) => ({
      key: gidNumber(lineId),
      productGid,
      title,
      productType: types.get(productGid) ?? "",
      orderId,
      lineId,
      isVerified: true,
      reviewed: reviewId,
    })),
    requestId: null,
    memberId,
    customerGid,
    email,
    isConfirmed: true,
    promised: false,
    locale: null,
    name,
    hidden: { key: formKey(caller, BOUGHT) },
    draftKey: draftKey(`${shopId}/${BOUGHT}/${customerId}`),
  };
}
/** What the form of everything somebody bought is a form of. */
export const BOUGHT = "bought";

/** How long a form may stay open before it has to be sent twice. */
const FORM_HOURS = 24;
/** The hour that a form's key is made for. Real time: a page lives in a browser, whatever the shop's clock says. */
export function currentHour(): number {
  return Math.floor(Date.now() / 3_600_000);
}
/** What a form of ours carries, so that no other page can send it for the person who is signed in. */
export function formKey({ shopId, customerId, visitor }: OpenVisitor, subject: string, hour = currentHour()): string {
  const text = `${shopId}/${subject}/${customerId ?? visitor}/${hour}`;
  return `${hour.toString(36)}.${macsOf("review-form", text)[0].toString("base64url")}`;
}
/** Whether a posted key was made for this person and subject, within a day. */
export function isFormKey({ shopId, customerId, visitor }: OpenVisitor, subject: string, given: string): boolean {
  const [made = "", code = ""] = given.split(".");
  const hour = /^[0-9a-z]{1,8}$/.test(made) ? Number.parseInt(made, 36) : Number.NaN;
  const age = currentHour() - hour;
  if (!(age >= 0 && age <= FORM_HOURS)) return false;
  return isMacOf("review-form", `${shopId}/${subject}/${customerId ?? visitor}/${hour}`, code);
}

function draftKey(subject: string): string {
  return createHash("sha256").update(subject).digest("base64url").slice(0, 16);
}

async function readTypes(shopId: ShopId, products: readonly { productGid: string }[]): Promise<Map<string, string>> {
  const rows = await queryShop<{ productGid: string; productType: string }>(
    shopId,
    `SELECT product_gid AS "productGid", product_type AS "productType" FROM product_fact
      WHERE shop_id = $1 AND product_gid = ANY ($2)`,
    [shopId, products.map(({ productGid }) => productGid)],
  );
  return new Map(rows.map(({ productGid, productType }) => [productGid, productType]));
}

interface FoundProduct {
  title: string;
  productType: string;
}
async function findProduct(shopId: ShopId, productGid: string): Promise<FoundProduct | null> {
  const [row] = await queryShop<FoundProduct & { isGone: boolean }>(
    shopId,
    `SELECT title, product_type AS "productType", deleted_at IS NOT NULL AS "isGone" FROM product_fact
      WHERE shop_id = $1 AND product_gid = $2`,
    [shopId, productGid],
  );
  if (row) return row.isGone ? null : { title: row.title, productType: row.productType };
  // Nobody has bought or changed it since the app came: Shopify knows it, or it is none.
  const found = (await readProducts(shopId, [productGid])).get(productGid);
  return found ? { title: found.title, productType: found.productType } : null;
}

async function readName(shopId: ShopId, memberId: number | null): Promise<string> {
  if (memberId === null) return "";
  const [row] = await queryShop<{ name: string }>(shopId, "SELECT name FROM member WHERE shop_id = $1 AND id = $2", [
    shopId,
    memberId,
  ]);
  return row?.name ?? "";
}
async function readEmail(shopId: ShopId, memberId: number | null): Promise<string | null> {
  if (memberId === null) return null;
  const [row] = await queryShop<{ email: string | null }>(
    shopId,
    "SELECT email FROM member WHERE shop_id = $1 AND id = $2",
    [shopId, memberId],
  );
  return row?.email ?? null;
}

/** The token with which the author of a review sees and changes it; null: it is gone. */
export async function linkOfAuthor(shopId: ShopId, reviewId: number): Promise<string | null> {
  const [row] = await queryShop<{ authorKey: Buffer | null }>(
    shopId,
    `SELECT author_key AS "authorKey" FROM review WHERE shop_id = $1 AND id = $2 AND status <> 'deleted'`,
    [shopId, reviewId],
  );
  return row?.authorKey ? keptAuthorToken(shopId, reviewId, row.authorKey) : null;
}
