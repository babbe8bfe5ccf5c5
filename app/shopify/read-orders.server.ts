// Orders as Shopify has them now: one by one, or what changed in a window of time.
import type { ShopId } from "../db.server";
import { adminClient, type AdminClient } from "./admin-client.server";
import {
  readOrderLinesQuery,
  readOrderQuery,
  readOrderRefundsQuery,
  readRefundQuery,
  REFUNDS_PER_PAGE,
  scanOrdersQuery,
} from "./documents/order";
import type { ReadOrderQuery, ReadRefundQuery, ScanOrdersQuery } from "./generated/admin-operations";
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
  /** Too old for our scopes: null means "not readable", never "gone". */
  | { outcome: "not_readable" }
  | { outcome: "gone" };

type Order = NonNullable<ReadOrderQuery["order"]>;
type Line = Order["lineItems"]["nodes"][number];
type Refund = Extract<NonNullable<ReadRefundQuery["node"]>, { refundLineItems: unknown }>;

/**
 * Reads one order completely, whatever its number of lines.
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
    const { order } = await client.request(readOrderQuery, { id: orderId });
    if (!order) return { outcome: isSurelyReadable(known) ? "gone" : "not_readable" };
    const complete = await completeOrder(client, order);
    if (complete) return { outcome: "found", facts: orderFactsFromNode(complete) };
  }
  throw new TransientShopifyError("server_error", { cause: new Error("the order kept changing while it was read") });
}

function isSurelyReadable(known: { processedAt: Date | null; now: Date }): boolean {
  if (!known.processedAt) return false;
  return known.now.getTime() - known.processedAt.getTime() < READABLE_DAYS * 24 * 3_600_000 - READABLE_MARGIN_MS;
}

// Pages of one order are several answers: null when the order changed between them.
async function completeOrder(client: AdminClient, order: Order): Promise<unknown> {
  const lines = await readLines(client, order);
  const refunds = await readRefunds(client, order);
  if (!lines || !refunds) return null;
  return { ...order, lineItems: { nodes: lines }, refunds };
}

async function readLines(client: AdminClient, order: Order): Promise<Line[] | null> {
  const lines = [...order.lineItems.nodes];
  let page = order.lineItems.pageInfo;
  while (page.hasNextPage) {
    const { order: more } = await client.request(readOrderLinesQuery, { id: order.id, after: page.endCursor });
    if (more?.updatedAt !== order.updatedAt) return null;
    lines.push(...more.lineItems.nodes);
    page = more.lineItems.pageInfo;
  }
  return lines;
}

async function readRefunds(client: AdminClient, order: Order): Promise<unknown[] | null> {
  const isOnePage =
    order.refunds.length < REFUNDS_PER_PAGE &&
    !order.refunds.some((refund) => refund.refundLineItems.pageInfo.hasNextPage);
  if (isOnePage) return order.refunds;
  const { order: listed } = await client.request(readOrderRefundsQuery, { id: order.id });
  if (listed?.updatedAt !== order.updatedAt) return null;
  const refunds: unknown[] = [];
  for (const { id } of listed.refunds) {
    const refund = await readRefund(client, id);
    if (!refund) return null;
    refunds.push(refund);
  }
  return refunds;
}

async function readRefund(client: AdminClient, id: string): Promise<unknown> {
  const lines: Refund["refundLineItems"]["nodes"] = [];
  for (let after: string | null = null; ;) {
    const { node }: ReadRefundQuery = await client.request(readRefundQuery, { id, after });
    if (!node || !isRefund(node)) return null;
    lines.push(...node.refundLineItems.nodes);
    if (!node.refundLineItems.pageInfo.hasNextPage) return { ...node, refundLineItems: { nodes: lines } };
    after = node.refundLineItems.pageInfo.endCursor;
  }
}
function isRefund(node: NonNullable<ReadRefundQuery["node"]>): node is Refund {
  return "refundLineItems" in node;
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
