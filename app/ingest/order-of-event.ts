// Which order an event is about, whatever the topic calls it. Ids stay text: they exceed 2^53.
import { z } from "zod";

import { isGid, toGid } from "../shopify/gid";

const id = z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]);
const ownId = z.object({ id: id.optional(), admin_graphql_api_id: z.string().optional() });
const shapes = {
  itself: ownId,
  orderId: z.object({ order_id: id }),
  order: z.object({ order: ownId }),
  edit: z.object({ order_edit: z.object({ order_id: id }) }),
};

/** The order's gid, or null when the payload names none. */
export function orderOfEvent(topic: string, payload: unknown): string | null {
  if (topic === "orders/edited") return fromId(shapes.edit.safeParse(payload).data?.order_edit.order_id);
  if (topic.startsWith("orders/")) return fromOwnId(shapes.itself.safeParse(payload).data);
  if (topic.startsWith("returns/")) return fromOwnId(shapes.order.safeParse(payload).data?.order);
  return fromId(shapes.orderId.safeParse(payload).data?.order_id);
}

function fromOwnId(thing: z.infer<typeof ownId> | undefined): string | null {
  if (isGid(thing?.admin_graphql_api_id, "Order")) return thing.admin_graphql_api_id;
  return fromId(thing?.id);
}
function fromId(value: string | number | undefined): string | null {
  return value === undefined ? null : toGid("Order", value);
}

const stateSchema = z.object({ updated_at: z.string() });
/** When the order state in a body was current, in epoch milliseconds; null when the body does not say. */
export function stateInstant(payload: unknown): number | null {
  const text = stateSchema.safeParse(payload).data?.updated_at;
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

// The first kilobyte of a body names its subject often enough for a list that people read.
const GID_IN_HEAD = /"admin_graphql_api_id"\s*:\s*"(gid:\/\/shopify\/[A-Za-z]+\/\d{1,25})"/;
const ORDER_IN_HEAD = /"order_id"\s*:\s*(\d{1,25})/;
/** A cheap guess at what a body is about, from its beginning; never parses. */
export function subjectInHead(topic: string, head: string): string | null {
  // Only bodies that are an order themselves hold their own id first; an edit names its order.
  if (!topic.startsWith("orders/") || topic === "orders/edited") {
    const order = ORDER_IN_HEAD.exec(head)?.[1];
    if (order) return toGid("Order", order);
  }
  return GID_IN_HEAD.exec(head)?.[1] ?? null;
}
