import type {
  AddTagsMutation,
  AddTagsMutationVariables,
  CreateBasicCodeMutation,
  CreateBasicCodeMutationVariables,
  CreateFreeShippingCodeMutation,
  CreateFreeShippingCodeMutationVariables,
  CreateGiftCardMutation,
  CreateGiftCardMutationVariables,
  CreditStoreCreditMutation,
  CreditStoreCreditMutationVariables,
  DeactivateCodeMutation,
  DeactivateCodeMutationVariables,
  FindCodeQuery,
  FindCodeQueryVariables,
  FindGiftCardQuery,
  FindGiftCardQueryVariables,
  FindStoreCreditQuery,
  FindStoreCreditQueryVariables,
  ListCodesQuery,
  ListCodesQueryVariables,
  OrdersOfCodeQuery,
  OrdersOfCodeQueryVariables,
} from "../generated/admin-operations";
import { operation } from "../operation";

const codeErrors = /* GraphQL */ `
  fragment CodeErrors on DiscountUserError {
    code
    field
    message
  }
`;

/** A code for an amount or a percentage. */
export const createBasicCodeMutation = operation<CreateBasicCodeMutation, CreateBasicCodeMutationVariables>(
  /* GraphQL */ `
    mutation CreateBasicCode($discount: DiscountCodeBasicInput!) {
      discountCodeBasicCreate(basicCodeDiscount: $discount) {
        codeDiscountNode {
          id
        }
        userErrors {
          ...CodeErrors
        }
      }
    }
    ${codeErrors}
  `,
);

export const createFreeShippingCodeMutation = operation<
  CreateFreeShippingCodeMutation,
  CreateFreeShippingCodeMutationVariables
>(/* GraphQL */ `
  mutation CreateFreeShippingCode($discount: DiscountCodeFreeShippingInput!) {
    discountCodeFreeShippingCreate(freeShippingCodeDiscount: $discount) {
      codeDiscountNode {
        id
      }
      userErrors {
        ...CodeErrors
      }
    }
  }
  ${codeErrors}
`);

/** A code as Shopify has it now; null: no such code (any more). */
export const findCodeQuery = operation<FindCodeQuery, FindCodeQueryVariables>(/* GraphQL */ `
  query FindCode($code: String!) {
    codeDiscountNodeByCode(code: $code) {
      id
      codeDiscount {
        __typename
        ... on DiscountCodeBasic {
          title
          status
          endsAt
          usageLimit
          asyncUsageCount
        }
        ... on DiscountCodeFreeShipping {
          title
          status
          endsAt
          usageLimit
          asyncUsageCount
        }
      }
    }
  }
`);

export const deactivateCodeMutation = operation<DeactivateCodeMutation, DeactivateCodeMutationVariables>(/* GraphQL */ `
  mutation DeactivateCode($id: ID!) {
    discountCodeDeactivate(id: $id) {
      codeDiscountNode {
        id
      }
      userErrors {
        ...CodeErrors
      }
    }
  }
  ${codeErrors}
`);

/** Orders that used a code. Shopify searches by an order's first code only: see `findCodeQuery`'s count of uses. */
export const ordersOfCodeQuery = operation<OrdersOfCodeQuery, OrdersOfCodeQueryVariables>(/* GraphQL */ `
  query OrdersOfCode($query: String!) {
    orders(first: 10, query: $query) {
      nodes {
        id
      }
    }
  }
`);

export const createGiftCardMutation = operation<CreateGiftCardMutation, CreateGiftCardMutationVariables>(/* GraphQL */ `
  mutation CreateGiftCard($input: GiftCardCreateInput!) {
    giftCardCreate(input: $input) {
      giftCard {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

/** Gift cards found by a whole code: Shopify's free search covers codes. */
export const findGiftCardQuery = operation<FindGiftCardQuery, FindGiftCardQueryVariables>(/* GraphQL */ `
  query FindGiftCard($query: String!) {
    giftCards(first: 5, query: $query) {
      nodes {
        id
        note
        lastCharacters
      }
    }
  }
`);

export const creditStoreCreditMutation = operation<CreditStoreCreditMutation, CreditStoreCreditMutationVariables>(
  /* GraphQL */ `
    mutation CreditStoreCredit($id: ID!, $credit: StoreCreditAccountCreditInput!) {
      storeCreditAccountCredit(id: $id, creditInput: $credit) {
        storeCreditAccountTransaction {
          id
        }
        userErrors {
          code
          field
          message
        }
      }
    }
  `,
);

/** A customer's newest credits in each of their accounts. */
export const findStoreCreditQuery = operation<FindStoreCreditQuery, FindStoreCreditQueryVariables>(/* GraphQL */ `
  query FindStoreCredit($id: ID!) {
    customer(id: $id) {
      storeCreditAccounts(first: 10) {
        nodes {
          id
          transactions(first: 50, reverse: true) {
            nodes {
              __typename
              ... on StoreCreditAccountCreditTransaction {
                id
                expiresAt
              }
            }
          }
        }
      }
    }
  }
`);

export const addTagsMutation = operation<AddTagsMutation, AddTagsMutationVariables>(/* GraphQL */ `
  mutation AddTags($id: ID!, $tags: [String!]!) {
    tagsAdd(id: $id, tags: $tags) {
      node {
        id
      }
      userErrors {
        field
        message
      }
    }
  }
`);

/** Discount codes found by a search, a page at a time. */
export const listCodesQuery = operation<ListCodesQuery, ListCodesQueryVariables>(/* GraphQL */ `
  query ListCodes($query: String!, $after: String) {
    discountNodes(first: 100, query: $query, after: $after) {
      nodes {
        id
        discount {
          __typename
          ... on DiscountCodeBasic {
            title
            status
            codes(first: 1) {
              nodes {
                code
              }
            }
          }
          ... on DiscountCodeFreeShipping {
            title
            status
            codes(first: 1) {
              nodes {
                code
              }
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);
