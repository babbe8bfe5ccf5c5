import type {
  CancelBulkMutation,
  CancelBulkMutationVariables,
  ReadBulkQuery,
  ReadBulkQueryVariables,
  RunBulkMutation,
  RunBulkMutationVariables,
} from "../generated/admin-operations";
import { operation } from "../operation";

/** `groupObjects` makes each object's children follow it in the file, so that it can be streamed. */
export const runBulkMutation = operation<RunBulkMutation, RunBulkMutationVariables>(/* GraphQL */ `
  mutation RunBulk($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: true) {
      bulkOperation {
        id
        status
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export const readBulkQuery = operation<ReadBulkQuery, ReadBulkQueryVariables>(/* GraphQL */ `
  query ReadBulk($id: ID!) {
    bulkOperation(id: $id) {
      id
      status
      errorCode
      objectCount
      rootObjectCount
      url
      partialDataUrl
      completedAt
    }
  }
`);

export const cancelBulkMutation = operation<CancelBulkMutation, CancelBulkMutationVariables>(/* GraphQL */ `
  mutation CancelBulk($id: ID!) {
    bulkOperationCancel(id: $id) {
      bulkOperation {
        id
        status
      }
      userErrors {
        field
        message
      }
    }
  }
`);
