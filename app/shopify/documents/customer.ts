import type {
  ReadCustomersQuery,
  ReadCustomersQueryVariables,
  ScanCustomersQuery,
  ScanCustomersQueryVariables,
} from "../generated/admin-operations";
import { operation } from "../operation";

const customerFields = /* GraphQL */ `
  fragment CustomerFields on Customer {
    id
    firstName
    lastName
    locale
    tags
    state
    verifiedEmail
    createdAt
    updatedAt
    defaultEmailAddress {
      emailAddress
      marketingState
    }
  }
`;

/** What an approval of its own opens: names and addresses. */
const PROTECTED = ["firstName", "lastName", "defaultEmailAddress"] as const;

/** Customers by id; null in the place of one that is gone (deleted or merged away). */
export const readCustomersQuery = operation<ReadCustomersQuery, ReadCustomersQueryVariables>(
  /* GraphQL */ `
    query ReadCustomers($ids: [ID!]!) {
      nodes(ids: $ids) {
        ... on Customer {
          ...CustomerFields
        }
      }
    }
    ${customerFields}
  `,
  { optional: PROTECTED },
);

/** Customers changed in a window, oldest change first. */
export const scanCustomersQuery = operation<ScanCustomersQuery, ScanCustomersQueryVariables>(
  /* GraphQL */ `
    query ScanCustomers($query: String!, $after: String) {
      customers(first: 250, query: $query, after: $after, sortKey: UPDATED_AT) {
        nodes {
          ...CustomerFields
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
    ${customerFields}
  `,
  { optional: PROTECTED },
);
