// How one order moves its member's qualification for tiers, as dated steps. Pure.
//
// + when it was processed and paid in full · − at each successful refund, by what that refund took ·
// − the rest when it is cancelled, voided or its dispute is lost (when we last heard of it, if nothing
// says when). Unpaid orders have no steps. The amount, the rate and the exclusions are those of the
// order's own rules, without minimums for spend and without caps that look across orders. Whether the
// member joined in time or the program was paused does not matter: tiers are about what somebody bought.
import type { FinancialStatus, Instant, OrderFacts } from "../../shopify/order-facts";
import type { EarningRules } from "../earning-rules";
import { hasTag, keptAmounts } from "../kept-amounts";
import { divideRounded } from "../money";

/** [instant, spend in minor units, base points, orders]; the first step of an order says when it counts. */
export type QualifyingStep = [at: Instant, spendMinor: number, basePoints: number, orders: number];

export interface QualifyingContext {
  isDevelopmentShop: boolean;
  /** The merchant removed the points of this test order. */
  isTestRemoved?: boolean;
}
type Amounts = [spendMinor: number, basePoints: number, orders: number];

const NOTHING: Amounts = [0, 0, 0];
const POINTS_MAX = 1_000_000_000_000n;
const PAID: ReadonlySet<FinancialStatus> = new Set<FinancialStatus>(["paid", "partially_refunded", "refunded"]);

/** The steps of an order in its newest state, in the order of their instants; none when it does not count. */
export function qualifyingSteps(
  facts: OrderFacts,
  rules: EarningRules,
  context: QualifyingContext = { isDevelopmentShop: false },
): QualifyingStep[] {
  const paidAt = facts.paidAt ?? (PAID.has(facts.financialStatus) ? facts.processedAt : null);
  if (paidAt === null || isExcluded(facts, rules, context)) return [];
  const start = later(facts.processedAt, paidAt);
  const refunds = facts.refunds
    .filter(({ status }) => status === "success")
    .toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  const undoneAt = whenUndone(facts);
  const steps: QualifyingStep[] = [];
  let counted = NOTHING;
  const moveTo = (at: Instant, next: Amounts): void => {
    const step: QualifyingStep = [later(start, at), next[0] - counted[0], next[1] - counted[1], next[2] - counted[2]];
    counted = next;
    if (step[1] !== 0 || step[2] !== 0 || step[3] !== 0) steps.push(step);
  };
  moveTo(start, amounts({ ...facts, refunds: [] }, rules));
  refunds.forEach((refund, index) => {
    if (undoneAt !== null && Date.parse(refund.createdAt) >= Date.parse(undoneAt)) return;
    moveTo(refund.createdAt, amounts({ ...facts, refunds: refunds.slice(0, index + 1) }, rules));
  });
  if (undoneAt !== null) moveTo(undoneAt, NOTHING);
  return steps;
}

function amounts(facts: OrderFacts, rules: EarningRules): Amounts {
  const { baseMinor, goodsMinor } = keptAmounts(facts, rules.base, rules.products, "now");
  const isEnough = rules.minimum === null || baseMinor >= rules.minimum.minor;
  const exact = divideRounded(
    BigInt(isEnough ? baseMinor : 0) * BigInt(rules.rate.points),
    BigInt(rules.rate.perMinor),
    rules.rounding,
  );
  return [baseMinor, Number(exact > POINTS_MAX ? POINTS_MAX : exact), goodsMinor > 0 ? 1 : 0];
}

function isExcluded(facts: OrderFacts, rules: EarningRules, context: QualifyingContext): boolean {
  const { who, tags, excludeTags, excludeB2b } = rules.participation;
  const areTestsIn =
    rules.testOrders === "always" || (rules.testOrders === "development_only" && context.isDevelopmentShop);
  return (
    (facts.test && (!areTestsIn || context.isTestRemoved === true)) ||
    !rules.channels.includes(facts.channel) ||
    (facts.isB2b && excludeB2b) ||
    (facts.highRisk && rules.highRisk === "none") ||
    excludeTags.some((tag) => hasTag(facts.customerTags, tag)) ||
    (who === "tagged" && !tags.some((tag) => hasTag(facts.customerTags, tag)))
  );
}

function whenUndone(facts: OrderFacts): Instant | null {
  if (facts.cancelledAt !== null) return facts.cancelledAt;
  const isVoid = facts.financialStatus === "voided" || facts.financialStatus === "expired";
  return isVoid || facts.dispute === "lost" ? facts.sourceUpdatedAt : null;
}
function later(a: Instant, b: Instant): Instant {
  return Date.parse(b) > Date.parse(a) ? b : a;
}
