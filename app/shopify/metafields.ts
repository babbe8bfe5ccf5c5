// Where the storefront reads from. Values on customers hold points facts only (never e-mail, name,
// birthday); values on the installation are the same for every visitor.

/** Reserved by Shopify for this app: resolves to app--<app id>--kizuna. */
export const CUSTOMER_NAMESPACE = "$app:kizuna";
export const CUSTOMER_KEY = "loyalty";
/** App-installation data uses a plain namespace: `app.metafields.kizuna.program`. */
export const INSTALLATION_NAMESPACE = "kizuna";
export const PROGRAM_KEY = "program";

/** The namespace as Liquid may need it, spelled out: app--12345--kizuna. */
export function resolvedCustomerNamespace(appGid: string): string {
  const id = /\/(\d+)$/.exec(appGid)?.[1];
  if (!id) throw new RangeError("not an app gid");
  return `app--${id}--kizuna`;
}

/** customer.metafields[ns].loyalty */
export interface CustomerLoyaltyValue {
  v: 1;
  balance: number;
  pending: number;
  debt: number;
  nextExpiry: { points: number; on: string } | null;
  /** The member has joined the program by themselves. */
  joined: boolean;
  /** The tier they hold, and the last shop-local day it is sure for (null: no end). */
  tier: { id: string; until: string | null } | null;
  progress: LoyaltyProgress | null;
  /** Ids of the ways to earn that are done for good. */
  done: string[];
  /** What a friend types or follows; null: no referral program. */
  referral: string | null;
  currency: string;
  updatedAt: string;
}

/** How far the next tier is, in the plan's metric. */
export interface LoyaltyProgress {
  metric: "spend" | "points" | "orders";
  current: number;
  /** null: the highest tier is reached. */
  nextTierId: string | null;
  nextThreshold: number | null;
  /** The last shop-local day of the period; null: it never ends. */
  periodEnd: string | null;
}

/** app.metafields.kizuna.program, without the namespace, which publishing adds. */
export interface ProgramValue {
  v: 1;
  customerNamespace: string;
  [setting: string]: unknown;
}

/** product.metafields[ns].reviews, beside the standard reviews.rating and reviews.rating_count. */
export const PRODUCT_REVIEWS_KEY = "reviews";
/** The namespace and keys every theme and Shopify itself know ratings by. */
export const STANDARD_REVIEWS = { namespace: "reviews", rating: "rating", count: "rating_count" } as const;
/** app.metafields.kizuna.…: what is the same on every page. */
export const REVIEWS_KEY = "reviews";
export const GALLERY_KEY = "gallery";
export const SHOP_REVIEWS_KEY = "shop_reviews";

/** What the sums of a group of reviews say. */
export interface ReviewsSummary {
  count: number;
  /** "4.6", made from whole numbers; null: nobody has written yet. */
  average: string | null;
  /** How many gave one star, two … five. */
  counts: number[];
  verified: number;
  incentivised: number;
  withMedia: number;
}
/** A product's reviews as its page shows them first. `T`: a shown review; `M`: a photo or video. */
export interface ProductReviewsValue<T = unknown, M = unknown> {
  v: 1;
  summary: ReviewsSummary;
  /** By id; the orders below name them. */
  reviews: Record<string, T>;
  helpful: string[];
  newest: string[];
  /** Photos and videos of the newest reviews that have some. */
  strip: (M & { review: string })[];
  topics: unknown[];
  answers: { q: string; count: number; options: Record<string, number>; position: number | null }[];
}
/** app.metafields.kizuna.reviews, without the namespace, which publishing adds. */
export interface ReviewsValue {
  v: 1;
  namespace: string;
  [fact: string]: unknown;
}
