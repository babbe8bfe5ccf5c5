// An Order as the Admin API (or a bulk file) gives it → OrderFacts. The same order through here and
// through its webhook body gives the same facts, apart from what `uncarried` names.
import { z } from "zod";

import type { OrderFacts, UncarriedFact } from "./order-facts";
import { toOrderFacts, type SourceLine, type SourceRefund } from "./order-source";

const money = z.object({ shopMoney: z.object({ amount: z.string() }) });
const paid = z.object({ presentmentMoney: z.object({ amount: z.string() }) });
const taxLines = z.array(z.object({ priceSet: money }));
const nodes = <T extends z.ZodType>(item: T) => z.object({ nodes: z.array(item) });

const lineSchema = z.object({
  id: z.string(),
  title: z.string(),
  quantity: z.number().int(),
  currentQuantity: z.number().int(),
  isGiftCard: z.boolean(),
  vendor: z.string().nullable(),
  originalUnitPriceSet: money,
  discountAllocations: z.array(
    z.object({ allocatedAmountSet: money, discountApplication: z.object({ code: z.string().optional() }) }),
  ),
  taxLines,
  product: z.object({ id: z.string(), tags: z.array(z.string()), productType: z.string() }).nullable(),
  variant: z.object({ id: z.string() }).nullable(),
  sellingPlan: z.object({ name: z.string() }).nullable(),
});
const refundSchema = z.object({
  id: z.string(),
  createdAt: z.string().nullable(),
  processedAt: z.string(),
  refundLineItems: nodes(
    z.object({
      quantity: z.number().int(),
      lineItem: z.object({ id: z.string() }),
      subtotalSet: money,
      totalTaxSet: money,
    }),
  ),
  refundShippingLines: nodes(z.object({ subtotalAmountSet: money, taxAmountSet: money })),
  orderAdjustments: nodes(z.object({ amountSet: money })),
  duties: z.array(z.object({ amountSet: money })).nullable(),
  transactions: nodes(z.object({ kind: z.string(), status: z.string(), amountSet: money })),
});
const orderSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  processedAt: z.string(),
  cancelledAt: z.string().nullable(),
  currencyCode: z.string(),
  presentmentCurrencyCode: z.string(),
  taxesIncluded: z.boolean(),
  test: z.boolean(),
  sourceName: z.string().nullable(),
  tags: z.array(z.string()),
  email: z.string().nullable(),
  displayFinancialStatus: z.string().nullable(),
  displayFulfillmentStatus: z.string(),
  discountCodes: z.array(z.string()),
  customer: z.object({ id: z.string(), tags: z.array(z.string()) }).nullable(),
  purchasingEntity: z.object({ __typename: z.string() }).nullable(),
  originalTotalDutiesSet: money.nullable(),
  totalTipReceivedSet: money,
  originalTotalPriceSet: paid,
  risk: z.object({ recommendation: z.string(), assessments: z.array(z.object({ riskLevel: z.string() })) }),
  disputes: z.array(z.object({ status: z.string() })),
  shippingLines: nodes(z.object({ discountedPriceSet: money, taxLines })),
  transactions: z.array(
    z.object({
      kind: z.string(),
      status: z.string(),
      gateway: z.string().nullable(),
      createdAt: z.string(),
      processedAt: z.string().nullable(),
      amountSet: money.extend(paid.shape),
    }),
  ),
  fulfillments: z.array(z.object({ status: z.string(), createdAt: z.string(), deliveredAt: z.string().nullable() })),
  lineItems: nodes(lineSchema),
  refunds: z.array(refundSchema),
});

// Collections of a line's products are not read with the order: product_fact has them.
function uncarriedFacts(denied: readonly string[]): UncarriedFact[] {
  return [
    "collections",
    ...(denied.includes("customer") || denied.includes("purchasingEntity") ? (["customer"] as const) : []),
    ...(denied.includes("customer") ? (["customerTags"] as const) : []),
    ...(denied.includes("email") ? (["email"] as const) : []),
  ];
}

/**
 * Parses a complete Order node: every page of its lines, refunds and refund lines.
 * @param denied fields that are null only because Shopify keeps them from us
 * @throws ZodError or MoneyError when the node is not what our documents select
 */
export function orderFactsFromNode(node: unknown, denied: readonly string[] = []): OrderFacts {
  const order = orderSchema.parse(node);
  return toOrderFacts({
    orderId: order.id,
    name: order.name,
    updatedAt: order.updatedAt,
    createdAt: order.createdAt,
    processedAt: order.processedAt,
    currency: order.currencyCode,
    presentmentCurrency: order.presentmentCurrencyCode,
    customerId: order.customer?.id ?? null,
    email: order.email,
    customerTags: order.customer?.tags ?? [],
    orderTags: order.tags,
    sourceName: order.sourceName,
    isB2b: order.purchasingEntity?.__typename === "PurchasingCompany",
    test: order.test,
    cancelledAt: order.cancelledAt,
    financialStatus: order.displayFinancialStatus,
    isFulfilled: order.displayFulfillmentStatus === "FULFILLED",
    taxesIncluded: order.taxesIncluded,
    discountCodes: order.discountCodes,
    lines: order.lineItems.nodes.map((line) => toSourceLine(line, amountOf(order.totalTipReceivedSet))),
    shipping: order.shippingLines.nodes.map((line) => ({
      price: amountOf(line.discountedPriceSet),
      taxes: line.taxLines.map((tax) => amountOf(tax.priceSet)),
    })),
    duties: order.originalTotalDutiesSet ? amountOf(order.originalTotalDutiesSet) : null,
    tip: amountOf(order.totalTipReceivedSet),
    fulfillments: order.fulfillments,
    refunds: order.refunds.map(toSourceRefund),
    payments: order.transactions.map((each) => ({
      kind: each.kind,
      status: each.status,
      gateway: each.gateway ?? "",
      amount: amountOf(each.amountSet),
      paid: each.amountSet.presentmentMoney.amount,
      at: each.processedAt ?? each.createdAt,
    })),
    disputes: order.disputes.map((dispute) => dispute.status),
    highRisk: isHighRisk(order.risk),
    originalTotal: order.originalTotalPriceSet.presentmentMoney.amount,
    uncarried: uncarriedFacts(denied),
  });
}

/** What Shopify's own recommendation and every assessment come to. */
export function isHighRisk(risk: {
  recommendation: string;
  assessments: readonly { riskLevel: string | null }[];
}): boolean {
  return risk.recommendation === "CANCEL" || risk.assessments.some((each) => each.riskLevel === "HIGH");
}

function toSourceLine(line: z.infer<typeof lineSchema>, tip: string): SourceLine {
  const unitPrice = amountOf(line.originalUnitPriceSet);
  return {
    lineId: line.id,
    productId: line.product?.id ?? null,
    variantId: line.variant?.id ?? null,
    title: line.title,
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    unitPrice,
    discounts: line.discountAllocations.map((each) => ({
      amount: amountOf(each.allocatedAmountSet),
      code: each.discountApplication.code ?? null,
    })),
    taxes: line.taxLines.map((each) => amountOf(each.priceSet)),
    isGiftCard: line.isGiftCard,
    isSubscription: line.sellingPlan !== null,
    // GraphQL has no field that marks a tip's line.
    isTip: line.product === null && line.quantity === 1 && line.title === "Tip" && Number(tip) > 0 && unitPrice === tip,
    productTags: line.product?.tags ?? [],
    productType: line.product?.productType ?? "",
    vendor: line.vendor ?? "",
  };
}

function toSourceRefund(refund: z.infer<typeof refundSchema>): SourceRefund {
  return {
    refundId: refund.id,
    createdAt: refund.createdAt ?? refund.processedAt,
    lines: refund.refundLineItems.nodes.map((line) => ({
      lineId: line.lineItem.id,
      quantity: line.quantity,
      subtotal: amountOf(line.subtotalSet),
      tax: amountOf(line.totalTaxSet),
    })),
    shipping: refund.refundShippingLines.nodes.map((line) => ({
      amount: amountOf(line.subtotalAmountSet),
      tax: amountOf(line.taxAmountSet),
    })),
    adjustments: refund.orderAdjustments.nodes.map((each) => amountOf(each.amountSet)),
    duties: (refund.duties ?? []).map((each) => amountOf(each.amountSet)),
    transactions: refund.transactions.nodes.map((each) => ({ status: each.status, amount: amountOf(each.amountSet) })),
  };
}

function amountOf(set: z.infer<typeof money>): string {
  return set.shopMoney.amount;
}
