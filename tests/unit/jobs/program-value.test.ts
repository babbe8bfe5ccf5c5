import { describe, expect, it } from "vitest";

import { programValue, type ProgramFacts } from "../../../app/jobs/program-value";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { NOTHING, SAMPLE_REWARDS, sampleCampaign, sampleReward, sampleRules } from "../../storefront/sample-program";

const TOKYO = { currency: "JPY", taxesIncluded: true, timeZone: "Asia/Tokyo" };
const NOW = new Date("2026-11-22T00:00:00Z");
const DAY_MS = 86_400_000;
const rules = (over: Partial<EarningRules> = {}): EarningRules => ({ ...defaultEarningRules(TOKYO), ...over });
const value = (over: Partial<ProgramFacts> = {}) =>
  programValue({ rules: rules(), version: 1, shop: TOKYO, rewards: [], now: NOW, ...over });
const at = (days: number) => new Date(NOW.getTime() + days * DAY_MS).toISOString();

describe("the program as theme blocks read it", () => {
  it("speaks Liquid's language: numbers for ids, lower case for tags", () => {
    const exclude = {
      productIds: ["gid://shopify/Product/11", "12"],
      variantIds: ["gid://shopify/ProductVariant/21"],
      collectionIds: ["gid://shopify/Collection/31"],
      tags: ["No-Points", " Sale "],
    };
    expect(value({ rules: rules({ products: { include: null, exclude } }) }).products).toEqual({
      include: null,
      exclude: { productIds: ["11", "12"], variantIds: ["21"], collectionIds: ["31"], tags: ["no-points", "sale"] },
    });
  });

  it("keeps an empty selection apart from no selection", () => {
    const empty = rules({ products: { include: NOTHING, exclude: NOTHING } });
    expect(value({ rules: empty }).products.include).toEqual(NOTHING);
    expect(value().products.include).toBeNull();
  });

  it("shows nothing before the first save", () => {
    expect(value({ version: 0 }).status).toBe("paused");
    expect(value().status).toBe("live");
  });

  it("is approximate where the page cannot know: tax that counts otherwise than shown, limits of a day", () => {
    const taxed = (includeTax: boolean) => rules({ base: { ...rules().base, includeTax } });
    expect(value({ rules: taxed(true) }).approximate).toBe(false);
    expect(value({ rules: taxed(false) }).approximate).toBe(true);
    const usd = { currency: "USD", taxesIncluded: false, timeZone: "America/New_York" };
    expect(value({ rules: taxed(true), shop: usd }).approximate).toBe(true);
    expect(value({ rules: rules({ caps: { perOrder: null, perDay: 100 } }) }).approximate).toBe(true);
  });

  it("names the enabled ways and active rewards only, with what a shopper needs of them", () => {
    const shown = value({ rules: sampleRules(), rewards: SAMPLE_REWARDS });
    expect(shown.ways.map(({ id }) => id)).toEqual(["join", "newsletter", "birthday", "third", "big", "insta"]);
    expect(shown.rewards.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(shown.rewards[0]).toMatchObject({ kind: "points_off", pointsPerStep: 1, minorPerStep: 1, pointsMax: 5_000 });
    expect(shown.rewards[1]).toMatchObject({ minimumMinor: 3_000, valueMinor: 600 });
  });

  it("says what is out of stock", () => {
    const [, amountOff] = SAMPLE_REWARDS;
    if (!amountOff) throw new Error("no reward");
    const stocked = (stock: number | null) => value({ rewards: [{ ...amountOff, stock }] }).rewards[0]?.gone;
    expect([stocked(null), stocked(0), stocked(1)]).toEqual([false, true, false]);
  });

  it("gives campaigns as windows in seconds: running and coming ones, online ones, no past ones", () => {
    const campaigns = [
      sampleCampaign(NOW, { id: "later", from: at(3), until: at(4) }),
      sampleCampaign(NOW, { id: "over", from: at(-3), until: at(-1) }),
      sampleCampaign(NOW, { id: "off", enabled: false }),
      sampleCampaign(NOW, {
        id: "till",
        audience: { tierIds: [], tags: [], channels: ["pos"], orders: "any" },
      }),
      sampleCampaign(NOW, { id: "now", until: "2026-12-01T15:00:00Z" }),
    ];
    const shown = value({ rules: rules({ campaigns }) }).campaigns;
    expect(shown.map(({ id }) => id)).toEqual(["now", "later"]);
    // The last day a shopper in Tokyo reads is the one that ends there.
    expect(shown[0]).toMatchObject({ until: Date.parse("2026-12-01T15:00:00Z") / 1000, untilOn: "2026-12-01" });
  });

  it("gives the plan of tiers in force and the next one", () => {
    const [plan] = sampleRules().tierPlans;
    if (!plan) throw new Error("no plan");
    const tierPlans = [
      { ...plan, effectiveAt: at(30), enabled: false },
      { ...plan, effectiveAt: at(-300) },
      { ...plan, effectiveAt: at(-10) },
      { ...plan, effectiveAt: at(60) },
    ];
    const shown = value({ rules: rules({ tierPlans }) }).tiers;
    expect(shown.map(({ list }) => list.length)).toEqual([3, 0]);
    expect(shown[0]?.until).toBe(shown[1]?.from);
  });

  it("fits into a metafield however much the merchant sets up, and never promises what it cannot know", () => {
    const ids = (count: number, from: number) =>
      Array.from({ length: count }, (_, i) => String(9_000_000_000_000 + from + i));
    const tags = Array.from({ length: 250 }, (_, i) => `${i}`.padEnd(255, "あ"));
    const huge = { productIds: ids(1000, 0), variantIds: ids(1000, 5_000), collectionIds: ids(250, 9_000), tags };
    const text = { en: "x".repeat(300), ja: "あ".repeat(300) };
    const terms = SAMPLE_REWARDS[3]?.terms;
    if (!terms) throw new Error("no terms");
    const rewards = Array.from({ length: 200 }, (_, i) =>
      sampleReward(i, 100, text, terms, { texts: { title: text, description: text } }),
    );
    const campaigns = Array.from({ length: 50 }, (_, i) =>
      sampleCampaign(NOW, { id: `c${i}`, name: text, products: { include: huge, exclude: NOTHING } }),
    );
    const many = sampleRules({ campaigns, products: { include: huge, exclude: huge } });
    const shown = value({ rules: many, rewards });
    expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThan(128_000);
    expect(shown.knowsProducts).toBe(false);
    expect(shown.campaigns).toEqual([]);
    expect(shown.rewards.length).toBeGreaterThan(0);
    expect(value({ rules: sampleRules() }).knowsProducts).toBe(true);
  });
});
