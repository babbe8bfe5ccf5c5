// A program that uses every part of the storefront, for the blocks to show.
import { defaultEarningRules, type EarningRules } from "../../app/loyalty/earning-rules";
import type { Campaign, Tier } from "../../app/loyalty/program-parts";
import type { Reward, RewardTerms } from "../../app/loyalty/rewards/reward-terms";

export const NOTHING = { productIds: [], variantIds: [], collectionIds: [], tags: [] };

const tier = (id: string, en: string, ja: string, threshold: number, multiplierPercent: number): Tier => ({
  id,
  name: { en, ja },
  threshold,
  multiplierPercent,
  entryPoints: threshold === 0 ? null : 300,
  perks: threshold === 0 ? [] : [{ en: "Early look at new things", ja: "新商品の先行ご案内" }],
  color: null,
});

/** A campaign over everything, from yesterday until in nine days. */
export function sampleCampaign(now: Date, over: Partial<Campaign> = {}): Campaign {
  return {
    id: "autumn",
    enabled: true,
    name: { en: "Autumn days", ja: "秋のポイント祭" },
    from: new Date(now.getTime() - 86_400_000).toISOString(),
    until: new Date(now.getTime() + 9 * 86_400_000).toISOString(),
    effect: { kind: "multiplier", percent: 200 },
    audience: { tierIds: [], tags: [], channels: [], orders: "any" },
    products: { include: null, exclude: NOTHING },
    stacking: "best",
    priority: 0,
    caps: { perOrder: null, perMember: null, budget: null },
    ...over,
  };
}

/** Ways, tiers, referral and no campaign, for a shop in yen. */
export function sampleRules(over: Partial<EarningRules> = {}): EarningRules {
  const way = { enabled: true, holdDays: 0 };
  return {
    ...defaultEarningRules({ currency: "JPY", taxesIncluded: true }),
    ways: [
      { ...way, id: "join", kind: "join", points: 100 },
      { ...way, id: "newsletter", kind: "newsletter", points: 50 },
      { ...way, id: "birthday", kind: "birthday", points: 500, noticeDays: 30, lockDays: 365 },
      { ...way, id: "third", kind: "nth_order", points: 300, n: 3, repeat: "every", onRefund: "proportional" },
      { ...way, id: "big", kind: "spend_threshold", points: 200, thresholdMinor: 10_000 },
      {
        ...way,
        id: "insta",
        kind: "social",
        points: 30,
        holdDays: 3,
        action: "follow",
        platform: "instagram",
        url: "https://instagram.example/kinari",
        every: "once",
      },
      { ...way, id: "off", kind: "sms", points: 20, enabled: false },
    ],
    tierPlans: [
      {
        effectiveAt: "2026-01-01T00:00:00Z",
        enabled: true,
        metric: "spend",
        window: { kind: "calendar_year", startMonth: 1 },
        graceDays: 0,
        grandfather: false,
        tiers: [
          tier("regular", "Regular", "レギュラー", 0, 100),
          tier("silver", "Silver", "シルバー", 30_000, 150),
          tier("gold", "Gold", "ゴールド", 80_000, 200),
        ],
      },
    ],
    referral: {
      enabled: true,
      friend: { kind: "amount", value: 500, minimumMinor: 3_000, validDays: 30 },
      advocatePoints: 500,
      holdDays: 14,
      minimumOrderMinor: 3_000,
      perMonthMax: 10,
    },
    ...over,
  };
}

/** An active reward. */
export function sampleReward(
  id: number,
  points: number,
  title: { en: string; ja: string },
  terms: RewardTerms,
  over: Partial<Reward> = {},
): Reward {
  return {
    id,
    points,
    terms,
    texts: { title, description: { en: "", ja: "" } },
    picture: null,
    stock: null,
    status: "active",
    position: id,
    taken: 0,
    revision: 1,
    ...over,
  };
}

const always = { perMemberLimit: null, tierIds: [], from: null, until: null };
const code = {
  ...always,
  validDays: 60,
  minimumOrderMinor: null,
  combinesWith: { order: false, product: false, shipping: true },
};
const worthMore = { appliesTo: null, worthMore: "limit" } as const;

export const SAMPLE_REWARDS: Reward[] = [
  sampleReward(
    1,
    100,
    { en: "Points as money", ja: "ポイントをお買い物に使う" },
    { kind: "points_off", ...code, pointsPerStep: 1, minorPerStep: 1, pointsMax: 5_000, ...worthMore },
  ),
  sampleReward(
    2,
    500,
    { en: "¥600 off", ja: "600円割引" },
    { kind: "amount_off", ...code, minimumOrderMinor: 3_000, valueMinor: 600, ...worthMore },
  ),
  sampleReward(
    3,
    1_400,
    { en: "Free shipping", ja: "送料無料" },
    { kind: "free_shipping", ...code, maximumShippingMinor: null },
  ),
  sampleReward(
    4,
    800,
    { en: "A cup from the kiln", ja: "波佐見の湯のみ" },
    { kind: "place", ...always, tierIds: ["gold"], happensAt: null },
  ),
  sampleReward(
    5,
    50,
    { en: "Draft", ja: "下書き" },
    { kind: "early_access", ...always, tag: "early" },
    { status: "draft" },
  ),
];
