// From a claimed row to something a handler can apply, or to the reason why not.
import type { ShopId } from "../db.server";
import { API_VERSION } from "../shopify/api-version";
import { APP_TOPICS } from "../shopify/topics";
import type { AlertKind } from "./alert.server";
import type { ClaimedEvent } from "./claim.server";
import type { ApplyContext, Disposal, ShopifyEvent, TopicHandler } from "./event";
import { orderOfEvent, stateInstant } from "./order-of-event";
import { readBody } from "./read-body";
import { handlerOf } from "./topics.server";

/** An event with everything its handler needs, except what must be read from Shopify first. */
export interface ReadyEvent extends ShopifyEvent {
  handler: TopicHandler;
  context: ApplyContext;
  orderGid: string | null;
  orderToRead: string | null;
  /** For order states only: when the state in the body was current. */
  stateAt: number | null;
}

interface Alert {
  shopId: ShopId;
  kind: AlertKind;
  params: Record<string, string>;
}
export type PreparedEvent =
  | { outcome: "ready"; event: ReadyEvent; alert: Alert | null }
  | { outcome: "set_aside"; disposal: Disposal; alert: Alert | null };

/** An install may still be committing when the first deliveries for it arrive. */
const UNKNOWN_SHOP_ATTEMPTS_MAX = 4;
const UNKNOWN_SHOP_DELAY_SECONDS = 30;
const STATE_TOPICS: ReadonlySet<string> = new Set([
  "orders/create",
  "orders/updated",
  "orders/paid",
  "orders/cancelled",
  "orders/fulfilled",
  "orders/partially_fulfilled",
]);

/** Decides what happens to a claimed row; reads nothing. */
export function prepareEvent(claimed: ClaimedEvent, now: Date): PreparedEvent {
  const { shop, topic } = claimed;
  if (!shop) return setAside(unknownShop(claimed));
  const handler = handlerOf(topic);
  if (!handler) {
    return setAside(
      { status: "ignored", detail: "unknown_topic" },
      { shopId: shop.shopId, kind: "unknown_topic", params: { topic } },
    );
  }
  if (shop.uninstalledAt !== null && !handler.afterUninstall)
    return setAside({ status: "ignored", detail: "uninstalled" });
  if (claimed.body === null) return setAside({ status: "ignored", detail: "payload_erased" });
  const body = readBody(claimed.body);
  if (body.outcome === "unreadable") {
    return setAside(
      { status: "quarantined", detail: body.reason },
      { shopId: shop.shopId, kind: "delivery_quarantined", params: { topic, reason: body.reason } },
    );
  }
  const event = {
    inboxId: claimed.id,
    shopId: shop.shopId,
    domain: claimed.domain,
    topic,
    payload: body.payload,
    triggeredAt: claimed.triggeredAt,
    attempts: claimed.attempts,
  };
  const context = { now, shop: { ...shop, domain: claimed.domain }, orderRead: null };
  const isOtherVersion = claimed.apiVersion !== null && claimed.apiVersion !== API_VERSION;
  return {
    outcome: "ready",
    event: {
      ...event,
      handler,
      context,
      orderGid: orderOfEvent(topic, body.payload),
      orderToRead: handler.orderToRead?.(event, context) ?? null,
      stateAt: STATE_TOPICS.has(topic) ? stateInstant(body.payload) : null,
    },
    alert: isOtherVersion
      ? { shopId: shop.shopId, kind: "other_api_version", params: { version: claimed.apiVersion ?? "" } }
      : null,
  };
}

function unknownShop(claimed: ClaimedEvent): Disposal {
  const isAppTopic = (APP_TOPICS as readonly string[]).includes(claimed.topic);
  return isAppTopic || claimed.attempts >= UNKNOWN_SHOP_ATTEMPTS_MAX
    ? { status: "ignored", detail: "unknown_shop" }
    : { status: "pending", afterSeconds: UNKNOWN_SHOP_DELAY_SECONDS, detail: "unknown_shop" };
}

function setAside(disposal: Disposal, alert: Alert | null = null): PreparedEvent {
  return { outcome: "set_aside", disposal, alert };
}
