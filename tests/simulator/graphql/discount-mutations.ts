// discountCodeBasicCreate, discountCodeFreeShippingCreate, discountCodeDeactivate, …Activate, …Delete.
import { gid } from "../ids";
import { toMinor } from "../money";
import {
  activateDiscount,
  createDiscount,
  deactivateDiscount,
  deleteDiscount,
  findDiscount,
  type DiscountInput,
} from "../order-engine";
import type { Id, Minor, SimDiscount } from "../state";
import { idOf, notImplemented, say, text, type Args, type GraphContext } from "./types";

const CODE_MAX = 255;
const CUSTOMERS_MAX = 100;

/** Thrown while an input is read; becomes the one user error of the answer. */
class Problem extends Error {
  constructor(
    readonly field: string[],
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}
const wrong = (field: string, message: string, code: string): Problem => new Problem(field.split("."), message, code);

export function discountCodeBasicCreate(args: Args, ctx: GraphContext): unknown {
  return create(ctx, "basicCodeDiscount", args.basicCodeDiscount as Args, (input) => readGets(input, ctx));
}

export function discountCodeFreeShippingCreate(args: Args, ctx: GraphContext): unknown {
  return create(ctx, "freeShippingCodeDiscount", args.freeShippingCodeDiscount as Args, (input) =>
    readShipping(input, ctx),
  );
}

function create(
  ctx: GraphContext,
  root: string,
  input: Args,
  special: (input: Args) => Partial<DiscountInput>,
): { codeDiscountNode: SimDiscount | null; userErrors: object[] } {
  try {
    const read = { ...readCommon(input, ctx), ...special(input) };
    if (read.kind === "free_shipping" && read.combinesWith?.shipping)
      throw wrong(
        "combinesWith",
        "The combinesWith settings are not valid for the discount class.",
        "INVALID_COMBINES_WITH_FOR_DISCOUNT_CLASS",
      );
    return { codeDiscountNode: createDiscount(ctx.sim, ctx.shop.domain, read), userErrors: [] };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { field, message, code } = error;
    return { codeDiscountNode: null, userErrors: [{ field: [root, ...field], message, code, extraInfo: null }] };
  }
}

function readCommon(input: Args, ctx: GraphContext): DiscountInput {
  for (const field of ["recurringCycleLimit", "customerSelection"])
    if (input[field]) throw notImplemented(`discount input ${field}`);
  if ((input.tags as string[] | undefined)?.length) throw notImplemented("discount tags");
  const code = text(input.code)?.trim() ?? "";
  const title = text(input.title)?.trim() ?? "";
  if (title === "") throw wrong("title", "Title can't be blank", "BLANK");
  if (code === "") throw wrong("code", "Code can't be blank", "BLANK");
  if (code.length > CODE_MAX) throw wrong("code", `Code is too long (maximum is ${CODE_MAX} characters)`, "TOO_LONG");
  if (!input.startsAt) throw wrong("startsAt", "Starts at can't be blank", "BLANK");
  const startsAt = new Date(say(input.startsAt)).toISOString();
  const endsAt = input.endsAt ? new Date(say(input.endsAt)).toISOString() : null;
  if (endsAt !== null && endsAt <= startsAt)
    throw wrong("endsAt", "Ends at needs to be after starts_at", "END_DATE_BEFORE_START_DATE");
  if (findDiscount(ctx.shop, code)) throw wrong("code", "Code must be unique. Please try a different code.", "TAKEN");
  if (typeof input.usageLimit === "number" && input.usageLimit < 1)
    throw wrong("usageLimit", "Usage limit must be greater than 0", "GREATER_THAN");
  return {
    code,
    title,
    minimumMinor: readMinimum(input.minimumRequirement as Args | undefined, ctx),
    customerIds: readCustomers(input.context as Args | undefined, ctx),
    usageLimit: typeof input.usageLimit === "number" ? input.usageLimit : null,
    oncePerCustomer: input.appliesOncePerCustomer === true,
    startsAt,
    endsAt,
    combinesWith: readCombines((input.combinesWith ?? {}) as Args),
  };
}

function readCombines(combines: Args): SimDiscount["combinesWith"] {
  if (combines.productDiscountsWithTagsOnSameCartLine) throw notImplemented("product discounts by tag on one line");
  return {
    order: combines.orderDiscounts === true,
    product: combines.productDiscounts === true,
    shipping: combines.shippingDiscounts === true,
  };
}

function readMinimum(minimum: Args | undefined | null, ctx: GraphContext): Minor | null {
  if (!minimum) return null;
  if (minimum.quantity && minimum.subtotal)
    throw wrong(
      "minimumRequirement",
      "Minimum subtotal and minimum quantity can't both be present.",
      "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT",
    );
  if (minimum.quantity) throw notImplemented("discount minimum quantity");
  const subtotal = (minimum.subtotal as Args | undefined)?.greaterThanOrEqualToSubtotal;
  if (subtotal === undefined || subtotal === null) return null;
  const path = "minimumRequirement.subtotal.greaterThanOrEqualToSubtotal";
  const minor = readMinor(subtotal, path, ctx);
  if (minor < 0) throw wrong(path, "Minimum subtotal must be greater than or equal to 0", "GREATER_THAN_OR_EQUAL_TO");
  return minor;
}

function readMinor(value: unknown, path: string, ctx: GraphContext): Minor {
  try {
    return toMinor(say(value), ctx.shop.currency);
  } catch {
    throw wrong(path, "Amount is not valid in the shop's currency", "INVALID");
  }
}

function readCustomers(context: Args | undefined | null, ctx: GraphContext): Id[] | null {
  if (!context || context.all) return null;
  const customers = context.customers as { add?: string[]; remove?: string[] } | undefined;
  if (!customers) throw notImplemented("discount contexts other than all and customers");
  if (customers.remove?.length) throw notImplemented("removing customers from a discount that is being made");
  const path = "context.customers.add";
  const wanted = customers.add ?? [];
  if (wanted.length === 0) throw wrong(path, "Selected customers can't be blank", "BLANK");
  if (wanted.length > CUSTOMERS_MAX) throw wrong(path, "Too many customers were selected", "EXCEEDED_MAX");
  return known("Customer", wanted, path, (id) => ctx.shop.customers[id]);
}

function known(type: string, gids: string[], path: string, find: (id: Id) => unknown): Id[] {
  return gids.map((value) => {
    const id = idOf(type, value);
    if (id === null || !find(id)) throw wrong(path, `${type} with id: ${value} is invalid`, "INVALID");
    return id;
  });
}

function readGets(input: Args, ctx: GraphContext): Partial<DiscountInput> {
  const gets = input.customerGets as Args | undefined;
  if (!gets) throw wrong("customerGets", "Customer gets can't be blank", "BLANK");
  if (gets.appliesOnSubscription === true || gets.appliesOnOneTimePurchase === false)
    throw notImplemented("discounts on subscriptions");
  const items = readItems((gets.items ?? {}) as Args, ctx);
  const value = (gets.value ?? {}) as Args;
  if (value.discountOnQuantity) throw notImplemented("discounts on a quantity");
  if (typeof value.percentage === "number") {
    if (value.percentage <= 0 || value.percentage > 1)
      throw wrong("customerGets.value.percentage", "Value must be between 0.0 and 1.0", "VALUE_OUTSIDE_RANGE");
    return { kind: "percentage", value: Math.round(value.percentage * 10_000), items };
  }
  const { amount, appliesOnEachItem } = (value.discountAmount ?? {}) as Args;
  if (amount === undefined || amount === null) throw wrong("customerGets.value", "Value can't be blank", "BLANK");
  const path = "customerGets.value.discountAmount.amount";
  const minor = readMinor(amount, path, ctx);
  if (minor <= 0) throw wrong(path, "Value must be greater than 0", "GREATER_THAN");
  if (items === null && appliesOnEachItem === true) throw notImplemented("an amount off each of all items");
  return { kind: "amount", value: minor, items, eachItem: appliesOnEachItem === true };
}

function readItems(items: Args, ctx: GraphContext): SimDiscount["items"] {
  const { products, collections, all } = items as { products?: Args; collections?: Args; all?: boolean };
  const chosen = [all === true, Boolean(products), Boolean(collections)].filter(Boolean).length;
  if (chosen === 0) throw wrong("customerGets.items", "Items in 'customer gets' must be defined", "APPLIES_ON_NOTHING");
  if (chosen > 1) throw wrong("customerGets.items", "Only one kind of items can be chosen", "CONFLICT");
  if (all === true) return null;
  if ((products?.productsToRemove ?? products?.productVariantsToRemove ?? collections?.remove) !== undefined)
    throw notImplemented("removing items from a discount that is being made");
  const ids = (value: unknown): string[] => (value as string[] | undefined | null) ?? [];
  const variants = Object.values(ctx.shop.products).flatMap((product) => product.variants);
  const path = "customerGets.items";
  const read = {
    productIds: known(
      "Product",
      ids(products?.productsToAdd),
      `${path}.products.productsToAdd`,
      (id) => ctx.shop.products[id],
    ),
    variantIds: known(
      "ProductVariant",
      ids(products?.productVariantsToAdd),
      `${path}.products.productVariantsToAdd`,
      (id) => variants.find((one) => one.id === id),
    ),
    collectionIds: known(
      "Collection",
      ids(collections?.add),
      `${path}.collections.add`,
      (id) => ctx.shop.collections[id],
    ),
  };
  if (Object.values(read).every((list) => list.length === 0))
    throw wrong(path, "Items in 'customer gets' must be defined", "APPLIES_ON_NOTHING");
  return read;
}

function readShipping(input: Args, ctx: GraphContext): Partial<DiscountInput> {
  if (input.appliesOnSubscription === true || input.appliesOnOneTimePurchase === false)
    throw notImplemented("discounts on subscriptions");
  const destination = input.destination as Args | undefined;
  if (!destination) throw wrong("destination", "Destination can't be blank", "BLANK");
  if (destination.all !== true) throw notImplemented("free shipping to chosen countries");
  const most = input.maximumShippingPrice;
  const maximumShippingMinor =
    most === undefined || most === null ? null : readMinor(most, "maximumShippingPrice", ctx);
  if (maximumShippingMinor !== null && maximumShippingMinor < 0)
    throw wrong(
      "maximumShippingPrice",
      "Maximum shipping price must be greater than or equal to 0",
      "GREATER_THAN_OR_EQUAL_TO",
    );
  return { kind: "free_shipping", value: 0, maximumShippingMinor };
}

type Act = (ctx: GraphContext, id: Id) => unknown;
const MISSING = { field: ["id"], message: "Code discount does not exist.", code: "INVALID", extraInfo: null };

const onNode =
  (act: Act, none: object, done: (result: unknown, id: Id) => object) =>
  (args: Args, ctx: GraphContext): unknown => {
    const id = idOf("DiscountCodeNode", args.id);
    if (id === null || !ctx.shop.discounts[id]) return { ...none, userErrors: [MISSING] };
    return { ...done(act(ctx, id), id), userErrors: [] };
  };
const asNode = (discount: unknown) => ({ codeDiscountNode: discount });

export const discountCodeDeactivate = onNode(
  (ctx, id) => deactivateDiscount(ctx.sim, ctx.shop.domain, id),
  { codeDiscountNode: null },
  asNode,
);
export const discountCodeActivate = onNode(
  (ctx, id) => activateDiscount(ctx.sim, ctx.shop.domain, id),
  { codeDiscountNode: null },
  asNode,
);
export const discountCodeDelete = onNode(
  (ctx, id) => deleteDiscount(ctx.sim, ctx.shop.domain, id),
  { deletedCodeDiscountId: null },
  (_, id) => ({ deletedCodeDiscountId: gid("DiscountCodeNode", id) }),
);
