// The blocks of reviews as shoppers get them: rendered from metafields alone, in both languages, whatever people wrote.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

import { JSDOM } from "jsdom";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { ShownReview } from "../../app/reviews/display/shown-review";
import { faceOil, publishReviews, shownPhoto, shownReview, valueOf } from "./sample-reviews";
import { openStorefront, type StorefrontPages } from "./storefront-pages";

let front: StorefrontPages;
beforeAll(async () => {
  front = await openStorefront({
    index: ["review-gallery", "review-carousel"],
    product: ["review-stars", "review-photos"],
    "product.below": ["reviews"],
    "page.reviews": ["shop-reviews", "review-policy"],
  });
});
afterAll(() => front.pages.stop());
beforeEach(() => {
  front.clear();
  front.pages.sim.faults.metafieldNamespace = "shorthand";
});

const PAGE = "/products/camellia-face-oil";
async function open(path: string, as: "guest" | "shopper" = "guest"): Promise<Document> {
  return new JSDOM(await front.read(path, as)).window.document;
}
const text = (node: Element | null | undefined) => node?.textContent?.replace(/\s+/g, " ").trim() ?? null;

const everything: Partial<ShownReview> = {
  incentivised: true,
  refunded: true,
  edited: true,
  staff: true,
  pros: "香り",
  cons: "値段",
  answers: [{ q: "fit", o: "rich" }],
  media: [shownPhoto("7")],
  reply: { text: "ありがとうございます。", on: "2026-11-04" },
  helpful: 4,
  helpfulAnon: 2,
};

describe.each([
  {
    prefix: "",
    words: {
      count: "2件のレビュー",
      average: "5点中4.0点",
      labels: ["購入確認済み", "ポイント進呈あり", "ショップ関係者", "返金済みの注文", "編集済み"],
      unverified: "購入未確認",
      answer: "使用感は：しっとり",
      reply: "きなりからの返信",
      date: "2026年11月3日",
      none: "レビューはまだありません",
      anonymous: "匿名",
      write: "レビューを書く",
      photo: "山田さんの写真",
    },
  },
  {
    prefix: "/en",
    words: {
      count: "2 reviews",
      average: "4.0 out of 5",
      labels: ["Verified buyer", "Received points for this review", "Works for this shop", "Order refunded", "Edited"],
      unverified: "Purchase not verified",
      answer: "How does it feel: Rich",
      reply: "Reply from きなり",
      date: "November 3, 2026",
      none: "No reviews yet",
      anonymous: "Anonymous",
      write: "Write a review",
      photo: "Photo by 山田さん",
    },
  },
])("reviews at “$prefix/”", ({ prefix, words }) => {
  it("say the sums, the words and every label", async () => {
    publishReviews(
      front,
      faceOil(front),
      valueOf([shownReview(everything), shownReview({ id: "102", rating: 3, name: "", title: "", verified: false })]),
    );
    const page = await open(prefix + PAGE);
    const [stars, list] = [page.querySelector(".kizuna-rating"), page.querySelector("kizuna-reviews")];
    expect(text(stars)).toContain(words.count);
    expect(stars?.querySelector("[role=img]")?.getAttribute("aria-label")).toBe(words.average);
    const cards = [...(list?.querySelectorAll("[data-list] > li") ?? [])];
    expect(cards.map((card) => card.getAttribute("data-review"))).toEqual(["101", "102"]);
    const [first, second] = cards;
    expect([...(first?.querySelectorAll(".kizuna-label") ?? [])].map(text)).toEqual(words.labels);
    for (const part of [
      words.answer,
      words.reply,
      words.date,
      "ありがとうございます。",
      "香り",
      "値段",
      "リピート決定です。",
    ])
      expect(text(first)).toContain(part);
    expect(text(first?.querySelector("[data-part=helped]"))).toBe("6");
    expect(first?.querySelector("[data-part=report]")?.getAttribute("href")).toBe(
      `${prefix}/apps/kizuna/review/report?review=101`,
    );
    expect(first?.querySelector("img")?.getAttribute("alt")).toBe(words.photo);
    expect(text(second?.querySelector("[data-part=name]"))).toBe(words.anonymous);
    expect(second?.querySelector("h3")).toBeNull();
    expect([...(second?.querySelectorAll(".kizuna-label") ?? [])].map(text)).toEqual([words.unverified]);
  });

  it("invite to write where nobody has", async () => {
    publishReviews(front, faceOil(front), null);
    const page = await open(prefix + PAGE);
    expect(text(page.querySelector("kizuna-reviews"))).toContain(words.none);
    const link = page.querySelector("kizuna-reviews a");
    expect(text(link)).toBe(words.write);
    expect(link?.getAttribute("href")).toBe(`${prefix}/apps/kizuna/review?product=${faceOil(front).id}`);
    expect(page.querySelector(".kizuna-strip")).toBeNull();
  });

  it("lead from the gallery to the product, labelled, and list the whole shop", async () => {
    const product = { gid: "gid://shopify/Product/1", title: "つばき油", handle: "camellia-face-oil" };
    const item = {
      ...shownPhoto("9"),
      reviewId: "101",
      name: "山田さん",
      rating: 5,
      verified: true,
      incentivised: true,
      product,
    };
    publishReviews(front, faceOil(front), null, {
      gallery: [item],
      shop: [shownReview({ product }), shownReview({ id: "102" })],
    });
    const home = await open(`${prefix}/`);
    const tile = home.querySelector(".kizuna-tile");
    expect(tile?.querySelector("a.kizuna-thumb")?.getAttribute("href")).toBe(`${prefix}${PAGE}`);
    expect([...(tile?.querySelectorAll(".kizuna-label") ?? [])].map(text)).toEqual(words.labels.slice(0, 2));
    expect(home.querySelectorAll(".kizuna-carousel li[data-review]").length).toBe(2);
    const page = await open(`${prefix}/pages/reviews`);
    expect(text(page.querySelector("kizuna-reviews"))).toContain(words.count);
    expect(page.querySelector("[data-part=product]")?.getAttribute("href")).toBe(`${prefix}${PAGE}`);
    expect([...page.querySelectorAll(".kizuna-policy dd")].map(text)).toEqual(["12", "1", "2", "1", "1", "1"]);
  });
});

describe("reviews on a page", () => {
  it.each(["shorthand", "resolved"] as const)("are found under the %s namespace", async (how) => {
    front.pages.sim.faults.metafieldNamespace = how;
    publishReviews(front, faceOil(front), valueOf([shownReview()]));
    expect((await open(PAGE)).querySelectorAll("[data-list] > li").length).toBe(1);
  });

  it("are not there before anything was published", async () => {
    const page = await open(PAGE);
    expect(page.querySelector("kizuna-reviews, .kizuna-rating, .kizuna-strip")).toBeNull();
  });

  it("offer no writing where the shop takes invited reviews only", async () => {
    publishReviews(front, faceOil(front), valueOf([shownReview()]), { open: "nobody" });
    expect((await open(PAGE)).querySelector("kizuna-reviews a[href*='review?product']")).toBeNull();
  });

  it("show more only where there is more, and ask nobody on a page view", async () => {
    publishReviews(front, faceOil(front), valueOf([shownReview()]));
    expect((await open(PAGE)).querySelector("[data-do=more]")?.hasAttribute("hidden")).toBe(true);
    publishReviews(front, faceOil(front), valueOf([shownReview()], [0, 0, 0, 10, 50]));
    const page = await open(PAGE);
    expect(page.querySelector("[data-do=more]")?.hasAttribute("hidden")).toBe(false);
    const scripts = [...page.querySelectorAll("script[src]")].map((script) => script.getAttribute("src") ?? "");
    expect(scripts.filter((source) => /kizuna-(reviews|gallery|review-card)/.test(source))).toEqual([]);
  });

  it("every theme's stars work: cards read the standard metafields", async () => {
    publishReviews(front, faceOil(front), valueOf([shownReview({ rating: 4 })]));
    const cards = [...(await open("/collections/all")).querySelectorAll(".product-card__rating")];
    expect(cards.map((card) => card.getAttribute("aria-label"))).toEqual(["5.0点中4.0点、1件の評価"]);
  });

  it("bring scripts that are small, one by one and in all, as browsers get them", () => {
    const folder = join(import.meta.dirname, "../../extensions/storefront/assets");
    const scripts = readdirSync(folder)
      .filter((name) => name.endsWith(".js"))
      .map((name) => ({ name, content: readFileSync(join(folder, name)) }));
    expect(scripts.filter(({ content }) => content.length > 10_000).map(({ name }) => name)).toEqual([]);
    expect(scripts.reduce((sum, { content }) => sum + brotliCompressSync(content).length, 0)).toBeLessThanOrEqual(
      20_000,
    );
  });
});
