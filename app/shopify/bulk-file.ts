// One order of a bulk file: its own line, then its children, each naming it in __parentId.
import { z } from "zod";

import { FULFILLMENTS_PER_ORDER, PAYMENTS_PER_ORDER } from "./documents/order";
import type { OrderFacts } from "./order-facts";
import { orderFactsFromNode } from "./parse-order-node";

export type BulkOrder =
  | { outcome: "facts"; facts: OrderFacts }
  /** Refunds are not in the file, and a full list may have been cut: read the order by itself. */
  | { outcome: "to_be_read"; orderId: string; processedAt: Date };

const parentSchema = z.looseObject({
  id: z.string(),
  processedAt: z.string(),
  refunds: z.array(z.unknown()),
  transactions: z.array(z.unknown()),
  fulfillments: z.array(z.unknown()),
});
const childSchema = z.looseObject({ id: z.string(), __parentId: z.string() });

/**
 * Puts an order's lines of the file together.
 * @throws ZodError when the group is not an order with its children
 */
export function orderFromBulkGroup(group: unknown[]): BulkOrder {
  const order = parentSchema.parse(group[0]);
  const children = group.slice(1).map((child) => childSchema.parse(child));
  const isWhole = children.every((child) => child.__parentId === order.id);
  const isCut = order.transactions.length >= PAYMENTS_PER_ORDER || order.fulfillments.length >= FULFILLMENTS_PER_ORDER;
  if (order.refunds.length > 0 || isCut || !isWhole)
    return { outcome: "to_be_read", orderId: order.id, processedAt: new Date(order.processedAt) };
  const ofType = (type: string) => ({
    nodes: children.filter((child) => child.id.startsWith(`gid://shopify/${type}/`)),
  });
  const node = { ...order, lineItems: ofType("LineItem"), shippingLines: ofType("ShippingLine") };
  return { outcome: "facts", facts: orderFactsFromNode(node) };
}
