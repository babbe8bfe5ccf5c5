import type { ReferralEvidenceQuery, ReferralEvidenceQueryVariables } from "../generated/admin-operations";
import { operation } from "../operation";

/** Where the friend's order went and came from, and the same of the advocate's latest orders. */
export const referralEvidenceQuery = operation<ReferralEvidenceQuery, ReferralEvidenceQueryVariables>(/* GraphQL */ `
  fragment OrderOrigin on Order {
    clientIp
    shippingAddress {
      address1
      address2
      zip
      countryCodeV2
    }
    billingAddress {
      address1
      address2
      zip
      countryCodeV2
    }
  }
  query ReferralEvidence($orderId: ID!, $advocateId: ID!) {
    order(id: $orderId) {
      customer {
        numberOfOrders
      }
      ...OrderOrigin
    }
    customer(id: $advocateId) {
      orders(first: 5, reverse: true) {
        nodes {
          id
          ...OrderOrigin
        }
      }
    }
  }
`);
