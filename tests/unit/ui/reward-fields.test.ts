import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { REWARD_KINDS, type RewardDraft, type RewardTerms } from "../../../app/loyalty/rewards/reward-terms";
import { readCodes } from "../../../app/ui/rewards/read-codes";
import {
  errorsOfReward,
  fieldsOfReward,
  newRewardFields,
  readReward,
  type RewardFields,
} from "../../../app/ui/rewards/reward-fields";
import { cautionsOf, pointValueHundredths, worthOf } from "../../../app/ui/rewards/reward-worth";

const TOKYO = { currency: "JPY", timeZone: "Asia/Tokyo" };
const USD = { currency: "USD", timeZone: "America/New_York" };
const common = { perMemberLimit: 2, tierIds: ["gold"], from: "2026-12-01T00:00:00.000Z", until: null };
const code = {
  ...common,
  validDays: 30,
  minimumOrderMinor: 3_000,
  combinesWith: { order: false, product: true, shipping: true },
};
const appliesTo = { productIds: [], variantIds: [], collectionIds: ["gid://shopify/Collection/1"], tags: [] };
const text = { en: "A gift", ja: "プレゼント" };

const TERMS: RewardTerms[] = [
  { kind: "amount_off", ...code, valueMinor: 500, appliesTo, worthMore: "return_rest" },
  {
    kind: "points_off",
    ...code,
    pointsPerStep: 1,
    minorPerStep: 1,
    pointsMax: 5_000,
    appliesTo: null,
    worthMore: "limit",
  },
  { kind: "percentage_off", ...code, percent: 10, capMinor: 1_000, appliesTo: null },
  { kind: "free_shipping", ...code, maximumShippingMinor: null },
  { kind: "free_product", ...code, productId: "gid://shopify/Product/1", variantId: null, valueMinor: 800 },
  { kind: "gift_card", ...common, valueMinor: 1_000, validDays: 365 },
  { kind: "store_credit", ...common, valueMinor: 1_000, validDays: null },
  { kind: "donation", ...common, valueMinor: 100, organisation: text, totalBeforeMinor: 0 },
  { kind: "voucher", ...common, partner: text, valueMinor: null },
  { kind: "place", ...common, happensAt: "2026-12-24T09:00:00.000Z" },
  { kind: "early_access", ...common, tag: "early" },
];
const reward = (terms: RewardTerms): RewardDraft => ({
  points: 500,
  terms,
  texts: { title: text, description: { en: "", ja: "" } },
  picture: { url: "https://cdn.example.com/a.png", alt: text },
  stock: terms.kind === "voucher" ? null : 20,
});

describe("the reward form", () => {
  it("reads back exactly what was saved, for every kind", () => {
    expect(TERMS.map(({ kind }) => kind).sort()).toEqual([...REWARD_KINDS].sort());
    for (const context of [TOKYO, USD])
      for (const terms of TERMS)
        expect(readReward(fieldsOfReward(reward(terms), context), context)).toEqual({ value: reward(terms) });
  });

  it.each<[Partial<RewardFields> & Pick<RewardFields, "kind">, object]>([
    [{ kind: "amount_off", value: "" }, { value: { code: "amount" } }],
    [{ kind: "amount_off", value: "500", points: "0" }, { points: { code: "whole_from", min: 1 } }],
    [{ kind: "amount_off", value: "500", title: { en: " ", ja: "" } }, { title: { code: "text" } }],
    [{ kind: "amount_off", value: "500", pictureUrl: "data:x" }, { pictureUrl: { code: "url" } }],
    [{ kind: "amount_off", value: "500", appliesScope: "only" }, { appliesTo: { code: "products" } }],
    [
      { kind: "points_off", minorPerStep: "1", pointsPerStep: "100", points: "150" },
      { points: { code: "steps", min: 100 } },
    ],
    [
      { kind: "points_off", minorPerStep: "1", points: "10", pointsMax: "5" },
      { pointsMax: { code: "whole_from", min: 10 } },
    ],
    [{ kind: "percentage_off", percent: "101" }, { percent: { code: "whole_between", min: 1, max: 100 } }],
    [{ kind: "free_product", value: "100" }, { productId: { code: "product" } }],
    [{ kind: "donation", value: "100" }, { organisation: { code: "text" } }],
    [{ kind: "early_access" }, { tag: { code: "required" } }],
    [{ kind: "place", from: "2026-12-02T00:00", until: "2026-12-01T00:00" }, { until: { code: "order" } }],
  ])("finds %o wrong at its field", (patch, errors) => {
    expect(readReward({ ...newRewardFields(patch.kind), title: text, ...patch }, TOKYO)).toEqual({ errors });
  });

  it("refuses to mix collections and products, as Shopify's discounts do", () => {
    const fields = { ...newRewardFields("amount_off"), title: text, value: "1", appliesScope: "only" as const };
    const mixed = { ...appliesTo, productIds: ["gid://shopify/Product/1"] };
    expect(readReward({ ...fields, appliesTo: mixed }, TOKYO)).toEqual({
      errors: { appliesTo: { code: "products_or_collections" } },
    });
  });

  it("never throws, whatever is typed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...REWARD_KINDS), fc.string(), (kind, typed) => {
        const fields = { ...newRewardFields(kind), points: typed, value: typed, from: typed, stock: typed, cap: typed };
        const read = readReward(fields, TOKYO);
        expect("value" in read || Object.keys(read.errors).length > 0).toBe(true);
      }),
    );
  });

  it("puts the server's objections at the fields they belong to", () => {
    expect(errorsOfReward(["terms.capMinor", "texts.title", "picture.url", "terms.appliesTo.tags"])).toEqual({
      cap: { code: "range" },
      title: { code: "range" },
      pictureUrl: { code: "range" },
      appliesTo: { code: "range" },
    });
  });
});

describe("what a reward is worth", () => {
  const rate = { points: 1, perMinor: 100 };
  const find = (kind: RewardTerms["kind"]) => reward(TERMS.find((terms) => terms.kind === kind) as RewardTerms);
  const shop = { rate, country: "JP", currency: "JPY", codesLeft: null };
  const kindsOf = (draft: RewardDraft, change: Partial<Omit<typeof shop, "codesLeft">> & { codesLeft?: number } = {}) =>
    cautionsOf(draft, { ...shop, ...change }).map(({ kind }) => kind);

  it("follows points back to the orders that earn them", () => {
    const worth = worthOf(find("amount_off"), rate);
    expect(worth).toEqual({ points: 500, valueMinor: 500, spendMinor: 50_000, returnPermille: 10 });
    expect(pointValueHundredths(worth)).toBe(100);
    expect(worthOf(find("early_access"), rate)).toMatchObject({ valueMinor: null, returnPermille: null });
  });

  it("takes whole steps as the example of a free choice", () => {
    const draft = find("points_off");
    expect(worthOf({ ...draft, points: 1 }, rate)).toMatchObject({ points: 100, valueMinor: 100 });
  });

  it("warns of premiums only where something else than an own discount is given", () => {
    const dear = (draft: RewardDraft, valueMinor: number): RewardDraft => ({
      ...draft,
      terms: { ...draft.terms, valueMinor } as RewardTerms,
    });
    // 20 % of the minimum order of ¥3,000 is ¥600.
    expect(cautionsOf(find("free_product"), shop)).toEqual([{ kind: "premium", limitMinor: 600, baseMinor: 3_000 }]);
    expect(kindsOf(dear(find("free_product"), 600))).toEqual([]);
    expect(kindsOf(find("free_product"), { country: "US" })).toEqual([]);
    expect(kindsOf(find("voucher"))).toEqual(["premium_unknown"]);
    // 500 points take orders of ¥50,000: a voucher may be worth ¥10,000.
    expect(kindsOf(dear(find("voucher"), 10_000))).toEqual([]);
    expect(kindsOf(dear(find("voucher"), 10_001))).toContain("premium");
    // Below ¥1,000 it is ¥200.
    const small = { ...dear(find("voucher"), 201), points: 9 };
    expect(cautionsOf(small, shop)[0]).toEqual({ kind: "premium", limitMinor: 200, baseMinor: 900 });
    expect(kindsOf(dear(find("amount_off"), 2_900))).toEqual([]);
  });

  it("warns of a reward that gives back more than a fifth, of a free order and of an empty pool", () => {
    const amount = find("amount_off");
    const terms = { ...amount.terms, valueMinor: 10_100 } as RewardTerms;
    expect(kindsOf({ ...amount, terms })).toEqual(["generous", "free_order"]);
    expect(kindsOf(find("store_credit"))).toEqual(["never_expires"]);
    expect(kindsOf(find("voucher"), { country: "US", codesLeft: 0 })).toEqual(["needs_codes"]);
  });
});

describe("codes that are pasted", () => {
  it("reads a line each, or the first column of a table, once", () => {
    expect(readCodes("\uFEFFcode,worth\r\nAAA-1,500\r\n\r\nAAA-2,500\nAAA-1,500")).toEqual(["AAA-1", "AAA-2"]);
    expect(readCodes('"A,1";x\n"B ""2"""\tx')).toEqual(["A,1", 'B "2"']);
    expect(readCodes("コード\nX")).toEqual(["X"]);
    expect(readCodes(" \n ")).toEqual([]);
  });
});
