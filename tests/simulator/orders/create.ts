// A checkout completed: the order, its payments and the events the platform sends for them.
import { randomBytes } from "node:crypto";

import { totals } from "../order-math";
import type { Id, Instant, Minor, SimCustomer, SimOrder, SimShop } from "../state";
import { assertConserved } from "./conservation";
import { findDiscount } from "./discounts";
import { takePayments, type PaymentInput } from "./payments";
import { priceCart, type CartLine } from "./price-cart";
import { customerOf, Refused, stamp, whole, type World } from "./world";

export interface CreateOrderInput {
  lines: CartLine[];
  customerId?: Id | null;
  /** Guests give only this. */
  email?: string | null;
  /** Guests by e-mail: no customer at all (default), or the disabled record the platform often makes. */
  guest?: "no_customer" | "customer_record";
  discountCodes?: string[];
  /** Refuse codes that do not apply (default) or leave them out. */
  badCodes?: "refuse" | "ignore";
  shippingMinor?: Minor | null;
  dutiesMinor?: Minor;
  tipMinor?: Minor;
  payment?: PaymentInput;
  test?: boolean;
  sourceName?: string;
  isB2b?: boolean;
  riskLevel?: SimOrder["riskLevel"];
  tags?: string[];
  locale?: "en" | "ja";
  presentmentCurrency?: string;
  /** Historical date (imports); creation stays the present. */
  processedAt?: Instant;
}

/** Makes an order. @throws Refused when the platform would not take it */
export function createOrder(world: World, domain: string, input: CreateOrderInput): SimOrder {
  const shop = world.shop(domain);
  if (input.lines.length === 0) throw new Refused("an order needs at least one line");
  const priced = priceCart(shop, { ...input, shippingMinor: shippingOf(input), at: world.now() });
  if (priced.rejectedCodes.length > 0 && input.badCodes !== "ignore") {
    throw new Refused(priced.rejectedCodes.map(({ code, problem }) => `discount code ${code}: ${problem}`).join("; "));
  }
  const customer = customerFor(world, shop, input);
  const order = emptyOrder(world, shop, input, customer);
  order.lines = priced.lines.map((line) => ({ ...line, id: world.newId() }));
  order.shipping = priced.shipping;
  order.discountCodes = priced.discountCodes;
  order.payments = takePayments(world, domain, order, input.payment ?? {}, totals(order).totalMinor);
  order.paymentPending = order.payments.some((payment) => payment.status === "pending") || input.payment?.by === "none";
  order.authorizedOnly = order.payments.some((payment) => payment.kind === "authorization");
  assertConserved(order);
  shop.orders[order.id] = order;
  shop.nextOrderNumber += 1;
  for (const used of order.discountCodes) {
    const discount = findDiscount(shop, used.code);
    if (discount) discount.used += 1;
  }
  emitCreated(world, domain, order, customer);
  return order;
}

function shippingOf(input: CreateOrderInput): Minor | null | undefined {
  return input.shippingMinor === undefined && input.sourceName === "pos" ? null : input.shippingMinor;
}

function customerFor(
  world: World,
  shop: SimShop,
  input: CreateOrderInput,
): { record: SimCustomer | null; isNew: boolean } {
  if (input.customerId) return { record: customerOf(shop, input.customerId), isNew: false };
  if (!input.email || input.guest !== "customer_record") return { record: null, isNew: false };
  const email = input.email.toLowerCase();
  const known = Object.values(shop.customers).find((customer) => customer.email.toLowerCase() === email);
  if (known) return { record: known, isNew: false };
  const now = stamp(world);
  const record: SimCustomer = {
    id: world.newId(),
    firstName: "",
    lastName: "",
    email: input.email,
    phone: null,
    locale: input.locale ?? shop.locale,
    tags: [],
    state: "disabled",
    emailConsent: { state: "not_subscribed", optInLevel: null, updatedAt: null },
    smsConsent: null,
    birthday: null,
    createdAt: now,
    updatedAt: now,
  };
  shop.customers[record.id] = record;
  return { record, isNew: true };
}

function emptyOrder(
  world: World,
  shop: SimShop,
  input: CreateOrderInput,
  customer: { record: SimCustomer | null },
): SimOrder {
  const now = stamp(world);
  const presentmentCurrency = input.presentmentCurrency ?? shop.currency;
  const presentmentRate = presentmentCurrency === shop.currency ? 1 : shop.presentment[presentmentCurrency];
  if (!presentmentRate) throw new Refused(`${shop.domain} shows no prices in ${presentmentCurrency}`);
  return {
    id: world.newId(),
    number: shop.nextOrderNumber,
    name: `#${shop.nextOrderNumber}`,
    customerId: customer.record?.id ?? null,
    email: input.email ?? customer.record?.email ?? null,
    createdAt: now,
    processedAt: input.processedAt ?? now,
    updatedAt: now,
    cancelledAt: null,
    cancelReason: null,
    closedAt: null,
    deletedAt: null,
    token: randomBytes(16).toString("hex"),
    currency: shop.currency,
    presentmentCurrency,
    presentmentRate,
    taxesIncluded: shop.taxesIncluded,
    test: input.test ?? false,
    sourceName: input.sourceName ?? "web",
    isB2b: input.isB2b ?? false,
    riskLevel: input.riskLevel ?? "LOW",
    tags: input.tags ?? [],
    locale: input.locale ?? customer.record?.locale ?? shop.locale,
    discountCodes: [],
    lines: [],
    shipping: null,
    dutiesMinor: whole(input.dutiesMinor ?? 0, "duties"),
    tipMinor: whole(input.tipMinor ?? 0, "a tip"),
    payments: [],
    fulfillments: [],
    refunds: [],
    returns: [],
    disputes: [],
    paymentPending: false,
    authorizedOnly: false,
  };
}

function emitCreated(
  world: World,
  domain: string,
  order: SimOrder,
  customer: { record: SimCustomer | null; isNew: boolean },
): void {
  const orderId = order.id;
  const customerId = customer.record?.id;
  if (customerId && customer.isNew) world.emit({ shop: domain, topic: "customers/create", ids: { customerId } });
  for (const payment of order.payments)
    world.emit({ shop: domain, topic: "order_transactions/create", ids: { orderId, paymentId: payment.id } });
  world.emit({ shop: domain, topic: "orders/create", ids: { orderId } });
  if (totals(order).financialStatus === "paid") world.emit({ shop: domain, topic: "orders/paid", ids: { orderId } });
  world.emit({ shop: domain, topic: "orders/updated", ids: { orderId } });
  if (customerId) world.emit({ shop: domain, topic: "customers/update", ids: { customerId } });
}
