// What the shopper kept of an order, line by line, and which part of it a rule counts. Pure.
import type { Minor, OrderFacts, OrderLineFacts } from "../shopify/order-facts";
import { allocate, proportion } from "./money";

/** A selection of products; a line matches when any list names it. */
export interface ProductFilter {
  productIds: string[];
  variantIds: string[];
  collectionIds: string[];
  tags: string[];
}
/** What counts as "the amount" of an order. */
export interface BaseSettings {
  discounts: "after" | "before";
  includeTax: boolean;
  includeShipping: boolean;
  includeGiftCardLines: boolean;
  includePaidWithGiftCard: boolean;
  includePaidWithStoreCredit: boolean;
  includeDuties: boolean;
  includeTip: boolean;
  /** Whether the part paid with points (our codes) earns as well. */
  includePaidWithPoints: boolean;
}
/** Which lines count. `include: null` means all. */
export interface ProductScope {
  include: ProductFilter | null;
  exclude: ProductFilter;
}

/** "now": only successful refunds subtracted. "gross": as if nothing was ever given back. */
export type Moment = "now" | "gross";

interface KeptLine {
  line: OrderLineFacts;
  /** After discounts, in the terms of the order: tax inside when its prices include tax. */
  netMinor: Minor;
  taxMinor: Minor;
}
/** A line that counts, with its part of the amount. */
export interface CountedLine {
  line: OrderLineFacts;
  countedMinor: Minor;
  /** Units kept. */
  units: number;
}
export interface KeptAmounts {
  /** What the rule counts. */
  baseMinor: Minor;
  /** The lines that make up the base; shipping, duties and tip are beside them. */
  lines: CountedLine[];
  /** Goods money kept, whatever the rule counts: says whether anything is left of the purchase. */
  goodsMinor: Minor;
  /** Goods money given back so far. */
  refundedMinor: Minor;
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
const atLeastZero = (amount: number): number => Math.max(0, amount);

/**
 * Applies the base settings to what is kept at the moment. Never negative.
 * @param paidWithPointsMinor the part of the discounts that was bought with points
 */
export function keptAmounts(
  facts: OrderFacts,
  base: BaseSettings,
  scope: ProductScope,
  moment: Moment,
  paidWithPointsMinor: Minor = 0,
): KeptAmounts {
  const refunds = moment === "gross" ? [] : facts.refunds.filter((refund) => refund.status === "success");
  const ordered = facts.lines.map((line) => ({ line, netMinor: orderedNet(line), taxMinor: orderedTax(line, facts) }));
  const afterLines = ordered.map((each) => subtractRefundLines(each, facts, refunds));
  const afterSpread = spread(afterLines, sum(refunds.map((refund) => refund.unallocatedMinor)));
  const otherValue = paidWithOtherValue(facts, base);
  const paid = spread(afterSpread, otherValue);
  const points = pointsParts(afterSpread, refunds, paidWithPointsMinor);
  const lines = paid.flatMap((each, index): CountedLine[] =>
    isEligible(each.line, base, scope)
      ? [
          {
            line: each.line,
            countedMinor: countedAmount(each, points[index] ?? 0, facts, base),
            units: keptUnits(each.line, refunds),
          },
        ]
      : [],
  );
  const goodsMinor = sum(afterSpread.map(({ netMinor }) => netMinor));
  // Other value first pays for goods; what it covers beyond them comes off the rest.
  const overflow = atLeastZero(otherValue - goodsMinor);
  const rest = countedBesidesGoods(facts, base, refunds);
  return {
    baseMinor: sum(lines.map(({ countedMinor }) => countedMinor)) + atLeastZero(rest - overflow),
    lines,
    goodsMinor,
    refundedMinor: sum(ordered.map(({ netMinor }) => netMinor)) - goodsMinor,
  };
}

function orderedNet(line: OrderLineFacts): Minor {
  return line.quantity === 0 ? 0 : atLeastZero(line.amountMinor - line.discountMinor);
}
function orderedTax(line: OrderLineFacts, facts: OrderFacts): Minor {
  if (line.quantity === 0) return 0;
  return facts.taxesIncluded ? Math.min(line.taxMinor, orderedNet(line)) : line.taxMinor;
}

function subtractRefundLines(kept: KeptLine, facts: OrderFacts, refunds: OrderFacts["refunds"]): KeptLine {
  const back = refunds.flatMap((refund) => refund.lines).filter(({ lineId }) => lineId === kept.line.lineId);
  if (back.length === 0) return kept;
  const units = sum(back.map(({ quantity }) => quantity));
  // All units back means nothing kept, whatever the cents of each refund added up to.
  if (units >= kept.line.quantity) return { ...kept, netMinor: 0, taxMinor: 0 };
  const netMinor = atLeastZero(kept.netMinor - atLeastZero(sum(back.map(({ subtotalMinor }) => subtotalMinor))));
  const taxMinor = atLeastZero(kept.taxMinor - atLeastZero(sum(back.map((each) => each.taxMinor))));
  return { ...kept, netMinor, taxMinor: facts.taxesIncluded ? Math.min(taxMinor, netMinor) : taxMinor };
}

// Spreads money that names no line over the lines by amount, with the largest remainder.
function spread(lines: KeptLine[], amountMinor: Minor): KeptLine[] {
  const total = sum(lines.map(({ netMinor }) => netMinor));
  const shares = allocate(
    Math.min(atLeastZero(amountMinor), total),
    lines.map(({ netMinor }) => netMinor),
  );
  return lines.map((each, index) => {
    const netMinor = each.netMinor - (shares[index] ?? 0);
    return { ...each, netMinor, taxMinor: proportion(each.taxMinor, netMinor, each.netMinor, "half_up") };
  });
}

function paidWithOtherValue(facts: OrderFacts, base: BaseSettings): Minor {
  return (
    (base.includePaidWithGiftCard ? 0 : facts.paidWithGiftCardMinor) +
    (base.includePaidWithStoreCredit ? 0 : facts.paidWithStoreCreditMinor)
  );
}

// What points paid for each line, as far as the line was kept. A line that points paid for in full has no
// money to tell by, so its units do.
function pointsParts(kept: KeptLine[], refunds: OrderFacts["refunds"], paidWithPointsMinor: Minor): Minor[] {
  if (paidWithPointsMinor === 0) return kept.map(() => 0);
  const discounts = kept.map(({ line }) => (line.quantity === 0 ? 0 : atLeastZero(line.discountMinor)));
  const parts = allocate(Math.min(paidWithPointsMinor, sum(discounts)), discounts);
  return kept.map(({ line, netMinor }, index) => {
    const part = parts[index] ?? 0;
    const ordered = orderedNet(line);
    if (ordered > 0) return proportion(part, netMinor, ordered, "half_up");
    return proportion(part, keptUnits(line, refunds), line.quantity, "half_up");
  });
}
function keptUnits(line: OrderLineFacts, refunds: OrderFacts["refunds"]): number {
  const back = refunds.flatMap((refund) => refund.lines).filter(({ lineId }) => lineId === line.lineId);
  return atLeastZero(line.quantity - sum(back.map(({ quantity }) => quantity)));
}

// The line's amount before discounts shrinks in the same proportion as the money kept.
function countedAmount(
  { line, netMinor, taxMinor }: KeptLine,
  pointsMinor: Minor,
  facts: OrderFacts,
  base: BaseSettings,
): Minor {
  const listed = base.discounts === "before" && orderedNet(line) > 0;
  const amount = listed ? proportion(line.amountMinor, netMinor, orderedNet(line), "half_up") : netMinor;
  const tax = listed ? proportion(taxMinor, amount, netMinor, "half_up") : taxMinor;
  const points =
    (base.includePaidWithPoints && !listed ? 1 : !base.includePaidWithPoints && listed ? -1 : 0) * pointsMinor;
  const pointsTax = Math.sign(points) * proportion(taxMinor, pointsMinor, netMinor, "half_up");
  if (facts.taxesIncluded) return atLeastZero(amount + points - (base.includeTax ? 0 : tax + pointsTax));
  return atLeastZero(amount + points + (base.includeTax ? tax : 0));
}

function countedBesidesGoods(facts: OrderFacts, base: BaseSettings, refunds: OrderFacts["refunds"]): Minor {
  let total = 0;
  if (base.includeShipping) {
    const shipping = atLeastZero(facts.shippingMinor - sum(refunds.map((refund) => refund.shippingMinor)));
    const tax = atLeastZero(facts.shippingTaxMinor - sum(refunds.map((refund) => refund.shippingTaxMinor)));
    if (facts.taxesIncluded) total += base.includeTax ? shipping : atLeastZero(shipping - tax);
    else total += base.includeTax ? shipping + tax : shipping;
  }
  if (base.includeDuties) total += atLeastZero(facts.dutiesMinor - sum(refunds.map((refund) => refund.dutiesMinor)));
  if (base.includeTip) total += atLeastZero(facts.tipMinor - sum(refunds.map((refund) => refund.tipMinor)));
  return total;
}

function isEligible(
  line: OrderLineFacts,
  base: Pick<BaseSettings, "includeGiftCardLines">,
  scope: ProductScope,
): boolean {
  return (!line.isGiftCard || base.includeGiftCardLines) && isInScope(line, scope);
}
/** Whether a line's product is chosen. */
export function isInScope(line: OrderLineFacts, scope: ProductScope): boolean {
  if (matches(line, scope.exclude)) return false;
  return scope.include === null || matches(line, scope.include);
}
/** Whether any list of the filter names the line's product. */
export function matches(line: OrderLineFacts, filter: ProductFilter): boolean {
  return (
    (line.productId !== null && filter.productIds.includes(line.productId)) ||
    (line.variantId !== null && filter.variantIds.includes(line.variantId)) ||
    line.collectionIds.some((id) => filter.collectionIds.includes(id)) ||
    filter.tags.some((tag) => hasTag(line.productTags, tag))
  );
}
/** Shopify's tags ignore case. */
export function hasTag(tags: readonly string[], wanted: string): boolean {
  const lower = wanted.trim().toLowerCase();
  return tags.some((tag) => tag.trim().toLowerCase() === lower);
}
