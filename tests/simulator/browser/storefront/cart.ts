// A shopper's cart: kept in memory by a token in a cookie, priced by the order engine.
import { randomBytes } from "node:crypto";
import { priceCart } from "../../order-engine";
import type { PricedCart } from "../../order-engine";
import type { Simulator } from "../../simulator";
import type { Id, SimProduct, SimShop, SimVariant } from "../../state";

const CARTS_MAX = 5_000;
const QUANTITY_MAX = 10_000;

export interface CartItem {
  variantId: Id;
  quantity: number;
  properties: Record<string, string>;
}
export interface Cart {
  token: string;
  items: CartItem[];
  note: string;
  attributes: Record<string, string>;
  discountCodes: string[];
  /** Gift cards to pay with, by code. */
  giftCards: string[];
  /** Whether the signed-in customer's store credit pays. */
  useCredit: boolean;
}
/** Why a cart was not changed, in words for the shopper. */
export class CartError extends Error {}

function emptyCart(): Cart {
  return {
    token: randomBytes(16).toString("hex"),
    items: [],
    note: "",
    attributes: {},
    discountCodes: [],
    giftCards: [],
    useCredit: false,
  };
}

export class CartStore {
  #carts = new Map<string, Cart>();

  /** The cart behind a token; a new empty one when there is none. */
  open(token: string | undefined): Cart {
    const known = token ? this.#carts.get(token) : undefined;
    return known ?? emptyCart();
  }

  keep(cart: Cart): void {
    this.#carts.delete(cart.token);
    this.#carts.set(cart.token, cart);
    for (const token of this.#carts.keys()) {
      if (this.#carts.size <= CARTS_MAX) break;
      this.#carts.delete(token);
    }
  }

  forget(cart: Cart): void {
    this.#carts.delete(cart.token);
  }
}

/** The variant with this id in the shop's catalogue. */
export function findVariant(shop: SimShop, id: Id): { product: SimProduct; variant: SimVariant } | null {
  for (const product of Object.values(shop.products)) {
    const variant = product.variants.find((candidate) => candidate.id === id);
    if (variant) return { product, variant };
  }
  return null;
}

/** Adds to the line of the same variant and properties. @throws CartError */
export function addItem(shop: SimShop, cart: Cart, item: CartItem): CartItem {
  const found = findVariant(shop, item.variantId);
  if (!found) throw new CartError(`There is no variant ${item.variantId}.`);
  if (!found.variant.available) throw new CartError(`${found.product.title[shop.locale]} is sold out.`);
  const quantity = wholeQuantity(item.quantity, 1);
  const key = lineKey(item);
  const line = cart.items.find((candidate) => lineKey(candidate) === key);
  if (line) {
    line.quantity = wholeQuantity(line.quantity + quantity, 1);
    return line;
  }
  const added = { ...item, quantity };
  cart.items.push(added);
  return added;
}

/** Sets a line's quantity; 0 removes it. `which` is a line key, a variant id or a 1-based line number. */
export function changeItem(cart: Cart, which: { key?: string; line?: number }, quantity: number): void {
  const at =
    which.line !== undefined
      ? which.line - 1
      : cart.items.findIndex((item) => lineKey(item) === which.key || item.variantId === which.key);
  const item = cart.items[at];
  if (!item) throw new CartError("There is no such line in the cart.");
  item.quantity = wholeQuantity(quantity, 0);
  if (item.quantity === 0) cart.items.splice(at, 1);
}

function wholeQuantity(quantity: number, least: number): number {
  if (!Number.isInteger(quantity) || quantity < least || quantity > QUANTITY_MAX)
    throw new CartError("That quantity is not possible.");
  return quantity;
}

/** Stable for a variant with its properties. */
export function lineKey(item: CartItem): string {
  const properties = Object.entries(item.properties).sort(([a], [b]) => (a < b ? -1 : 1));
  const tail = properties.length > 0 ? Buffer.from(JSON.stringify(properties)).toString("hex").slice(0, 32) : "0";
  return `${item.variantId}:${tail}`;
}

/** What the cart costs now; items that left the catalogue are dropped first. */
export function priceOf(
  sim: Simulator,
  shop: SimShop,
  cart: Cart,
  customerId: Id | null,
  shipping: boolean,
): PricedCart {
  cart.items = cart.items.filter((item) => findVariant(shop, item.variantId));
  return priceCart(shop, {
    lines: cart.items.map(({ variantId, quantity }) => ({ variantId, quantity })),
    discountCodes: cart.discountCodes,
    customerId,
    shippingMinor: shipping ? undefined : null,
    at: sim.now(),
  });
}
