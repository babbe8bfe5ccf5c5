import { describe, expect, it } from "vitest";

import type { Campaign } from "../../../app/loyalty/program-parts";
import { draftFromCampaign, newCampaignDraft, readCampaign, readTimes } from "../../../app/ui/campaigns/campaign-draft";
import { layOutStrip, overlapsOf, putCampaign, stateOf } from "../../../app/ui/campaigns/campaign-plan";

const TOKYO = { currency: "JPY", timeZone: "Asia/Tokyo" };
const NEW_YORK = { currency: "USD", timeZone: "America/New_York" };
const NO_PRODUCTS = { productIds: [], variantIds: [], collectionIds: [], tags: [] };

function campaign(change: Partial<Campaign> = {}): Campaign {
  return {
    id: "double",
    enabled: true,
    name: { en: "Double days", ja: "ポイント2倍" },
    from: "2026-11-30T15:00:00.000Z",
    until: "2026-12-25T15:00:00.000Z",
    effect: { kind: "multiplier", percent: 200 },
    audience: { tierIds: [], tags: [], channels: [], orders: "any" },
    products: { include: null, exclude: NO_PRODUCTS },
    stacking: "best",
    priority: 0,
    caps: { perOrder: null, perMember: null, budget: null },
    ...change,
  };
}

describe("the campaign form", () => {
  it("reads back exactly what was saved, in any zone", () => {
    const full = campaign({
      effect: { kind: "bonus", points: 300, onRefund: "proportional" },
      audience: { tierIds: ["gold"], tags: ["VIP"], channels: ["pos"], orders: "repeat" },
      products: { include: { ...NO_PRODUCTS, tags: ["sale"] }, exclude: NO_PRODUCTS },
      stacking: "adds",
      priority: 7,
      caps: { perOrder: 100, perMember: 500, budget: 10_000 },
    });
    for (const context of [TOKYO, NEW_YORK])
      for (const saved of [full, campaign(), campaign({ effect: { kind: "multiplier", percent: 150 } })])
        expect(readCampaign(draftFromCampaign(saved, context), context)).toEqual({ value: saved });
  });

  it("finds what is missing at its field and keeps the rest", () => {
    expect(readCampaign(newCampaignDraft("x"), TOKYO)).toEqual({
      errors: { from: { code: "date" }, until: { code: "date" }, name: { code: "text" } },
    });
    const draft = draftFromCampaign(campaign(), TOKYO);
    expect(readCampaign({ ...draft, until: draft.from }, TOKYO)).toEqual({ errors: { until: { code: "order" } } });
    expect(readCampaign({ ...draft, times: "1" }, TOKYO)).toEqual({ errors: { times: { code: "times" } } });
    expect(readCampaign({ ...draft, productScope: "only" }, TOKYO)).toEqual({
      errors: { include: { code: "products" } },
    });
  });

  it("means its window in the shop's zone, across a clock change", () => {
    const draft = { ...draftFromCampaign(campaign(), NEW_YORK), from: "2026-10-31T00:00", until: "2026-11-02T00:00" };
    expect(readCampaign(draft, NEW_YORK)).toMatchObject({
      value: { from: "2026-10-31T04:00:00.000Z", until: "2026-11-02T05:00:00.000Z" },
    });
  });

  it.each([
    ["2", 200],
    ["1.5", 150],
    ["×1.05", 105],
    ["１.５", 150],
    ["", null],
    ["1.555", null],
    ["two", null],
  ])("reads %s times as %s percent", (typed, percent) => {
    expect(readTimes(typed)).toBe(percent);
  });
});

describe("campaigns beside each other", () => {
  const other = (change: Partial<Campaign>) => campaign({ id: "other", ...change });
  const outcome = (mine: Partial<Campaign>, theirs: Partial<Campaign>) =>
    overlapsOf(campaign(mine), [other(theirs)])[0]?.outcome ?? null;

  it("B13 says which of two campaigns applies", () => {
    expect(outcome({ priority: 1 }, {})).toBe("this_wins");
    expect(outcome({}, { priority: 1 })).toBe("other_wins");
    expect(outcome({}, {})).toBe("more_points");
    expect(outcome({ stacking: "adds" }, { priority: 9 })).toBe("both");
  });

  it("leaves out those that can never meet in an order", () => {
    expect(outcome({}, { from: "2026-12-25T15:00:00.000Z", until: "2027-01-01T00:00:00.000Z" })).toBeNull();
    expect(outcome({}, { enabled: false })).toBeNull();
    const audience = campaign().audience;
    expect(
      outcome({ audience: { ...audience, orders: "first" } }, { audience: { ...audience, orders: "repeat" } }),
    ).toBeNull();
    expect(
      outcome({ audience: { ...audience, channels: ["pos"] } }, { audience: { ...audience, channels: ["online"] } }),
    ).toBeNull();
    const only = (productIds: string[]) => ({ include: { ...NO_PRODUCTS, productIds }, exclude: NO_PRODUCTS });
    expect(outcome({ products: only(["a"]) }, { products: only(["b"]) })).toBeNull();
    expect(outcome({ products: only(["a"]) }, { products: only(["a", "b"]) })).toBe("more_points");
  });

  it("names the time they share", () => {
    const [overlap] = overlapsOf(campaign(), [other({ from: "2026-12-10T00:00:00.000Z" })]);
    expect(overlap).toMatchObject({ from: "2026-12-10T00:00:00.000Z", until: "2026-12-25T15:00:00.000Z" });
  });
});

describe("the strip of months", () => {
  const now = "2026-11-22T03:00:00Z";

  it("shows three months of the shop's calendar and what falls into them", () => {
    const strip = layOutStrip(
      [
        campaign(),
        campaign({ id: "long", from: "2026-01-01T00:00:00.000Z", until: "2027-12-01T00:00:00.000Z" }),
        campaign({ id: "past", from: "2026-01-01T00:00:00.000Z", until: "2026-02-01T00:00:00.000Z" }),
      ],
      now,
      "Asia/Tokyo",
    );
    expect(strip.months.map(({ at }) => at)).toEqual([
      "2026-10-31T15:00:00.000Z",
      "2026-11-30T15:00:00.000Z",
      "2026-12-31T15:00:00.000Z",
    ]);
    expect(strip.rows.map(({ campaign: { id } }) => id)).toEqual(["long", "double"]);
    expect(strip.rows[0]).toMatchObject({ left: 0, width: 100 });
    const bar = strip.rows[1];
    expect(bar?.left).toBeCloseTo((30 / 92) * 100);
    expect(bar?.shared).toEqual([{ left: bar?.left, width: bar?.width }]);
    expect(strip.today).toBeGreaterThan(20);
  });

  it("knows where a campaign stands", () => {
    const at = (change: Partial<Campaign>, granted = 0) => stateOf(campaign(change), granted, now);
    expect(at({})).toBe("planned");
    expect(at({ from: "2026-11-22T03:00:00.000Z" })).toBe("running");
    expect(at({ enabled: false })).toBe("off");
    expect(at({ from: "2026-01-01T00:00:00.000Z", until: "2026-11-22T03:00:00.000Z" })).toBe("ended");
    expect(at({ enabled: false, caps: { perOrder: null, perMember: null, budget: 100 } }, 100)).toBe("budget_used");
  });

  it("puts a saved campaign in its place", () => {
    expect(putCampaign([{ id: "a" }, { id: "b" }], { id: "a", n: 1 } as { id: string })).toEqual([
      { id: "a", n: 1 },
      { id: "b" },
    ]);
    expect(putCampaign([{ id: "a" }], { id: "c" })).toEqual([{ id: "a" }, { id: "c" }]);
  });
});
