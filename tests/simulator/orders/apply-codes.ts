// Which of a cart's discount codes apply, and what each takes off which line.
import { allocate, portion } from "../money";
import type { Id, Minor, SimDiscount, SimLine, SimOrder, SimProduct, SimShop } from "../state";
import { discountClass, findDiscount } from "./discounts";

/** A line being priced. */
export type LineDraft = Omit<SimLine, "id"> & { product: SimProduct | null };
export type CodeProblem =
  | "unknown"
  | "not_started"
  | "expired"
  | "used_up"
  | "other_customer"
  | "minimum_not_met"
  | "already_used"
  | "does_not_combine"
  | "nothing_to_discount"
  | "shipping_too_dear";
export interface CodeCart {
  discountCodes?: string[] | undefined;
  customerId?: Id | null | undefined;
  email?: string | null | undefined;
  at: Date;
}
export interface CodeChoice {
  applied: SimDiscount[];
  rejectedCodes: { code: string; problem: CodeProblem }[];
}

/** What is paid for a line after its discounts. */
export const netOf = (line: Pick<SimLine, "quantity" | "unitPriceMinor" | "discounts">): Minor =>
  line.quantity * line.unitPriceMinor - line.discounts.reduce((sum, discount) => sum + discount.amountMinor, 0);

/** Sorts the cart's codes into those that apply, in the order given, and those that do not. */
export function chooseCodes(shop: SimShop, cart: CodeCart, drafts: LineDraft[], rateMinor: Minor | null): CodeChoice {
  const applied: SimDiscount[] = [];
  const rejectedCodes: CodeChoice["rejectedCodes"] = [];
  for (const code of new Set(cart.discountCodes ?? [])) {
    const discount = findDiscount(shop, code);
    const problem = discount
      ? (ownProblem(shop, cart, discount) ??
        cartProblem(shop, drafts, discount, rateMinor) ??
        combinationProblem(applied, discount))
      : "unknown";
    if (discount && !problem) applied.push(discount);
    else rejectedCodes.push({ code, problem: problem ?? "unknown" });
  }
  return { applied, rejectedCodes };
}

function ownProblem(shop: SimShop, cart: CodeCart, discount: SimDiscount): CodeProblem | null {
  const at = cart.at.toISOString();
  if (discount.startsAt > at) return "not_started";
  if (discount.status === "expired" || (discount.endsAt && discount.endsAt <= at)) return "expired";
  if (discount.usageLimit !== null && discount.used >= discount.usageLimit) return "used_up";
  if (discount.customerIds && !(cart.customerId && discount.customerIds.includes(cart.customerId)))
    return "other_customer";
  return discount.oncePerCustomer && hasUsed(shop, discount.code, cart) ? "already_used" : null;
}

function hasUsed(shop: SimShop, code: string, { customerId, email }: CodeCart): boolean {
  const isTheirs = (order: SimOrder): boolean =>
    (order.customerId !== null && order.customerId === customerId) ||
    (order.email !== null && order.email.toLowerCase() === email?.toLowerCase());
  return Object.values(shop.orders).some(
    (order) => isTheirs(order) && !order.cancelledAt && order.discountCodes.some((used) => used.code === code),
  );
}

function cartProblem(
  shop: SimShop,
  drafts: LineDraft[],
  discount: SimDiscount,
  rateMinor: Minor | null,
): CodeProblem | null {
  const goods = entitled(shop, discount, drafts).reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);
  if (goods === 0 && discount.items) return "nothing_to_discount";
  if (discount.minimumMinor !== null && goods < discount.minimumMinor) return "minimum_not_met";
  if (goods === 0) return "nothing_to_discount";
  const most = discount.maximumShippingMinor;
  return most !== null && rateMinor !== null && rateMinor > most ? "shipping_too_dear" : null;
}

function combinationProblem(applied: SimDiscount[], discount: SimDiscount): CodeProblem | null {
  const allows = (a: SimDiscount, b: SimDiscount): boolean => a.combinesWith[discountClass(b)];
  return applied.every((other) => allows(other, discount) && allows(discount, other)) ? null : "does_not_combine";
}

/** The lines a code is for. No code is for gift cards. */
function entitled(shop: SimShop, { items }: SimDiscount, drafts: LineDraft[]): LineDraft[] {
  const goods = drafts.filter((line) => !line.isGiftCard);
  if (!items) return goods;
  const products = new Set([
    ...items.productIds,
    ...items.collectionIds.flatMap((id) => shop.collections[id]?.productIds ?? []),
  ]);
  return goods.filter(
    ({ productId, variantId }) =>
      (productId !== null && products.has(productId)) || (variantId !== null && items.variantIds.includes(variantId)),
  );
}

/**
 * Takes the codes off the lines: product discounts first, of several the best one per line; then order
 * discounts, each on what is left.
 */
export function takeOff(shop: SimShop, applied: SimDiscount[], drafts: LineDraft[]): SimOrder["discountCodes"] {
  const taken = new Map<SimDiscount, Minor>();
  const give = (discount: SimDiscount, line: LineDraft, amountMinor: Minor): void => {
    if (amountMinor === 0) return;
    line.discounts.push({ amountMinor, code: discount.code, scope: discount.items ? "line" : "order" });
    taken.set(discount, (taken.get(discount) ?? 0) + amountMinor);
  };
  const best = new Map<LineDraft, { discount: SimDiscount; amountMinor: Minor }>();
  for (const discount of applied.filter((one) => discountClass(one) === "product")) {
    for (const [line, amountMinor] of offers(shop, discount, drafts))
      if (amountMinor > (best.get(line)?.amountMinor ?? 0)) best.set(line, { discount, amountMinor });
  }
  for (const [line, { discount, amountMinor }] of best) give(discount, line, amountMinor);
  for (const discount of applied.filter((one) => discountClass(one) === "order"))
    for (const [line, amountMinor] of offers(shop, discount, drafts)) give(discount, line, amountMinor);
  return applied
    .filter(({ kind }) => kind !== "free_shipping")
    .map((discount) => ({
      code: discount.code,
      amountMinor: taken.get(discount) ?? 0,
      type: discount.kind === "percentage" ? "percentage" : "fixed_amount",
      value: discount.value,
      selection: discount.items ? "entitled" : "all",
      method: discount.eachItem ? "each" : "across",
    }));
}

/** What a code would take off each of its lines. */
function offers(shop: SimShop, discount: SimDiscount, drafts: LineDraft[]): [LineDraft, Minor][] {
  const lines = entitled(shop, discount, drafts);
  const nets = lines.map(netOf);
  if (discount.kind === "amount" && discount.eachItem)
    return lines.map((line, at) => [line, Math.min(discount.value * line.quantity, nets[at] ?? 0)]);
  const left = nets.reduce((a, b) => a + b, 0);
  const total = discount.kind === "percentage" ? portion(left, discount.value, 10_000) : Math.min(discount.value, left);
  const parts = allocate(total, nets);
  return lines.map((line, at) => [line, parts[at] ?? 0]);
}
