// From "what happened" to the bytes that are signed and sent. The body is made once, when the event
// happens: retries carry it unchanged.
import type { Simulator } from "../simulator";
import type { SimEvent, SimOrder, SimShop } from "../state";
import { collectionBody, collectionDeleteBody, discountBody, productBody } from "./catalogue";
import { customerBody, customerDeleteBody, emailConsentBody, mergeBody, privacyBody, smsConsentBody } from "./customer";
import { orderBody } from "./order";
import { disputeBody, editBody, fulfillmentEventBody, returnBody } from "./order-acts";
import { num, when } from "./primitives";
import { refundBody, transactionBody } from "./refund";
import { bulkBody, scopesBody, shopBody, themeBody } from "./shop";
import { gid } from "../ids";

type Body = Record<string, unknown>;
type PayloadSource = Pick<Simulator, "shop" | "now" | "appId">;

/** Topics whose body is the whole order. */
const ORDER_TOPICS = [
  "orders/create",
  "orders/updated",
  "orders/paid",
  "orders/cancelled",
  "orders/fulfilled",
  "orders/partially_fulfilled",
] as const;

/** @throws Error when the topic is not simulated or the thing it speaks of does not exist */
export function buildPayload(sim: PayloadSource, event: SimEvent): { body: string; triggeredAt: string } {
  const shop = sim.shop(event.shop);
  const triggeredAt = sim.now().toISOString();
  const family = event.topic.slice(0, event.topic.indexOf("/"));
  const builder = FAMILIES[family];
  const body = builder?.(sim, shop, event, triggeredAt);
  if (!body) throw new Error(`simulator: webhook topic ${event.topic} is not simulated`);
  return { body: JSON.stringify(body), triggeredAt };
}

type Builder = (sim: PayloadSource, shop: SimShop, event: SimEvent, now: string) => Body | null;

const FAMILIES: Record<string, Builder> = {
  orders: (_, shop, event) => orders(shop, event),
  refunds: (_, shop, event) => {
    const order = need(shop.orders[event.ids.orderId ?? ""], event);
    return refundBody(
      shop,
      order,
      need(
        order.refunds.find((refund) => refund.id === event.ids.refundId),
        event,
      ),
    );
  },
  order_transactions: (_, shop, event) => {
    const order = need(shop.orders[event.ids.orderId ?? ""], event);
    return transactionBody(
      shop,
      order,
      need(
        order.payments.find((payment) => payment.id === event.ids.paymentId),
        event,
      ),
    );
  },
  fulfillment_events: (_, shop, event) =>
    fulfillmentEventBody(shop, need(shop.orders[event.ids.orderId ?? ""], event), event.ids),
  returns: (_, shop, event) => {
    const order = need(shop.orders[event.ids.orderId ?? ""], event);
    return returnBody(
      order,
      need(
        order.returns.find((one) => one.id === event.ids.returnId),
        event,
      ),
      event,
    );
  },
  disputes: (_, shop, event) =>
    disputeBody(shop, need(shop.orders[event.ids.orderId ?? ""], event), event.ids.disputeId ?? ""),
  customers: (_, shop, event) => customers(shop, event),
  customers_email_marketing_consent: (_, shop, event) =>
    emailConsentBody(shop, need(shop.customers[event.ids.customerId ?? ""], event)),
  customers_marketing_consent: (_, shop, event) =>
    smsConsentBody(shop, need(shop.customers[event.ids.customerId ?? ""], event)),
  products: (_, shop, event) =>
    event.topic === "products/delete"
      ? { id: num(event.ids.productId ?? "0") }
      : productBody(shop, need(shop.products[event.ids.productId ?? ""], event)),
  collections: (_, shop, event) =>
    event.topic === "collections/delete"
      ? collectionDeleteBody(event.ids.collectionId ?? "0")
      : collectionBody(shop, need(shop.collections[event.ids.collectionId ?? ""], event)),
  discounts: (_, shop, event, now) => discounts(shop, event, now),
  shop: (_, shop, event, now) =>
    event.topic === "shop/redact" ? { shop_id: num(shop.id), shop_domain: shop.domain } : shopBody(shop, now),
  themes: (_, shop, event, now) => themeBody(shop, event, now),
  app: (sim, shop, event, now) =>
    event.topic === "app/scopes_update" ? scopesBody(shop, event, sim.appId, now) : shopBody(shop, now),
  bulk_operations: (_, shop, event, now) =>
    bulkBody(shop, need(shop.bulkOperations[event.ids.bulkId ?? ""], event), now),
};

function need<T>(found: T | undefined, event: SimEvent): T {
  if (found === undefined)
    throw new Error(
      `simulator: ${event.topic} speaks of something ${event.shop} does not have (${JSON.stringify(event.ids)})`,
    );
  return found;
}

function orders(shop: SimShop, event: SimEvent): Body | null {
  if (event.topic === "orders/delete") return { id: num(event.ids.orderId ?? "0") };
  const order: SimOrder = need(shop.orders[event.ids.orderId ?? ""], event);
  if (event.topic === "orders/edited") return editBody(shop, order, event.extra ?? {});
  return (ORDER_TOPICS as readonly string[]).includes(event.topic) ? orderBody(shop, order) : null;
}

function customers(shop: SimShop, event: SimEvent): Body {
  const id = event.ids.customerId ?? "";
  if (event.topic === "customers/delete") return customerDeleteBody(id);
  if (event.topic === "customers/merge") return mergeBody(event.extra ?? {});
  if (event.topic === "customers/redact" || event.topic === "customers/data_request") return privacyBody(shop, event);
  return customerBody(shop, need(shop.customers[id], event));
}

function discounts(shop: SimShop, event: SimEvent, now: string): Body {
  const id = event.ids.discountId ?? "";
  if (event.topic !== "discounts/delete") return discountBody(shop, need(shop.discounts[id], event), now);
  return {
    admin_graphql_api_id: gid("DiscountCodeNode", id),
    deleted_at: when(String(event.extra?.deletedAt ?? now), shop),
  };
}
