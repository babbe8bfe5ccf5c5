// How many of a redemption's points an order that used its code has really spent, in its newest state. Pure.
import type { OrderFacts } from "../../shopify/order-facts";
import { keptAmounts } from "../kept-amounts";
import { proportion } from "../money";
import { isCodeKind, type RewardTerms } from "./reward-terms";

export interface SpentPoints {
  /** What the order keeps of them. */
  spent: number;
  /** Why the rest comes back, when some does. */
  because: "rest" | "refund";
}

// What was kept does not depend on what a rule counts.
const WHOLE = {
  discounts: "after",
  includeTax: true,
  includeShipping: false,
  includeGiftCardLines: true,
  includePaidWithGiftCard: true,
  includePaidWithStoreCredit: true,
  includeDuties: false,
  includeTip: false,
  includePaidWithPoints: true,
} as const;
const ALL_PRODUCTS = { include: null, exclude: { productIds: [], variantIds: [], collectionIds: [], tags: [] } };

/**
 * The points an order stands for: less the part its code was not worth (where the reward returns it), less
 * the share of the goods that was given back. Both are rounded down, so that no refund, however it is split,
 * gives back more than was used; an order of which nothing is kept gives back everything.
 */
export function spentPoints(
  redemption: { points: number; valueMinor: number | null; code: string | null; terms: RewardTerms },
  facts: OrderFacts,
): SpentPoints {
  const { points, valueMinor, terms } = redemption;
  if (isNothingKept(facts)) return { spent: 0, because: "refund" };
  const returnsRest = isCodeKind(terms.kind) && "worthMore" in terms && terms.worthMore === "return_rest";
  const usedMinor = returnsRest ? usedValue(facts, redemption.code) : null;
  const rest =
    usedMinor === null || valueMinor === null
      ? 0
      : proportion(points, Math.max(0, valueMinor - usedMinor), valueMinor, "down");
  const used = points - rest;
  const { part, whole } = givenBack(facts);
  const back = proportion(used, part, whole, "down");
  return { spent: used - back, because: back > 0 ? "refund" : "rest" };
}

function isNothingKept(facts: OrderFacts): boolean {
  if (facts.cancelledAt !== null || facts.financialStatus === "voided" || facts.financialStatus === "expired")
    return true;
  const { part, whole } = givenBack(facts);
  return whole > 0 && part >= whole;
}

/** What the code took off the order. null: this state of the order does not say. */
function usedValue(facts: OrderFacts & { discountCodes?: UsedCode[] }, code: string | null): number | null {
  const used = facts.discountCodes?.find((each) => each.code.toUpperCase() === code?.toUpperCase());
  return used?.amountMinor ?? null;
}
interface UsedCode {
  code: string;
  amountMinor: number;
}

// By money; where points paid for everything, by units at their list price.
function givenBack(facts: OrderFacts): { part: number; whole: number } {
  const whole = keptAmounts(facts, WHOLE, ALL_PRODUCTS, "gross").goodsMinor;
  if (whole > 0) return { part: whole - keptAmounts(facts, WHOLE, ALL_PRODUCTS, "now").goodsMinor, whole };
  let part = 0;
  let total = 0;
  for (const line of facts.lines) {
    total += line.amountMinor;
    const units = facts.refunds
      .filter(({ status }) => status === "success")
      .flatMap(({ lines }) => lines)
      .filter(({ lineId }) => lineId === line.lineId)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    part += proportion(line.amountMinor, Math.min(units, line.quantity), line.quantity, "down");
  }
  return { part, whole: total };
}
