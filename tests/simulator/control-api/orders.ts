// /control/shops/:domain/orders…: everything that can happen to orders.
import { z } from "zod";

import { lineFigures, totals } from "../order-math";
import {
  assignCustomer,
  cancelFulfilment,
  cancelOrder,
  closeDispute,
  createOrder,
  createReturn,
  deleteOrder,
  deliverOrder,
  editOrder,
  fulfilOrder,
  moveReturn,
  openDispute,
  payOrder,
  Refused,
  refundOrder,
  removeFromReturn,
  settleRefund,
  voidPayment,
  type CartLine,
  type CreateOrderInput,
} from "../order-engine";
import { createRandom } from "../random";
import type { Context } from "../router";
import type { SimOrder, SimShop } from "../state";
import { bodyAs, NotFound, param, query, queryNumber, type ControlRoutes } from "./respond";

const minor = z.int().min(0);
const quantity = z.int().min(1);
const cartLine = z.strictObject({
  variantId: z.string().optional(),
  /** Product handle: its first variant, or the one named by `variant` (title). */
  handle: z.string().optional(),
  variant: z.string().optional(),
  custom: z
    .strictObject({
      title: z.string(),
      sku: z.string().default(""),
      priceMinor: minor,
      isGiftCard: z.boolean().optional(),
    })
    .optional(),
  quantity: quantity.default(1),
  priceMinor: minor.optional(),
  lineDiscountMinor: minor.optional(),
  sellingPlan: z.string().nullable().optional(),
});
const orderBody = z.strictObject({
  lines: z.array(cartLine).min(1),
  customerId: z.string().nullable().optional(),
  email: z.email().nullable().optional(),
  guest: z.enum(["no_customer", "customer_record"]).optional(),
  discountCodes: z.array(z.string()).optional(),
  badCodes: z.enum(["refuse", "ignore"]).optional(),
  shippingMinor: minor.nullable().optional(),
  dutiesMinor: minor.optional(),
  tipMinor: minor.optional(),
  payment: z
    .strictObject({
      by: z.enum(["card", "cash_on_delivery", "bank_transfer", "authorization", "none"]).optional(),
      giftCardCodes: z.array(z.string()).optional(),
      storeCredit: z.union([z.literal(true), minor]).optional(),
      giftCardMinor: minor.optional(),
      storeCreditMinor: minor.optional(),
      cardMinor: minor.optional(),
    })
    .optional(),
  test: z.boolean().optional(),
  sourceName: z.string().optional(),
  isB2b: z.boolean().optional(),
  riskLevel: z.enum(["LOW", "MEDIUM", "HIGH", "NONE"]).optional(),
  tags: z.array(z.string()).optional(),
  locale: z.enum(["en", "ja"]).optional(),
  presentmentCurrency: z.string().optional(),
  processedAt: z.iso.datetime({ offset: true }).optional(),
});
/** A line by id, or by its place in the order (0 is the first). */
const lineRef = { lineId: z.string().optional(), index: z.int().min(0).optional() };
const lines = z.array(z.strictObject({ ...lineRef, quantity }));

const BODIES = {
  bulk: z.strictObject({
    orders: z.array(orderBody).optional(),
    count: z.int().min(1).max(5_000).optional(),
    seed: z.int().default(1),
  }),
  pay: z.strictObject({ amountMinor: z.int().min(1).optional(), status: z.enum(["success", "failure"]).optional() }),
  refund: z.strictObject({
    lines: z
      .array(z.strictObject({ ...lineRef, quantity, restock: z.enum(["return", "cancel", "no_restock"]).optional() }))
      .optional(),
    shippingMinor: z.union([minor, z.literal("all")]).optional(),
    dutiesMinor: minor.optional(),
    amountMinor: z.int().optional(),
    owedMinor: minor.optional(),
    note: z.string().optional(),
    status: z.enum(["success", "pending", "failure"]).optional(),
    withoutMoney: z.boolean().optional(),
    gateway: z.enum(["original", "shopify_store_credit"]).optional(),
  }),
  settle: z.strictObject({ status: z.enum(["success", "failure"]) }),
  edit: z.strictObject({
    add: z.array(cartLine).optional(),
    setQuantity: z.array(z.strictObject({ ...lineRef, quantity: z.int().min(0) })).optional(),
    payDifference: z.boolean().optional(),
    refundDifference: z.boolean().optional(),
    staffNote: z.string().optional(),
  }),
  cancel: z.strictObject({
    reason: z.enum(["customer", "declined", "fraud", "inventory", "staff", "other"]).optional(),
    refund: z.boolean().optional(),
  }),
  fulfil: z.strictObject({ lines: lines.optional(), trackingNumber: z.string().optional() }),
  deliver: z.strictObject({
    fulfillmentId: z.string().optional(),
    status: z.enum(["in_transit", "out_for_delivery", "delivered", "failure"]).optional(),
  }),
  return: z.strictObject({
    lines: z.array(z.strictObject({ ...lineRef, quantity, reason: z.string().optional() })).min(1),
    status: z.enum(["requested", "open"]).optional(),
  }),
  dispute: z.strictObject({
    type: z.enum(["chargeback", "inquiry"]).optional(),
    amountMinor: z.int().min(1).optional(),
  }),
  closeDispute: z.strictObject({ status: z.enum(["under_review", "won", "lost"]) }),
  customer: z.strictObject({ customerId: z.string() }),
};

/** An order as the control API shows it: its state, its figures, its lines' figures. */
function shown(order: SimOrder): Record<string, unknown> {
  return {
    ...order,
    totals: totals(order),
    lines: order.lines.map((line) => ({ ...line, figures: lineFigures(order, line) })),
  };
}

function found(shop: SimShop, ctx: Context): SimOrder {
  const key = decodeURIComponent(param(ctx, "id"));
  const order =
    shop.orders[key] ??
    Object.values(shop.orders).find((candidate) => candidate.name === key || String(candidate.number) === key);
  if (!order || order.deletedAt) throw new NotFound(`${shop.domain} has no order ${key}`);
  return order;
}

/** Names lines by id, however the body named them. @throws Refused */
function named<T extends { lineId?: string; index?: number }>(
  order: SimOrder,
  refs: T[] | undefined,
): (Omit<T, "index"> & { lineId: string })[] {
  return (refs ?? []).map(({ index, ...rest }) => {
    const lineId = rest.lineId ?? order.lines[index ?? -1]?.id;
    if (!lineId) throw new Refused(`order ${order.name} has no line ${index ?? "without lineId or index"}`);
    return { ...rest, lineId };
  });
}

function cart(shop: SimShop, wanted: z.infer<typeof cartLine>[]): CartLine[] {
  return wanted.map(({ handle, variant, ...line }) => {
    if (!handle) return line;
    const product = Object.values(shop.products).find((candidate) => candidate.handle === handle);
    const chosen = variant ? product?.variants.find(({ title }) => title === variant) : product?.variants[0];
    if (!chosen) throw new Refused(`${shop.domain} has no product ${handle}${variant ? ` ${variant}` : ""}`);
    return { ...line, variantId: chosen.id };
  });
}

const place = (routes: ControlRoutes, shop: SimShop, body: z.infer<typeof orderBody>): SimOrder =>
  createOrder(routes.sim, shop.domain, { ...body, lines: cart(shop, body.lines) } satisfies CreateOrderInput);

/** Believable orders of customers picked at random. */
function placeMany(routes: ControlRoutes, shop: SimShop, count: number, seed: number): SimOrder[] {
  const random = createRandom(seed);
  const customers = Object.keys(shop.customers);
  const products = Object.values(shop.products).filter((product) => !product.isGiftCard);
  if (customers.length === 0 || products.length === 0)
    throw new Refused(`${shop.domain} needs customers and products first`);
  return Array.from({ length: count }, () => {
    const goods = random.shuffle([...products]).slice(0, random.between(1, 3));
    return createOrder(routes.sim, shop.domain, {
      customerId: random.pick(customers),
      lines: goods.map((product) => ({ variantId: random.pick(product.variants).id, quantity: random.between(1, 3) })),
    });
  });
}

/** Mounts the endpoints about orders. */
export function mountOrders(routes: ControlRoutes): void {
  const base = "/control/shops/:domain/orders";
  routes.on("GET", base, "Orders, newest first. ?limit=50&customerId=&email=", (ctx) => {
    const customerId = query(ctx, "customerId");
    const email = query(ctx, "email");
    const orders = Object.values(routes.shop(ctx).orders)
      .filter(
        (order) =>
          !order.deletedAt && (!customerId || order.customerId === customerId) && (!email || order.email === email),
      )
      .sort((a, b) => b.number - a.number);
    return { count: orders.length, orders: orders.slice(0, queryNumber(ctx, "limit", 50)).map(shown) };
  });
  routes.on(
    "POST",
    base,
    "Checkout. {lines: [{variantId | handle, variant? | custom, quantity}], customerId | email, …}",
    async (ctx) => {
      const shop = routes.shop(ctx);
      return { order: shown(place(routes, shop, await bodyAs(ctx, orderBody))) };
    },
  );
  routes.on(
    "POST",
    `${base}/bulk`,
    "Many orders: {orders: [as above]} or {count, seed} for random ones",
    async (ctx) => {
      const shop = routes.shop(ctx);
      const { orders, count, seed } = await bodyAs(ctx, BODIES.bulk);
      if (!orders && !count) throw new Refused("give orders or count");
      const made = orders
        ? orders.map((order) => place(routes, shop, order))
        : placeMany(routes, shop, count ?? 0, seed);
      return { count: made.length, orderIds: made.map((order) => order.id) };
    },
  );
  routes.on("GET", `${base}/:id`, "One order, by id, name or number", (ctx) => ({
    order: shown(found(routes.shop(ctx), ctx)),
  }));
  routes.on("DELETE", `${base}/:id`, "Deletes the order", (ctx) => {
    const shop = routes.shop(ctx);
    deleteOrder(routes.sim, shop.domain, found(shop, ctx).id);
  });
  mountMoney(routes, base);
  mountGoods(routes, base);
}

/** One act on an order: reads the body, acts, answers the order afterwards (and what was made). */
function act<T extends z.ZodType>(
  routes: ControlRoutes,
  path: string,
  about: string,
  schema: T,
  run: (shop: SimShop, order: SimOrder, body: z.infer<T>, ctx: Context) => Record<string, unknown> | void,
): void {
  routes.on("POST", path, about, async (ctx) => {
    const shop = routes.shop(ctx);
    const order = found(shop, ctx);
    const body = await bodyAs(ctx, schema);
    const made = run(shop, order, body, ctx);
    return { ...made, order: shown(order) };
  });
}

function mountMoney(routes: ControlRoutes, base: string): void {
  const { sim } = routes;
  const none = z.strictObject({});
  act(
    routes,
    `${base}/:id/pay`,
    "Money comes in (marks paid, captures). {amountMinor?, status?}",
    BODIES.pay,
    (shop, order, body) => void payOrder(sim, shop.domain, order.id, body),
  );
  act(
    routes,
    `${base}/:id/void`,
    "Gives the authorization up",
    none,
    (shop, order) => void voidPayment(sim, shop.domain, order.id),
  );
  act(
    routes,
    `${base}/:id/refunds`,
    'Refund. {lines?: [{lineId | index, quantity, restock?}], shippingMinor?: n | "all", amountMinor?, status?, withoutMoney?, gateway?, owedMinor?}',
    BODIES.refund,
    (shop, order, body) => ({
      refund: refundOrder(sim, shop.domain, order.id, { ...body, lines: named(order, body.lines) }),
    }),
  );
  act(
    routes,
    `${base}/:id/refunds/:refundId/settle`,
    "Ends a pending refund. {status: success | failure}",
    BODIES.settle,
    (shop, order, { status }, ctx) => void settleRefund(sim, shop.domain, order.id, param(ctx, "refundId"), status),
  );
  act(
    routes,
    `${base}/:id/edit`,
    "Edit. {add?: [cart lines], setQuantity?: [{lineId | index, quantity}], payDifference?, refundDifference?}",
    BODIES.edit,
    (shop, order, body) =>
      void editOrder(sim, shop.domain, order.id, {
        ...body,
        add: body.add && cart(shop, body.add),
        setQuantity: named(order, body.setQuantity),
      }),
  );
  act(
    routes,
    `${base}/:id/cancel`,
    "Cancels. {reason?, refund?: true}",
    BODIES.cancel,
    (shop, order, body) => void cancelOrder(sim, shop.domain, order.id, body),
  );
  act(
    routes,
    `${base}/:id/disputes`,
    "The bank objects. {type?, amountMinor?}",
    BODIES.dispute,
    (shop, order, body) => ({ dispute: openDispute(sim, shop.domain, order.id, body) }),
  );
  act(
    routes,
    `${base}/:id/disputes/:disputeId`,
    "The dispute moves on. {status: under_review | won | lost}",
    BODIES.closeDispute,
    (shop, order, { status }, ctx) => ({
      dispute: closeDispute(sim, shop.domain, order.id, param(ctx, "disputeId"), status),
    }),
  );
  act(
    routes,
    `${base}/:id/customer`,
    "Gives a guest's order to a customer. {customerId}",
    BODIES.customer,
    (shop, order, { customerId }) => void assignCustomer(sim, shop.domain, order.id, customerId),
  );
}

function mountGoods(routes: ControlRoutes, base: string): void {
  const { sim } = routes;
  act(
    routes,
    `${base}/:id/fulfil`,
    "Sends goods out, all by default. {lines?, trackingNumber?}",
    BODIES.fulfil,
    (shop, order, body) => ({
      fulfillment: fulfilOrder(sim, shop.domain, order.id, { ...body, lines: body.lines && named(order, body.lines) }),
    }),
  );
  act(
    routes,
    `${base}/:id/fulfilments/:fulfillmentId/cancel`,
    "Takes a fulfilment back",
    z.strictObject({}),
    (shop, order, _, ctx) => void cancelFulfilment(sim, shop.domain, order.id, param(ctx, "fulfillmentId")),
  );
  act(
    routes,
    `${base}/:id/deliver`,
    "The carrier reports. {fulfillmentId?, status?: delivered}",
    BODIES.deliver,
    (shop, order, body) => void deliverOrder(sim, shop.domain, order.id, body),
  );
  act(
    routes,
    `${base}/:id/returns`,
    "Opens or requests a return. {lines: [{lineId | index, quantity, reason?}], status?}",
    BODIES.return,
    (shop, order, body) => ({
      return: createReturn(sim, shop.domain, order.id, { ...body, lines: named(order, body.lines) }),
    }),
  );
  for (const step of ["approve", "decline", "cancel", "close", "reopen"] as const) {
    act(
      routes,
      `${base}/:id/returns/:returnId/${step}`,
      `Return: ${step}`,
      z.strictObject({}),
      (shop, order, _, ctx) => ({ return: moveReturn(sim, shop.domain, order.id, param(ctx, "returnId"), step) }),
    );
  }
  act(
    routes,
    `${base}/:id/returns/:returnId/remove`,
    "Takes units out of an open return. {lineId | index, quantity}",
    z.strictObject({ ...lineRef, quantity }),
    (shop, order, body, ctx) => {
      const [line] = named(order, [body]);
      return {
        return: removeFromReturn(sim, shop.domain, order.id, param(ctx, "returnId"), line?.lineId ?? "", body.quantity),
      };
    },
  );
}
