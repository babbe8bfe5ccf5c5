// What a cart costs: discount codes, shipping and tax. Pure on the shop's state; the cart page, the
// checkout and createOrder all ask here, so they cannot disagree.
import type { Id, Minor, SimLine, SimOrder, SimShop } from "../state";
import { variantTitle } from "../names";
import { ratesFor, taxLines } from "../tax";
import { chooseCodes, netOf, takeOff, type CodeChoice, type LineDraft } from "./apply-codes";
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
  /** Whose use counts for codes that are good once per customer, beside customerId. */
  email?: string | null;
  /** Minor units; null: nothing to ship; left out: the shop's rate. */
  shippingMinor?: Minor | null;
  at: Date;
}
export interface PricedCart {
  lines: Omit<SimLine, "id">[];
  discountCodes: SimOrder["discountCodes"];
  rejectedCodes: CodeChoice["rejectedCodes"];
  shipping: SimOrder["shipping"];
  subtotalMinor: Minor;
  discountMinor: Minor;
  taxMinor: Minor;
  totalMinor: Minor;
}

/** Prices a cart. @throws Refused on unknown variants and impossible quantities */
export function priceCart(shop: SimShop, cart: Cart): PricedCart {
  const drafts = cart.lines.map((line) => draftLine(shop, line));
  const beforeCodes = drafts.reduce((sum, line) => sum + netOf(line), 0);
  const rate = shippingFor(shop, cart, drafts, beforeCodes, false);
  const { applied, rejectedCodes } = chooseCodes(shop, cart, drafts, rate?.priceMinor ?? null);
  const discountCodes = takeOff(shop, applied, drafts);
  const subtotalMinor = drafts.reduce((sum, line) => sum + netOf(line), 0);
  const freeShipping = applied.find((discount) => discount.kind === "free_shipping");
  const shipping = shippingFor(shop, cart, drafts, subtotalMinor, freeShipping !== undefined);
  if (freeShipping)
    discountCodes.push({
      code: freeShipping.code,
      amountMinor: shipping ? shipping.priceMinor - shipping.discountedMinor : 0,
      type: "shipping",
      value: 10_000,
      selection: "all",
      method: "each",
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

function draftLine(shop: SimShop, line: CartLine): LineDraft {
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
    variantTitle: product.variants.length > 1 ? variantTitle(variant, shop.locale) : null,
    sku: variant.sku,
    vendor: product.vendor,
    unitPriceMinor,
    isGiftCard: product.isGiftCard,
  };
}

function shippingFor(
  shop: SimShop,
  cart: Cart,
  drafts: LineDraft[],
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
