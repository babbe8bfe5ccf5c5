// Where the review pages are for shoppers: on the shop's own domain, behind the app proxy. Pure.

/** prefix and subpath of the app proxy (shopify.app.toml). */
export const PROXY_PATH = "/apps/kizuna";

export type ReviewPage = "review" | "review/mine" | "review/confirm";

/** The page a token opens. */
export function reviewPageUrl(
  domain: string,
  page: ReviewPage,
  token: string,
  query: Record<string, string> = {},
): string {
  return pageUrl(domain, page, { t: token, ...query });
}

/** The page where anybody who may write reviews a product: what a printed code leads to. */
export function productReviewUrl(domain: string, productGid: string): string {
  return pageUrl(domain, "review", { product: productGid.split("/").at(-1) ?? "" });
}

/** The page where a signed-in customer reviews what they bought. */
export function boughtReviewUrl(domain: string): string {
  return `https://${domain}${PROXY_PATH}/review`;
}

function pageUrl(domain: string, page: ReviewPage, query: Record<string, string>): string {
  return `https://${domain}${PROXY_PATH}/${page}?${new URLSearchParams(query).toString()}`;
}
