// "You will earn N": what the page says before the order is what the ledger grants after it.
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { computeEarning, type EarningRules } from "../../app/loyalty/earning-rules";
import { orderFacts, orderLine } from "../builders/order-facts";
import type { SimProduct } from "../simulator/state";
import { NOTHING, sampleCampaign, sampleRules } from "./sample-program";
import { openStorefront, type StorefrontPages } from "./storefront-pages";

let front: StorefrontPages;
beforeAll(async () => {
  front = await openStorefront({ cart: ["earn-in-cart"], product: ["earn-on-product"] });
});
afterAll(() => front.pages.stop());
beforeEach(() => front.clear());

const products = (): SimProduct[] => Object.values(front.pages.tokyo.products).filter(({ isGiftCard }) => !isGiftCard);
interface Item {
  product: SimProduct;
  quantity: number;
}

/** The cart page's line with these things in the cart; null when there is none. */
async function inCart(
  items: Item[],
  as: "guest" | "shopper",
  prefix = "",
): Promise<{ points: number; text: string } | null> {
  const { sim, tokyo } = front.pages;
  const origin = sim.addresses.storefronts[tokyo.domain] ?? "";
  const added = await fetch(`${origin}/cart/add.js`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: await front.cookieOf(as) },
    body: JSON.stringify({ items: items.map(({ product, quantity }) => ({ id: product.variants[0]?.id, quantity })) }),
  });
  const cart = added.headers.getSetCookie().map((line) => line.split(";")[0]);
  const cookie = [await front.cookieOf(as), ...cart].join("; ");
  const html = await (await fetch(`${origin}${prefix}/cart`, { headers: { cookie } })).text();
  const found = /<kizuna-cart-earn[\s\S]*?<span data-points="(\d+)">([^<]*)<\/span>/.exec(html);
  return found ? { points: Number(found[1]), text: found[2] ?? "" } : null;
}

/** What the order of these things would be granted. */
function granted(rules: EarningRules, items: Item[], tierId: string | null): number {
  const at = front.pages.sim.now().toISOString();
  const lines = items.map(({ product, quantity }, index) =>
    orderLine({
      lineId: `gid://shopify/LineItem/${index + 1}`,
      productId: `gid://shopify/Product/${product.id}`,
      variantId: `gid://shopify/ProductVariant/${product.variants[0]?.id ?? ""}`,
      quantity,
      amountMinor: (product.variants[0]?.priceMinor ?? 0) * quantity,
      discountMinor: 0,
      taxMinor: 0,
      productTags: product.tags,
    }),
  );
  const tier = rules.tierPlans[0]?.tiers.find(({ id }) => id === tierId);
  const facts = orderFacts({ lines, processedAt: at, paidAt: at, shippingMinor: 0, shippingTaxMinor: 0, refunds: [] });
  const answer = computeEarning(facts, rules, {
    isDevelopmentShop: false,
    timeZone: "Asia/Tokyo",
    member: { joinedAt: null, tags: [] },
    isFirstOrder: true,
    earnedEarlierTodayPoints: 0,
    tier: tier ? { id: tier.id, name: tier.name, multiplierPercent: tier.multiplierPercent } : null,
    now: at,
  });
  return answer.rules
    .filter(({ rule }) => rule === "order" || rule === "tier" || rule.startsWith("campaign:"))
    .reduce((sum, { target }) => sum + target, 0);
}

const onlyTag = (tag: string) => ({ include: { ...NOTHING, tags: [tag] }, exclude: NOTHING });

describe("what a cart will earn", () => {
  it("says it in both languages, and for a guest that they must sign in", async () => {
    front.publish(sampleRules());
    const [first] = products();
    if (!first) throw new Error("no product");
    expect((await inCart([{ product: first, quantity: 2 }], "guest"))?.text).toMatch(
      /^このご注文で\d+ポイント獲得できます$/,
    );
    expect((await inCart([{ product: first, quantity: 2 }], "guest", "/en"))?.text).toMatch(
      /^You will earn \d+ points with this order$/,
    );
  });

  it("says from which amount on a cart earns", async () => {
    front.publish(sampleRules({ minimum: { minor: 900_000, retestOnRefund: true } }));
    const [first] = products();
    if (!first) throw new Error("no product");
    const line = await inCart([{ product: first, quantity: 1 }], "guest");
    expect(line).toEqual({ points: 0, text: "¥900,000以上のご注文でポイントが付きます" });
  });

  it("says what the ledger would grant, for any things, tier, campaigns, rounding, caps and minimum", async () => {
    const now = front.pages.sim.now();
    const tags = ["skin", "bath", "bestseller"];
    const campaign = fc.record({
      effect: fc.oneof(
        fc.record({ kind: fc.constant("multiplier" as const), percent: fc.integer({ min: 101, max: 500 }) }),
        fc.record({
          kind: fc.constant("bonus" as const),
          points: fc.integer({ min: 1, max: 500 }),
          onRefund: fc.constant("proportional" as const),
        }),
      ),
      stacking: fc.constantFrom("best" as const, "adds" as const),
      priority: fc.integer({ min: 0, max: 2 }),
      products: fc.oneof(fc.constant({ include: null, exclude: NOTHING }), fc.constantFrom(...tags).map(onlyTag)),
      tierIds: fc.constantFrom([] as string[], ["gold"]),
      perOrder: fc.option(fc.integer({ min: 1, max: 200 })),
      runs: fc.boolean(),
    });
    const property = fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(), quantity: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(null, "silver", "gold"),
      fc.array(campaign, { maxLength: 4 }),
      fc.record({
        rate: fc.record({ points: fc.integer({ min: 1, max: 20 }), perMinor: fc.integer({ min: 1, max: 1_000 }) }),
        rounding: fc.constantFrom("down" as const, "up" as const, "half_up" as const),
        perOrder: fc.option(fc.integer({ min: 1, max: 400 })),
        minimum: fc.option(fc.integer({ min: 0, max: 8_000 })),
        exclude: fc.constantFrom(NOTHING, { ...NOTHING, tags: ["bestseller"] }),
      }),
      async (picked, tierId, campaigns, program) => {
        const all = products();
        const counts = new Map<SimProduct, number>();
        for (const { at, quantity } of picked) {
          const product = all[at % all.length];
          if (product) counts.set(product, (counts.get(product) ?? 0) + quantity);
        }
        const items = [...counts].map(([product, quantity]) => ({ product, quantity }));
        const rules = sampleRules({
          rate: program.rate,
          rounding: program.rounding,
          caps: { perOrder: program.perOrder, perDay: null },
          minimum: program.minimum === null ? null : { minor: program.minimum, retestOnRefund: true },
          products: { include: null, exclude: program.exclude },
          campaigns: campaigns.map(({ effect, stacking, priority, products: scope, tierIds, perOrder, runs }, index) =>
            sampleCampaign(now, {
              id: `c${index}`,
              effect,
              stacking,
              priority,
              products: scope,
              audience: { tierIds, tags: [], channels: [], orders: "any" },
              caps: { perOrder, perMember: null, budget: null },
              ...(runs ? {} : { from: new Date(now.getTime() + 86_400_000).toISOString() }),
            }),
          ),
        });
        front.publish(rules);
        front.own({ tier: tierId === null ? null : { id: tierId, until: null } });
        expect((await inCart(items, "shopper"))?.points ?? 0).toBe(granted(rules, items, tierId));
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});

describe("what a product will earn", () => {
  it("counts the member's tier and a running campaign", async () => {
    const product = products().find(({ handle }) => handle === "camellia-face-oil");
    if (!product) throw new Error("no product");
    const pointsOf = async (as: "guest" | "shopper") => {
      const html = await front.read(`/products/${product.handle}`, as);
      return Number(/data-points="(\d+)"/.exec(html)?.[1]);
    };
    front.own({ tier: { id: "silver", until: null } });
    front.publish(sampleRules());
    expect([await pointsOf("guest"), await pointsOf("shopper")]).toEqual([41, 41 + 20]);
    front.publish(sampleRules({ campaigns: [sampleCampaign(front.pages.sim.now())] }));
    expect([await pointsOf("guest"), await pointsOf("shopper")]).toEqual([82, 82 + 20]);
  });

  it("says “about” where a campaign's limits over many orders are not known to a page", async () => {
    const caps = { perOrder: null, perMember: 100, budget: null };
    front.publish(sampleRules({ campaigns: [sampleCampaign(front.pages.sim.now(), { caps })] }));
    expect(await front.read("/products/camellia-face-oil")).toContain("約82ポイント");
  });
});
