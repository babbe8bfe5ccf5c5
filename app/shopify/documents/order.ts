import type {
  ReadOrderLinesQuery,
  ReadOrderLinesQueryVariables,
  ReadOrderFulfillmentsQuery,
  ReadOrderFulfillmentsQueryVariables,
  ReadOrderPaymentsQuery,
  ReadOrderPaymentsQueryVariables,
  ReadOrderQuery,
  ReadOrderQueryVariables,
  ReadOrderRefundsQuery,
  ReadOrderRefundsQueryVariables,
  ReadOrderShippingQuery,
  ReadOrderShippingQueryVariables,
  ReadRefundQuery,
  ReadRefundQueryVariables,
  ScanOrdersQuery,
  ScanOrdersQueryVariables,
} from "../generated/admin-operations";
import { operation } from "../operation";
import {
  fulfillmentFields,
  headFields,
  lineFields,
  paymentFields,
  refundFields,
  refundLineFields,
  refundPartFields,
  shippingFields,
  troubleFields,
} from "./order-fragments";

// Page sizes keep one order within the 1,000 points a query may cost, even where every object counts
// one; what does not fit is read in further pages.

/** Refunds in the first page of an order: a full page means that there may be more. */
export const REFUNDS_PER_PAGE = 3;
/** Payments and shipments that come with an order; lists without pages, so a full one is read again at length. */
export const PAYMENTS_PER_ORDER = 20;
export const FULFILLMENTS_PER_ORDER = 20;
/** The most that a list without pages gives; a full one may be cut, and no order is known by a part. */
export const LONGEST_PAYMENTS = 240;
export const LONGEST_LIST = 250;

/** One order with the first page of its lines and refunds; null when unreadable or gone. */
export const readOrderQuery = operation<ReadOrderQuery, ReadOrderQueryVariables>(
  /* GraphQL */ `
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
          pageInfo {
            hasNextPage
          }
        }
        refunds(first: 3) {
          ...OrderRefund
          refundShippingLines(first: 3) {
            nodes {
              ...RefundShipping
            }
            pageInfo {
              hasNextPage
            }
          }
          orderAdjustments(first: 5) {
            nodes {
              ...RefundAdjustment
            }
            pageInfo {
              hasNextPage
            }
          }
          transactions(first: 5) {
            nodes {
              ...RefundPayment
            }
            pageInfo {
              hasNextPage
            }
          }
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
    ${troubleFields}
    ${paymentFields}
    ${fulfillmentFields}
    ${shippingFields}
    ${lineFields}
    ${refundFields}
    ${refundPartFields}
    ${refundLineFields}
  `,
  { optional: ["customer", "purchasingEntity", "email"] },
);

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

/** Every payment of an order that has many. */
export const readOrderPaymentsQuery = operation<ReadOrderPaymentsQuery, ReadOrderPaymentsQueryVariables>(/* GraphQL */ `
  query ReadOrderPayments($id: ID!) {
    order(id: $id) {
      updatedAt
      transactions(first: 240) {
        ...OrderPayment
      }
    }
  }
  ${paymentFields}
`);

/** Every shipment of an order that has many. */
export const readOrderFulfillmentsQuery = operation<ReadOrderFulfillmentsQuery, ReadOrderFulfillmentsQueryVariables>(
  /* GraphQL */ `
    query ReadOrderFulfillments($id: ID!) {
      order(id: $id) {
        updatedAt
        fulfillments(first: 250) {
          ...OrderFulfillment
        }
      }
    }
    ${fulfillmentFields}
  `,
);

/** Shipping lines of an order that has many (split deliveries, edits). */
export const readOrderShippingQuery = operation<ReadOrderShippingQuery, ReadOrderShippingQueryVariables>(/* GraphQL */ `
  query ReadOrderShipping($id: ID!) {
    order(id: $id) {
      updatedAt
      shippingLines(first: 100) {
        nodes {
          ...OrderShipping
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  }
  ${shippingFields}
`);

/** One refund and a page of its lines. */
export const readRefundQuery = operation<ReadRefundQuery, ReadRefundQueryVariables>(/* GraphQL */ `
  query ReadRefund($id: ID!, $after: String) {
    node(id: $id) {
      ... on Refund {
        ...OrderRefund
        refundShippingLines(first: 20) {
          nodes {
            ...RefundShipping
          }
          pageInfo {
            hasNextPage
          }
        }
        orderAdjustments(first: 40) {
          nodes {
            ...RefundAdjustment
          }
          pageInfo {
            hasNextPage
          }
        }
        transactions(first: 60) {
          nodes {
            ...RefundPayment
          }
          pageInfo {
            hasNextPage
          }
        }
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
  ${refundPartFields}
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
        currentSubtotalLineItemsQuantity
        ...OrderTroubles
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
  ${troubleFields}
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
    ${troubleFields}
    ${paymentFields}
    ${fulfillmentFields}
    ${shippingFields}
    ${lineFields}
  `;
}
