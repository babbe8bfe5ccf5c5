// A product's reviews as one value for its page, no larger than a metafield may be: long words are cut before
// reviews are left out, and a cut review says so. Pure.
import type { ProductReviewsValue, ReviewsSummary } from "../../shopify/metafields";
import type { ShownMedia } from "./shown-media";
import type { ShownReview } from "./shown-review";

export const VALUE_BYTES_MAX = 64_000;
export const STRIP_MAX = 12;
const TOPICS_MAX = 12;

/** What is counted of a group: rating_summary. */
export interface Sums {
  /** How many gave one star, two … five. */
  counts: readonly number[];
  verified: number;
  incentivised: number;
  withMedia: number;
}

/** "4.6": the mean with one digit, halves rounded up; null without any. Whole numbers only. */
export function averageOf(counts: readonly number[]): string | null {
  const count = counts.reduce((sum, each) => sum + each, 0);
  if (count === 0) return null;
  const stars = counts.reduce((sum, each, index) => sum + each * (index + 1), 0);
  const tenths = Math.floor((stars * 20 + count) / (count * 2));
  return `${Math.floor(tenths / 10)}.${tenths % 10}`;
}

export function summaryOf({ counts, verified, incentivised, withMedia }: Sums): ReviewsSummary {
  const count = counts.reduce((sum, each) => sum + each, 0);
  return { count, average: averageOf(counts), counts: [...counts], verified, incentivised, withMedia };
}

export interface ValueParts {
  sums: Sums;
  helpful: readonly ShownReview[];
  newest: readonly ShownReview[];
  /** Newest reviews with photos or videos. */
  pictured: readonly ShownReview[];
  topics: readonly unknown[];
  answers: ProductReviewsValue["answers"];
}
export type ProductValue = ProductReviewsValue<ShownReview, ShownMedia>;

/** The value of a product's page; null when nobody has written about it. */
export function productValue(parts: ValueParts): ProductValue | null {
  const summary = summaryOf(parts.sums);
  if (summary.count === 0) return null;
  for (const limits of LIMITS) {
    const value = valueWithin(parts, summary, limits);
    if (Buffer.byteLength(JSON.stringify(value)) <= VALUE_BYTES_MAX) return value;
  }
  return valueWithin(parts, summary, { words: 100, reviews: 1, media: 0 });
}

interface Limits {
  /** Characters of each text of a review. */
  words: number;
  reviews: number;
  media: number;
}
const LIMITS: readonly Limits[] = [
  { words: 5_000, reviews: 10, media: 12 },
  { words: 1_500, reviews: 10, media: 12 },
  { words: 700, reviews: 10, media: 6 },
  { words: 350, reviews: 10, media: 4 },
  { words: 350, reviews: 5, media: 2 },
];

function valueWithin(parts: ValueParts, summary: ReviewsSummary, limits: Limits): ProductValue {
  const [helpful, newest] = [parts.helpful, parts.newest].map((list) =>
    list.slice(0, limits.reviews).map((review) => cut(review, limits)),
  ) as [ShownReview[], ShownReview[]];
  const strip = parts.pictured.flatMap(({ id, media }) => media.map((each) => ({ ...each, review: id })));
  return {
    v: 1,
    summary,
    reviews: Object.fromEntries([...helpful, ...newest].map((review) => [review.id, review])),
    helpful: helpful.map(({ id }) => id),
    newest: newest.map(({ id }) => id),
    strip: strip.slice(0, Math.min(STRIP_MAX, limits.media * 3)),
    topics: parts.topics.slice(0, TOPICS_MAX),
    answers: parts.answers,
  };
}

/** The review with texts and media no longer than that. */
export function cut(review: ShownReview, { words, media }: Omit<Limits, "reviews">): ShownReview {
  const short = {
    ...review,
    title: shorten(review.title, words),
    body: shorten(review.body, words),
    pros: shorten(review.pros, words),
    cons: shorten(review.cons, words),
    reply: review.reply && { ...review.reply, text: shorten(review.reply.text, words) },
    media: review.media.slice(0, media),
  };
  const isCut = short.body !== review.body || short.reply?.text !== review.reply?.text || short.title !== review.title;
  return isCut ? { ...short, cut: true } : short;
}
function shorten(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most).join("").trimEnd()}…`;
}
