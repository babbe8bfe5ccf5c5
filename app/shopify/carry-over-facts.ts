import type { Instant, OrderFacts, OrderLineFacts, UncarriedFact } from "./order-facts";

/**
 * Completes facts from a source that does not carry everything (a webhook body knows no dispute, no
 * tags, no delivery; a read no earlier state) with what was known of the same order before. Pure.
 */
export function carryOverFacts(previous: OrderFacts | null, next: OrderFacts): OrderFacts {
  if (!previous) return next;
  const unknownBefore = new Set(previous.uncarried ?? []);
  const carried = new Set((next.uncarried ?? []).filter((fact) => !unknownBefore.has(fact)));
  const facts: OrderFacts = { ...next };
  if (next.uncarried) facts.uncarried = next.uncarried.filter((fact) => !carried.has(fact));
  if (carried.has("customer")) {
    facts.customerId = next.customerId ?? previous.customerId;
    facts.isB2b = next.isB2b || previous.isB2b;
  }
  if (carried.has("email")) facts.email = previous.email;
  if (carried.has("customerTags") && previous.customerId === facts.customerId)
    facts.customerTags = previous.customerTags;
  if (carried.has("dispute")) facts.dispute = previous.dispute;
  if (carried.has("highRisk")) facts.highRisk = previous.highRisk;
  if (carried.has("deliveredAt") && next.fulfilledAt !== null) facts.deliveredAt = previous.deliveredAt;
  carryPaidAt(previous, next, facts);
  if (carried.has("paidWith")) {
    facts.paidWithGiftCardMinor = previous.paidWithGiftCardMinor;
    facts.paidWithStoreCreditMinor = previous.paidWithStoreCreditMinor;
  }
  facts.lines = next.lines.map((line) => carryLine(line, previous, carried));
  return facts;
}

// An order is first paid once: edits, refunds and later payments never move that instant to a later one.
function carryPaidAt(previous: OrderFacts, next: OrderFacts, facts: OrderFacts): void {
  const before = previous.paidAt ?? previous.firstPaidAt ?? null;
  const wasEstimate = previous.uncarried?.includes("paidAt") ?? false;
  const isEstimate = next.uncarried?.includes("paidAt") ?? false;
  const known = next.paidAt ?? next.firstPaidAt ?? null;
  let first: Instant | null;
  if (!isEstimate) first = earliest(known, wasEstimate ? latestPossible(previous) : before);
  else if (before !== null) first = before;
  // It was known to be unpaid and now is paid: this update is the nearest instant known.
  else first = next.paidAt === null ? null : next.sourceUpdatedAt;
  if (isEstimate && first !== null && (before === null || wasEstimate)) markUncarried(facts, "paidAt");
  delete facts.firstPaidAt;
  if (next.paidAt !== null) facts.paidAt = first ?? next.paidAt;
  else if (first !== null) facts.firstPaidAt = first;
}

// A body that says "paid" was written after the payment. Its own estimate, the order's date, may be long before it.
function latestPossible(previous: OrderFacts): Instant | null {
  const before = previous.paidAt ?? previous.firstPaidAt ?? null;
  if (before !== null && before !== previous.processedAt) return before;
  return previous.paidAt === null ? null : previous.sourceUpdatedAt;
}
function earliest(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) <= Date.parse(b) ? a : b;
}
function markUncarried(facts: OrderFacts, fact: UncarriedFact): void {
  if (!facts.uncarried?.includes(fact)) facts.uncarried = [...(facts.uncarried ?? []), fact];
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
