// Orders as the app knows them, for tests: an ordinary paid order unless told otherwise.
import type { OrderFacts, OrderLineFacts, RefundFacts } from "../../app/shopify/order-facts";

export const DAY_MS = 86_400_000;
/** Saturday, 10:00 in Tokyo. */
export const ORDER_DAY = "2026-06-06T01:00:00.000Z";

let counter = 0;
/** A gid nobody used yet in this process. */
export function newGid(type: string): string {
  counter += 1;
  return `gid://shopify/${type}/${7_000_000_000_000_000_000n + BigInt(counter)}`;
}

export function orderLine(fields: Partial<OrderLineFacts> = {}): OrderLineFacts {
  return {
    lineId: newGid("LineItem"),
    productId: null,
    variantId: null,
    title: "Tea",
    quantity: 1,
    amountMinor: 1_000,
    discountMinor: 0,
    taxMinor: 0,
    isGiftCard: false,
    isSubscription: false,
    productTags: [],
    collectionIds: [],
    productType: "",
    vendor: "",
    ...fields,
  };
}

/** A paid yen order of one line of `amountMinor`, tax included in prices. */
export function orderFacts(fields: Partial<OrderFacts> & { amountMinor?: number } = {}): OrderFacts {
  const { amountMinor = 13_780, ...rest } = fields;
  const processedAt = rest.processedAt ?? ORDER_DAY;
  return {
    orderId: newGid("Order"),
    name: "#1001",
    sourceUpdatedAt: processedAt,
    createdAt: processedAt,
    processedAt,
    currency: "JPY",
    presentmentCurrency: "JPY",
    customerId: "gid://shopify/Customer/501",
    email: null,
    customerTags: [],
    orderTags: [],
    channel: "online",
    isB2b: false,
    test: false,
    cancelledAt: null,
    financialStatus: "paid",
    paidAt: processedAt,
    fulfilledAt: null,
    deliveredAt: null,
    dispute: "none",
    highRisk: false,
    taxesIncluded: true,
    lines: [orderLine({ amountMinor })],
    shippingMinor: 0,
    shippingTaxMinor: 0,
    dutiesMinor: 0,
    tipMinor: 0,
    paidWithGiftCardMinor: 0,
    paidWithStoreCreditMinor: 0,
    refunds: [],
    ...rest,
  };
}

export function refundFacts(fields: Partial<RefundFacts> = {}): RefundFacts {
  return {
    refundId: newGid("Refund"),
    createdAt: ORDER_DAY,
    lines: [],
    shippingMinor: 0,
    shippingTaxMinor: 0,
    dutiesMinor: 0,
    tipMinor: 0,
    unallocatedMinor: 0,
    status: "success",
    ...fields,
  };
}

/** Gives back units of one line at their share of the line's price. */
export function refundOfLine(
  line: OrderLineFacts,
  quantity: number,
  subtotalMinor: number,
  fields: Partial<RefundFacts> = {},
): RefundFacts {
  return refundFacts({ lines: [{ lineId: line.lineId, quantity, subtotalMinor, taxMinor: 0 }], ...fields });
}

/** The next state of an order: later by a minute for each step. */
export function later(facts: OrderFacts, fields: Partial<OrderFacts>, minutes = 1): OrderFacts {
  return {
    ...facts,
    sourceUpdatedAt: new Date(Date.parse(facts.sourceUpdatedAt) + minutes * 60_000).toISOString(),
    ...fields,
  };
}
