// Code discounts, basic kind only: a fixed amount or a percentage off the whole order.
import { gid } from "../ids";
import { toMinor } from "../money";
import type { SimDiscount } from "../state";
import { paginateList } from "./connection";
import { metafieldFields } from "./metafield-types";
import { moneyV2 } from "./money-bag";
import {
  dateTime,
  fields,
  idOf,
  notImplemented,
  plain,
  say,
  text,
  typed,
  type Args,
  type GraphContext,
  type TypeTable,
} from "./types";

export function codeDiscountNodeByCode(args: Args, ctx: GraphContext): unknown {
  const code = String(args.code).toLowerCase();
  return Object.values(ctx.shop.discounts).find((one) => one.code.toLowerCase() === code) ?? null;
}

const refuse = (field: string[], message: string, code: string) => ({
  codeDiscountNode: null,
  userErrors: [{ field: ["basicCodeDiscount", ...field], message, code, extraInfo: null }],
});

export function discountCodeBasicCreate(args: Args, ctx: GraphContext): unknown {
  const input = args.basicCodeDiscount as Args;
  const code = text(input.code)?.trim() ?? "";
  if (code === "") return refuse(["code"], "Code can't be blank", "BLANK");
  if (!input.startsAt) return refuse(["startsAt"], "Starts at can't be blank", "BLANK");
  if (codeDiscountNodeByCode({ code }, ctx))
    return refuse(["code"], "Code must be unique. Please try a different code.", "TAKEN");
  if (input.endsAt && say(input.endsAt) <= say(input.startsAt)) {
    return refuse(["endsAt"], "Ends at needs to be after starts_at", "END_DATE_BEFORE_START_DATE");
  }
  const value = readValue(input.customerGets as Args | undefined, ctx.shop.currency);
  if ("problem" in value) return refuse(value.problem.field, value.problem.message, value.problem.code);
  const customers = readCustomers(input.context as Args | undefined, ctx);
  if (customers === "unknown")
    return refuse(["context", "customers", "add"], "Selected customers are invalid", "INVALID");
  const subtotal = ((input.minimumRequirement as Args | undefined)?.subtotal as Args | undefined)
    ?.greaterThanOrEqualToSubtotal;
  if ((input.minimumRequirement as Args | undefined)?.quantity) throw notImplemented("discount minimum quantity");
  for (const field of ["tags", "recurringCycleLimit", "customerSelection"])
    if (input[field]) throw notImplemented(`DiscountCodeBasicInput.${field}`);
  const combines = (input.combinesWith ?? {}) as Args;
  const now = ctx.sim.now().toISOString();
  const created: SimDiscount = {
    id: ctx.sim.newId(),
    code,
    title: text(input.title) ?? code,
    kind: value.kind,
    value: value.value,
    minimumMinor: subtotal === undefined || subtotal === null ? null : toMinor(say(subtotal), ctx.shop.currency),
    customerIds: customers,
    usageLimit: typeof input.usageLimit === "number" ? input.usageLimit : null,
    oncePerCustomer: input.appliesOncePerCustomer === true,
    used: 0,
    startsAt: new Date(say(input.startsAt)).toISOString(),
    endsAt: input.endsAt ? new Date(say(input.endsAt)).toISOString() : null,
    status: "active",
    combinesWith: {
      order: combines.orderDiscounts === true,
      product: combines.productDiscounts === true,
      shipping: combines.shippingDiscounts === true,
    },
    createdAt: now,
    updatedAt: now,
  };
  ctx.shop.discounts[created.id] = created;
  ctx.sim.emit({ shop: ctx.shop.domain, topic: "discounts/create", ids: { discountId: created.id } });
  return { codeDiscountNode: created, userErrors: [] };
}

type Value =
  { kind: "amount" | "percentage"; value: number } | { problem: { field: string[]; message: string; code: string } };

function readValue(gets: Args | undefined, currency: string): Value {
  if (!gets) return { problem: { field: ["customerGets"], message: "Customer gets can't be blank", code: "BLANK" } };
  if ((gets.items as Args | undefined)?.all !== true) throw notImplemented("discounts on chosen items");
  const value = (gets.value ?? {}) as Args;
  if (typeof value.percentage === "number") {
    if (value.percentage <= 0 || value.percentage > 1) {
      const message = "Value must be between 0.0 and 1.0";
      return { problem: { field: ["customerGets", "value", "percentage"], message, code: "VALUE_OUTSIDE_RANGE" } };
    }
    return { kind: "percentage", value: Math.round(value.percentage * 10_000) };
  }
  const amount = (value.discountAmount as Args | undefined)?.amount;
  if (amount === undefined || amount === null) throw notImplemented("this kind of discount value");
  return { kind: "amount", value: toMinor(say(amount), currency) };
}

function readCustomers(context: Args | undefined, ctx: GraphContext): string[] | null | "unknown" {
  if (!context || context.all) return null;
  if (!context.customers) throw notImplemented("discount contexts other than all and customers");
  const ids = ((context.customers as Args).add as string[] | undefined) ?? [];
  const customers = ids.map((value) => idOf("Customer", value));
  return customers.some((id) => id === null || !ctx.shop.customers[id])
    ? "unknown"
    : customers.flatMap((id) => id ?? []);
}

function statusOf(discount: SimDiscount, _: Args, ctx: GraphContext): string {
  const now = ctx.sim.now().toISOString();
  if (discount.status === "expired" || (discount.endsAt !== null && discount.endsAt <= now)) return "EXPIRED";
  return discount.startsAt > now ? "SCHEDULED" : "ACTIVE";
}

export const DISCOUNT_TYPES: Record<string, TypeTable> = {
  DiscountCodeNode: new Map([
    ...fields<SimDiscount>({
      id: ({ id }) => gid("DiscountCodeNode", id),
      codeDiscount(discount) {
        if (discount.kind === "free_shipping") throw notImplemented("DiscountCodeFreeShipping");
        return typed("DiscountCodeBasic", { ...discount });
      },
    }),
    ...metafieldFields<SimDiscount>(({ id }) => gid("DiscountCodeNode", id)),
  ]),
  DiscountCodeBasic: fields<SimDiscount>({
    title: ({ title }) => title,
    status: statusOf,
    startsAt: ({ startsAt }) => dateTime(startsAt),
    endsAt: ({ endsAt }) => dateTime(endsAt),
    createdAt: ({ createdAt }) => dateTime(createdAt),
    updatedAt: ({ updatedAt }) => dateTime(updatedAt),
    usageLimit: ({ usageLimit }) => usageLimit,
    asyncUsageCount: ({ used }) => used,
    appliesOncePerCustomer: ({ oncePerCustomer }) => oncePerCustomer,
    codesCount: () => ({ count: 1, precision: "EXACT" }),
    codes: (discount, args, ctx) =>
      paginateList(
        [{ id: gid("DiscountRedeemCode", discount.id), code: discount.code, asyncUsageCount: discount.used }],
        args,
        ctx.bulk,
      ),
    combinesWith: ({ combinesWith }) => ({
      orderDiscounts: combinesWith.order,
      productDiscounts: combinesWith.product,
      shippingDiscounts: combinesWith.shipping,
    }),
    customerGets: (discount) => discount,
    context: ({ customerIds }, _, ctx) =>
      customerIds === null
        ? typed("DiscountBuyerSelectionAll", { all: "ALL" })
        : typed("DiscountCustomers", { customers: customerIds.flatMap((id) => ctx.shop.customers[id] ?? []) }),
  }),
  DiscountCustomerGets: fields<SimDiscount>({
    value: ({ kind, value }, _, ctx) =>
      kind === "percentage"
        ? typed("DiscountPercentage", { percentage: value / 10_000 })
        : typed("DiscountAmount", { amount: moneyV2(value, ctx.shop.currency), appliesOnEachItem: false }),
  }),
  DiscountPercentage: plain("percentage"),
  DiscountAmount: plain("amount", "appliesOnEachItem"),
  DiscountBuyerSelectionAll: plain("all"),
  DiscountCustomers: plain("customers"),
  DiscountCombinesWith: plain("orderDiscounts", "productDiscounts", "shippingDiscounts"),
  DiscountRedeemCode: plain("id", "code", "asyncUsageCount"),
};
