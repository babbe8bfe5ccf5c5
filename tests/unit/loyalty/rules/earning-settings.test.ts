// Which settings a program may have: each limit, its last value in and the first one out; and what a shop begins with.
import { describe, expect, it } from "vitest";

import { defaultEarningRules, earningRulesSchema, type EarningRules } from "../../../../app/loyalty/earning-rules";

const yen = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const accepts = (change: Record<string, unknown>): boolean =>
  earningRulesSchema.safeParse({ ...yen, ...change }).success;
const part = (name: "participation" | "rate" | "base" | "caps", change: Record<string, unknown>) => ({
  [name]: { ...yen[name], ...change },
});
const bonus = (points: unknown, onRefund: unknown = "proportional") => ({ firstOrderBonus: { points, onRefund } });
const minimum = (minor: unknown, retestOnRefund: unknown = true) => ({ minimum: { minor, retestOnRefund } });
const texts = (count: number, text = "x") => Array.from({ length: count }, () => text);

describe("what a program may say", () => {
  const LIMITS: [string, Record<string, unknown>[], Record<string, unknown>[]][] = [
    ["status", [{ status: "live" }, { status: "paused" }], [{ status: "" }, { status: "draft" }]],
    [
      "beginning",
      [{ startsAt: null }, { startsAt: "2026-01-01T00:00:00Z" }, { startsAt: "2026-01-01T09:00:00+09:00" }],
      [{ startsAt: "2026-01-01" }, { startsAt: "soon" }],
    ],
    [
      "preview",
      [{ previewCustomerIds: [] }, { previewCustomerIds: texts(250, "x".repeat(255)) }],
      [{ previewCustomerIds: texts(251) }, { previewCustomerIds: ["x".repeat(256)] }, { previewCustomerIds: [" "] }],
    ],
    [
      "participation",
      [
        part("participation", { who: "joined" }),
        part("participation", { who: "tagged", tags: ["vip"] }),
        part("participation", { tags: texts(250), excludeTags: texts(250), excludeB2b: false }),
      ],
      [
        part("participation", { who: "nobody" }),
        part("participation", { tags: texts(251) }),
        part("participation", { excludeTags: texts(251) }),
        part("participation", { excludeB2b: "yes" }),
        part("participation", { other: 1 }),
      ],
    ],
    [
      "rate",
      [part("rate", { points: 1, perMinor: 1 }), part("rate", { points: 1_000_000, perMinor: 1_000_000_000_000 })],
      [
        ...[0, 1_000_001, 1.5].map((points) => part("rate", { points })),
        ...[0, 1_000_000_000_001, 1.5].map((perMinor) => part("rate", { perMinor })),
        part("rate", { other: 1 }),
      ],
    ],
    ["rounding", ["down", "up", "half_up"].map((rounding) => ({ rounding })), [{ rounding: "" }]],
    [
      "base",
      [part("base", { discounts: "before" }), part("base", { includePaidWithPoints: undefined })],
      [
        part("base", { discounts: "" }),
        ...Object.keys(yen.base).map((name) => part("base", { [name]: name === "discounts" ? "both" : "yes" })),
        part("base", { other: true }),
      ],
    ],
    [
      "minimum",
      [{ minimum: null }, minimum(0), minimum(1_000_000_000_000)],
      [minimum(-1), minimum(1_000_000_000_001), minimum(1.5), minimum(1, "yes"), { minimum: {} }],
    ],
    [
      "caps",
      [part("caps", { perOrder: 1, perDay: 1_000_000_000 }), part("caps", { perOrder: 1_000_000_000, perDay: 1 })],
      [
        ...[0, 1_000_000_001, 1.5].flatMap((cap) => [part("caps", { perOrder: cap }), part("caps", { perDay: cap })]),
        part("caps", { other: 1 }),
      ],
    ],
    [
      "first order",
      [bonus(1), bonus(1_000_000_000, "until_nothing_kept"), { firstOrderBonus: null }],
      [bonus(0), bonus(1_000_000_001), bonus(1, ""), bonus(1, "never"), { firstOrderBonus: {} }],
    ],
    ["trigger", ["paid", "fulfilled", "delivered"].map((trigger) => ({ trigger })), [{ trigger: "" }]],
    ["hold", [{ holdDays: 0 }, { holdDays: 90 }], [{ holdDays: -1 }, { holdDays: 91 }, { holdDays: 0.5 }]],
    ["clawback", [{ clawback: "debt" }, { clawback: "forgive" }], [{ clawback: "" }, { repayDebtFirst: "yes" }]],
    [
      "test orders",
      ["never", "development_only", "always"].map((testOrders) => ({ testOrders })),
      [{ testOrders: "" }],
    ],
    [
      "channels",
      [{ channels: ["pos"] }, { channels: ["online", "pos", "draft", "subscription", "other"] }],
      [{ channels: [] }, { channels: texts(6, "pos") }, { channels: ["street"] }],
    ],
    ["risk", ["earn", "hold", "none"].map((highRisk) => ({ highRisk })), [{ highRisk: "" }]],
    [
      "claims",
      [{ guestClaimDays: 0 }, { guestClaimDays: 3_650 }],
      [{ guestClaimDays: -1 }, { guestClaimDays: 3_651 }, { guestClaimDays: 1.5 }],
    ],
    ["nothing else", [{}], [{ other: 1 }]],
  ];
  it.each(LIMITS)("%s", (_name, good, bad) => {
    expect(good.filter((change) => !accepts(change))).toEqual([]);
    expect(bad.filter(accepts)).toEqual([]);
  });

  it("tags are named where only tagged customers take part, and the page can point at them", () => {
    const read = earningRulesSchema.safeParse({ ...yen, ...part("participation", { who: "tagged" }) });
    expect(read.error?.issues).toMatchObject([{ path: ["participation", "tags"], params: { code: "tags_missing" } }]);
  });

  it("words lose the space around them, and what an older version did not know is as it was", () => {
    const base: Partial<EarningRules["base"]> = { ...yen.base };
    delete base.includePaidWithPoints;
    const read = earningRulesSchema.parse({ ...yen, base, previewCustomerIds: [" 501 "] });
    expect(read).toEqual({ ...yen, previewCustomerIds: ["501"] });
  });
});

describe("what a shop begins with", () => {
  it.each([
    ["JPY", 100],
    ["KRW", 100],
    ["USD", 100],
    ["KWD", 1_000],
  ])("%s: one point per %s minor units", (currency, perMinor) => {
    expect(defaultEarningRules({ currency, taxesIncluded: false }).rate).toEqual({ points: 1, perMinor });
  });

  it("the defaults of the table, which are a program that may be saved", () => {
    expect(earningRulesSchema.parse(yen)).toEqual(yen);
    expect(defaultEarningRules({ currency: "JPY", taxesIncluded: true })).toEqual({
      ...{ status: "live", startsAt: null, previewCustomerIds: [], rounding: "down", minimum: null },
      participation: { who: "everyone", tags: [], excludeTags: [], excludeB2b: true },
      rate: { points: 1, perMinor: 100 },
      base: {
        ...{ discounts: "after", includeTax: true, includeShipping: false, includeGiftCardLines: false },
        ...{ includePaidWithGiftCard: true, includePaidWithStoreCredit: true, includeDuties: false },
        ...{ includeTip: false, includePaidWithPoints: false },
      },
      products: { include: null, exclude: { productIds: [], variantIds: [], collectionIds: [], tags: [] } },
      ...{ caps: { perOrder: null, perDay: null }, firstOrderBonus: null, trigger: "paid", holdDays: 0 },
      ...{ clawback: "debt", repayDebtFirst: true, expiry: { kind: "after_months", months: 12 } },
      ...{ testOrders: "development_only", channels: ["online", "pos", "draft", "subscription", "other"] },
      ...{ highRisk: "hold", guestClaimDays: 60, ways: [], campaigns: [], tierPlans: [], referral: null },
      ...{ expiryReminders: [30, 7], returns: { graceDays: 30 } },
    });
    expect(defaultEarningRules({ currency: "USD", taxesIncluded: false }).base.includeTax).toBe(false);
  });
});
