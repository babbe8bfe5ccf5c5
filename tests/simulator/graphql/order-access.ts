// Which orders an app may read, and what is computed of them once per request.
import { totals, type OrderTotals } from "../order-math";
import { hasScope } from "../scopes";
import type { Id, SimOrder, SimShop } from "../state";
import type { GraphContext } from "./types";

const READABLE_DAYS = 60;

/** The order's figures, computed once per request. */
export function totalsOf(ctx: GraphContext, order: SimOrder): OrderTotals {
  const known = ctx.totals.get(order);
  if (known) return known;
  const figures = totals(order);
  ctx.totals.set(order, figures);
  return figures;
}

/** Deleted orders are gone; orders older than 60 days need read_all_orders. */
export function readableOrders(ctx: GraphContext): (order: SimOrder) => boolean {
  if (hasScope(ctx.install.scopes, ["read_all_orders"])) return (order) => order.deletedAt === null;
  const since = new Date(ctx.sim.now().getTime() - READABLE_DAYS * 86_400_000).toISOString();
  return (order) => order.deletedAt === null && order.createdAt >= since;
}

export function readOrder(ctx: GraphContext, id: Id | null): SimOrder | null {
  const order = id === null ? undefined : ctx.shop.orders[id];
  return order && readableOrders(ctx)(order) ? order : null;
}

interface OrderIndex {
  mark: string;
  all: SimOrder[];
  byCustomer: Map<Id, SimOrder[]>;
}
const indexes = new WeakMap<SimShop, OrderIndex>();

/** Rebuilt when something changed or got an id: a page of orders or customers asks it very often. */
function indexOf(ctx: GraphContext): OrderIndex {
  const mark = `${ctx.sim.version()}/${ctx.sim.state.nextId}`;
  const known = indexes.get(ctx.shop);
  if (known?.mark === mark) return known;
  const index: OrderIndex = { mark, all: Object.values(ctx.shop.orders), byCustomer: new Map() };
  for (const order of index.all) {
    if (order.customerId === null) continue;
    const list = index.byCustomer.get(order.customerId);
    if (list) list.push(order);
    else index.byCustomer.set(order.customerId, [order]);
  }
  indexes.set(ctx.shop, index);
  return index;
}

export function allOrders(ctx: GraphContext): readonly SimOrder[] {
  return indexOf(ctx).all;
}

export function ordersOfCustomer(ctx: GraphContext, customerId: Id): readonly SimOrder[] {
  return indexOf(ctx).byCustomer.get(customerId) ?? [];
}
