// A bonus of so many points: it shrinks with the share of the amount that was kept (largest remainder), or
// stays while anything is. Without goods it is no purchase any more, whatever shipping was kept. Pure.
import type { Minor } from "../shopify/order-facts";
import type { JudgedOrder, RuleAnswer } from "./earning-rules";
import { allocate } from "./money";
import { extraParams, grossBase, keptBase, whyExtraIsGone } from "./plain-rate";
import type { ReasonCode, ReasonParams } from "./reasons";

export type OnRefund = "proportional" | "until_nothing_kept";

/** What is left of a bonus for an amount of `grossMinor` of which `keptMinor` was kept. */
export function keptBonus(
  points: number,
  onRefund: OnRefund,
  { grossMinor, keptMinor }: { grossMinor: Minor; keptMinor: Minor },
): { gross: number; target: number } {
  if (grossMinor <= 0) return { gross: 0, target: 0 };
  if (keptMinor <= 0) return { gross: points, target: 0 };
  if (onRefund === "until_nothing_kept") return { gross: points, target: points };
  return { gross: points, target: allocate(points, [keptMinor, Math.max(0, grossMinor - keptMinor)])[0] ?? 0 };
}

/** Whether what is kept is still a purchase that passes the minimum. */
export function isStillPurchase(order: JudgedOrder): boolean {
  return !order.undone && order.now.goodsMinor > 0 && keptBase(order) > 0;
}

/** The rule's row for a bonus, with the sentence for what it gives, or for what took it back. */
export function bonusAnswer(
  order: JudgedOrder,
  rule: RuleAnswer["rule"],
  { gross, target }: { gross: number; target: number },
  given: { code: ReasonCode; params: ReasonParams },
): RuleAnswer {
  const code = target > 0 ? given.code : whyExtraIsGone(order);
  return {
    rule,
    target,
    gross,
    explanation: { code, params: { points: target, ...given.params, ...extraParams(order, gross) } },
  };
}

/** The bonus for a member's first purchase. */
export function firstOrderRule(order: JudgedOrder): RuleAnswer {
  const bonus = order.rules.firstOrderBonus;
  const qualifies = bonus !== null && !order.never && order.context.isFirstOrder;
  const { gross, target } = qualifies
    ? keptBonus(bonus.points, bonus.onRefund, {
        grossMinor: grossBase(order),
        keptMinor: isStillPurchase(order) ? order.now.baseMinor : 0,
      })
    : { gross: 0, target: 0 };
  const code: ReasonCode =
    target > 0 ? "first_order_bonus" : (order.never ?? order.undone ?? (gross > 0 ? "refunded" : "not_first_order"));
  return { rule: "first_order", target, gross, explanation: { code, params: { points: target, grossPoints: gross } } };
}
