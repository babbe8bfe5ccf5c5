// Code discounts as the Admin API shows them: amount or percentage off, and free shipping.
import { gid } from "../ids";
import { discountClass, discountStatus, findDiscount } from "../order-engine";
import type { SimDiscount } from "../state";
import { paginate, paginateList } from "./connection";
import { metafieldFields } from "./metafield-types";
import { moneyV2 } from "./money-bag";
import { compileSearch, type SearchTable } from "./search";
import {
  dateTime,
  fields,
  idOf,
  notImplemented,
  plain,
  typed,
  upper,
  type Args,
  type GraphContext,
  type TypeTable,
} from "./types";

export function codeDiscountNodeByCode(args: Args, ctx: GraphContext): unknown {
  return findDiscount(ctx.shop, String(args.code));
}

export function codeDiscountNode(args: Args, ctx: GraphContext): unknown {
  return ctx.shop.discounts[idOf("DiscountCodeNode", args.id) ?? ""] ?? null;
}

/** Takes the gid of either node: both name the same discount. */
export function discountNode(args: Args, ctx: GraphContext): unknown {
  return ctx.shop.discounts[idOf("DiscountNode", args.id) ?? idOf("DiscountCodeNode", args.id) ?? ""] ?? null;
}

/** codeDiscountNodes and discountNodes: there are only code discounts here. */
export function discountConnection(args: Args, ctx: GraphContext): unknown {
  const fits = compileSearch(args.query, search(ctx), ctx.shop.timeZone);
  return paginate(Object.values(ctx.shop.discounts).filter(fits), args, {
    position: position(args.sortKey),
    whole: ctx.bulk,
  });
}

const TYPE_WORD = { amount: "fixed_amount", percentage: "percentage", free_shipping: "free_shipping" } as const;
const now = (ctx: GraphContext): string => ctx.sim.now().toISOString();

function search(ctx: GraphContext): SearchTable<SimDiscount> {
  return {
    name: "discounts",
    words: ({ title, code }) => [title, code],
    fields: {
      id: { kind: "id", read: ({ id }) => id },
      title: { kind: "text", read: ({ title }) => [title] },
      status: { kind: "test", test: (discount, value) => discountStatus(discount, now(ctx)) === value },
      type: { kind: "test", test: ({ kind }, value) => value === "all" || TYPE_WORD[kind] === value },
      discount_type: { kind: "exact", read: ({ kind }) => [TYPE_WORD[kind]] },
      times_used: { kind: "number", read: (discount) => knownUses(discount, ctx) },
      created_at: { kind: "time", read: ({ createdAt }) => createdAt },
      updated_at: { kind: "time", read: ({ updatedAt }) => updatedAt },
      starts_at: { kind: "time", read: ({ startsAt }) => startsAt },
      ends_at: { kind: "time", read: ({ endsAt }) => endsAt },
    },
  };
}

function position(sortKey: unknown) {
  switch (sortKey) {
    case undefined:
    case "ID":
      return ({ id }: SimDiscount) => ({ value: 0, id });
    case "CREATED_AT":
      return ({ id, createdAt }: SimDiscount) => ({ value: createdAt.slice(0, 19), id });
    case "UPDATED_AT":
      return ({ id, updatedAt }: SimDiscount) => ({ value: updatedAt.slice(0, 19), id });
    case "TITLE":
      return ({ id, title }: SimDiscount) => ({ value: title.toLowerCase(), id });
    default:
      throw notImplemented(`sorting discounts by ${String(sortKey)}`);
  }
}

/** The platform counts uses a little later than they happen: `usageLagMs` says how much. */
function knownUses({ code, used }: SimDiscount, ctx: GraphContext): number {
  const { usageLagMs } = ctx.sim.faults;
  if (usageLagMs === 0 || used === 0) return used;
  const since = new Date(ctx.sim.now().getTime() - usageLagMs).toISOString();
  const recent = Object.values(ctx.shop.orders).filter(
    ({ createdAt, discountCodes }) => createdAt > since && discountCodes.some((one) => one.code === code),
  );
  return Math.max(0, used - recent.length);
}

const codeDiscount = (discount: SimDiscount): object =>
  typed(discount.kind === "free_shipping" ? "DiscountCodeFreeShipping" : "DiscountCodeBasic", { ...discount });

const COMMON: TypeTable = fields<SimDiscount>({
  title: ({ title }) => title,
  status: (discount, _, ctx) => upper(discountStatus(discount, now(ctx))),
  startsAt: ({ startsAt }) => dateTime(startsAt),
  endsAt: ({ endsAt }) => dateTime(endsAt),
  createdAt: ({ createdAt }) => dateTime(createdAt),
  updatedAt: ({ updatedAt }) => dateTime(updatedAt),
  usageLimit: ({ usageLimit }) => usageLimit,
  asyncUsageCount: (discount, _, ctx) => knownUses(discount, ctx),
  appliesOncePerCustomer: ({ oncePerCustomer }) => oncePerCustomer,
  discountClasses: (discount) => [upper(discountClass(discount))],
  tags: () => [],
  codesCount: () => ({ count: 1, precision: "EXACT" }),
  codes: (discount, args, ctx) =>
    paginateList(
      [{ id: gid("DiscountRedeemCode", discount.id), code: discount.code, asyncUsageCount: knownUses(discount, ctx) }],
      args,
      ctx.bulk,
    ),
  combinesWith: ({ combinesWith }) => ({
    orderDiscounts: combinesWith.order,
    productDiscounts: combinesWith.product,
    shippingDiscounts: combinesWith.shipping,
  }),
  minimumRequirement: ({ minimumMinor }, _, ctx) =>
    minimumMinor === null
      ? null
      : typed("DiscountMinimumSubtotal", { greaterThanOrEqualToSubtotal: moneyV2(minimumMinor, ctx.shop.currency) }),
  context: ({ customerIds }, _, ctx) =>
    customerIds === null
      ? typed("DiscountBuyerSelectionAll", { all: "ALL" })
      : typed("DiscountCustomers", { customers: customerIds.flatMap((id) => ctx.shop.customers[id] ?? []) }),
});

type Items = NonNullable<SimDiscount["items"]>;

function itemsOf({ items }: SimDiscount): object {
  if (items === null) return typed("AllDiscountItems", { allItems: true });
  return typed(items.collectionIds.length > 0 ? "DiscountCollections" : "DiscountProducts", { ...items });
}

const nodeOf = (type: string, field: string): TypeTable =>
  new Map([
    ...fields<SimDiscount>({ id: ({ id }) => gid(type, id), [field]: codeDiscount }),
    ...metafieldFields<SimDiscount>(({ id }) => gid("DiscountCodeNode", id)),
  ]);

export const DISCOUNT_TYPES: Record<string, TypeTable> = {
  DiscountCodeNode: nodeOf("DiscountCodeNode", "codeDiscount"),
  DiscountNode: nodeOf("DiscountNode", "discount"),
  DiscountCodeBasic: new Map([...COMMON, ...fields<SimDiscount>({ customerGets: (discount) => discount })]),
  DiscountCodeFreeShipping: new Map([
    ...COMMON,
    ...fields<SimDiscount>({
      appliesOnOneTimePurchase: () => true,
      appliesOnSubscription: () => false,
      destinationSelection: () => typed("DiscountCountryAll", { allCountries: true }),
      maximumShippingPrice: ({ maximumShippingMinor }, _, ctx) =>
        maximumShippingMinor === null ? null : moneyV2(maximumShippingMinor, ctx.shop.currency),
    }),
  ]),
  DiscountCustomerGets: fields<SimDiscount>({
    appliesOnOneTimePurchase: () => true,
    appliesOnSubscription: () => false,
    items: itemsOf,
    value: ({ kind, value, eachItem }, _, ctx) =>
      kind === "percentage"
        ? typed("DiscountPercentage", { percentage: value / 10_000 })
        : typed("DiscountAmount", { amount: moneyV2(value, ctx.shop.currency), appliesOnEachItem: eachItem }),
  }),
  AllDiscountItems: plain("allItems"),
  DiscountProducts: fields<Items>({
    products: ({ productIds }, args, ctx) =>
      paginateList(
        productIds.flatMap((id) => ctx.shop.products[id] ?? []),
        args,
        ctx.bulk,
      ),
    productVariants: ({ variantIds }, args, ctx) => {
      const all = Object.values(ctx.shop.products).flatMap((product) =>
        product.variants.map((variant) => ({ product, variant })),
      );
      return paginateList(
        variantIds.flatMap((id) => all.find(({ variant }) => variant.id === id) ?? []),
        args,
        ctx.bulk,
      );
    },
  }),
  DiscountCollections: fields<Items>({
    collections: ({ collectionIds }, args, ctx) =>
      paginateList(
        collectionIds.flatMap((id) => ctx.shop.collections[id] ?? []),
        args,
        ctx.bulk,
      ),
  }),
  DiscountPercentage: plain("percentage"),
  DiscountAmount: plain("amount", "appliesOnEachItem"),
  DiscountMinimumSubtotal: plain("greaterThanOrEqualToSubtotal"),
  DiscountBuyerSelectionAll: plain("all"),
  DiscountCustomers: plain("customers"),
  DiscountCountryAll: plain("allCountries"),
  DiscountCombinesWith: plain("orderDiscounts", "productDiscounts", "shippingDiscounts"),
  DiscountRedeemCode: plain("id", "code", "asyncUsageCount"),
};
