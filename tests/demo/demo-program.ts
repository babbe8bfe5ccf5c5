// What a merchant of the demo would have set up: the plain order rule, and one of each other part. Tiers have
// perks and no multiplier, so that what an order earns can be worked out in one's head.
import { defaultEarningRules, type EarningRules } from "../../app/loyalty/earning-rules";
import { programOf, templateDefaults } from "../../app/loyalty/program-templates";
import type { RewardDraft } from "../../app/loyalty/rewards/reward-terms";

const DAY_MS = 86_400_000;

/** The program and the rewards of a demo shop that opens at `now`. */
export function demoProgram(
  shop: { currency: string; taxesIncluded: boolean },
  now: Date,
): { changes: EarningRules; rewards: RewardDraft[] } {
  const template = programOf(
    "cosmetics",
    { ...templateDefaults("cosmetics"), includesPast: true },
    { currency: shop.currency, now: now.toISOString() },
  );
  const donation = programOf("food", templateDefaults("food"), { currency: shop.currency, now: now.toISOString() });
  const plan = template.tierPlan;
  return {
    changes: {
      ...defaultEarningRules(shop),
      // Points that expire one day show more of the product than points that never do.
      expiry: { kind: "after_months", months: 12 },
      ways: [
        ...(template.changes.ways ?? []),
        { id: "newsletter", kind: "newsletter", enabled: true, points: 50, holdDays: 0 },
        { id: "anniversary", kind: "anniversary", enabled: true, points: 100, holdDays: 0, yearsMax: null },
      ],
      tierPlans: plan
        ? [
            {
              ...plan,
              tiers: plan.tiers.map((tier) => ({
                ...tier,
                multiplierPercent: 100,
                entryPoints: null,
                perks: PERKS[tier.id] ?? [],
              })),
            },
          ]
        : [],
      campaigns: [nextMonth(now)],
      referral: {
        enabled: true,
        friend: { kind: "percentage", value: 10, minimumMinor: null, validDays: 30 },
        advocatePoints: 300,
        holdDays: 14,
        minimumOrderMinor: 0,
        perMonthMax: 10,
      },
    },
    rewards: [...template.rewards, ...donation.rewards.filter(({ terms }) => terms.kind === "donation")],
  };
}

const PERKS: Record<string, { en: string; ja: string }[]> = {
  silver: [{ en: "Gift wrapping at no charge", ja: "ギフト包装が無料" }],
  gold: [
    { en: "Gift wrapping at no charge", ja: "ギフト包装が無料" },
    { en: "Invitations to tastings and workshops", ja: "試飲会・ワークショップへのご招待" },
  ],
};

function nextMonth(now: Date): EarningRules["campaigns"][number] {
  const nothing = { productIds: [], variantIds: [], collectionIds: [], tags: [] };
  return {
    id: "double-week",
    enabled: true,
    name: { en: "Double points week", ja: "ポイント2倍ウィーク" },
    from: new Date(now.getTime() + 30 * DAY_MS).toISOString(),
    until: new Date(now.getTime() + 37 * DAY_MS).toISOString(),
    effect: { kind: "multiplier", percent: 200 },
    audience: { tierIds: [], tags: [], channels: [], orders: "any" },
    products: { include: null, exclude: nothing },
    stacking: "best",
    priority: 50,
    caps: { perOrder: null, perMember: null, budget: null },
  };
}
