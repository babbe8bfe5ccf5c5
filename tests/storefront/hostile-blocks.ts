// Every place of the review blocks filled with texts of strangers: what the page is made of may not depend on them.
import { JSDOM } from "jsdom";

import { faceOil, publishReviews, shownPhoto, shownReview, valueOf } from "./sample-reviews";
import { openStorefront, type StorefrontPages } from "./storefront-pages";

/** Pages that show texts of people: a product's, the home page with gallery and carousel, the shop's reviews. */
export const PATHS_OF_BLOCKS = ["/products/camellia-face-oil", "/", "/pages/reviews"] as const;
/** Texts on one page: seven a review. */
export const PLACES = 70;

/** The shop with every review block placed. */
export function openHostileBlocks(): Promise<StorefrontPages> {
  return openStorefront({
    index: ["review-gallery", "review-carousel"],
    product: ["review-stars", "review-photos"],
    "product.below": ["reviews"],
    "page.reviews": ["shop-reviews", "review-policy"],
    embeds: ["review-data"],
  });
}

/** Reviews made of these texts, each in every kind of place when there are enough reviews. */
export function reviewsOf(texts: readonly string[]) {
  const product = { gid: "gid://shopify/Product/1", title: texts[0] ?? "", handle: "x" };
  const text = (at: number) => texts[at % texts.length] ?? "";
  return Array.from({ length: PLACES / 7 }, (_, review) => {
    const at = review * 7;
    return shownReview({
      id: String(review + 1), title: text(at), body: text(at + 1), pros: text(at + 2), cons: text(at + 3), name: text(at + 4), product, incentivised: true,
      reply: { text: text(at + 5), on: "2026-11-04" }, media: [shownPhoto(String(review), { alt: text(at + 6) })],
    }); // prettier-ignore
  });
}

/** Publishes reviews, their product's value and a gallery of them. */
export function publishTexts(front: StorefrontPages, texts: readonly string[]): void {
  const reviews = reviewsOf(texts);
  const gallery = reviews.map(({ id, name, media, product }) => ({
    ...shownPhoto(id, { alt: media[0]?.alt ?? "" }), reviewId: id, name, rating: 5, verified: true, incentivised: true, product: { ...product, title: name },
  })); // prettier-ignore
  publishReviews(front, faceOil(front), valueOf(reviews), { shop: reviews, gallery });
}

/** Elements and attributes that a page of these texts has; what it says is left out. @throws when its JSON-LD is none */
export async function skeleton(front: StorefrontPages, texts: readonly string[], path: string): Promise<string> {
  publishTexts(front, texts);
  const page = new JSDOM(await front.read(path)).window.document;
  for (const script of page.querySelectorAll('script[type="application/ld+json"]'))
    JSON.parse(script.textContent ?? "");
  return [...page.querySelectorAll("main *, script")]
    .map(
      (node) =>
        `${node.localName}(${[...node.attributes]
          .map(({ name }) => name)
          .sort()
          .join(" ")})`,
    )
    .join("\n");
}
