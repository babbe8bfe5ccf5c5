// The parts of an order that several documents select. Page sizes in here are those of one order of a page: see order.ts.

// What no order's body tells of.
export const troubleFields = /* GraphQL */ `
  fragment OrderTroubles on Order {
    risk {
      recommendation
      assessments {
        riskLevel
      }
    }
    disputes {
      id
      status
    }
  }
`;

export const paymentFields = /* GraphQL */ `
  fragment OrderPayment on OrderTransaction {
    id
    kind
    status
    gateway
    createdAt
    processedAt
    amountSet {
      shopMoney {
        amount
      }
      presentmentMoney {
        amount
      }
    }
  }
`;

export const fulfillmentFields = /* GraphQL */ `
  fragment OrderFulfillment on Fulfillment {
    id
    status
    createdAt
    deliveredAt
  }
`;

export const headFields = /* GraphQL */ `
  fragment OrderHead on Order {
    id
    name
    createdAt
    updatedAt
    processedAt
    cancelledAt
    currencyCode
    presentmentCurrencyCode
    taxesIncluded
    test
    sourceName
    tags
    email
    displayFinancialStatus
    displayFulfillmentStatus
    discountCodes
    customer {
      id
      tags
    }
    purchasingEntity {
      __typename
    }
    originalTotalDutiesSet {
      shopMoney {
        amount
      }
    }
    totalTipReceivedSet {
      shopMoney {
        amount
      }
    }
    originalTotalPriceSet {
      presentmentMoney {
        amount
      }
    }
    ...OrderTroubles
    transactions(first: 20) {
      ...OrderPayment
    }
    fulfillments(first: 20) {
      ...OrderFulfillment
    }
  }
`;

export const shippingFields = /* GraphQL */ `
  fragment OrderShipping on ShippingLine {
    id
    discountedPriceSet {
      shopMoney {
        amount
      }
    }
    taxLines {
      priceSet {
        shopMoney {
          amount
        }
      }
    }
  }
`;

export const lineFields = /* GraphQL */ `
  fragment OrderLine on LineItem {
    id
    title
    quantity
    currentQuantity
    isGiftCard
    vendor
    originalUnitPriceSet {
      shopMoney {
        amount
      }
    }
    discountAllocations {
      allocatedAmountSet {
        shopMoney {
          amount
        }
      }
      discountApplication {
        ... on DiscountCodeApplication {
          code
        }
      }
    }
    taxLines {
      priceSet {
        shopMoney {
          amount
        }
      }
    }
    product {
      id
      tags
      productType
    }
    variant {
      id
    }
    sellingPlan {
      name
    }
  }
`;

export const refundLineFields = /* GraphQL */ `
  fragment RefundLine on RefundLineItem {
    quantity
    lineItem {
      id
    }
    subtotalSet {
      shopMoney {
        amount
      }
    }
    totalTaxSet {
      shopMoney {
        amount
      }
    }
  }
`;

export const refundFields = /* GraphQL */ `
  fragment OrderRefund on Refund {
    id
    createdAt
    processedAt
    duties {
      amountSet {
        shopMoney {
          amount
        }
      }
    }
  }
`;

export const refundPartFields = /* GraphQL */ `
  fragment RefundShipping on RefundShippingLine {
    id
    subtotalAmountSet {
      shopMoney {
        amount
      }
    }
    taxAmountSet {
      shopMoney {
        amount
      }
    }
  }
  fragment RefundAdjustment on OrderAdjustment {
    id
    reason
    amountSet {
      shopMoney {
        amount
      }
    }
  }
  fragment RefundPayment on OrderTransaction {
    id
    kind
    status
    amountSet {
      shopMoney {
        amount
      }
    }
  }
`;
