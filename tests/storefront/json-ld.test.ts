// What search engines read: Google's required properties, one product and not two, and texts that stay texts.
import { JSDOM } from "jsdom";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { faceOil, publishReviews, shownReview, valueOf } from "./sample-reviews";
import { openStorefront, type StorefrontPages } from "./storefront-pages";

let front: StorefrontPages;
beforeAll(async () => {
  front = await openStorefront({ "product.below": ["reviews"], embeds: ["review-data"] });
});
afterAll(() => front.pages.stop());
beforeEach(() => front.clear());

type Node = Record<string, unknown>;
async function read(path = "/products/camellia-face-oil"): Promise<{ nodes: Node[]; html: string }> {
  const html = await front.read(path);
  const scripts = [...new JSDOM(html).window.document.querySelectorAll('script[type="application/ld+json"]')];
  return { nodes: scripts.map((script) => JSON.parse(script.textContent ?? "") as Node), html };
}
const isRated = (node: Node) => "aggregateRating" in node;

// developers.google.com/search/docs/appearance/structured-data/{product-snippet,review-snippet}: what must be there,
// where the thing that is rated is the node around it.
const REQUIRED: Record<string, string[]> = {
  Product: ["name"],
  AggregateRating: ["ratingValue", "reviewCount"],
  Review: ["author", "reviewRating"],
  Rating: ["ratingValue"],
  Person: ["name"],
};
function missing(node: unknown, path = ""): string[] {
  if (Array.isArray(node)) return node.flatMap((each, at) => missing(each, `${path}[${at}]`));
  if (typeof node !== "object" || node === null) return [];
  const facts = node as Node;
  const own = (REQUIRED[String(facts["@type"])] ?? []).filter(
    (name) => facts[name] === undefined || facts[name] === "" || facts[name] === null,
  );
  return [
    ...own.map((name) => `${path}.${name}`),
    ...Object.entries(facts).flatMap(([name, value]) => missing(value, `${path}.${name}`)),
  ];
}

describe("structured data", () => {
  it("has every property that Google requires, for full and for empty reviews", async () => {
    const bare = shownReview({ id: "102", title: "", body: "", name: "", rating: 2 });
    publishReviews(front, faceOil(front), valueOf([shownReview(), bare]));
    const product = (await read()).nodes.find(isRated);
    expect(missing(product)).toEqual([]);
    expect(missing({ "@type": "Product", review: [{ "@type": "Review" }] })).toEqual([
      ".name",
      ".review[0].author",
      ".review[0].reviewRating",
    ]);
    expect(product).toMatchObject({
      "@type": "Product",
      aggregateRating: { ratingValue: "3.5", reviewCount: 2, bestRating: "5" },
      review: [
        {
          author: { "@type": "Person", name: "山田さん" },
          datePublished: "2026-11-03",
          reviewRating: { ratingValue: 5 },
        },
        { author: { "@type": "Person", name: "匿名" }, reviewRating: { ratingValue: 2 } },
      ],
    });
  });

  it("adds to the theme's own product and repeats nothing of it but the name", async () => {
    publishReviews(front, faceOil(front), valueOf([shownReview()]));
    const products = (await read("/products/camellia-face-oil?variant=1")).nodes.filter(
      (node) => node["@type"] === "Product",
    );
    expect(products.map((node) => node["@id"])).toEqual(Array(2).fill("/products/camellia-face-oil#product"));
    const [theirs, ours] = [products.find((node) => !isRated(node)), products.find(isRated)];
    const both = Object.keys(ours ?? {}).filter((name) => theirs && name in theirs && !name.startsWith("@"));
    expect(both).toEqual(["name"]);
  });

  it("says the same average, count and reviews as the page", async () => {
    publishReviews(
      front,
      faceOil(front),
      valueOf([shownReview(), shownReview({ id: "102", rating: 4 })], [1, 0, 0, 30, 60]),
    );
    const { nodes, html } = await read();
    const page = new JSDOM(html).window.document;
    const rating = nodes.find(isRated)?.["aggregateRating"] as Node;
    expect(page.querySelector(".kizuna-sum__average b")?.textContent).toBe(rating["ratingValue"]);
    expect(page.querySelector(".kizuna-sum__average")?.textContent).toContain(`${String(rating["reviewCount"])}件`);
    const listed = [...page.querySelectorAll("[data-list] [data-part=body]")].map((node) => node.textContent);
    expect((nodes.find(isRated)?.["review"] as Node[]).map((review) => review["reviewBody"])).toEqual(listed);
  });

  it("discloses what was promised", async () => {
    publishReviews(front, faceOil(front), valueOf([shownReview({ incentivised: true }), shownReview({ id: "102" })]));
    const [first, second] = (await read()).nodes.find(isRated)?.["review"] as Node[];
    expect(first).toMatchObject({
      sponsor: { "@type": "Organization", name: "きなり" },
      disambiguatingDescription: "ポイント進呈あり",
    });
    expect(second).not.toHaveProperty("sponsor");
  });

  it("is silent without reviews, and on pages of no product", async () => {
    publishReviews(front, faceOil(front), null);
    expect((await read()).nodes.some(isRated)).toBe(false);
    publishReviews(front, faceOil(front), valueOf([shownReview()]), { shop: [shownReview()] });
    expect((await read("/")).nodes.some(isRated)).toBe(false);
  });

  it("E12 keeps texts inside: closing tags, line separators, quotes", async () => {
    const nasty = '</script><script>alert(1)</script>\u2028\u2029"\\ <!-- ]]> \u0000{{ shop.email }}{% raw %}';
    publishReviews(front, faceOil(front), valueOf([shownReview({ title: nasty, body: nasty, name: nasty })]));
    const { nodes, html } = await read();
    const [review] = nodes.find(isRated)?.["review"] as Node[];
    expect(review).toMatchObject({ name: nasty, reviewBody: nasty, author: { name: nasty } });
    expect(html).not.toContain("<script>alert(1)");
  });
});
