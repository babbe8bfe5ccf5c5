// Puts a history into a GBP shop of its own and turns it into webhooks: one orders/paid for each order as it
// was placed, then refunds/create and orders/updated for each refund, in the state of that moment.
import { createHash } from "node:crypto";

import { DateTime } from "luxon";

import { orderBody } from "./payloads/order";
import { refundBody } from "./payloads/refund";
import { createRandom } from "./random";
import type { History, HistoryOrder, HistoryRefund } from "./replay-history";
import { bareShop } from "./seed/demo";
import type { Simulator } from "./simulator";
import type { Id, Instant, SimOrder, SimRefund, SimShop } from "./state";
import type { ReplayMessage } from "./webhooks";

export const REPLAY_SHOP = "online-retail.myshopify.com";
/** Loaded orders say they changed this long ago: within any reconciler's overlap, never in the future. */
const CHANGED_AGO_MS = 5 * 60_000;
const TIME_ZONE = "Europe/London";

/** Makes the replay's shop, or finds it. Its cost bucket is an enterprise shop's. */
export function replayShop(sim: Simulator, domain = REPLAY_SHOP): SimShop {
  const known = sim.findShop(domain);
  if (known) return known;
  const shop = bareShop(sim, {
    id: "81000003",
    domain,
    name: "Online Retail",
    email: "hello@online-retail.example.co.uk",
    currency: "GBP",
    presentment: {},
    timeZone: TIME_ZONE,
    country: "GB",
    locale: "en",
    taxesIncluded: true,
    taxRates: [],
    shippingMinor: 0,
    freeShippingFromMinor: null,
    staff: [{ id: "82000005", name: "Owner", email: "owner@online-retail.example.co.uk", locale: "en" }],
  });
  shop.bucket = { available: 20_000, maximum: 20_000, restorePerSecond: 2_000, at: sim.now().getTime() };
  sim.state.shops[domain] = shop;
  sim.changed();
  return shop;
}

const instant = (date: string): Instant => DateTime.fromSQL(date, { zone: TIME_ZONE }).toUTC().toISO() ?? "";
const later = (from: Instant, seconds: number): Instant => new Date(Date.parse(from) + seconds * 1_000).toISOString();

/** Loads a history. Orders already there (same invoice) stay as they are, so a second load changes nothing. */
export function loadHistory(sim: Simulator, history: History, domain = REPLAY_SHOP): SimShop {
  const shop = replayShop(sim, domain);
  const known = new Set(Object.values(shop.orders).map((order) => order.name));
  const customers = new Map(Object.values(shop.customers).map((customer) => [customer.lastName, customer.id]));
  const base = new Date(Math.floor((sim.now().getTime() - CHANGED_AGO_MS) / 1_000) * 1_000).toISOString();
  for (const source of history.orders) {
    if (known.has(`#${source.invoiceNo}`)) continue;
    const customerId = source.customerId
      ? (customers.get(source.customerId) ?? addCustomer(sim, shop, source, base))
      : null;
    if (source.customerId && customerId) customers.set(source.customerId, customerId);
    const order = toOrder(sim, shop, source, customerId, base);
    for (const refund of source.refunds) addRefund(sim, order, source, refund);
    order.updatedAt = later(base, order.refunds.length);
    shop.orders[order.id] = order;
  }
  shop.nextOrderNumber = 1_001 + Object.keys(shop.orders).length;
  sim.changed();
  return shop;
}

function addCustomer(sim: Simulator, shop: SimShop, { customerId, date }: HistoryOrder, base: Instant): Id {
  const id = sim.newId();
  shop.customers[id] = {
    id,
    firstName: "Customer",
    lastName: customerId ?? "",
    email: `customer-${customerId}@example.co.uk`,
    phone: null,
    locale: "en",
    tags: [],
    state: "disabled",
    emailConsent: { state: "not_subscribed", optInLevel: null, updatedAt: null },
    smsConsent: null,
    birthday: null,
    createdAt: instant(date),
    updatedAt: base,
  };
  return id;
}

function toOrder(sim: Simulator, shop: SimShop, source: HistoryOrder, customerId: Id | null, base: Instant): SimOrder {
  const at = instant(source.date);
  const total = source.lines.reduce((sum, line) => sum + line.quantity * line.pricePence, 0);
  return {
    id: sim.newId(),
    number: Number(source.invoiceNo),
    name: `#${source.invoiceNo}`,
    customerId,
    email: customerId ? (shop.customers[customerId]?.email ?? null) : `guest-${source.invoiceNo}@example.co.uk`,
    createdAt: at,
    processedAt: at,
    updatedAt: base,
    cancelledAt: null,
    cancelReason: null,
    closedAt: null,
    deletedAt: null,
    token: createHash("sha256").update(`${shop.id}/${source.invoiceNo}`).digest("hex").slice(0, 32),
    currency: "GBP",
    presentmentCurrency: "GBP",
    presentmentRate: 1,
    taxesIncluded: true,
    test: false,
    sourceName: "web",
    isB2b: false,
    riskLevel: "LOW",
    tags: [],
    locale: "en",
    discountCodes: [],
    lines: source.lines.map((line) => ({
      id: sim.newId(),
      productId: null,
      variantId: null,
      title: line.description.trim() || line.stockCode,
      variantTitle: null,
      sku: line.stockCode,
      vendor: shop.name,
      quantity: line.quantity,
      removedByEdit: 0,
      unitPriceMinor: line.pricePence,
      discounts: [],
      taxes: [],
      isGiftCard: false,
      sellingPlan: null,
      addedByEdit: false,
    })),
    shipping: null,
    dutiesMinor: 0,
    tipMinor: 0,
    payments: [
      {
        id: sim.newId(),
        kind: "sale",
        status: "success",
        gateway: "bogus",
        amountMinor: total,
        at,
        refundId: null,
        parentId: null,
      },
    ],
    fulfillments: [],
    refunds: [],
    returns: [],
    disputes: [],
    paymentPending: false,
    authorizedOnly: false,
  };
}

function addRefund(sim: Simulator, order: SimOrder, source: HistoryOrder, taken: HistoryRefund): void {
  const createdAt = instant(taken.date);
  const lines = taken.lines.map(({ line, quantity }) => {
    const price = source.lines[line]?.pricePence ?? 0;
    return {
      id: sim.newId(),
      lineId: order.lines[line]?.id ?? "",
      quantity,
      restockType: "return" as const,
      subtotalMinor: quantity * price,
      taxMinor: 0,
    };
  });
  const refund: SimRefund = {
    id: sim.newId(),
    createdAt,
    note: taken.invoiceNo,
    lines,
    shipping: null,
    adjustmentMinor: 0,
    dutiesMinor: 0,
  };
  order.refunds.push(refund);
  const amountMinor = lines.reduce((sum, line) => sum + line.subtotalMinor, 0);
  order.payments.push({
    id: sim.newId(),
    kind: "refund",
    status: "success",
    gateway: "bogus",
    amountMinor,
    at: createdAt,
    refundId: refund.id,
    parentId: order.payments[0]?.id ?? null,
  });
}

/** An order as it was after its first `count` refunds. */
function asOf(order: SimOrder, count: number): SimOrder {
  const refunds = order.refunds.slice(0, count);
  const ids = new Set(refunds.map((refund) => refund.id));
  return {
    ...order,
    refunds,
    payments: order.payments.filter((payment) => payment.refundId === null || ids.has(payment.refundId)),
    updatedAt: later(order.updatedAt, count - order.refunds.length),
  };
}

export interface ReplayOptions {
  /** Share of messages sent twice, with the same webhook id. */
  duplicates?: number;
  shuffle?: boolean;
  seed?: number;
}

/** The webhooks of a loaded history. The same shop and seed give the same messages in the same order. */
export function replayMessages(shop: SimShop, options: ReplayOptions = {}): ReplayMessage[] {
  const { duplicates = 0, shuffle = false, seed = 1 } = options;
  const random = createRandom(seed);
  const messages: ReplayMessage[] = [];
  const add = (topic: string, order: SimOrder, step: number, body: () => string): void => {
    const webhookId = uuidOf(`${shop.domain}/${order.name}/${topic}/${step}`);
    const message = {
      shop: shop.domain,
      topic,
      body,
      webhookId,
      eventId: uuidOf(`event/${shop.domain}/${order.name}/${step}`),
    };
    messages.push(message);
    if (random.chance(duplicates)) messages.push(message);
  };
  const orders = Object.values(shop.orders).filter((order) => !order.deletedAt);
  orders.sort((a, b) =>
    a.processedAt < b.processedAt ? -1 : a.processedAt > b.processedAt ? 1 : Number(a.id) - Number(b.id),
  );
  for (const order of orders) {
    add("orders/paid", order, 0, () => JSON.stringify(orderBody(shop, asOf(order, 0))));
    for (const [index, refund] of order.refunds.entries()) {
      add("refunds/create", order, index + 1, () => JSON.stringify(refundBody(shop, asOf(order, index + 1), refund)));
      add("orders/updated", order, index + 1, () => JSON.stringify(orderBody(shop, asOf(order, index + 1))));
    }
  }
  return shuffle ? random.shuffle(messages) : messages;
}

function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
