// Bodies about something that happens to an order: edits, carrier reports, returns, disputes.
import { gid } from "../ids";
import { toDecimal } from "../money";
import type { SimEvent, SimOrder, SimReturn, SimShop } from "../state";
import { placeOf } from "./addresses";
import { num, when } from "./primitives";

interface Delta {
  id: string;
  delta: number;
}
const deltas = (value: unknown): Record<string, unknown>[] =>
  ((value as Delta[] | undefined) ?? []).map(({ id, delta }) => ({ id: num(id), delta }));

/** orders/edited: what editOrder put into extra. It names deltas only; the new state must be read. */
export function editBody(
  shop: SimShop,
  order: SimOrder,
  extra: NonNullable<SimEvent["extra"]>,
): Record<string, unknown> {
  const at = when(String(extra.at), shop);
  return {
    order_edit: {
      id: num(String(extra.editId)),
      app_id: null,
      created_at: at,
      committed_at: at,
      notify_customer: false,
      order_id: num(order.id),
      staff_note: String(extra.staffNote),
      user_id: num(shop.staff[0]?.id ?? "1"),
      line_items: { additions: deltas(extra.additions), removals: deltas(extra.removals) },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
    },
  };
}

export function fulfillmentEventBody(shop: SimShop, order: SimOrder, ids: SimEvent["ids"]): Record<string, unknown> {
  const fulfillment = order.fulfillments.find((candidate) => candidate.id === ids.fulfillmentId);
  const event = fulfillment?.events.find((candidate) => candidate.id === ids.fulfillmentEventId);
  if (!fulfillment || !event) throw new Error(`order ${order.name} has no fulfilment event ${ids.fulfillmentEventId}`);
  const place = placeOf(shop.country);
  return {
    id: num(event.id),
    fulfillment_id: num(fulfillment.id),
    status: event.status,
    message: event.status.replaceAll("_", " "),
    happened_at: when(event.at, shop),
    city: place.city,
    province: place.province,
    country: place.code,
    zip: place.zip,
    address1: null,
    latitude: null,
    longitude: null,
    shop_id: num(shop.id),
    created_at: when(event.at, shop),
    updated_at: when(event.at, shop),
    estimated_delivery_at: null,
    order_id: num(order.id),
    admin_graphql_api_id: gid("FulfillmentEvent", event.id),
  };
}

/** returns/*: four shapes, as published. */
export function returnBody(order: SimOrder, found: SimReturn, event: SimEvent): Record<string, unknown> {
  const base = { id: num(found.id), admin_graphql_api_id: gid("Return", found.id), status: found.status };
  if (event.topic === "returns/request" || event.topic === "returns/approve") {
    return {
      ...base,
      order: { id: num(order.id), admin_graphql_api_id: gid("Order", order.id) },
      total_return_line_items: found.lines.reduce((sum, line) => sum + line.quantity, 0),
      name: found.name,
      return_line_items: found.lines.map((line, index) => returnLine(order, found, line, index)),
      return_shipping_fees: [],
      exchange_line_items: [],
      total_exchange_line_items: 0,
    };
  }
  if (event.topic === "returns/decline") {
    const told = { reason: "other", note: "" };
    return { ...base, order: { id: num(order.id), admin_graphql_api_id: gid("Order", order.id) }, decline: told };
  }
  if (event.topic !== "returns/update") return { ...base, order_id: num(order.id) };
  const removals = (event.extra?.removals as { lineId: string; delta: number }[] | undefined) ?? [];
  return {
    admin_graphql_api_id: base.admin_graphql_api_id,
    return_line_items: {
      removals: removals.map(({ lineId, delta }) => ({
        admin_graphql_api_id: gid("ReturnLineItem", returnLineId(found, lineId)),
        delta,
      })),
    },
    restocking_fees: { updates: [], removals: [] },
    return_shipping_fees: { updates: [], removals: [] },
  };
}

/** Return lines have no id of their own in the state: position within the return makes one. */
function returnLineId(found: SimReturn, lineId: string): string {
  return String(num(found.id) * 100 + found.lines.findIndex((line) => line.lineId === lineId) + 1);
}

function returnLine(
  order: SimOrder,
  found: SimReturn,
  line: SimReturn["lines"][number],
  index: number,
): Record<string, unknown> {
  const id = num(found.id) * 100 + index + 1;
  const fulfillment = order.fulfillments.find((candidate) => candidate.lines.some((one) => one.lineId === line.lineId));
  return {
    id,
    admin_graphql_api_id: gid("ReturnLineItem", String(id)),
    quantity: line.quantity,
    return_reason: line.reason,
    return_reason_note: "",
    customer_note: null,
    fulfillment_line_item: {
      id: num(line.lineId),
      admin_graphql_api_id: gid("FulfillmentLineItem", `${fulfillment?.id ?? order.id}${line.lineId}`),
      line_item: { id: num(line.lineId), admin_graphql_api_id: gid("LineItem", line.lineId) },
    },
  };
}

/** disputes/create and disputes/update. */
export function disputeBody(shop: SimShop, order: SimOrder, disputeId: string): Record<string, unknown> {
  const dispute = order.disputes.find((candidate) => candidate.id === disputeId);
  if (!dispute) throw new Error(`order ${order.name} has no dispute ${disputeId}`);
  const isOver = dispute.status === "won" || dispute.status === "lost";
  const due = new Date(Date.parse(dispute.initiatedAt) + 10 * 86_400_000).toISOString();
  return {
    id: num(dispute.id),
    order_id: num(order.id),
    type: dispute.type,
    amount: toDecimal(dispute.amountMinor, order.currency),
    currency: order.currency,
    reason: "fraudulent",
    network_reason_code: "4837",
    status: dispute.status,
    evidence_due_by: when(due, shop),
    evidence_sent_on: null,
    finalized_on: isOver ? when(order.updatedAt, shop) : null,
    initiated_at: when(dispute.initiatedAt, shop),
  };
}
