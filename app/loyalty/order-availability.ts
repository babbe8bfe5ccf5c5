// When an order's points become spendable: the trigger, the hold, disputes and risk. Pure.
import { DateTime } from "luxon";

import type { FinancialStatus, Instant, OrderFacts } from "../shopify/order-facts";
import type { EarningAnswer, EarningContext, EarningRules } from "./earning-rules";
import { zoneOf } from "./zone";

const PAID: ReadonlySet<FinancialStatus> = new Set<FinancialStatus>(["paid", "partially_refunded", "refunded"]);

// Points of unpaid goods are never spendable: fulfilled and delivered wait for the payment as well.
function triggerReachedAt(facts: OrderFacts, trigger: EarningRules["trigger"]): Instant | null {
  if (!PAID.has(facts.financialStatus)) return null;
  const paidAt = facts.paidAt ?? facts.processedAt;
  if (trigger === "paid") return paidAt;
  const shipped = trigger === "fulfilled" ? facts.fulfilledAt : facts.deliveredAt;
  if (shipped === null) return null;
  return Date.parse(shipped) > Date.parse(paidAt) ? shipped : paidAt;
}

/**
 * The state of what the order earns, and since or until when.
 *
 * An open dispute holds what is unspent; nothing is taken back before it is decided. A risky order is
 * held until it is fulfilled: shipping it is how a shop says that the risk was looked at.
 */
export function availability(
  facts: OrderFacts,
  rules: EarningRules,
  context: EarningContext,
): Pick<EarningAnswer, "state" | "availableAt"> {
  const isRiskHeld = facts.highRisk && rules.highRisk === "hold";
  const reached = triggerReachedAt(facts, rules.trigger);
  if (reached === null) return { state: "waiting", availableAt: null };
  if (facts.dispute === "open" || (isRiskHeld && facts.fulfilledAt === null))
    return { state: "pending", availableAt: null };
  const from =
    isRiskHeld && facts.fulfilledAt !== null && Date.parse(facts.fulfilledAt) > Date.parse(reached)
      ? facts.fulfilledAt
      : reached;
  const due =
    rules.holdDays === 0
      ? Date.parse(from)
      : DateTime.fromISO(from, { zone: zoneOf(context.timeZone) })
          .plus({ days: rules.holdDays })
          .toMillis();
  return { state: due <= Date.parse(context.now) ? "available" : "pending", availableAt: new Date(due).toISOString() };
}

/** The same for a rule whose points wait some shop-local days longer than the order's. */
export function afterHold<State extends Pick<EarningAnswer, "state" | "availableAt">>(
  order: State,
  holdDays: number,
  { timeZone, now }: { timeZone: string; now: Instant },
): State {
  if (holdDays === 0 || order.availableAt === null) return order;
  const due = DateTime.fromISO(order.availableAt, { zone: zoneOf(timeZone) }).plus({ days: holdDays });
  return {
    ...order,
    state: due.toMillis() <= Date.parse(now) ? "available" : "pending",
    availableAt: due.toUTC().toJSDate().toISOString(),
  };
}
