import type {
  CreateSubscriptionMutation,
  CreateSubscriptionMutationVariables,
  DeleteSubscriptionMutation,
  DeleteSubscriptionMutationVariables,
  ListSubscriptionsQuery,
  ListSubscriptionsQueryVariables,
} from "../generated/admin-operations";
import { operation } from "../operation";

export const listSubscriptionsQuery = operation<ListSubscriptionsQuery, ListSubscriptionsQueryVariables>(/* GraphQL */ `
  query ListSubscriptions($after: String) {
    webhookSubscriptions(first: 100, after: $after) {
      nodes {
        id
        topic
        uri
        filter
        includeFields
        apiVersion {
          handle
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const createSubscriptionMutation = operation<CreateSubscriptionMutation, CreateSubscriptionMutationVariables>(
  /* GraphQL */ `
    mutation CreateSubscription($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
      webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
        webhookSubscription {
          id
        }
        userErrors {
          field
          message
        }
      }
    }
  `,
);

export const deleteSubscriptionMutation = operation<DeleteSubscriptionMutation, DeleteSubscriptionMutationVariables>(
  /* GraphQL */ `
    mutation DeleteSubscription($id: ID!) {
      webhookSubscriptionDelete(id: $id) {
        deletedWebhookSubscriptionId
        userErrors {
          field
          message
        }
      }
    }
  `,
);
