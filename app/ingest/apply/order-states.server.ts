// orders/*: the body is the order's state, if it is fresh and provably this shop's; else the order is read.
import type { ShopTx } from "../../db.server";
import { gidNumber } from "../../shopify/gid";
import type { OrderFacts } from "../../shopify/order-facts";
import { orderFactsFromPayload, orderShopId } from "../../shopify/parse-order-payload";
import { raiseAlert } from "../alert.server";
import { applyOrder } from "../apply-order.server";
import { isStale, type Applied, type ApplyContext, type ShopifyEvent, type TopicHandler } from "../event";
import { orderOfEvent } from "../order-of-event";

type Origin = "own" | "unproven" | "foreign";

// The shop's id inside the signed body is the only proof of whose order it is: headers are not signed.
function originOf(event: ShopifyEvent, context: Pick<ApplyContext, "shop">): Origin {
  const inBody = orderShopId(event.payload);
  if (inBody === null || context.shop.shopifyGid === null) return "unproven";
  return inBody === gidNumber(context.shop.shopifyGid) ? "own" : "foreign";
}

export const orderStates: TopicHandler = {
  nudges: ["publish", "read", "learn"],

  orderToRead(event, context) {
    const origin = originOf(event, context);
    if (origin === "foreign") return null;
    return origin === "unproven" || isStale(event, context.now) ? orderOfEvent(event.topic, event.payload) : null;
  },

  isProvenState: (event, context) => originOf(event, context) === "own" && !isStale(event, context.now),
  stateIn: (event) => orderFactsFromPayload(event.payload),

  async apply(tx, event, context): Promise<Applied> {
    const origin = originOf(event, context);
    if (origin === "foreign") return { outcome: "quarantined", detail: "foreign_shop" };
    if (context.orderRead?.outcome === "found") return apply(tx, context.orderRead.facts, "read", context.now);
    if (origin === "unproven") return { outcome: "quarantined", detail: "unproven_shop" };
    if (context.orderRead?.outcome === "gone") return { outcome: "ignored", detail: "order_gone" };
    const facts = orderFactsFromPayload(event.payload);
    if (!isStale(event, context.now)) return apply(tx, facts, "payload", context.now);
    // Shopify does not let us read it: the old body is the best that will ever be known.
    await raiseAlert(tx, "order_unverified", { order: facts.orderId });
    return { ...(await apply(tx, facts, "payload", context.now)), detail: "unverified" };
  },
};

async function apply(
  tx: ShopTx,
  facts: OrderFacts,
  from: "payload" | "read",
  now: Date,
): Promise<{ outcome: "done"; detail?: string }> {
  const applied = await applyOrder(tx, facts, from, now);
  return applied.outcome === "stale" ? { outcome: "done", detail: "stale" } : { outcome: "done" };
}

/** orders/delete: Shopify lets merchants delete only what is over; what it earned stays explained. */
export const orderDeletions: TopicHandler = {
  async apply(tx, event, context) {
    const orderGid = orderOfEvent(event.topic, event.payload);
    const { rowCount } = await tx.query(
      "UPDATE customer_order SET deleted_at = coalesce(deleted_at, $3), read_due_at = NULL WHERE shop_id = $1 AND order_gid = $2",
      [tx.shopId, orderGid, context.now],
    );
    return rowCount === 0 ? { outcome: "ignored", detail: "unknown_order" } : { outcome: "done" };
  },
};
