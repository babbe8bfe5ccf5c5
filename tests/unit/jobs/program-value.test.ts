import { describe, expect, it } from "vitest";

import { programValue } from "../../../app/jobs/program-value";
import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";

const TOKYO = { currency: "JPY", taxesIncluded: true };
const rules = (over: Partial<EarningRules> = {}): EarningRules => ({ ...defaultEarningRules(TOKYO), ...over });
const NOTHING = { productIds: [], variantIds: [], collectionIds: [], tags: [] };

describe("the program as theme blocks read it", () => {
  it("speaks Liquid's language: numbers for ids, lower case for tags", () => {
    const exclude = {
      productIds: ["gid://shopify/Product/11", "12"],
      variantIds: ["gid://shopify/ProductVariant/21"],
      collectionIds: ["gid://shopify/Collection/31"],
      tags: ["No-Points", " Sale "],
    };
    const value = programValue(rules({ products: { include: null, exclude } }), 1, TOKYO);
    expect(value.products).toEqual({
      include: null,
      exclude: { productIds: ["11", "12"], variantIds: ["21"], collectionIds: ["31"], tags: ["no-points", "sale"] },
    });
  });

  it("keeps an empty selection apart from no selection", () => {
    expect(
      programValue(rules({ products: { include: NOTHING, exclude: NOTHING } }), 1, TOKYO).products.include,
    ).toEqual(NOTHING);
    expect(programValue(rules(), 1, TOKYO).products.include).toBeNull();
  });

  it("shows nothing before the first save", () => {
    expect(programValue(rules(), 0, TOKYO).status).toBe("paused");
    expect(programValue(rules(), 1, TOKYO).status).toBe("live");
  });

  it("is approximate where tax counts but prices do not hold it, or the other way round", () => {
    const taxed = (includeTax: boolean) => rules({ base: { ...rules().base, includeTax } });
    expect(programValue(taxed(true), 1, TOKYO).approximate).toBe(false);
    expect(programValue(taxed(false), 1, TOKYO).approximate).toBe(true);
    expect(programValue(taxed(true), 1, { currency: "USD", taxesIncluded: false }).approximate).toBe(true);
  });
});
