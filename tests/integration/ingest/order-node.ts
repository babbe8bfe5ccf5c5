// An Order as the Admin API answers it, in yen, with one line and its refunds.
import type { OrderBody } from "./payloads";

const yen = (amount: number) => ({
  shopMoney: { amount: `${amount}.0` },
  presentmentMoney: { amount: `${amount}.0` },
});
const whole = (nodes: unknown[]) => ({ nodes, pageInfo: { hasNextPage: false, endCursor: null } });

/** The node that goes with `orderBody` of the same facts. */
export function orderNode(order: OrderBody): Record<string, unknown> {
  const { amount = 1_000, quantity = 1, customer = 7 } = order;
  const createdAt = (order.createdAt ?? order.updatedAt).toISOString();
  const refunds = order.refunds ?? [];
  const line = `gid://shopify/LineItem/${order.id}1`;
  return {
    id: `gid://shopify/Order/${order.id}`,
    name: `#${order.id}`,
    createdAt,
    updatedAt: order.updatedAt.toISOString(),
    processedAt: createdAt,
    cancelledAt: order.cancelledAt?.toISOString() ?? null,
    currencyCode: "JPY",
    presentmentCurrencyCode: "JPY",
    taxesIncluded: true,
    test: order.test ?? false,
    sourceName: "web",
    tags: [],
    email: "hanako@example.com",
    displayFinancialStatus: (order.financialStatus ?? "paid").toUpperCase(),
    displayFulfillmentStatus: "UNFULFILLED",
    discountCodes: [],
    customer: customer === null ? null : { id: `gid://shopify/Customer/${customer}`, tags: [] },
    purchasingEntity: { __typename: "Customer" },
    originalTotalDutiesSet: null,
    totalTipReceivedSet: yen(0),
    originalTotalPriceSet: yen(amount * quantity),
    currentSubtotalLineItemsQuantity: quantity - refunds.reduce((total, refund) => total + refund.quantity, 0),
    risk: { recommendation: "ACCEPT", assessments: [] },
    disputes: [],
    shippingLines: whole([]),
    transactions: [
      {
        id: "gid://shopify/OrderTransaction/1",
        kind: "SALE",
        status: "SUCCESS",
        gateway: "bogus",
        createdAt,
        processedAt: createdAt,
        amountSet: yen(amount * quantity),
      },
    ],
    fulfillments: [],
    lineItems: whole([
      {
        id: line,
        title: "湯のみ",
        quantity,
        currentQuantity: quantity - refunds.reduce((total, refund) => total + refund.quantity, 0),
        isGiftCard: false,
        vendor: "工房",
        originalUnitPriceSet: yen(amount),
        discountAllocations: [],
        taxLines: [],
        product: null,
        variant: null,
        sellingPlan: null,
      },
    ]),
    refunds: refunds.map((refund) => ({
      id: `gid://shopify/Refund/${refund.id}`,
      createdAt: refund.createdAt.toISOString(),
      processedAt: refund.createdAt.toISOString(),
      refundLineItems: whole([
        { quantity: refund.quantity, lineItem: { id: line }, subtotalSet: yen(refund.amount), totalTaxSet: yen(0) },
      ]),
      refundShippingLines: whole([]),
      orderAdjustments: whole([]),
      duties: [],
      transactions: whole([
        { kind: "REFUND", status: (refund.status ?? "success").toUpperCase(), amountSet: yen(refund.amount) },
      ]),
    })),
  };
}
