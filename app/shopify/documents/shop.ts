import type {
  ReadShopQuery,
  ReadShopQueryVariables,
  ReadThemesQuery,
  ReadThemesQueryVariables,
} from "../generated/admin-operations";
import { operation } from "../operation";

/** The shop's own facts and the installation's ids. */
export const readShopQuery = operation<ReadShopQuery, ReadShopQueryVariables>(/* GraphQL */ `
  query ReadShop {
    shop {
      id
      name
      email
      myshopifyDomain
      currencyCode
      ianaTimezone
      taxesIncluded
      plan {
        partnerDevelopment
        publicDisplayName
      }
      primaryDomain {
        host
      }
      shopAddress {
        countryCodeV2
      }
    }
    currentAppInstallation {
      id
      app {
        id
      }
      accessScopes {
        handle
      }
    }
  }
`);

/** The published theme's templates, to see whether our blocks are placed in them. */
export const readThemesQuery = operation<ReadThemesQuery, ReadThemesQueryVariables>(/* GraphQL */ `
  query ReadThemes($filenames: [String!]!) {
    themes(first: 1, roles: [MAIN]) {
      nodes {
        id
        name
        files(first: 100, filenames: $filenames) {
          nodes {
            filename
            body {
              ... on OnlineStoreThemeFileBodyText {
                content
              }
            }
          }
        }
      }
    }
  }
`);
