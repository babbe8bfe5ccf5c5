import type {
  CreateFilesMutation,
  CreateFilesMutationVariables,
  DeleteFilesMutation,
  DeleteFilesMutationVariables,
  FindFilesQuery,
  FindFilesQueryVariables,
  ReadFilesQuery,
  ReadFilesQueryVariables,
  StageUploadsMutation,
  StageUploadsMutationVariables,
} from "../generated/admin-operations";
import { operation } from "../operation";

/** Of one search: a folder has two files at most, and a retry may have left one more of each. */
export const FILES_PER_SEARCH = 25;

const fileFields = /* GraphQL */ `
  fragment FileFields on File {
    __typename
    id
    fileStatus
    fileErrors {
      code
    }
    ... on MediaImage {
      image {
        url
      }
    }
    ... on Video {
      filename
      sources {
        url
        mimeType
        height
      }
    }
  }
`;

/** An address that takes one file, and what must be sent along with it. */
export const stageUploadsMutation = operation<StageUploadsMutation, StageUploadsMutationVariables>(/* GraphQL */ `
  mutation StageUploads($input: [StagedUploadInput!]!) {
    stagedUploadsCreate(input: $input) {
      stagedTargets {
        url
        resourceUrl
        parameters {
          name
          value
        }
      }
      userErrors {
        field
        message
      }
    }
  }
`);

export const createFilesMutation = operation<CreateFilesMutation, CreateFilesMutationVariables>(/* GraphQL */ `
  mutation CreateFiles($files: [FileCreateInput!]!) {
    fileCreate(files: $files) {
      files {
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

/** Files by their ids; null stands for one that is gone. */
export const readFilesQuery = operation<ReadFilesQuery, ReadFilesQueryVariables>(/* GraphQL */ `
  query ReadFiles($ids: [ID!]!) {
    nodes(ids: $ids) {
      ...FileFields
    }
  }
  ${fileFields}
`);

/** Files by Shopify's own search, which is a moment behind and ignores what it does not understand. */
export const findFilesQuery = operation<FindFilesQuery, FindFilesQueryVariables>(/* GraphQL */ `
  query FindFiles($query: String!, $first: Int!) {
    files(first: $first, query: $query) {
      nodes {
        ...FileFields
      }
    }
  }
  ${fileFields}
`);

export const deleteFilesMutation = operation<DeleteFilesMutation, DeleteFilesMutationVariables>(/* GraphQL */ `
  mutation DeleteFiles($ids: [ID!]!) {
    fileDelete(fileIds: $ids) {
      deletedFileIds
      userErrors {
        code
        field
        message
      }
    }
  }
`);
