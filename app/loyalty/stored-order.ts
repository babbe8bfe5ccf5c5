// An order as the database holds it, and what its earning is computed from. Pure: the settlement, the
// audit and the tests build the same context from the same row.
import { carryOverFacts } from "../shopify/carry-over-facts";
import type { Instant, Minor, OrderFacts, OrderLineFacts } from "../shopify/order-facts";
import type { EarningContext, EarningRules, HeldTier } from "./earning-rules";

/** customer_order.facts: the newest state, with what was fixed when it was first seen. */
export interface StoredFacts extends OrderFacts {
  lines: StoredLine[];
  /** When a guest's order was first seen with a customer, or claimed; absent: it never was a guest's. */
  claimedAt?: Instant | null;
  /** customerTags are those of the moment the order became a member's; later tags change nothing. */
  areCustomerTagsFixed?: boolean;
}
interface StoredLine extends OrderLineFacts {
  /** productTags, collectionIds, productType and vendor are known and never change again. */
  isEligibilityFixed?: boolean;
}
/** What product_fact knows. */
export interface ProductEligibility {
  productId: string;
  tags: string[];
  collectionIds: string[];
  productType: string;
  vendor: string;
}
/** The columns of customer_order that an earning depends on. */
export interface StoredOrder {
  id: number;
  orderGid: string;
  memberId: number | null;
  facts: StoredFacts;
  /** live | test | test_removed | anonymised */
  kind: string;
}

export interface OrderMoment {
  orderGid: string;
  processedAt: Instant;
}
/** The same, for orders whose facts are not at hand. */
export function byMoment(a: OrderMoment, b: OrderMoment): number {
  const byTime = Date.parse(a.processedAt) - Date.parse(b.processedAt);
  if (byTime !== 0) return byTime;
  // Numeric ids as text: shorter is smaller.
  if (a.orderGid.length !== b.orderGid.length) return a.orderGid.length - b.orderGid.length;
  return a.orderGid < b.orderGid ? -1 : a.orderGid > b.orderGid ? 1 : 0;
}

/** What the member's other orders, and the tiers they brought, mean for one order. */
export interface Surroundings {
  /** One more than the purchases before it. */
  rank: number;
  /** Points of the order rule from earlier orders of the shop-local day. */
  earnedEarlierToday: number;
  /** Held at processed_at, by what orders before it brought. */
  tier: HeldTier | null;
  /** Points of earlier orders from campaigns that have a cap per member, by campaign. */
  campaignPoints: Readonly<Record<string, number>>;
}

/** Everything a rule may look at besides the order itself. */
export function earningContext(
  order: StoredOrder,
  around: {
    shop: { timeZone: string; isDevelopment: boolean };
    /** The member the order belongs to; null: a guest's. */
    member: { joinedAt: Instant | null } | null;
    around: Surroundings;
    paidWithPointsMinor: Minor;
    now: Instant;
  },
): EarningContext {
  return {
    isDevelopmentShop: around.shop.isDevelopment,
    timeZone: around.shop.timeZone,
    member: around.member && { joinedAt: around.member.joinedAt, tags: order.facts.customerTags },
    isFirstOrder: around.around.rank === 1,
    orderRank: around.around.rank,
    earnedEarlierTodayPoints: around.around.earnedEarlierToday,
    tier: around.around.tier,
    campaignPointsBefore: around.around.campaignPoints,
    paidWithPointsMinor: around.paidWithPointsMinor,
    now: around.now,
    claimedAt: order.facts.claimedAt ?? null,
    isTestRemoved: order.kind === "test_removed",
  };
}

/**
 * How far a version's rules look: at the order alone, at orders of its day and the member's first ones, or at
 * everything the member ever ordered.
 */
export function reachOf(rules: EarningRules): "order" | "day" | "life" {
  const looksAtLife =
    rules.tierPlans.length > 0 ||
    rules.ways.some(({ enabled, kind }) => enabled && kind === "nth_order") ||
    rules.campaigns.some(
      ({ enabled, caps, audience }) => enabled && (caps.perMember !== null || audience.orders !== "any"),
    );
  if (looksAtLife) return "life";
  return rules.caps.perDay !== null || rules.firstOrderBonus !== null ? "day" : "order";
}

/** Codes at the checkout are the same in any case. */
export function codesOf(facts: OrderFacts): string[] {
  return (facts.discountCodes ?? []).map(({ code }) => code.toUpperCase());
}
/** The part of the discounts that was bought with points: what codes of ours took off. */
export function paidWithPoints(facts: OrderFacts, isOurs: (code: string) => boolean): Minor {
  return (facts.discountCodes ?? []).reduce(
    (sum, { code, amountMinor }) => sum + (isOurs(code.toUpperCase()) ? amountMinor : 0),
    0,
  );
}

/** The facts to store when `next` is the newest state: what was fixed earlier stays. */
export function storeFacts(
  previous: StoredFacts | null,
  next: OrderFacts,
  known: { products: readonly ProductEligibility[]; memberTags: readonly string[] | null },
): StoredFacts {
  const carried = carryOverFacts(previous, next);
  const facts: StoredFacts = {
    ...carried,
    lines: carried.lines.map((line) => fixEligibility(line, previous, known.products)),
  };
  // An order does not lose its customer: one deleted at Shopify leaves what they earned explained.
  facts.customerId ??= previous?.customerId ?? null;
  if (previous?.claimedAt) facts.claimedAt = previous.claimedAt;
  // The instant Shopify attached the customer, not the instant we heard of it.
  else if (previous && previous.customerId === null && facts.customerId !== null)
    facts.claimedAt = facts.sourceUpdatedAt;
  fixCustomerTags(facts, previous, known.memberTags);
  return facts;
}

function fixCustomerTags(facts: StoredFacts, previous: StoredFacts | null, memberTags: readonly string[] | null): void {
  if (previous?.areCustomerTagsFixed && previous.customerId === facts.customerId) {
    facts.customerTags = previous.customerTags;
    facts.areCustomerTagsFixed = true;
    return;
  }
  if (facts.customerId === null) return;
  const isCarried = !facts.uncarried?.includes("customerTags");
  if (!isCarried) facts.customerTags = [...(memberTags ?? [])];
  if (isCarried || memberTags !== null) facts.areCustomerTagsFixed = true;
}

function fixEligibility(
  line: OrderLineFacts,
  previous: StoredFacts | null,
  products: readonly ProductEligibility[],
): StoredLine {
  const before = previous?.lines.find(({ lineId }) => lineId === line.lineId);
  if (before?.isEligibilityFixed) {
    const { productTags, collectionIds, productType, vendor } = before;
    return { ...line, productTags, collectionIds, productType, vendor, isEligibilityFixed: true };
  }
  if (line.productId === null) return { ...line, isEligibilityFixed: true };
  const product = products.find(({ productId }) => productId === line.productId);
  if (!product) return line;
  return {
    ...line,
    productTags: line.productTags.length > 0 ? line.productTags : product.tags,
    collectionIds: line.collectionIds.length > 0 ? line.collectionIds : product.collectionIds,
    productType: line.productType || product.productType,
    vendor: line.vendor || product.vendor,
    isEligibilityFixed: true,
  };
}

/** Products of lines whose eligibility is not known yet. */
export function unknownProducts(facts: StoredFacts): string[] {
  const unknown = facts.lines.flatMap((line) =>
    line.isEligibilityFixed || line.productId === null ? [] : [line.productId],
  );
  return [...new Set(unknown)];
}

// Shopify's updated_at has seconds: two states may share one. What has gone further is the later one.
function progress(facts: StoredFacts): number[] {
  const FINANCIAL: Record<string, number> = {
    unknown: 0,
    pending: 1,
    authorized: 2,
    partially_paid: 3,
    paid: 4,
    partially_refunded: 5,
    refunded: 6,
    voided: 7,
    expired: 7,
  };
  return [
    facts.cancelledAt === null ? 0 : 1,
    facts.refunds.length,
    facts.refunds.filter((refund) => refund.status !== "pending").length,
    FINANCIAL[facts.financialStatus] ?? 0,
    facts.fulfilledAt === null ? 0 : 1,
    facts.deliveredAt === null ? 0 : 1,
    facts.customerId === null ? 0 : 1,
  ];
}

/** How an incoming state relates to the stored one. same_moment: nothing says which came first, so read the order. */
export type Recency = { isNewest: boolean; isSameMoment: boolean };
export function compareStates(stored: StoredFacts, next: StoredFacts): Recency {
  const byTime = Date.parse(next.sourceUpdatedAt) - Date.parse(stored.sourceUpdatedAt);
  if (byTime !== 0) return { isNewest: byTime > 0, isSameMoment: false };
  const [before, after] = [canonical({ ...stored, uncarried: [] }), canonical({ ...next, uncarried: [] })];
  if (before === after) return { isNewest: false, isSameMoment: false };
  const [storedProgress, nextProgress] = [progress(stored), progress(next)];
  const decisive = nextProgress.findIndex((step, index) => step !== storedProgress[index]);
  const isNewest = decisive === -1 ? after > before : (nextProgress[decisive] ?? 0) > (storedProgress[decisive] ?? 0);
  return { isNewest, isSameMoment: true };
}
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
