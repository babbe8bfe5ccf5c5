// Events that say "something happened to an order" without saying what the order is now. They move no
// points: they mark the order to be read, and the read, with the shop's own token, moves them.
import { z } from "zod";

import type { ShopTx } from "../../db.server";
import { markOrderToBeRead } from "../../loyalty/record-order.server";
import { isGid } from "../../shopify/gid";
import type { OrderFacts } from "../../shopify/order-facts";
import type { Applied, ApplyContext, ShopifyEvent, TopicHandler } from "../event";
import { orderOfEvent } from "../order-of-event";

/** orders/updated usually follows within a moment and may make the read's answer old news. */
const READ_AFTER_MS = 1_000;
/** Time for the order's own event, which tells the refund in full, to arrive: reading costs far more. */
const WAIT_FOR_UPDATE_SECONDS = 2;
/** A refund that overtook its order: time for the order to be read. */
const WAIT_FOR_ORDER_SECONDS = 5;
const WAIT_FOR_ORDER_ATTEMPTS_MAX = 6;

async function ring(tx: ShopTx, orderGid: string | null, now: Date): Promise<Applied> {
  if (orderGid === null) return { outcome: "ignored", detail: "no_order" };
  await markOrderToBeRead(tx, orderGid, null, new Date(now.getTime() + READ_AFTER_MS));
  return { outcome: "done" };
}

async function knownFacts(tx: ShopTx, orderGid: string): Promise<OrderFacts | null> {
  const { rows } = await tx.query<{ facts: OrderFacts | null }>(
    "SELECT facts FROM customer_order WHERE shop_id = $1 AND order_gid = $2",
    [tx.shopId, orderGid],
  );
  return rows[0]?.facts ?? null;
}

/** orders/edited, returns/*, disputes/*: the order is read. */
export const orderDoorbells: TopicHandler = {
  nudges: ["read"],
  apply: (tx, event, context) => ring(tx, orderOfEvent(event.topic, event.payload), context.now),
};

/** refunds/create, which may come before anybody told us of the order. */
export const refundEvents: TopicHandler = {
  nudges: ["read"],
  async apply(tx, event, context) {
    const orderGid = orderOfEvent(event.topic, event.payload);
    if (orderGid === null) return { outcome: "ignored", detail: "no_order" };
    const facts = await knownFacts(tx, orderGid);
    const refund = refundIn(event.payload);
    const known = facts?.refunds.find((each) => each.refundId === refund.refundId);
    // The order's own state already told of it, money moved: nothing is left to learn.
    if (known?.status === "success" && refund.isSettled) return { outcome: "done", detail: "known" };
    if (event.attempts === 1)
      return { outcome: "parked", seconds: WAIT_FOR_UPDATE_SECONDS, detail: "waiting_for_order" };
    return facts === null ? waitForOrder(tx, event, orderGid, context) : ring(tx, orderGid, context.now);
  },
};

async function waitForOrder(
  tx: ShopTx,
  event: ShopifyEvent,
  orderGid: string,
  context: ApplyContext,
): Promise<Applied> {
  if (event.attempts >= WAIT_FOR_ORDER_ATTEMPTS_MAX) return { outcome: "ignored", detail: "order_not_readable" };
  await markOrderToBeRead(tx, orderGid, null, context.now);
  return { outcome: "parked", seconds: WAIT_FOR_ORDER_SECONDS * (event.attempts - 1), detail: "waiting_for_order" };
}

const refundSchema = z.object({
  admin_graphql_api_id: z.string(),
  transactions: z.array(z.object({ status: z.string() })).nullish(),
});
function refundIn(payload: unknown): { refundId: string | null; isSettled: boolean } {
  const refund = refundSchema.safeParse(payload).data;
  return {
    refundId: isGid(refund?.admin_graphql_api_id, "Refund") ? refund.admin_graphql_api_id : null,
    isSettled: (refund?.transactions ?? []).every((each) => each.status === "success"),
  };
}

const transactionSchema = z.object({ kind: z.string(), status: z.string() });
/** order_transactions/create: payments and refunds are told by other events; what failed or lingered is only here. */
export const transactionEvents: TopicHandler = {
  nudges: ["read"],
  async apply(tx, event, context) {
    const transaction = transactionSchema.safeParse(event.payload).data;
    if (transaction?.kind !== "refund" && transaction?.kind !== "void")
      return { outcome: "ignored", detail: "told_by_order" };
    const orderGid = orderOfEvent(event.topic, event.payload);
    const facts = orderGid === null ? null : await knownFacts(tx, orderGid);
    const isOpen = facts === null || facts.refunds.some((refund) => refund.status === "pending");
    if (transaction.status === "success" && !isOpen) return { outcome: "ignored", detail: "told_by_order" };
    return ring(tx, orderGid, context.now);
  },
};

const fulfillmentSchema = z.object({ shipment_status: z.string().nullish() });
/** fulfillments/*: the order's own events tell of fulfilment; delivery is only here. */
export const fulfillmentEvents: TopicHandler = {
  nudges: ["read"],
  async apply(tx, event, context) {
    const status = fulfillmentSchema.safeParse(event.payload).data?.shipment_status;
    if (status !== "delivered") return { outcome: "ignored", detail: "told_by_order" };
    return ring(tx, orderOfEvent(event.topic, event.payload), context.now);
  },
};

const eventSchema = z.object({ status: z.string().nullish() });
/** fulfillment_events/create: only the arrival matters. */
export const deliveryEvents: TopicHandler = {
  nudges: ["read"],
  async apply(tx, event, context) {
    const status = eventSchema.safeParse(event.payload).data?.status;
    if (status !== "delivered") return { outcome: "ignored", detail: "on_its_way" };
    return ring(tx, orderOfEvent(event.topic, event.payload), context.now);
  },
};
