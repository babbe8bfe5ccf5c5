// A shop's published reviews for a feed, read in bundles while they are sent: a feed of a million reviews
// costs no more memory than one of ten. Every star is in it; only reviews without words are left out, which
// the feeds do not take, and those whose product has no address yet.
import { DateTime } from "luxon";

import { queryShop, type ShopId } from "../../db.server";
import { displayName } from "../display/display-name";
import type { MediaFile } from "../media/media-limits";
import { mediaUrl } from "../media/media-place.server";
import type { Finding } from "../moderation/findings";
import { shownTexts } from "../moderation/mask-text";
import { readReviewSettings } from "../read-settings.server";
import type { ReviewSettings } from "../review-settings";
import { feedText, type FeedItem, type FeedShop } from "./feed-item";
import { googleHead, googleReview, googleTail } from "./google-feed";
import { metaHead, metaReview, metaTail } from "./meta-feed";
import type { FeedKind } from "./feed-address.server";

const AT_ONCE = 500;

interface FeedRow {
  [column: string]: unknown;
  id: number;
  rating: number;
  title: string;
  body: string;
  pros: string;
  cons: string;
  authorName: string;
  findings: Finding[];
  verified: boolean;
  incentivised: boolean;
  source: string;
  orderId: number | null;
  submittedAt: Date;
  productTitle: string;
  handle: string;
  vendor: string;
  identifiers: { skus?: string[]; gtins?: string[] };
  photos: { folder: string; files: MediaFile[] }[];
}
interface FeedView {
  shop: FeedShop;
  timeZone: string;
  names: ReviewSettings["names"];
}

/** The feed's text, piece by piece. */
export async function* readFeed(shopId: ShopId, kind: FeedKind): AsyncGenerator<string> {
  const view = await readView(shopId);
  yield kind === "google" ? googleHead(view.shop) : metaHead(view.shop);
  let isFirst = true;
  for await (const item of items(shopId, view)) {
    yield kind === "google" ? googleReview(item, isFirst) : metaReview(item, isFirst);
    isFirst = false;
  }
  yield kind === "google" ? googleTail(!isFirst) : metaTail();
}

async function readView(shopId: ShopId): Promise<FeedView> {
  const [row] = await queryShop<{ name: string; domain: string | null; timeZone: string }>(
    shopId,
    `SELECT name, primary_domain AS domain, time_zone AS "timeZone" FROM shop_profile WHERE shop_id = $1`,
    [shopId],
  );
  const { names } = await readReviewSettings(shopId);
  return { shop: { name: row?.name ?? "", domain: row?.domain ?? "" }, timeZone: row?.timeZone ?? "UTC", names };
}

async function* items(shopId: ShopId, view: FeedView): AsyncGenerator<FeedItem> {
  if (view.shop.domain === "") return;
  for (let after = 0; ;) {
    const rows = await bundle(shopId, after);
    for (const row of rows) {
      const item = toItem(shopId, row, view);
      if (item) yield item;
    }
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) return;
    after = last.id;
  }
}

async function bundle(shopId: ShopId, after: number): Promise<FeedRow[]> {
  return queryShop<FeedRow>(
    shopId,
    `SELECT r.id, r.rating, r.title, r.body, r.pros, r.cons, r.author_name AS "authorName", r.findings, r.verified, r.incentivised, r.source,
            r.order_id AS "orderId", r.submitted_at AS "submittedAt", p.title AS "productTitle", p.handle, p.vendor, p.identifiers,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('folder', m.storage_key, 'files', m.files) ORDER BY m.position, m.id), '[]')
               FROM review_media m WHERE m.shop_id = $1 AND m.review_id = r.id AND m.kind = 'photo' AND m.status = 'ready' AND m.viewed_at IS NOT NULL) AS photos
       FROM review r JOIN product_fact p ON p.shop_id = $1 AND p.product_gid = r.product_gid AND p.deleted_at IS NULL
      WHERE r.shop_id = $1 AND r.id > $2 AND r.status = 'published' AND p.handle <> '' ORDER BY r.id LIMIT ${AT_ONCE}`,
    [shopId, after],
  );
}

function toItem(shopId: ShopId, row: FeedRow, { shop, timeZone, names }: FeedView): FeedItem | null {
  const shown = shownTexts(row, row.findings);
  const [title, body] = [feedText(shown.title), feedText(shown.body)];
  const content = body || title;
  if (content === "") return null;
  return {
    id: String(row.id),
    name: feedText(displayName(shown.authorName, names)),
    verified: row.verified,
    incentivised: row.incentivised,
    writtenAt: DateTime.fromJSDate(row.submittedAt, { zone: timeZone }).toISO({ suppressMilliseconds: true }) ?? "",
    title: body === "" ? "" : title,
    content,
    pros: feedText(shown.pros),
    cons: feedText(shown.cons),
    rating: row.rating,
    images: row.photos.flatMap(({ folder, files }) => {
      const plain = files.find(({ type }) => type === "image/jpeg");
      return plain ? [mediaUrl(shopId, folder, plain)] : [];
    }),
    wasInvited: row.source === "request",
    transactionId: row.orderId === null ? null : `order-${row.orderId}`,
    product: {
      title: feedText(row.productTitle),
      url: `https://${shop.domain}/products/${encodeURIComponent(row.handle)}`,
      brand: row.vendor,
      skus: row.identifiers.skus ?? [],
      gtins: row.identifiers.gtins ?? [],
    },
  };
}
