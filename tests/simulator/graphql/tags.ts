// tagsAdd and tagsRemove.
import { gid, parseGid } from "../ids";
import { describeScopes, hasScope, OWNER_WRITE_SCOPES } from "../scopes";
import type { SimEvent } from "../state";
import { findNode } from "./node";
import { badRequest, notImplemented, type Args, type GraphContext } from "./types";

const EVENTS: Record<string, (id: string) => Pick<SimEvent, "topic" | "ids">> = {
  Customer: (id) => ({ topic: "customers/update", ids: { customerId: id } }),
  Order: (id) => ({ topic: "orders/updated", ids: { orderId: id } }),
  Product: (id) => ({ topic: "products/update", ids: { productId: id } }),
};

function change(args: Args, ctx: GraphContext, next: (tags: string[], named: string[]) => string[]): unknown {
  const parsed = parseGid(String(args.id));
  const event = parsed ? EVENTS[parsed.type] : undefined;
  if (!parsed || !event) throw notImplemented(`tags on ${String(args.id)}`);
  const scope = OWNER_WRITE_SCOPES[parsed.type];
  if (scope && !hasScope(ctx.install.scopes, [scope])) {
    throw badRequest(`Access denied for tags. Required access: ${describeScopes([scope])}`, "ACCESS_DENIED");
  }
  const node = findNode(ctx, gid(parsed.type, parsed.id)) as { tags: string[]; updatedAt: string } | null;
  if (!node) return { node: null, userErrors: [{ field: ["id"], message: `${parsed.type} does not exist` }] };
  const named = (args.tags as string[]).map((tag) => tag.trim()).filter(Boolean);
  node.tags = next(node.tags, named);
  node.updatedAt = ctx.sim.now().toISOString();
  ctx.sim.emit({ shop: ctx.shop.domain, ...event(parsed.id) });
  return { node, userErrors: [] };
}

const lower = (tags: string[]) => new Set(tags.map((tag) => tag.toLowerCase()));

export function tagsAdd(args: Args, ctx: GraphContext): unknown {
  return change(args, ctx, (tags, named) => [...tags, ...named.filter((tag) => !lower(tags).has(tag.toLowerCase()))]);
}

export function tagsRemove(args: Args, ctx: GraphContext): unknown {
  return change(args, ctx, (tags, named) => tags.filter((tag) => !lower(named).has(tag.toLowerCase())));
}
