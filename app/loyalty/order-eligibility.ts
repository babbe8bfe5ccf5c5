// Whether an order may earn at all, and whether it was undone as a whole. Pure.
import { DateTime } from "luxon";

import { gidNumber } from "../shopify/gid";
import type { Instant, OrderFacts } from "../shopify/order-facts";
import type { EarningContext, EarningRules } from "./earning-rules";
import { hasTag } from "./kept-amounts";
import type { NothingReason } from "./reasons";

/** Reasons that do not depend on refunds: such an order never earned at all. */
export function whyNeverEarns(facts: OrderFacts, rules: EarningRules, context: EarningContext): NothingReason | null {
  if (rules.status === "paused") return "program_paused";
  if (rules.startsAt !== null && Date.parse(facts.processedAt) < Date.parse(rules.startsAt)) return "not_started";
  if (context.member === null) return "guest";
  const { claimedAt, timeZone } = context;
  if (
    claimedAt &&
    !isClaimInTime({ processedAt: facts.processedAt, claimedAt, guestClaimDays: rules.guestClaimDays, timeZone })
  )
    return "claim_window_passed";
  if (context.isTestRemoved) return "test_removed";
  if (facts.test && !testEarns(rules, context)) return "test_order";
  if (!isInPreview(facts, rules)) return "preview_only";
  if (!rules.channels.includes(facts.channel)) return "channel_excluded";
  if (facts.isB2b && rules.participation.excludeB2b) return "b2b_excluded";
  if (facts.highRisk && rules.highRisk === "none") return "high_risk";
  return whyNotTakingPart(facts, rules, context.member);
}
function whyNotTakingPart(
  facts: OrderFacts,
  rules: EarningRules,
  member: { joinedAt: Instant | null; tags: string[] },
): NothingReason | null {
  const { who, tags, excludeTags } = rules.participation;
  if (excludeTags.some((tag) => hasTag(member.tags, tag))) return "excluded_customer";
  if (who === "tagged" && !tags.some((tag) => hasTag(member.tags, tag))) return "not_tagged";
  if (who === "joined" && (member.joinedAt === null || Date.parse(member.joinedAt) > Date.parse(facts.processedAt)))
    return "not_joined";
  return null;
}
/** Whether a test order counts. */
export function testEarns(rules: EarningRules, context: Pick<EarningContext, "isDevelopmentShop">): boolean {
  return rules.testOrders === "always" || (rules.testOrders === "development_only" && context.isDevelopmentShop);
}
function isInPreview(facts: OrderFacts, rules: EarningRules): boolean {
  if (rules.previewCustomerIds.length === 0) return true;
  if (facts.customerId === null) return false;
  const number = gidNumber(facts.customerId);
  return rules.previewCustomerIds.some((id) => id === facts.customerId || id === number);
}
/** Whether a guest's order is claimed within the shop-local days the rules give. */
export function isClaimInTime(claim: {
  processedAt: Instant;
  claimedAt: Instant;
  guestClaimDays: number;
  timeZone: string;
}): boolean {
  const last = DateTime.fromISO(claim.processedAt, { zone: claim.timeZone }).plus({ days: claim.guestClaimDays });
  return Date.parse(claim.claimedAt) <= last.toMillis();
}

/**
 * Reasons that undo an order as a whole, whatever its refunds say. An order deleted at Shopify is not
 * among them: only closed orders can be deleted, and what they earned stays as their last state says.
 */
export function whyUndone(facts: OrderFacts): NothingReason | null {
  if (facts.cancelledAt !== null) return "order_cancelled";
  if (facts.financialStatus === "voided" || facts.financialStatus === "expired") return "order_voided";
  return facts.dispute === "lost" ? "dispute_lost" : null;
}
