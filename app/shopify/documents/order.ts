import type {
  ReadOrderLinesQuery,
  ReadOrderLinesQueryVariables,
  ReadOrderQuery,
  ReadOrderQueryVariables,
  ReadOrderRefundsQuery,
  ReadOrderRefundsQueryVariables,
  ReadRefundQuery,
  ReadRefundQueryVariables,
  ScanOrdersQuery,
  ScanOrdersQueryVariables,
} from "../generated/admin-operations";
import { operation } from "../operation";

// Page sizes keep one order within the 1,000 points a query may cost, even where every object counts
// one; what does not fit is read in further pages.

/** Refunds in the first page of an order: a full page means that there may be more. */
export const REFUNDS_PER_PAGE = 3;

const headFields = /* GraphQL */ `
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
    transactions(first: 20) {
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
      }
    }
    fulfillments(first: 20) {
      id
      status
      createdAt
      deliveredAt
    }
  }
`;

const shippingFields = /* GraphQL */ `
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

const lineFields = /* GraphQL */ `
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

const refundLineFields = /* GraphQL */ `
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

const refundFields = /* GraphQL */ `
  fragment OrderRefund on Refund {
    id
    createdAt
    processedAt
    refundShippingLines(first: 3) {
      nodes {
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
    }
    orderAdjustments(first: 5) {
      nodes {
        id
        reason
        amountSet {
          shopMoney {
            amount
          }
        }
      }
    }
    duties {
      amountSet {
        shopMoney {
          amount
        }
      }
    }
    transactions(first: 5) {
      nodes {
        id
        kind
        status
        amountSet {
          shopMoney {
            amount
          }
        }
      }
    }
  }
`;

/** One order with the first page of its lines and refunds; null when unreadable or gone. */
export const readOrderQuery = operation<ReadOrderQuery, ReadOrderQueryVariables>(/* GraphQL */ `
  query ReadOrder($id: ID!) {
    order(id: $id) {
      ...OrderHead
      lineItems(first: 25) {
        nodes {
          ...OrderLine
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      shippingLines(first: 5) {
        nodes {
          ...OrderShipping
        }
      }
      refunds(first: 3) {
        ...OrderRefund
        refundLineItems(first: 10) {
          nodes {
            ...RefundLine
          }
          pageInfo {
            hasNextPage
          }
        }
      }
    }
  }
  ${headFields}
  ${shippingFields}
  ${lineFields}
  ${refundFields}
  ${refundLineFields}
`);

/** The next page of an order's lines. */
export const readOrderLinesQuery = operation<ReadOrderLinesQuery, ReadOrderLinesQueryVariables>(/* GraphQL */ `
  query ReadOrderLines($id: ID!, $after: String) {
    order(id: $id) {
      updatedAt
      lineItems(first: 60, after: $after) {
        nodes {
          ...OrderLine
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
  ${lineFields}
`);

/** An order with more refunds than the first page holds: all of them, one by one through `node`. */
export const readOrderRefundsQuery = operation<ReadOrderRefundsQuery, ReadOrderRefundsQueryVariables>(/* GraphQL */ `
  query ReadOrderRefunds($id: ID!) {
    order(id: $id) {
      updatedAt
      refunds(first: 250) {
        id
      }
    }
  }
`);

/** One refund and a page of its lines. */
export const readRefundQuery = operation<ReadRefundQuery, ReadRefundQueryVariables>(/* GraphQL */ `
  query ReadRefund($id: ID!, $after: String) {
    node(id: $id) {
      ... on Refund {
        ...OrderRefund
        refundLineItems(first: 60, after: $after) {
          nodes {
            ...RefundLine
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
  ${refundFields}
  ${refundLineFields}
`);

/**
 * What changed in a window, oldest first: so little of each that a page costs little, but enough to see that a
 * state is missing although its second is known, and the risk and disputes that no body tells of.
 */
export const scanOrdersQuery = operation<ScanOrdersQuery, ScanOrdersQueryVariables>(/* GraphQL */ `
  query ScanOrders($query: String!, $after: String) {
    orders(first: 100, query: $query, after: $after, sortKey: UPDATED_AT) {
      nodes {
        id
        updatedAt
        processedAt
        cancelledAt
        displayFinancialStatus
        displayFulfillmentStatus
        risk {
          recommendation
          assessments {
            riskLevel
          }
        }
        disputes {
          status
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/**
 * Past orders for a bulk operation. A bulk query may not hold a connection inside a list, so refunds
 * come as ids only and an order with refunds is read by itself afterwards.
 */
export function bulkOrdersQuery(query: string): string {
  // Not marked for the code generator, which cannot see through the inserted search.
  return `
    query {
      orders(query: ${JSON.stringify(query)}, sortKey: UPDATED_AT) {
        edges {
          node {
            ...OrderHead
            refunds {
              id
            }
            shippingLines {
              edges {
                node {
                  ...OrderShipping
                }
              }
            }
            lineItems {
              edges {
                node {
                  ...OrderLine
                }
              }
            }
          }
        }
      }
    }
    ${headFields}
    ${shippingFields}
    ${lineFields}
  `;
}
