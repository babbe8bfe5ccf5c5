// Every webhook topic the app lives on. Two homes: app-specific ones stand in shopify.app.toml and can
// never be removed by failed deliveries; the others are created per shop and checked hourly.

/** Topics in shopify.app.toml: the compliance topics and what must outlive any subscription trouble. */
export const APP_TOPICS = [
  "app/uninstalled",
  "app/scopes_update",
  "customers/data_request",
  "customers/redact",
  "shop/redact",
] as const;

/** Topics subscribed per shop through the Admin API. */
export const SHOP_TOPICS = [
  "orders/create",
  "orders/updated",
  "orders/paid",
  "orders/edited",
  "orders/cancelled",
  "orders/fulfilled",
  "orders/partially_fulfilled",
  "orders/delete",
  "order_transactions/create",
  "refunds/create",
  "returns/request",
  "returns/approve",
  "returns/decline",
  "returns/cancel",
  "returns/close",
  "returns/reopen",
  "returns/update",
  "returns/process",
  "disputes/create",
  "disputes/update",
  "fulfillments/create",
  "fulfillments/update",
  "fulfillment_events/create",
  "fulfillment_events/delete",
  "customers/create",
  "customers/update",
  "customers/delete",
  "customers/merge",
  "customers_email_marketing_consent/update",
  "customers_marketing_consent/update",
  "products/create",
  "products/update",
  "products/delete",
  "collections/create",
  "collections/update",
  "collections/delete",
  "discounts/create",
  "discounts/update",
  "discounts/delete",
  "shop/update",
  "themes/publish",
  "bulk_operations/finish",
] as const;

export type AppTopic = (typeof APP_TOPICS)[number];
export type ShopTopic = (typeof SHOP_TOPICS)[number];
/** Any topic the app knows, in header form: "orders/create". */
export type Topic = AppTopic | ShopTopic;

const KNOWN: ReadonlySet<string> = new Set<string>([...APP_TOPICS, ...SHOP_TOPICS]);

/** Whether the app knows the topic; unknown ones are stored and reported, never refused. */
export function isTopic(value: string): value is Topic {
  return KNOWN.has(value);
}

/** "orders/create" → "ORDERS_CREATE", as the Admin API spells it. */
export function topicToEnum(topic: string): string {
  return topic.toUpperCase().replaceAll("/", "_");
}
