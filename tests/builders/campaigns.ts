// Campaigns and tiers for tests: double points in June 2026 unless told otherwise.
import type { HeldTier } from "../../app/loyalty/earning-rules";
import type { Campaign, TierPlan } from "../../app/loyalty/program-parts";

export const NO_PRODUCTS = { productIds: [], variantIds: [], collectionIds: [], tags: [] };
export const TEA = "gid://shopify/Product/77";

export function campaign(fields: Partial<Campaign> = {}): Campaign {
  return {
    id: "sale",
    enabled: true,
    name: { en: "June fair", ja: "6月のフェア" },
    from: "2026-06-01T00:00:00.000Z",
    until: "2026-07-01T00:00:00.000Z",
    effect: { kind: "multiplier", percent: 200 },
    audience: { tierIds: [], tags: [], channels: [], orders: "any" },
    products: { include: null, exclude: NO_PRODUCTS },
    stacking: "best",
    priority: 50,
    caps: { perOrder: null, perMember: null, budget: null },
    ...fields,
  };
}

export const goldTier: HeldTier = { id: "gold", name: { en: "Gold", ja: "ゴールド" }, multiplierPercent: 150 };

/** Gold (×1.5) from ¥20,000 in a lifetime, from the beginning of 2026 on. */
export function goldPlan(fields: Partial<TierPlan> = {}): TierPlan {
  return {
    effectiveAt: "2026-01-01T00:00:00.000Z",
    enabled: true,
    metric: "spend",
    window: { kind: "lifetime" },
    graceDays: 0,
    grandfather: false,
    tiers: [{ ...goldTier, threshold: 20_000, entryPoints: null, perks: [], color: null }],
    ...fields,
  };
}
