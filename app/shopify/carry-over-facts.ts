import type { OrderFacts, OrderLineFacts, UncarriedFact } from "./order-facts";

/**
 * Completes facts from a source that does not carry everything (a webhook body knows no dispute, no
 * tags, no delivery) with what an earlier, fuller reading of the same order knew. Pure.
 */
export function carryOverFacts(previous: OrderFacts | null, next: OrderFacts): OrderFacts {
  if (!previous || !next.uncarried?.length) return next;
  const unknownBefore = new Set(previous.uncarried ?? []);
  const carried = new Set(next.uncarried.filter((fact) => !unknownBefore.has(fact)));
  const facts: OrderFacts = { ...next, uncarried: next.uncarried.filter((fact) => !carried.has(fact)) };
  if (carried.has("customerTags") && previous.customerId === next.customerId)
    facts.customerTags = previous.customerTags;
  if (carried.has("dispute")) facts.dispute = previous.dispute;
  if (carried.has("highRisk")) facts.highRisk = previous.highRisk;
  if (carried.has("deliveredAt") && next.fulfilledAt !== null) facts.deliveredAt = previous.deliveredAt;
  if (carried.has("paidAt") && next.paidAt !== null) carryPaidAt(previous, next, facts);
  if (carried.has("paidWith")) {
    facts.paidWithGiftCardMinor = previous.paidWithGiftCardMinor;
    facts.paidWithStoreCreditMinor = previous.paidWithStoreCreditMinor;
  }
  facts.lines = next.lines.map((line) => carryLine(line, previous, carried));
  return facts;
}

function carryPaidAt(previous: OrderFacts, next: OrderFacts, facts: OrderFacts): void {
  if (previous.paidAt !== null) {
    facts.paidAt = previous.paidAt;
    return;
  }
  // It was known to be unpaid and now is paid: this update is the nearest instant known.
  facts.paidAt = next.sourceUpdatedAt;
  facts.uncarried = [...(facts.uncarried ?? []), "paidAt"];
}

function carryLine(line: OrderLineFacts, previous: OrderFacts, carried: Set<UncarriedFact>): OrderLineFacts {
  const before = previous.lines.find((each) => each.lineId === line.lineId);
  if (!before) return line;
  return {
    ...line,
    ...(carried.has("productFacts") ? { productTags: before.productTags, productType: before.productType } : {}),
    ...(carried.has("collections") || line.collectionIds.length === 0 ? { collectionIds: before.collectionIds } : {}),
  };
}
