// What a cart costs: discount codes, shipping and tax. Pure on the shop's state; the cart page, the
// checkout and createOrder all ask here, so they cannot disagree.
import { allocate, portion } from "../money";
import type { Id, Minor, SimDiscount, SimLine, SimOrder, SimProduct, SimShop } from "../state";
import { ratesFor, taxLines } from "../tax";
import { Refused, variantOf, whole } from "./world";

export interface CartLine {
  /** A variant of the catalogue … */
  variantId?: Id;
  /** … or a custom item (draft orders, history). */
  custom?: { title: string; sku: string; priceMinor: Minor; isGiftCard?: boolean };
  quantity: number;
  /** Another price than the variant's (draft orders, B2B). */
  priceMinor?: Minor;
  /** Merchant's discount on this line, over all its units. */
  lineDiscountMinor?: Minor;
  sellingPlan?: string | null;
}
export interface Cart {
  lines: CartLine[];
  discountCodes?: string[];
  customerId?: Id | null;
  /** Minor units; null: nothing to ship; left out: the shop's rate. */
  shippingMinor?: Minor | null;
  at: Date;
}
type CodeProblem =
  | "unknown"
  | "not_started"
  | "expired"
  | "used_up"
  | "other_customer"
  | "minimum_not_met"
  | "already_used"
  | "does_not_combine"
  | "nothing_to_discount";
export interface PricedCart {
  lines: Omit<SimLine, "id">[];
  discountCodes: SimOrder["discountCodes"];
  rejectedCodes: { code: string; problem: CodeProblem }[];
  shipping: SimOrder["shipping"];
  subtotalMinor: Minor;
  discountMinor: Minor;
  taxMinor: Minor;
  totalMinor: Minor;
}

type Draft = Omit<SimLine, "id"> & { product: SimProduct | null };
const netOf = (line: Pick<SimLine, "quantity" | "unitPriceMinor" | "discounts">): Minor =>
  line.quantity * line.unitPriceMinor - line.discounts.reduce((sum, discount) => sum + discount.amountMinor, 0);

/** Prices a cart. @throws Refused on unknown variants and impossible quantities */
export function priceCart(shop: SimShop, cart: Cart): PricedCart {
  const drafts = cart.lines.map((line) => draftLine(shop, line));
  const { applied, rejectedCodes } = chooseCodes(shop, cart, drafts);
  const discountCodes = applied
    .filter((d) => d.kind !== "free_shipping")
    .map((discount) => discountLines(discount, drafts));
  const subtotalMinor = drafts.reduce((sum, line) => sum + netOf(line), 0);
  const freeShipping = applied.find((discount) => discount.kind === "free_shipping");
  const shipping = shippingFor(shop, cart, drafts, subtotalMinor, freeShipping !== undefined);
  if (freeShipping)
    discountCodes.push({
      code: freeShipping.code,
      amountMinor: shipping ? shipping.priceMinor - shipping.discountedMinor : 0,
      type: "shipping",
    });
  for (const draft of drafts)
    draft.taxes = taxLines(
      ratesFor(shop, draft.isGiftCard ? { tags: [], isGiftCard: true } : draft.product),
      netOf(draft),
      shop.taxesIncluded,
    );
  const taxMinor =
    drafts.reduce((sum, line) => sum + line.taxes.reduce((a, tax) => a + tax.amountMinor, 0), 0) +
    (shipping?.taxMinor ?? 0);
  return {
    lines: drafts.map(({ product: _, ...line }) => line),
    discountCodes,
    rejectedCodes,
    shipping,
    subtotalMinor,
    discountMinor: drafts.reduce((sum, line) => sum + line.discounts.reduce((a, d) => a + d.amountMinor, 0), 0),
    taxMinor,
    totalMinor: subtotalMinor + (shipping?.discountedMinor ?? 0) + (shop.taxesIncluded ? 0 : taxMinor),
  };
}

function draftLine(shop: SimShop, line: CartLine): Draft {
  whole(line.quantity, "a quantity", 1);
  const common = {
    quantity: line.quantity,
    removedByEdit: 0,
    taxes: [],
    sellingPlan: line.sellingPlan ?? null,
    addedByEdit: false,
  };
  const discounts: SimLine["discounts"] = line.lineDiscountMinor
    ? [{ amountMinor: whole(line.lineDiscountMinor, "a discount"), code: null, scope: "line" }]
    : [];
  if (line.custom) {
    const { title, sku, priceMinor, isGiftCard } = line.custom;
    return {
      ...common,
      discounts,
      product: null,
      productId: null,
      variantId: null,
      title,
      variantTitle: null,
      sku,
      vendor: shop.name,
      unitPriceMinor: whole(priceMinor, "a price"),
      isGiftCard: isGiftCard ?? false,
    };
  }
  if (!line.variantId) throw new Refused("a line needs variantId or custom");
  const { product, variant } = variantOf(shop, line.variantId);
  const unitPriceMinor = whole(line.priceMinor ?? variant.priceMinor, "a price");
  return {
    ...common,
    discounts,
    product,
    productId: product.id,
    variantId: variant.id,
    title: product.title[shop.locale],
    variantTitle: product.variants.length > 1 ? variant.title : null,
    sku: variant.sku,
    vendor: product.vendor,
    unitPriceMinor,
    isGiftCard: product.isGiftCard,
  };
}

/** Codes are written in any case, as shoppers do. */
export function findDiscount(shop: SimShop, code: string): SimDiscount | null {
  const wanted = code.trim().toLowerCase();
  return Object.values(shop.discounts).find((discount) => discount.code.toLowerCase() === wanted) ?? null;
}

function chooseCodes(
  shop: SimShop,
  cart: Cart,
  drafts: Draft[],
): { applied: SimDiscount[]; rejectedCodes: PricedCart["rejectedCodes"] } {
  const applied: SimDiscount[] = [];
  const rejectedCodes: PricedCart["rejectedCodes"] = [];
  for (const code of new Set(cart.discountCodes ?? [])) {
    const discount = findDiscount(shop, code);
    const problem = discount ? problemOf(shop, cart, drafts, discount, applied) : "unknown";
    if (discount && !problem) applied.push(discount);
    else rejectedCodes.push({ code, problem: problem ?? "unknown" });
  }
  return { applied, rejectedCodes };
}

function problemOf(
  shop: SimShop,
  cart: Cart,
  drafts: Draft[],
  discount: SimDiscount,
  applied: SimDiscount[],
): CodeProblem | null {
  const at = cart.at.toISOString();
  if (discount.startsAt > at) return "not_started";
  if (discount.status === "expired" || (discount.endsAt && discount.endsAt <= at)) return "expired";
  if (discount.usageLimit !== null && discount.used >= discount.usageLimit) return "used_up";
  if (discount.customerIds && !(cart.customerId && discount.customerIds.includes(cart.customerId)))
    return "other_customer";
  if (discount.oncePerCustomer && cart.customerId && usedBy(shop, discount.code, cart.customerId))
    return "already_used";
  const goods = drafts
    .filter((line) => !line.isGiftCard)
    .reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);
  if (discount.minimumMinor !== null && goods < discount.minimumMinor) return "minimum_not_met";
  if (goods === 0) return "nothing_to_discount";
  const combines = (a: SimDiscount, b: SimDiscount): boolean =>
    b.kind === "free_shipping" ? a.combinesWith.shipping : a.combinesWith.order;
  return applied.every((other) => combines(other, discount) && combines(discount, other)) ? null : "does_not_combine";
}

function usedBy(shop: SimShop, code: string, customerId: Id): boolean {
  return Object.values(shop.orders).some(
    (order) =>
      order.customerId === customerId && !order.cancelledAt && order.discountCodes.some((used) => used.code === code),
  );
}

/** Spreads a code over the lines that are not gift cards; answers what it took. */
function discountLines(discount: SimDiscount, drafts: Draft[]): SimOrder["discountCodes"][number] {
  const goods = drafts.filter((line) => !line.isGiftCard);
  const nets = goods.map(netOf);
  const left = nets.reduce((a, b) => a + b, 0);
  const total = discount.kind === "percentage" ? portion(left, discount.value, 10_000) : Math.min(discount.value, left);
  const parts = allocate(total, nets);
  goods.forEach((line, index) => {
    const amountMinor = parts[index] ?? 0;
    if (amountMinor > 0) line.discounts.push({ amountMinor, code: discount.code, scope: "order" });
  });
  return {
    code: discount.code,
    amountMinor: total,
    type: discount.kind === "percentage" ? "percentage" : "fixed_amount",
  };
}

function shippingFor(
  shop: SimShop,
  cart: Cart,
  drafts: Draft[],
  subtotalMinor: Minor,
  free: boolean,
): SimOrder["shipping"] {
  if (cart.shippingMinor === null || drafts.every((line) => line.isGiftCard)) return null;
  const reached = shop.freeShippingFromMinor !== null && subtotalMinor >= shop.freeShippingFromMinor;
  const priceMinor = whole(cart.shippingMinor ?? (reached ? 0 : shop.shippingMinor), "shipping");
  const discountedMinor = free ? 0 : priceMinor;
  const taxMinor = taxLines(ratesFor(shop, null), discountedMinor, shop.taxesIncluded).reduce(
    (sum, tax) => sum + tax.amountMinor,
    0,
  );
  return { title: shop.locale === "ja" ? "通常配送" : "Standard", priceMinor, discountedMinor, taxMinor };
}
