// Settings drawn for a soak, and how they are saved: through the app's own page, as a merchant does.
import type { Random } from "../../simulator/random";
import type { SimShop } from "../../simulator/state";
import type { SoakRules } from "./expected-holdings";

/** A tag of one of the products in `true-history.ts`. */
export const EXCLUDED_TAG = "sale";

/** Draws settings; amounts fit the currency. */
export function drawRules(random: Random, shop: Pick<SimShop, "currency" | "taxesIncluded">): SoakRules {
  const isYen = shop.currency === "JPY";
  const orNull = <T>(share: number, value: T): T | null => (random.chance(share) ? value : null);
  return {
    rate: {
      points: random.pick([1, 1, 3, 5]),
      perMinor: random.pick(isYen ? [100, 100, 110, 7] : [100, 100, 33, 250]),
    },
    rounding: random.pick(["down", "down", "up", "half_up"]),
    discounts: random.pick(["after", "after", "before"]),
    includeTax: random.chance(0.7) ? shop.taxesIncluded : !shop.taxesIncluded,
    includeShipping: random.chance(0.3),
    includePaidWithGiftCard: random.chance(0.6),
    excludedTag: orNull(0.4, EXCLUDED_TAG),
    minimum: orNull(0.4, { minor: isYen ? 3_000 : 3_000, retestOnRefund: random.chance(0.7) }),
    perOrder: orNull(0.3, isYen ? 90 : 80),
    perDay: orNull(0.3, isYen ? 150 : 120),
    firstOrderBonus: orNull(0.6, {
      points: random.pick([100, 77]),
      onRefund: random.pick(["proportional", "until_nothing_kept"] as const),
    }),
    trigger: random.pick(["paid", "paid", "fulfilled", "delivered"]),
    holdDays: random.pick([0, 0, 1, 3]),
  };
}

/** The body that the earning page saves. */
export function toEarningRules(rules: SoakRules): Record<string, unknown> {
  const none = { productIds: [], variantIds: [], collectionIds: [], tags: [] };
  return {
    status: "live",
    startsAt: null,
    previewCustomerIds: [],
    participation: { who: "everyone", tags: [], excludeTags: [], excludeB2b: true },
    rate: rules.rate,
    rounding: rules.rounding,
    base: {
      discounts: rules.discounts,
      includeTax: rules.includeTax,
      includeShipping: rules.includeShipping,
      includeGiftCardLines: false,
      includePaidWithGiftCard: rules.includePaidWithGiftCard,
      includePaidWithStoreCredit: true,
      includeDuties: false,
      includeTip: false,
    },
    products: { include: null, exclude: rules.excludedTag === null ? none : { ...none, tags: [rules.excludedTag] } },
    minimum: rules.minimum,
    caps: { perOrder: rules.perOrder, perDay: rules.perDay },
    firstOrderBonus: rules.firstOrderBonus,
    trigger: rules.trigger,
    holdDays: rules.holdDays,
    clawback: "debt",
    repayDebtFirst: true,
    expiry: { kind: "never" },
    testOrders: "development_only",
    channels: ["online", "pos", "draft", "subscription", "other"],
    highRisk: "hold",
    guestClaimDays: 60,
  };
}
