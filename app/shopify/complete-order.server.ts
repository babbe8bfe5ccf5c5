// The rest of an order whose first answer did not hold all of it. A list that is cut would be money that is lost,
// so every list is read to its end or the order is refused.
import type { AdminClient } from "./admin-client.server";
import {
  FULFILLMENTS_PER_ORDER,
  LONGEST_LIST,
  LONGEST_PAYMENTS,
  PAYMENTS_PER_ORDER,
  readOrderFulfillmentsQuery,
  readOrderLinesQuery,
  readOrderPaymentsQuery,
  readOrderRefundsQuery,
  readOrderShippingQuery,
  readRefundQuery,
  REFUNDS_PER_PAGE,
} from "./documents/order";
import type { ReadOrderQuery, ReadRefundQuery } from "./generated/admin-operations";

type Order = NonNullable<ReadOrderQuery["order"]>;
type Line = Order["lineItems"]["nodes"][number];
type Refund = Extract<NonNullable<ReadRefundQuery["node"]>, { refundLineItems: unknown }>;
type AnyRefund = Pick<Refund, "refundShippingLines" | "orderAdjustments" | "transactions">;

/** An order with all of its parts, or why there is none. */
export type CompleteOrder =
  | { outcome: "complete"; node: unknown }
  /** The pages of one order are several answers, and it changed between them. */
  | { outcome: "changed" }
  | { outcome: "too_long"; list: string };

/**
 * Reads what the order's first answer left out.
 * @throws what the Admin API client throws
 */
export async function completeOrder(client: AdminClient, order: Order): Promise<CompleteOrder> {
  try {
    const node = {
      ...order,
      lineItems: { nodes: await readLines(client, order) },
      shippingLines: { nodes: await readShipping(client, order) },
      transactions: await readPayments(client, order),
      fulfillments: await readFulfillments(client, order),
      refunds: await readRefunds(client, order),
    };
    return { outcome: "complete", node };
  } catch (error) {
    if (error instanceof OrderChanged) return { outcome: "changed" };
    if (error instanceof ListTooLong) return { outcome: "too_long", list: error.list };
    throw error;
  }
}

class OrderChanged extends Error {}
class ListTooLong extends Error {
  constructor(readonly list: string) {
    super(`the list ${list} of an order is too long to be read`);
  }
}

function unchanged<Part extends { updatedAt: string }>(order: Order, part: Part | null): Part {
  if (part?.updatedAt !== order.updatedAt) throw new OrderChanged();
  return part;
}
function whole<Item>(list: string, items: Item[], longest: number): Item[] {
  if (items.length >= longest) throw new ListTooLong(list);
  return items;
}

async function readLines(client: AdminClient, order: Order): Promise<Line[]> {
  const lines = [...order.lineItems.nodes];
  let page = order.lineItems.pageInfo;
  while (page.hasNextPage) {
    const answer = await client.request(readOrderLinesQuery, { id: order.id, after: page.endCursor });
    const { lineItems } = unchanged(order, answer.order);
    lines.push(...lineItems.nodes);
    page = lineItems.pageInfo;
  }
  return lines;
}

async function readShipping(client: AdminClient, order: Order): Promise<unknown[]> {
  if (!order.shippingLines.pageInfo.hasNextPage) return order.shippingLines.nodes;
  const answer = await client.request(readOrderShippingQuery, { id: order.id });
  const { shippingLines } = unchanged(order, answer.order);
  if (shippingLines.pageInfo.hasNextPage) throw new ListTooLong("shippingLines");
  return shippingLines.nodes;
}

async function readPayments(client: AdminClient, order: Order): Promise<unknown[]> {
  if (order.transactions.length < PAYMENTS_PER_ORDER) return order.transactions;
  const answer = await client.request(readOrderPaymentsQuery, { id: order.id });
  return whole("transactions", unchanged(order, answer.order).transactions, LONGEST_PAYMENTS);
}

async function readFulfillments(client: AdminClient, order: Order): Promise<unknown[]> {
  if (order.fulfillments.length < FULFILLMENTS_PER_ORDER) return order.fulfillments;
  const answer = await client.request(readOrderFulfillmentsQuery, { id: order.id });
  return whole("fulfillments", unchanged(order, answer.order).fulfillments, LONGEST_LIST);
}

async function readRefunds(client: AdminClient, order: Order): Promise<unknown[]> {
  const isWhole =
    order.refunds.length < REFUNDS_PER_PAGE &&
    !order.refunds.some((refund) => refund.refundLineItems.pageInfo.hasNextPage || cutList(refund) !== null);
  if (isWhole) return order.refunds;
  const answer = await client.request(readOrderRefundsQuery, { id: order.id });
  const listed = whole("refunds", unchanged(order, answer.order).refunds, LONGEST_LIST);
  const refunds: unknown[] = [];
  for (const { id } of listed) refunds.push(await readRefund(client, id));
  return refunds;
}

async function readRefund(client: AdminClient, id: string): Promise<unknown> {
  const lines: Refund["refundLineItems"]["nodes"] = [];
  for (let after: string | null = null; ;) {
    const { node }: ReadRefundQuery = await client.request(readRefundQuery, { id, after });
    if (!node || !isRefund(node)) throw new OrderChanged();
    const cut = cutList(node);
    if (cut !== null) throw new ListTooLong(cut);
    lines.push(...node.refundLineItems.nodes);
    if (!node.refundLineItems.pageInfo.hasNextPage) return { ...node, refundLineItems: { nodes: lines } };
    after = node.refundLineItems.pageInfo.endCursor;
  }
}
function isRefund(node: NonNullable<ReadRefundQuery["node"]>): node is Refund {
  return "refundLineItems" in node;
}
function cutList({ refundShippingLines, orderAdjustments, transactions }: AnyRefund): string | null {
  const lists = { refundShippingLines, orderAdjustments, transactions };
  return Object.entries(lists).find(([, list]) => list.pageInfo.hasNextPage)?.[0] ?? null;
}
