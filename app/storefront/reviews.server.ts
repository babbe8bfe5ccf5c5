// GET /proxy/reviews: more reviews than the page was rendered with, for anybody. The answer depends on the
// address alone, so that whoever stands between may keep it.
import { readGroupOf } from "../reviews/display/read-product-value.server";
import { readShownByIds, readShownReviews } from "../reviews/display/read-shown-reviews.server";
import { readShownQuery } from "../reviews/display/shown-query";
import { toGid } from "../shopify/gid";
import type { DoorAnswer, PublicCall } from "./door";

/** `product=<number>` or `list=shop`, with order, filters and cursor; or `review=<number>`: one of them in full. */
export async function answerReviews({ shopId, parameters }: PublicCall): Promise<DoorAnswer> {
  const asked = new URLSearchParams(parameters);
  const [product, list, review] = ["product", "list", "review"].map((name) => {
    const values = asked.getAll(name);
    asked.delete(name);
    return values;
  });
  if (review?.length === 1 && asked.size === 0 && product?.length === 0 && list?.length === 0) {
    if (!/^[1-9]\d{0,14}$/.test(review[0] ?? "")) return { outcome: "bad_request" };
    return { outcome: "found", reviews: await readShownByIds(shopId, [Number(review[0])]), total: null, next: null };
  }
  const isShop = list?.length === 1 && list[0] === "shop" && product?.length === 0;
  const isProduct = product?.length === 1 && /^[1-9]\d{0,19}$/.test(product[0] ?? "") && list?.length === 0;
  if (review?.length !== 0 || isShop === isProduct) return { outcome: "bad_request" };
  const groupKey = isShop ? "" : await readGroupOf(shopId, toGid("Product", product?.[0] ?? ""));
  const query = readShownQuery(asked, isShop ? "shop" : { groupKey });
  if (query === null) return { outcome: "bad_request" };
  return { outcome: "found", ...(await readShownReviews(shopId, query)) };
}
