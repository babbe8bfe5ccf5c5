// Ways to earn that are judged with each order: the n-th order, chosen products, an amount reached. Each has its
// own row and its own refund maths; none multiplies or is multiplied. An order below the program's minimum earns
// none of them. Pure.
import type { EarningContext, JudgedOrder, RuleAnswer } from "../earning-rules";
import { bonusAnswer, isStillPurchase, keptBonus } from "../fixed-bonus";
import { matches, type CountedLine } from "../kept-amounts";
import { grossBase, keptBase, POINTS_MAX } from "../plain-rate";
import type { WayOfKind, WayToEarn } from "../program-parts";

/** The rows of all order ways; rows that never give anything have a gross of 0. */
export function orderWayRules(order: JudgedOrder): RuleAnswer[] {
  return order.rules.ways.flatMap((way): RuleAnswer[] => {
    const answer = way.enabled ? answerOf(order, way) : null;
    return answer ? [{ ...answer, holdDays: way.holdDays }] : [];
  });
}
function answerOf(order: JudgedOrder, way: WayToEarn): RuleAnswer | null {
  switch (way.kind) {
    case "nth_order":
      return isNth(way, rankOf(order.context)) ? nthOrder(order, way) : null;
    case "product_bonus":
      return productBonus(order, way);
    case "spend_threshold":
      return spendThreshold(order, way);
    default:
      return null;
  }
}

/** Which order of the member it is; without a count, the second. */
export function rankOf({ isFirstOrder, orderRank }: Pick<EarningContext, "isFirstOrder" | "orderRank">): number {
  return orderRank ?? (isFirstOrder ? 1 : 2);
}
function isNth({ n, repeat }: WayOfKind<"nth_order">, rank: number): boolean {
  return repeat === "every" ? rank % n === 0 : rank === n;
}

function nthOrder(order: JudgedOrder, way: WayOfKind<"nth_order">): RuleAnswer {
  const bonus = keptBonus(way.points, way.onRefund, {
    grossMinor: grossBase(order),
    keptMinor: isStillPurchase(order) ? order.now.baseMinor : 0,
  });
  return bonusAnswer(order, `way:${way.id}`, bonus, {
    code: "nth_order_bonus",
    params: { orderNumber: rankOf(order.context) },
  });
}

// Units of lines that money was paid for: what points or a gift made free brings no bonus.
function productBonus(order: JudgedOrder, way: WayOfKind<"product_bonus">): RuleAnswer {
  const gross = chosen(grossBase(order) > 0 ? order.gross.lines : [], way);
  const kept = chosen(isStillPurchase(order) ? order.now.lines : [], way);
  const params = way.per === "unit" ? { units: Math.min(kept.units, way.unitsMax ?? kept.units) } : {};
  return bonusAnswer(order, `way:${way.id}`, productPoints(way, gross, kept), { code: "product_bonus", params });
}
function productPoints(
  way: WayOfKind<"product_bonus">,
  gross: { minor: number; units: number },
  kept: { minor: number; units: number },
): { gross: number; target: number } {
  const amounts = { grossMinor: gross.minor, keptMinor: kept.minor };
  if (way.per === "order") return keptBonus(way.points, way.onRefund, amounts);
  const forUnits = (units: number) => Math.min(way.points * Math.min(units, way.unitsMax ?? units), POINTS_MAX);
  const all = forUnits(gross.units);
  if (way.onRefund === "until_nothing_kept") return keptBonus(all, way.onRefund, amounts);
  return { gross: all, target: kept.minor > 0 ? forUnits(kept.units) : 0 };
}
function chosen(lines: readonly CountedLine[], way: WayOfKind<"product_bonus">): { minor: number; units: number } {
  const paid = lines.filter(({ line, countedMinor }) => countedMinor > 0 && matches(line, way.products));
  return {
    minor: paid.reduce((sum, { countedMinor }) => sum + countedMinor, 0),
    units: paid.reduce((sum, { units }) => sum + units, 0),
  };
}

function spendThreshold(order: JudgedOrder, way: WayOfKind<"spend_threshold">): RuleAnswer {
  const gross = grossBase(order) >= way.thresholdMinor ? way.points : 0;
  const target = isStillPurchase(order) && keptBase(order) >= way.thresholdMinor ? way.points : 0;
  return bonusAnswer(
    order,
    `way:${way.id}`,
    { gross, target },
    {
      code: "spend_bonus",
      params: { thresholdMinor: way.thresholdMinor },
    },
  );
}
