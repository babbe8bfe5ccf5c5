// The secret addresses of a shop's feeds: made from a key of ours and a number that the merchant can raise.
import type { ShopId } from "../../db.server";
import { isMacOf, macsOf } from "../../derived-keys.server";
import { env } from "../../env.server";
import { readReviewSettings } from "../read-settings.server";

export const FEED_PATH = "/feeds/";
export const FEED_FILES = { google: "google-reviews.xml", meta: "meta-reviews.json" } as const;
export type FeedKind = keyof typeof FEED_FILES;

const textOf = (shopId: ShopId, generation: number) => `${shopId}/${generation}`;

/** The addresses to hand to Google and Meta. */
export function feedUrls(shopId: ShopId, generation: number): Record<FeedKind, string> {
  const secret = macsOf("feed", textOf(shopId, generation))[0].toString("base64url");
  const urlOf = (kind: FeedKind) =>
    new URL(`${FEED_PATH}${shopId}/${secret}/${FEED_FILES[kind]}`, env().SHOPIFY_APP_URL).toString();
  return { google: urlOf("google"), meta: urlOf("meta") };
}

/** Which feed an address asks for; null: an address that is not, or no longer, one of ours. */
export async function readFeedPath(pathname: string): Promise<{ shopId: ShopId; kind: FeedKind } | null> {
  const [shop = "", secret = "", file = "", ...rest] = pathname.slice(FEED_PATH.length).split("/");
  const kind = (Object.keys(FEED_FILES) as FeedKind[]).find((each) => FEED_FILES[each] === file);
  if (!kind || rest.length > 0 || !/^[1-9]\d{0,8}$/.test(shop) || secret.length > 60) return null;
  const shopId = Number(shop);
  const { enabled, generation } = (await readReviewSettings(shopId)).feeds;
  return isMacOf("feed", textOf(shopId, generation), secret) && enabled ? { shopId, kind } : null;
}
