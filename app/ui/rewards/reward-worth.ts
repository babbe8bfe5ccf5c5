// What a reward is worth to the shopper and costs the merchant, and what to be careful about. Pure.
import { divideRounded, proportion } from "../../loyalty/money";
import { isCodeKind, type RewardDraft, type RewardKind } from "../../loyalty/rewards/reward-terms";

/** How the program gives points; orders are what points cost a shopper. */
export interface EarningRate {
  points: number;
  perMinor: number;
}
export interface RewardWorth {
  /** Points of the example: the cost, or what is worth a whole unit for points_off. */
  points: number;
  /** Face value in minor units; null where it depends on the cart or is no money. */
  valueMinor: number | null;
  /** Orders that earn so many points at the plain rate. */
  spendMinor: number;
  /** Face value as a share of those orders, in tenths of a percent. */
  returnPermille: number | null;
}

/** The worth of one redemption. */
export function worthOf({ points, terms }: Pick<RewardDraft, "points" | "terms">, rate: EarningRate): RewardWorth {
  const used = terms.kind === "points_off" ? wholeSteps(Math.max(points, 100), terms.pointsPerStep) : points;
  const valueMinor =
    terms.kind === "points_off"
      ? proportion(used, terms.minorPerStep, terms.pointsPerStep, "down")
      : "valueMinor" in terms
        ? terms.valueMinor
        : terms.kind === "percentage_off"
          ? terms.capMinor
          : terms.kind === "free_shipping"
            ? terms.maximumShippingMinor
            : null;
  const spendMinor = proportion(used, rate.perMinor, rate.points, "up");
  return {
    points: used,
    valueMinor,
    spendMinor,
    returnPermille: valueMinor === null ? null : proportion(valueMinor, 1000, spendMinor, "half_up"),
  };
}

function wholeSteps(points: number, step: number): number {
  return Math.max(step, Number(divideRounded(BigInt(points), BigInt(step), "down")) * step);
}

/** What one point is worth in hundredths of a minor unit. */
export function pointValueHundredths({ points, valueMinor }: RewardWorth): number | null {
  return valueMinor === null || points === 0 ? null : proportion(valueMinor, 100, points, "half_up");
}

export type Caution =
  /** Not a discount in the own shop: a premium under Japanese law, limited by the value of the purchase. */
  | { kind: "premium"; limitMinor: number; baseMinor: number }
  /** The same law, for something whose value only the merchant knows. */
  | { kind: "premium_unknown" }
  | { kind: "generous"; permille: number }
  | { kind: "free_order" }
  | { kind: "never_expires" }
  | { kind: "needs_codes" }
  | { kind: "no_places" };

/** Own-shop discounts, points, credit and shipping reduce a price; these give something else. */
const PREMIUM_KINDS: RewardKind[] = ["free_product", "voucher", "place"];
const SMALL_PURCHASE_MINOR = 1_000;
const SMALL_PREMIUM_MINOR = 200;
const GENEROUS_PERMILLE = 200;

/** What the merchant should know before shoppers see it. */
export function cautionsOf(
  reward: Pick<RewardDraft, "points" | "terms" | "stock">,
  shop: { rate: EarningRate; country: string | null; currency: string; codesLeft: number | null },
): Caution[] {
  const { terms } = reward;
  const worth = worthOf(reward, shop.rate);
  const cautions: Caution[] = [];
  if (shop.country === "JP" && shop.currency === "JPY") cautions.push(...premiumCautions(reward, worth));
  if (worth.returnPermille !== null && worth.returnPermille > GENEROUS_PERMILLE && terms.kind !== "donation")
    cautions.push({ kind: "generous", permille: worth.returnPermille });
  if (isCodeKind(terms.kind) && "valueMinor" in terms && terms.kind === "amount_off")
    if ((terms.minimumOrderMinor ?? 0) <= terms.valueMinor) cautions.push({ kind: "free_order" });
  if (terms.kind === "store_credit" && terms.validDays === null) cautions.push({ kind: "never_expires" });
  if (terms.kind === "voucher" && shop.codesLeft === 0) cautions.push({ kind: "needs_codes" });
  if (terms.kind === "place" && reward.stock === null) cautions.push({ kind: "no_places" });
  return cautions;
}

function premiumCautions({ terms }: Pick<RewardDraft, "terms">, worth: RewardWorth): Caution[] {
  if (!PREMIUM_KINDS.includes(terms.kind)) return [];
  if (worth.valueMinor === null) return [{ kind: "premium_unknown" }];
  const minimum = "minimumOrderMinor" in terms ? terms.minimumOrderMinor : null;
  const baseMinor = minimum ?? worth.spendMinor;
  const limitMinor =
    baseMinor < SMALL_PURCHASE_MINOR ? SMALL_PREMIUM_MINOR : Number(divideRounded(BigInt(baseMinor), 5n, "down"));
  return worth.valueMinor > limitMinor ? [{ kind: "premium", limitMinor, baseMinor }] : [];
}
