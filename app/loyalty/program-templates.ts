// Ready programs: a whole program from four choices a merchant can make in a minute. Pure.
//
// One point is worth one minor unit (¥1, 1 cent), so "5 % back" reads as 5 points per ¥100 or per $1. The
// thresholds of tiers are the same numbers in both: ¥30,000 and $300.00.
import type { EarningRules } from "./earning-rules";
import { currencyDigits } from "./money";
import type { LocalizedText, Tier, TierPlan } from "./program-parts";
import type { RewardDraft, RewardTerms } from "./rewards/reward-terms";

export const TEMPLATES = ["cosmetics", "apparel", "food", "hobby"] as const;
export type TemplateId = (typeof TEMPLATES)[number];

export interface TemplateChoices {
  /** 1–20: points per 100 minor units. */
  giveBackPercent: number;
  /** 0: no welcome points. */
  welcomePoints: number;
  /** 0: no birthday points. */
  birthdayPoints: number;
  hasTiers: boolean;
  /** Whether orders from before the start earn as well. */
  includesPast: boolean;
}
export interface TemplateShop {
  currency: string;
  now: string;
}
export interface TemplateProgram {
  /** For saveProgram. */
  changes: Partial<EarningRules>;
  /** Replaces the plan in force from now on; null: tiers stay as they are. */
  tierPlan: TierPlan | null;
  rewards: RewardDraft[];
}

const DEFAULTS: Record<TemplateId, TemplateChoices> = {
  cosmetics: { giveBackPercent: 3, welcomePoints: 300, birthdayPoints: 500, hasTiers: true, includesPast: false },
  apparel: { giveBackPercent: 2, welcomePoints: 200, birthdayPoints: 500, hasTiers: true, includesPast: false },
  food: { giveBackPercent: 1, welcomePoints: 100, birthdayPoints: 200, hasTiers: false, includesPast: false },
  hobby: { giveBackPercent: 2, welcomePoints: 100, birthdayPoints: 300, hasTiers: true, includesPast: false },
};
/** What the template suggests. */
export function templateDefaults(id: TemplateId): TemplateChoices {
  return { ...DEFAULTS[id] };
}

// Skincare is bought again within months, food within weeks; collectors take their time.
const EXPIRY: Record<TemplateId, EarningRules["expiry"]> = {
  cosmetics: { kind: "after_inactivity", months: 12 },
  apparel: { kind: "after_months", months: 12 },
  food: { kind: "after_months", months: 6 },
  hobby: { kind: "after_inactivity", months: 24 },
};

/** The program that the choices describe, for `saveProgram` and `saveReward`. */
export function programOf(id: TemplateId, choices: TemplateChoices, shop: TemplateShop): TemplateProgram {
  const way = (kind: "join" | "birthday", points: number) =>
    points === 0 ? [] : [{ id: kind, enabled: true, points, holdDays: 0 }];
  return {
    changes: {
      status: "live",
      startsAt: choices.includesPast ? null : shop.now,
      rate: { points: choices.giveBackPercent, perMinor: 100 },
      rounding: "down",
      expiry: EXPIRY[id],
      expiryReminders: [30, 7],
      ways: [
        ...way("join", choices.welcomePoints).map((each) => ({ ...each, kind: "join" as const })),
        ...way("birthday", choices.birthdayPoints).map((each) => ({
          ...each,
          kind: "birthday" as const,
          noticeDays: 30,
          lockDays: 365,
        })),
      ],
    },
    tierPlan: choices.hasTiers ? tierPlan(shop.now) : null,
    rewards: rewardsOf(id, shop),
  };
}

function tierPlan(effectiveAt: string): TierPlan {
  const tier = (
    id: string,
    name: LocalizedText,
    terms: Pick<Tier, "threshold" | "multiplierPercent" | "entryPoints" | "color">,
  ) => ({
    id,
    name,
    perks: [],
    ...terms,
  });
  return {
    effectiveAt,
    enabled: true,
    metric: "spend",
    window: { kind: "rolling_months", months: 12 },
    graceDays: 30,
    grandfather: true,
    tiers: [
      tier(
        "regular",
        { en: "Regular", ja: "レギュラー" },
        { threshold: 0, multiplierPercent: 100, entryPoints: null, color: "#8a8f98" },
      ),
      tier(
        "silver",
        { en: "Silver", ja: "シルバー" },
        { threshold: 30_000, multiplierPercent: 150, entryPoints: 300, color: "#6b8fb5" },
      ),
      tier(
        "gold",
        { en: "Gold", ja: "ゴールド" },
        { threshold: 100_000, multiplierPercent: 200, entryPoints: 1_000, color: "#b8862b" },
      ),
    ],
  };
}

const COMMON = { perMemberLimit: null, tierIds: [], from: null, until: null };
const CODE = {
  ...COMMON,
  validDays: 60,
  minimumOrderMinor: null,
  combinesWith: { order: false, product: false, shipping: true },
};
function reward(points: number, terms: RewardTerms, title: LocalizedText, description: LocalizedText): RewardDraft {
  return { points, terms, texts: { title, description }, picture: null, stock: null };
}

function rewardsOf(id: TemplateId, { currency }: TemplateShop): RewardDraft[] {
  // Where money has decimals, points go by whole units: 100 points are $1.
  const step = 10 ** currencyDigits(currency);
  return [
    reward(
      step,
      {
        kind: "points_off",
        ...CODE,
        pointsPerStep: step,
        minorPerStep: step,
        pointsMax: null,
        appliesTo: null,
        worthMore: "return_rest",
      },
      { en: "Use points on your order", ja: "お買い物にポイントを使う" },
      {
        en: "As many as you like. What an order does not use comes back.",
        ja: "好きなだけお使いいただけます。使いきれなかった分は戻ります。",
      },
    ),
    reward(
      600,
      { kind: "free_shipping", ...CODE, maximumShippingMinor: null },
      { en: "Free shipping", ja: "送料無料" },
      { en: "For one order.", ja: "ご注文1回分の送料が無料になります。" },
    ),
    SPECIAL[id](),
  ];
}

const earlyAccess = (): RewardDraft =>
  reward(
    300,
    { kind: "early_access", ...COMMON, perMemberLimit: 1, tag: "early-access" },
    { en: "Early access", ja: "先行販売へのご招待" },
    { en: "See new arrivals before everybody else.", ja: "新商品を一般発売より先にご覧いただけます。" },
  );
const SPECIAL: Record<TemplateId, () => RewardDraft> = {
  cosmetics: earlyAccess,
  hobby: earlyAccess,
  apparel: () =>
    reward(
      2_700,
      { kind: "amount_off", ...CODE, valueMinor: 3_000, appliesTo: null, worthMore: "limit" },
      { en: "A bigger discount", ja: "おトクな割引クーポン" },
      { en: "Worth a little more than its points.", ja: "ポイント数より少しおトクなクーポンです。" },
    ),
  food: () =>
    reward(
      100,
      {
        kind: "donation",
        ...COMMON,
        valueMinor: 100,
        organisation: { en: "A food bank of your choice", ja: "お近くのフードバンク" },
        totalBeforeMinor: 0,
      },
      { en: "Give a meal", ja: "食事を届ける寄付" },
      { en: "We pass on the value of your points.", ja: "ポイントの価値をそのまま寄付します。" },
    ),
};
