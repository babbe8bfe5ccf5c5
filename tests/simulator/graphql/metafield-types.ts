// Metafields: reading them off any owner, and their namespaces. "$app" and "$app:x" stand for the
// app-reserved "app--<app id>" and "app--<app id>--x"; stored and answered is the resolved form.
import { gid, parseGid } from "../ids";
import type { SimMetafield } from "../state";
import { paginateList } from "./connection";
import { dateTime, fields, plain, type Args, type GraphContext, type Resolver, type TypeTable } from "./types";

const OWNER_TYPES: Record<string, string> = {
  Customer: "CUSTOMER",
  Order: "ORDER",
  Product: "PRODUCT",
  ProductVariant: "PRODUCTVARIANT",
  Collection: "COLLECTION",
  DiscountCodeNode: "DISCOUNT",
  Shop: "SHOP",
  AppInstallation: "API_PERMISSION",
};

/** The app-reserved namespace in full; others unchanged. No namespace means the app's own. */
export function resolveNamespace(ctx: GraphContext, namespace: unknown): string {
  const own = `app--${ctx.sim.appId}`;
  if (typeof namespace !== "string" || namespace === "$app") return own;
  return namespace.startsWith("$app:") ? `${own}--${namespace.slice("$app:".length)}` : namespace;
}

/** Other apps' reserved namespaces are invisible. */
export function isForeign(ctx: GraphContext, namespace: string): boolean {
  const own = `app--${ctx.sim.appId}`;
  return /^app--\d+/.test(namespace) && namespace !== own && !namespace.startsWith(`${own}--`);
}

export function findMetafield(
  ctx: GraphContext,
  ownerGid: string,
  namespace: string,
  key: string,
): SimMetafield | null {
  if (isForeign(ctx, namespace)) return null;
  return (
    ctx.shop.metafields.find(
      (field) => field.ownerGid === ownerGid && field.namespace === namespace && field.key === key,
    ) ?? null
  );
}

export function ownerTypeOf(ownerGid: string): string | null {
  return OWNER_TYPES[parseGid(ownerGid)?.type ?? ""] ?? null;
}

/** `metafield` and `metafields` for an owner type. */
export function metafieldFields<S>(ownerGid: (source: S, ctx: GraphContext) => string): TypeTable {
  const table: Record<string, Resolver<S>> = {
    metafield: (source, args, ctx) =>
      findMetafield(ctx, ownerGid(source, ctx), resolveNamespace(ctx, args.namespace), String(args.key)),
    metafields(source, args: Args, ctx) {
      const owner = ownerGid(source, ctx);
      const namespace =
        args.namespace === undefined || args.namespace === null ? null : resolveNamespace(ctx, args.namespace);
      const keys = Array.isArray(args.keys) ? new Set(args.keys.map((key) => qualifiedKey(ctx, String(key)))) : null;
      const found = ctx.shop.metafields.filter(
        (field) =>
          field.ownerGid === owner &&
          !isForeign(ctx, field.namespace) &&
          (namespace === null || field.namespace === namespace) &&
          (keys === null || keys.has(`${field.namespace}.${field.key}`)),
      );
      return paginateList(found, args, ctx.bulk);
    },
  };
  return fields<S>(table);
}

/** "$app:kizuna.loyalty" → "app--1--kizuna.loyalty" */
function qualifiedKey(ctx: GraphContext, key: string): string {
  const dot = key.lastIndexOf(".");
  return `${resolveNamespace(ctx, key.slice(0, dot))}.${key.slice(dot + 1)}`;
}

export const METAFIELD_TYPES: Record<string, TypeTable> = {
  Metafield: fields<SimMetafield>({
    id: ({ id }) => gid("Metafield", id),
    legacyResourceId: ({ id }) => id,
    namespace: ({ namespace }) => namespace,
    key: ({ key }) => key,
    type: ({ type }) => type,
    value: ({ value }) => value,
    jsonValue: ({ type, value }) =>
      /^(json|list\.|number_integer|boolean)/.test(type) ? (JSON.parse(value) as unknown) : value,
    sizeInBytes: ({ value }) => Buffer.byteLength(value),
    compareDigest: ({ compareDigest }) => compareDigest,
    ownerType: ({ ownerGid }) => ownerTypeOf(ownerGid),
    createdAt: ({ createdAt }) => dateTime(createdAt),
    updatedAt: ({ updatedAt }) => dateTime(updatedAt),
  }),
  MetafieldIdentifier: plain("ownerId", "namespace", "key"),
  MetafieldDefinition: plain(
    "id", "name", "namespace", "key", "ownerType", "type", "description", "access", "pinnedPosition", "validations",
  ), // prettier-ignore
  MetafieldDefinitionType: plain("name", "category"),
  MetafieldAccess: plain("admin", "storefront", "customerAccount"),
  MetafieldDefinitionValidation: plain("name", "type", "value"),
};
