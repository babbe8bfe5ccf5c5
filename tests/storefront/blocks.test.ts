// The first two theme blocks as shoppers get them: rendered by the simulator's Liquid engine from metafields alone.
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { defaultEarningRules, type EarningRules } from "../../app/loyalty/earning-rules";
import { previewEarning } from "../../app/loyalty/preview-earning";
import type { Pages } from "../integration/simulator/pages";
import type { SimProduct } from "../simulator/state";
import { openStorefront, type StorefrontPages } from "./storefront-pages";

let front: StorefrontPages;
let pages: Pages;
beforeAll(async () => {
  front = await openStorefront({ product: ["earn-on-product"], "page.points": ["my-points"] });
  pages = front.pages;
});
afterAll(() => pages.stop());
beforeEach(() => {
  front.clear();
  pages.tokyo.currency = "JPY";
  pages.sim.faults.metafieldNamespace = "shorthand";
});

/** Publishes a program as the app does, with these rules. */
function publish(change: Partial<EarningRules> = {}): EarningRules {
  const { currency, taxesIncluded } = pages.tokyo;
  const rules = { ...defaultEarningRules({ currency, taxesIncluded }), ...change };
  front.publish(rules);
  return rules;
}
const own: StorefrontPages["own"] = (loyalty) => front.own(loyalty);
const read: StorefrontPages["read"] = (path, as) => front.read(path, as);

/** The text of the "My points" block, tags taken out; null when there is none. */
async function pointsBlock(prefix: string, as: "guest" | "shopper"): Promise<string | null> {
  const html = await read(`${prefix}/pages/points`, as);
  const block = /<section\s+class="kizuna kizuna-points"[\s\S]*?<\/section>/.exec(html)?.[0];
  return block === undefined
    ? null
    : block
        .replace(/<[^>]+>/g, "\n")
        .replace(/\s*\n\s*/g, "\n")
        .trim();
}

describe.each([
  {
    prefix: "",
    words: {
      guest: "保有ポイント\nログインすると保有ポイントを確認できます。\nログイン",
      none: "まだポイントはありません。お買い物をすると、ここに表示されます。",
      balance: "1,240ポイント",
      pending: "仮ポイント：137ポイント（まもなく使えるようになります）",
      expiry: "240ポイントの有効期限は2027年3月1日です",
      debt: "返品により1,001ポイント不足しています。次回のお買い物で付与されるポイントで精算されます。",
    },
  },
  {
    prefix: "/en",
    words: {
      guest: "Your points\nSign in to see your points.\nSign in",
      none: "You have no points yet. They appear here after your first purchase.",
      balance: "1,240 points",
      pending: "137 more points are on their way",
      expiry: "240 points expire on March 1, 2027",
      debt: "1,001 points are still owed after a return and will be settled by your next purchases",
    },
  },
])("my points, at “$prefix/”", ({ prefix, words }) => {
  it("asks a guest to sign in", async () => {
    publish();
    expect(await pointsBlock(prefix, "guest")).toBe(words.guest);
  });

  it("tells a shopper without points how to get some", async () => {
    publish();
    expect(await pointsBlock(prefix, "shopper")).toContain(words.none);
  });

  it.each(["shorthand", "resolved"] as const)(
    "shows balance, pending and expiry under the %s namespace",
    async (how) => {
      pages.sim.faults.metafieldNamespace = how;
      publish();
      own({ balance: 1_240, pending: 137, nextExpiry: { points: 240, on: "2027-03-01" } });
      const text = await pointsBlock(prefix, "shopper");
      for (const line of [words.balance, words.pending, words.expiry]) expect(text).toContain(line);
      expect(text).not.toContain(words.none);
    },
  );

  it("says what is owed", async () => {
    publish();
    own({ debt: 1_001 });
    expect(await pointsBlock(prefix, "shopper")).toContain(words.debt);
  });

  it("is not there while the program is paused, or was never published", async () => {
    expect(await pointsBlock(prefix, "shopper")).toBeNull();
    publish({ status: "paused" });
    own({ balance: 1_240 });
    expect(await pointsBlock(prefix, "shopper")).toBeNull();
    expect(await read(`${prefix}/products/camellia-face-oil`, "shopper")).not.toContain("kizuna-earn__line");
  });

  it("is there for the customers of a preview only", async () => {
    publish({ previewCustomerIds: [front.shopperId()] });
    own({ balance: 1_240 });
    expect(await pointsBlock(prefix, "guest")).toBeNull();
    expect(await pointsBlock(prefix, "shopper")).toContain(words.balance);
    front.clear();
    publish({ previewCustomerIds: ["1"] });
    expect(await pointsBlock(prefix, "shopper")).toBeNull();
    expect(await read(`${prefix}/products/camellia-face-oil`, "shopper")).not.toContain("kizuna-earn__line");
  });
});

/** Variant id → points, and whether the line is in sight. */
async function earnLines(product: SimProduct): Promise<Map<string, { points: number; text: string; shown: boolean }>> {
  const html = await read(`/products/${product.handle}`);
  const lines = html.matchAll(
    /<p class="kizuna-earn__line" data-variant="(\d+)" data-points="(\d+)"( hidden)?>([^<]*)/g,
  );
  return new Map(
    [...lines].map(([, variant = "", points, hidden, text = ""]) => [
      variant,
      { points: Number(points), text, shown: hidden === undefined },
    ]),
  );
}

describe("points with this product", () => {
  const oil = () => {
    const found = Object.values(pages.tokyo.products).find(({ handle }) => handle === "camellia-face-oil");
    if (!found) throw new Error("no such product");
    return found;
  };

  it("shows the line of the chosen variant and keeps the others ready", async () => {
    publish();
    const lines = [...(await earnLines(oil())).values()];
    expect(lines).toEqual([
      { points: 41, text: "この商品のご購入で41ポイント獲得", shown: true },
      { points: 72, text: "この商品のご購入で72ポイント獲得", shown: false },
    ]);
  });

  it("is silent for products that are left out", async () => {
    const exclude = { productIds: [], variantIds: [], collectionIds: [], tags: ["bestseller"] };
    publish({ products: { include: null, exclude } });
    expect((await earnLines(oil())).size).toBe(0);
  });

  it("says the number the ledger would grant, for any price, rate, rounding and currency", async () => {
    const product = oil();
    const kept = structuredClone(product.variants);
    const [sample] = kept;
    if (!sample) throw new Error("the product has no variant");
    // Liquid knows hundredths only: a price in thousandths ends with 0 there.
    const property = fc.asyncProperty(
      fc.constantFrom("JPY", "USD", "KWD"),
      fc.array(fc.integer({ min: 0, max: 50_000_000 }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 1_000 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.constantFrom("down", "up", "half_up"),
      fc.option(fc.integer({ min: 1, max: 5_000 })),
      async (currency, prices, points, perMinor, rounding, perOrder) => {
        pages.tokyo.currency = currency;
        front.clear();
        const minors = prices.map((price) => (currency === "KWD" ? price * 10 : price));
        product.variants = minors.map((priceMinor, at) => ({
          ...sample,
          id: String(9_000_000 + at),
          priceMinor,
          compareAtMinor: null,
        }));
        const rules = publish({ rate: { points, perMinor }, rounding, caps: { perOrder, perDay: null } });
        const lines = await earnLines(product);
        const shown = minors.map((_, at) => lines.get(String(9_000_000 + at))?.points ?? 0);
        const granted = minors.map(
          (minor) =>
            previewEarning(rules, { minor, currency, taxesIncluded: pages.tokyo.taxesIncluded, locale: "ja" }).points,
        );
        expect(shown).toEqual(granted);
      },
    );
    try {
      await fc.assert(property, { numRuns: 100 });
    } finally {
      product.variants = kept;
    }
  });
});
