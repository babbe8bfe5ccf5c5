import type {
  ReadProductsQuery,
  ReadProductsQueryVariables,
  ScanCollectionQuery,
  ScanCollectionQueryVariables,
} from "../generated/admin-operations";
import { operation } from "../operation";

const productFields = /* GraphQL */ `
  fragment ProductFields on Product {
    id
    title
    handle
    vendor
    productType
    tags
    updatedAt
    collections(first: 25) {
      nodes {
        id
      }
    }
    variants(first: 5) {
      nodes {
        sku
        barcode
      }
    }
  }
`;

/** Products by id, 25 at most a call; null in the place of one that is gone. */
export const readProductsQuery = operation<ReadProductsQuery, ReadProductsQueryVariables>(/* GraphQL */ `
  query ReadProducts($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Product {
        ...ProductFields
      }
    }
  }
  ${productFields}
`);

/** A collection's products, page by page; null when the collection is gone. */
export const scanCollectionQuery = operation<ScanCollectionQuery, ScanCollectionQueryVariables>(/* GraphQL */ `
  query ScanCollection($id: ID!, $after: String) {
    collection(id: $id) {
      products(first: 25, after: $after) {
        nodes {
          ...ProductFields
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
  ${productFields}
`);
