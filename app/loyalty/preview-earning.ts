// The live worked example of the earning page. Pure.
import { computeEarning, type EarningAnswer, type EarningRules } from "./earning-rules";
import { explain, type ReasonLocale } from "./reasons";

export interface EarningPreview {
  points: number;
  answer: EarningAnswer;
  /** "137 points: ¥13,780 × 1 per ¥100, rounded down" */
  sentence: string;
}

/** What an ordinary, paid order of `exampleMinor` (goods only, tax as the shop's prices) earns, and why. */
export function previewEarning(
  rules: EarningRules,
  example: { minor: number; currency: string; taxesIncluded: boolean; locale: ReasonLocale },
): EarningPreview {
  const at = "2026-01-01T00:00:00.000Z";
  const answer = computeEarning(
    {
      orderId: "gid://shopify/Order/1",
      name: "#1001",
      sourceUpdatedAt: at,
      createdAt: at,
      processedAt: at,
      currency: example.currency,
      presentmentCurrency: example.currency,
      customerId: "gid://shopify/Customer/1",
      email: null,
      customerTags: [],
      orderTags: [],
      channel: rules.channels[0] ?? "online",
      isB2b: false,
      test: false,
      cancelledAt: null,
      financialStatus: "paid",
      paidAt: at,
      fulfilledAt: at,
      deliveredAt: at,
      dispute: "none",
      highRisk: false,
      taxesIncluded: example.taxesIncluded,
      lines: [
        {
          lineId: "gid://shopify/LineItem/1",
          productId: null,
          variantId: null,
          title: "",
          quantity: 1,
          amountMinor: example.minor,
          discountMinor: 0,
          taxMinor: 0,
          isGiftCard: false,
          isSubscription: false,
          productTags: [],
          collectionIds: [],
          productType: "",
          vendor: "",
        },
      ],
      shippingMinor: 0,
      shippingTaxMinor: 0,
      dutiesMinor: 0,
      tipMinor: 0,
      paidWithGiftCardMinor: 0,
      paidWithStoreCreditMinor: 0,
      refunds: [],
    },
    // The example asks what a live program would give to someone who takes part, whatever the order holds.
    {
      ...rules,
      status: "live",
      startsAt: null,
      previewCustomerIds: [],
      participation: { ...rules.participation, who: "everyone", excludeTags: [] },
      products: { ...rules.products, include: null },
      firstOrderBonus: null,
    },
    {
      isDevelopmentShop: false,
      timeZone: "UTC",
      member: { joinedAt: null, tags: [] },
      isFirstOrder: false,
      earnedEarlierTodayPoints: 0,
      now: at,
    },
  );
  const rule = answer.rules[0];
  if (!rule) throw new Error("the order rule always answers");
  return {
    points: rule.target,
    answer,
    sentence: explain(rule.explanation.code, rule.explanation.params, example.locale),
  };
}
