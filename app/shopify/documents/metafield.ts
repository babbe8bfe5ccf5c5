import type {
  CreateMetafieldDefinitionMutation,
  CreateMetafieldDefinitionMutationVariables,
  DeleteMetafieldsMutation,
  DeleteMetafieldsMutationVariables,
  EnableStandardDefinitionMutation,
  EnableStandardDefinitionMutationVariables,
  ReadInstallationQuery,
  ReadInstallationQueryVariables,
  ReadProductReviewsQuery,
  ReadProductReviewsQueryVariables,
  SetMetafieldsMutation,
  SetMetafieldsMutationVariables,
} from "../generated/admin-operations";
import { operation } from "../operation";

/** Shopify takes 25 metafields a call, all or none. */
export const METAFIELDS_PER_CALL = 25;

export const setMetafieldsMutation = operation<SetMetafieldsMutation, SetMetafieldsMutationVariables>(/* GraphQL */ `
  mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      metafields {
        id
        compareDigest
      }
      userErrors {
        code
        elementIndex
        field
        message
      }
    }
  }
`);

export const createMetafieldDefinitionMutation = operation<
  CreateMetafieldDefinitionMutation,
  CreateMetafieldDefinitionMutationVariables
>(/* GraphQL */ `
  mutation CreateMetafieldDefinition($definition: MetafieldDefinitionInput!) {
    metafieldDefinitionCreate(definition: $definition) {
      createdDefinition {
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

/** The owner of installation metafields, and the app id that namespaces resolve to. */
export const readInstallationQuery = operation<ReadInstallationQuery, ReadInstallationQueryVariables>(/* GraphQL */ `
  query ReadInstallation {
    currentAppInstallation {
      id
      app {
        id
      }
    }
  }
`);

/** Deletes metafields; those that are not there are no error. */
export const deleteMetafieldsMutation = operation<DeleteMetafieldsMutation, DeleteMetafieldsMutationVariables>(
  /* GraphQL */ `
    mutation DeleteMetafields($metafields: [MetafieldIdentifierInput!]!) {
      metafieldsDelete(metafields: $metafields) {
        deletedMetafields {
          ownerId
        }
        userErrors {
          field
          message
        }
      }
    }
  `,
);

/** Gives a metafield that Shopify itself has described its definition. */
export const enableStandardDefinitionMutation = operation<
  EnableStandardDefinitionMutation,
  EnableStandardDefinitionMutationVariables
>(/* GraphQL */ `
  mutation EnableStandardDefinition($namespace: String!, $key: String!) {
    standardMetafieldDefinitionEnable(ownerType: PRODUCT, namespace: $namespace, key: $key) {
      createdDefinition {
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

/** What stands on products now, 25 at most a call; null in the place of one that is gone. */
export const readProductReviewsQuery = operation<ReadProductReviewsQuery, ReadProductReviewsQueryVariables>(
  /* GraphQL */ `
    query ReadProductReviews($ids: [ID!]!) {
      nodes(ids: $ids) {
        ... on Product {
          id
          own: metafield(namespace: "$app:kizuna", key: "reviews") {
            value
          }
          rating: metafield(namespace: "reviews", key: "rating") {
            value
          }
          count: metafield(namespace: "reviews", key: "rating_count") {
            value
          }
        }
      }
    }
  `,
);
