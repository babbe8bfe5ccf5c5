import type {
  CreateMetafieldDefinitionMutation,
  CreateMetafieldDefinitionMutationVariables,
  ReadInstallationQuery,
  ReadInstallationQueryVariables,
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
