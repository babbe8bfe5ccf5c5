// Topic → handler: the whole list, checked against the topics the app subscribes to.
import type { Topic } from "../shopify/topics";
import { isTopic } from "../shopify/topics";
import { collectionEvents, discountEvents, productDeletions, productEvents } from "./apply/catalogue.server";
import { dataRequests, customerRedactions, shopRedactions } from "./apply/compliance.server";
import { consentEvents, customerDeletions, customerEvents, customerMerges } from "./apply/customers.server";
import {
  deliveryEvents,
  fulfillmentEvents,
  orderDoorbells,
  refundEvents,
  transactionEvents,
} from "./apply/order-doorbells.server";
import { orderDeletions, orderStates } from "./apply/order-states.server";
import { bulkOperations, scopeChanges, shopUpdates, themePublications, uninstalls } from "./apply/shop-events.server";
import type { TopicHandler } from "./event";

const HANDLERS: Record<Topic, TopicHandler> = {
  "orders/create": orderStates,
  "orders/updated": orderStates,
  "orders/paid": orderStates,
  "orders/cancelled": orderStates,
  "orders/fulfilled": orderStates,
  "orders/partially_fulfilled": orderStates,
  "orders/delete": orderDeletions,
  "orders/edited": orderDoorbells,
  "order_transactions/create": transactionEvents,
  "refunds/create": refundEvents,
  "returns/request": orderDoorbells,
  "returns/approve": orderDoorbells,
  "returns/decline": orderDoorbells,
  "returns/cancel": orderDoorbells,
  "returns/close": orderDoorbells,
  "returns/reopen": orderDoorbells,
  "returns/update": orderDoorbells,
  "returns/process": orderDoorbells,
  "disputes/create": orderDoorbells,
  "disputes/update": orderDoorbells,
  "fulfillments/create": fulfillmentEvents,
  "fulfillments/update": fulfillmentEvents,
  "fulfillment_events/create": deliveryEvents,
  "fulfillment_events/delete": orderDoorbells,
  "customers/create": customerEvents,
  "customers/update": customerEvents,
  "customers/delete": customerDeletions,
  "customers/merge": customerMerges,
  "customers_email_marketing_consent/update": consentEvents,
  "customers_marketing_consent/update": consentEvents,
  "products/create": productEvents,
  "products/update": productEvents,
  "products/delete": productDeletions,
  "collections/create": collectionEvents,
  "collections/update": collectionEvents,
  "collections/delete": collectionEvents,
  "discounts/create": discountEvents,
  "discounts/update": discountEvents,
  "discounts/delete": discountEvents,
  "shop/update": shopUpdates,
  "themes/publish": themePublications,
  "app/uninstalled": uninstalls,
  "app/scopes_update": scopeChanges,
  "bulk_operations/finish": bulkOperations,
  "customers/data_request": dataRequests,
  "customers/redact": customerRedactions,
  "shop/redact": shopRedactions,
};

/** The handler of a topic, or null when the app does not know the topic. */
export function handlerOf(topic: string): TopicHandler | null {
  return isTopic(topic) ? HANDLERS[topic] : null;
}
