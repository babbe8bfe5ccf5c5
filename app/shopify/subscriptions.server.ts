import type { ShopId } from "../db.server";
import { env } from "../env.server";
import { adminClient, type AdminClient } from "./admin-client.server";
import { API_VERSION } from "./api-version";
import {
  createSubscriptionMutation,
  deleteSubscriptionMutation,
  listSubscriptionsQuery,
} from "./documents/subscription";
import type { CreateSubscriptionMutationVariables, ListSubscriptionsQuery } from "./generated/admin-operations";
import { expectNoUserErrors, RefusedByShopifyError } from "./shopify-errors";
import { SHOP_TOPICS, topicToEnum } from "./topics";

type Subscription = ListSubscriptionsQuery["webhookSubscriptions"]["nodes"][number];
type TopicEnum = CreateSubscriptionMutationVariables["topic"];

export interface SubscriptionCheck {
  /** Topics that had to be created (all of them at install). */
  restored: string[];
  /** Subscriptions of ours with another address, filter or field list, removed. */
  removed: number;
  /** Topics Shopify refuses for want of a scope or an approval. */
  refused: string[];
  present: number;
}

/** Where Shopify delivers: one address for every topic. */
export function webhookAddress(): string {
  return new URL("/webhooks", env().SHOPIFY_APP_URL).href;
}

/**
 * Compares the shop's subscriptions with the wanted list and restores what is missing or altered.
 * @throws what the Admin API client throws
 */
export async function restoreSubscriptions(shopId: ShopId): Promise<SubscriptionCheck> {
  const client = await adminClient(shopId);
  const existing = await listAll(client);
  const check: SubscriptionCheck = { restored: [], removed: 0, refused: [], present: 0 };
  const wanted = new Map<string, string>(SHOP_TOPICS.map((topic) => [topicToEnum(topic), topic]));
  for (const subscription of existing) {
    if (isAsWanted(subscription) && wanted.delete(subscription.topic)) {
      check.present++;
      continue;
    }
    const { webhookSubscriptionDelete } = await client.request(deleteSubscriptionMutation, { id: subscription.id });
    expectNoUserErrors("webhookSubscriptionDelete", webhookSubscriptionDelete);
    check.removed++;
  }
  for (const [topicEnum, topic] of wanted) {
    const isCreated = await create(client, topicEnum as TopicEnum);
    (isCreated ? check.restored : check.refused).push(topic);
  }
  return check;
}

// Answers list only this app's per-shop subscriptions; those of the toml never appear among them.
async function listAll(client: AdminClient): Promise<Subscription[]> {
  const all: Subscription[] = [];
  for (let after: string | null = null; ;) {
    const { webhookSubscriptions: page }: ListSubscriptionsQuery = await client.request(listSubscriptionsQuery, {
      after,
    });
    all.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return all;
    after = page.pageInfo.endCursor;
  }
}

function isAsWanted(subscription: Subscription): boolean {
  return (
    subscription.uri === webhookAddress() &&
    !subscription.filter &&
    subscription.includeFields.length === 0 &&
    subscription.apiVersion.handle === API_VERSION
  );
}

async function create(client: AdminClient, topic: TopicEnum): Promise<boolean> {
  try {
    const { webhookSubscriptionCreate } = await client.request(createSubscriptionMutation, {
      topic,
      subscription: { uri: webhookAddress(), format: "JSON" },
    });
    // "already been taken": another worker was quicker. Any other userError is about scopes or approval.
    const errors = webhookSubscriptionCreate?.userErrors ?? [];
    return errors.length === 0 || errors.some((error) => /taken/i.test(error.message));
  } catch (error) {
    if (error instanceof RefusedByShopifyError) return false;
    throw error;
  }
}
