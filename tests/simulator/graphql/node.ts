// gid → object, for node, nodes and everything that takes an id of "some resource".
import { gid, parseGid } from "../ids";
import { hasScope, TYPE_SCOPES } from "../scopes";
import type { SimOrder } from "../state";
import { fileLookup } from "./file-types";
import { readOrder } from "./order-access";
import { findCreditTransaction } from "./store-credit-types";
import { badRequest, notImplemented, typed, type GraphContext } from "./types";

type Lookup = (ctx: GraphContext, id: string) => object | null;

const partOfOrder =
  <T extends { id: string }>(list: (order: SimOrder) => T[], name: string): Lookup =>
  (ctx, id) => {
    for (const order of Object.values(ctx.shop.orders)) {
      const part = list(order).find((one) => one.id === id);
      if (part) return readOrder(ctx, order.id) ? { order, [name]: part } : null;
    }
    return null;
  };

const LOOKUPS: Record<string, Lookup> = {
  Order: readOrder,
  Customer: (ctx, id) => ctx.shop.customers[id] ?? null,
  Product: (ctx, id) => ctx.shop.products[id] ?? null,
  ProductVariant(ctx, id) {
    for (const product of Object.values(ctx.shop.products)) {
      const variant = product.variants.find((one) => one.id === id);
      if (variant) return { product, variant };
    }
    return null;
  },
  Collection: (ctx, id) => ctx.shop.collections[id] ?? null,
  Shop: (ctx, id) => (id === ctx.shop.id ? ctx.shop : null),
  AppInstallation: (ctx, id) => (id === ctx.install.installationId ? ctx.install : null),
  BulkOperation: (ctx, id) => ctx.shop.bulkOperations[id] ?? null,
  WebhookSubscription: (ctx, id) => ctx.shop.subscriptions[id] ?? null,
  DiscountCodeNode: (ctx, id) => ctx.shop.discounts[id] ?? null,
  DiscountNode: (ctx, id) => ctx.shop.discounts[id] ?? null,
  GiftCard: (ctx, id) => ctx.shop.giftCards[id] ?? null,
  StoreCreditAccount: (ctx, id) => ctx.shop.storeCredit[id] ?? null,
  StoreCreditAccountCreditTransaction: (ctx, id) => findCreditTransaction(ctx.shop, "credit", id),
  StoreCreditAccountDebitTransaction: (ctx, id) => findCreditTransaction(ctx.shop, "debit", id),
  MediaImage: fileLookup("MediaImage"),
  Video: fileLookup("Video"),
  GenericFile: fileLookup("GenericFile"),
  Metafield: (ctx, id) => ctx.shop.metafields.find((one) => one.id === id) ?? null,
  Refund: partOfOrder((order) => order.refunds, "refund"),
  LineItem: partOfOrder((order) => order.lines, "line"),
  Fulfillment: partOfOrder((order) => order.fulfillments, "fulfillment"),
  OrderTransaction: partOfOrder((order) => order.payments, "payment"),
  Return: partOfOrder((order) => order.returns, "ret"),
};

/** The object behind a gid, marked with its type; null when there is none or it may not be read. */
export function findNode(ctx: GraphContext, value: unknown): object | null {
  const parsed = parseGid(String(value));
  if (!parsed) throw badRequest(`Invalid global id '${String(value)}'`, "argumentLiteralsIncompatible");
  const lookup = LOOKUPS[parsed.type];
  if (!lookup) throw notImplemented(`node of type ${parsed.type}`);
  const scopes = TYPE_SCOPES[parsed.type];
  if (scopes && !hasScope(ctx.install.scopes, scopes)) return null;
  const found = lookup(ctx, parsed.id);
  return found ? typed(parsed.type, found) : null;
}

/** Whether the gid names something that exists, readable or not. */
export function nodeExists(ctx: GraphContext, value: string): boolean {
  const parsed = parseGid(value);
  const lookup = parsed ? LOOKUPS[parsed.type] : undefined;
  return (
    parsed !== null && lookup !== undefined && lookup(ctx, parsed.id) !== null && gid(parsed.type, parsed.id) === value
  );
}
