// Orders as Shopify has them now: one by one, or what changed in a window of time.
import type { ShopId } from "../db.server";
import { adminClient } from "./admin-client.server";
import { log } from "../log.server";
import { completeOrder } from "./complete-order.server";
import { readOrderQuery, scanOrdersQuery } from "./documents/order";
import type { ScanOrdersQuery } from "./generated/admin-operations";
import type { FinancialStatus, Instant, OrderFacts } from "./order-facts";
import { toDispute, toFinancialStatus } from "./order-source";
import { isHighRisk, orderFactsFromNode } from "./parse-order-node";
import { TransientShopifyError } from "./shopify-errors";

/** Orders older than this are readable only with the read_all_orders scope. */
export const READABLE_DAYS = 60;
// Shopify's 60 days are not ours to the hour.
const READABLE_MARGIN_MS = 24 * 3_600_000;

export type OrderReading =
  | { outcome: "found"; facts: OrderFacts }
  /** Too old for our scopes (null never means "gone" then), or longer than Shopify shows. */
  | { outcome: "not_readable" }
  | { outcome: "gone" };

/**
 * Reads one order completely, whatever its number of lines; what Shopify keeps from us of its customer is named
 * in the facts' `uncarried`.
 * @param processedAt when known: an order too old to be readable is never called gone
 * @throws what the Admin API client throws
 */
export async function readOrder(
  shopId: ShopId,
  orderId: string,
  known: { processedAt: Date | null; now: Date },
): Promise<OrderReading> {
  const client = await adminClient(shopId);
  for (let attempt = 0; attempt < 3; attempt++) {
    const { data, denied } = await client.read(readOrderQuery, { id: orderId });
    if (!data.order) return { outcome: isSurelyReadable(known) ? "gone" : "not_readable" };
    const complete = await completeOrder(client, data.order);
    if (complete.outcome === "complete") return { outcome: "found", facts: orderFactsFromNode(complete.node, denied) };
    if (complete.outcome === "too_long") {
      // A part of an order would move wrong points; the reconciler counts it as a difference it cannot explain.
      log().error({ shopId, orderId, list: complete.list }, "an order is longer than Shopify shows");
      return { outcome: "not_readable" };
    }
  }
  throw new TransientShopifyError("server_error", { cause: new Error("the order kept changing while it was read") });
}

function isSurelyReadable(known: { processedAt: Date | null; now: Date }): boolean {
  if (!known.processedAt) return false;
  return known.now.getTime() - known.processedAt.getTime() < READABLE_DAYS * 24 * 3_600_000 - READABLE_MARGIN_MS;
}

/** An order that changed within a window: enough to tell whether our state of it is the newest. */
export interface OrderSighting {
  orderId: string;
  updatedAt: Instant;
  processedAt: Date;
  isCancelled: boolean;
  financialStatus: FinancialStatus;
  dispute: OrderFacts["dispute"];
  isFulfilled: boolean;
  highRisk: boolean;
  /** Units after edits and refunds. */
  units: number;
}

/** A span of `updated_at`: from inclusive, to exclusive. */
export interface UpdatedWindow {
  from: Date;
  to: Date;
}

/** Deliveries and clocks overlap: windows begin this much before the last high-water mark. */
export const WINDOW_OVERLAP_MS = 15 * 60_000;

/**
 * What changed in the window, oldest change first, a page at a time. Shopify's search index may lag
 * behind its orders: the overlap of windows makes up for it.
 * @throws what the Admin API client throws
 */
export async function* scanOrders(shopId: ShopId, window: UpdatedWindow): AsyncGenerator<OrderSighting[]> {
  const client = await adminClient(shopId);
  const query = updatedQuery(window);
  for (let after: string | null = null; ;) {
    const { orders }: ScanOrdersQuery = await client.request(scanOrdersQuery, { query, after });
    yield orders.nodes.map((node) => ({
      orderId: node.id,
      updatedAt: new Date(node.updatedAt).toISOString(),
      processedAt: new Date(node.processedAt),
      isCancelled: node.cancelledAt !== null,
      financialStatus: toFinancialStatus(node.displayFinancialStatus),
      dispute: toDispute(node.disputes.map((dispute) => dispute.status)),
      isFulfilled: node.displayFulfillmentStatus === "FULFILLED",
      highRisk: isHighRisk(node.risk),
      units: node.currentSubtotalLineItemsQuantity,
    }));
    if (!orders.pageInfo.hasNextPage) return;
    after = orders.pageInfo.endCursor;
  }
}

/**
 * The full facts of what changed in the window; `isKnown` spares the reading of orders whose newest state
 * we already have.
 * @throws what the Admin API client throws
 */
export async function* readChangedOrders(
  shopId: ShopId,
  window: UpdatedWindow,
  isKnown: (sightings: OrderSighting[]) => Promise<ReadonlySet<string>>,
): AsyncGenerator<{ sighting: OrderSighting; reading: OrderReading | { outcome: "known" } }> {
  for await (const page of scanOrders(shopId, window)) {
    const known = await isKnown(page);
    for (const sighting of page) {
      if (known.has(sighting.orderId)) yield { sighting, reading: { outcome: "known" } };
      // Seen a moment ago, so null would mean that it is gone now.
      else
        yield {
          sighting,
          reading: await readOrder(shopId, sighting.orderId, { processedAt: sighting.processedAt, now: window.to }),
        };
    }
  }
}

/** Shopify's search for a window: "updated_at:>='…' updated_at:<'…'". */
export function updatedQuery({ from, to }: UpdatedWindow): string {
  return `updated_at:>='${from.toISOString()}' updated_at:<'${to.toISOString()}'`;
}
