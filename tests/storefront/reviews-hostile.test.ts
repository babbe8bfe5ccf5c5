// E12, E04, E20: whatever people write is text on the storefront. The corpora of the folder named by KIZUNA_SHARED
// where it is, and a few of our own everywhere.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { JSDOM } from "jsdom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openHostileBlocks, PATHS_OF_BLOCKS, skeleton } from "./hostile-blocks";
import { faceOil, publishReviews, shownReview, valueOf } from "./sample-reviews";
import type { StorefrontPages } from "./storefront-pages";

const OWN = [
  "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "javascript:alert(1)", "</p></li></ol></kizuna-reviews><iframe src=//x>",
  "{{ customer.email }}", "{% render 'x' %}", "<a href='javascript:alert(1)'>x</a>", "http://example.org/?utm_source=spam", "\u202Eevil\u202C \u200B\u0000",
  "&lt;script&gt;", "]]><svg onload=alert(1)>", "`${alert(1)}`", "--><style>*{display:none}</style>", "expression(alert(1))",
]; // prettier-ignore

/** A few lines of every text there, always the same ones; the rest would take minutes. */
function corpus(): string[] {
  const folder = join(process.env.KIZUNA_SHARED ?? "", "robustness/text");
  const base = existsSync(folder) ? folder : join(process.env.KIZUNA_SHARED ?? "", "data/robustness/text");
  if (!process.env.KIZUNA_SHARED || !existsSync(base)) return [];
  const files = readdirSync(base, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".txt"));
  const lines = files
    .flatMap((file) => readFileSync(join(base, file), "utf8").split("\n"))
    .filter((line) => line.trim() !== "");
  const step = Math.max(1, Math.ceil(lines.length / LINES_MAX));
  return lines.filter((_, at) => at % step === 0).map((line) => line.slice(0, 1_000));
}

const LINES_MAX = 120;
let front: StorefrontPages;
beforeAll(async () => {
  front = await openHostileBlocks();
});
afterAll(() => front.pages.stop());

describe("E12 what people write", () => {
  it.each(PATHS_OF_BLOCKS)("adds no element and no attribute to %s", async (path) => {
    const all = [...OWN, ...corpus()];
    for (let start = 0; start < all.length; start += 10) {
      const texts = all.slice(start, start + 10);
      const harmless = await skeleton(
        front,
        texts.map(() => "plain"),
        path,
      );
      expect(await skeleton(front, texts, path)).toBe(harmless);
    }
  });

  it("E04 is no Liquid, and E20 no link", async () => {
    const reviews = [
      shownReview({ title: "{{ shop.name }}", body: "{% assign a = 1 %} http://example.org javascript:alert(1)" }),
    ];
    publishReviews(front, faceOil(front), valueOf(reviews));
    const card = new JSDOM(await front.read("/products/camellia-face-oil")).window.document.querySelector(
      "[data-list] > li",
    );
    expect(card?.querySelector("[data-part=title]")?.textContent).toBe("{{ shop.name }}");
    expect(card?.querySelector("[data-part=body]")?.textContent).toContain("{% assign a = 1 %} http://example.org");
    expect([...(card?.querySelectorAll("a") ?? [])].map((link) => link.getAttribute("data-part"))).toEqual(["report"]);
  });
});
