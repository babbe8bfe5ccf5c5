// "Verified buyer" is a fact of an order: this file says when. Pure; no setting and no person can say otherwise.
import type { OrderFacts } from "../shopify/order-facts";

/** What of an order the badge depends on. */
export type MatchedFacts = Pick<
  OrderFacts,
  "lines" | "refunds" | "cancelledAt" | "financialStatus" | "customerId" | "test"
>;
export interface OrderMatch {
  /** The badge. */
  isVerified: boolean;
  /** The label. */
  isRefunded: boolean;
}

/**
 * Whether the line stands behind a review of the product; null: it does not belong to it.
 * @param isDevelopment test orders are purchases in development shops only
 */
export function matchLine(
  facts: MatchedFacts,
  line: { lineId: string; productGid: string },
  isDevelopment: boolean,
): OrderMatch | null {
  const bought = facts.lines.find(({ lineId }) => lineId === line.lineId);
  if (!bought || bought.productId !== line.productGid || bought.isGiftCard) return null;
  const isRefunded = isLineRefunded(facts, line.lineId);
  const isReal = facts.cancelledAt === null && !["voided", "expired"].includes(facts.financialStatus);
  return { isVerified: isReal && !isRefunded && bought.quantity > 0 && (!facts.test || isDevelopment), isRefunded };
}

/** Whether the whole order, or every unit of the line, was given back. */
export function isLineRefunded(facts: MatchedFacts, lineId: string): boolean {
  if (facts.financialStatus === "refunded") return true;
  const ordered = facts.lines.find((line) => line.lineId === lineId)?.quantity ?? 0;
  const returned = facts.refunds
    .filter(({ status }) => status === "success")
    .flatMap(({ lines }) => lines)
    .filter((line) => line.lineId === lineId)
    .reduce((sum, { quantity }) => sum + quantity, 0);
  return returned > 0 && returned >= ordered;
}
