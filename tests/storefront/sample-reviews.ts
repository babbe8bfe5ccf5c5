// Reviews as the app publishes them, put where the simulator's pages read them.
import { productValue, summaryOf, type ProductValue } from "../../app/reviews/display/reviews-value";
import type { ShownReview } from "../../app/reviews/display/shown-review";
import type { ReviewQuestion } from "../../app/reviews/review-settings";
import { gid } from "../simulator/ids";
import type { SimProduct } from "../simulator/state";
import type { StorefrontPages } from "./storefront-pages";

/** A review as shoppers see it, with these differences. */
export function shownReview(change: Partial<ShownReview> = {}): ShownReview {
  return {
    id: "101",
    rating: 5,
    title: "しっとりします",
    body: "乾燥する季節に助かっています。\nリピート決定です。",
    pros: "",
    cons: "",
    name: "山田さん",
    on: "2026-11-03",
    verified: true,
    incentivised: false,
    refunded: false,
    edited: false,
    staff: false,
    answers: [],
    media: [],
    reply: null,
    helpful: 0,
    helpfulAnon: 0,
    product: null,
    ...change,
  };
}

/** A photo as the app publishes it. */
export function shownPhoto(
  id: string,
  change: Partial<ShownReview["media"][number]> = {},
): ShownReview["media"][number] {
  const large = `/cdn/pictures/photo-${id}.svg`;
  return { id, kind: "photo", alt: "", thumb: large, large, width: 800, height: 800, film: "", ...change };
}

export const QUESTIONS: ReviewQuestion[] = [
  {
    id: "fit",
    kind: "scale",
    label: { en: "How does it feel?", ja: "使用感は？" },
    options: [
      { id: "light", label: { en: "Light", ja: "さっぱり" } },
      { id: "medium", label: { en: "Balanced", ja: "ふつう" } },
      { id: "rich", label: { en: "Rich", ja: "しっとり" } },
    ],
    productTypes: [],
    aboutAuthor: false,
  },
];

/** The value of reviews, in the order given for both sorts; the sums are theirs unless given. */
export function valueOf(reviews: ShownReview[], counts?: number[]): ProductValue {
  const value = productValue({
    sums: {
      counts: counts ?? [1, 2, 3, 4, 5].map((star) => reviews.filter(({ rating }) => rating === star).length),
      verified: reviews.filter(({ verified }) => verified).length,
      incentivised: reviews.filter(({ incentivised }) => incentivised).length,
      withMedia: reviews.filter(({ media }) => media.length > 0).length,
    },
    helpful: reviews,
    newest: [...reviews].reverse(),
    pictured: reviews.filter(({ media }) => media.length > 0),
    topics: [{ topic: "moisture", en: "Moisture", ja: "うるおい", positive: 8, negative: 1, reviews: 9 }],
    answers: [{ q: "fit", count: 4, options: { light: 0, medium: 1, rich: 3 }, position: 88 }],
  });
  if (!value) throw new Error("there is no review in it");
  return value;
}

/** Publishes what all pages share, and one product's reviews. */
export function publishReviews(
  front: StorefrontPages,
  product: SimProduct,
  value: ProductValue | null,
  shared: { shop?: ShownReview[]; gallery?: unknown[]; open?: string; policy?: Record<string, unknown> } = {},
): void {
  const namespace = front.namespace();
  const policy = {
    published: 12, held: 1, rejected: 2, unconfirmed: 1, reasons: { spam: 1, personal_data: 1 }, verified: 9, incentivised: 3, ...shared.policy,
  }; // prettier-ignore
  const put = (key: string, what: object) => front.put(front.installation(), "kizuna", key, { ...what, v: 1 });
  put("reviews", { namespace, questions: QUESTIONS, open: shared.open ?? "everyone", policy, rewarded: true });
  put("gallery", { items: shared.gallery ?? [] });
  const all = shared.shop ?? [];
  const counts = [1, 2, 3, 4, 5].map((star) => all.filter(({ rating }) => rating === star).length);
  put("shop_reviews", {
    summary: summaryOf({ counts, verified: 0, incentivised: 0, withMedia: 0 }),
    reviews: all,
    next: null,
  });
  if (!value) return;
  const owner = gid("Product", product.id);
  front.put(owner, namespace, "reviews", value);
  const rating = { value: value.summary.average, scale_min: "1.0", scale_max: "5.0" };
  front.put(owner, "reviews", "rating", rating, "rating");
  front.put(owner, "reviews", "rating_count", value.summary.count, "number_integer");
}

/** The product most tests look at. */
export function faceOil(front: StorefrontPages): SimProduct {
  const found = Object.values(front.pages.tokyo.products).find(({ handle }) => handle === "camellia-face-oil");
  if (!found) throw new Error("no such product");
  return found;
}
