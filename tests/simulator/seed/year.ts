// A year in a shop, lived through the same engine that runs at the control panel: people come, come
// back, get their parcels, send some back.
import { DateTime } from "luxon";

import { totals } from "../order-math";
import type { World } from "../orders/world";
import {
  cancelOrder,
  closeDispute,
  createCustomer,
  createOrder,
  deliverOrder,
  editOrder,
  fulfilOrder,
  openDispute,
  payOrder,
  refundOrder,
  silentWorld,
  type CreateOrderInput,
} from "../order-engine";
import type { Random } from "../random";
import type { Id, SimOrder, SimProduct, SimShop } from "../state";
import type { People } from "./people";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface YearOptions {
  orders: number;
  /** Relative demand of January … December. */
  months: number[];
  /** Days of three times the demand, by month number. */
  saleDays: Record<number, number[]>;
  people: People;
  /** E-mail of the shopper with a history to look at. */
  shopper: string;
  codes: string[];
}

interface Life {
  world: World;
  shop: SimShop;
  random: Random;
  end: number;
  /** Chance to be the next shopper, by customer. */
  regulars: [Id, number][];
  products: SimProduct[];
  options: YearOptions;
}

/** Fills a shop that has a catalogue with customers and a year of orders up to now. */
export function liveAYear(world: World, domain: string, random: Random, options: YearOptions): void {
  const shop = world.shop(domain);
  const end = world.now().getTime();
  const life: Life = { world, shop, random, end, regulars: [], products: Object.values(shop.products), options };
  const people = options.people(random);
  const shopper = addShopper(life);
  const visits = shopperVisits(life);
  for (const at of [...orderTimes(life), ...visits].sort((a, b) => a - b)) {
    const isShopper = visits.includes(at);
    const order = isShopper ? shopperOrder(life, shopper, at, visits) : anyOrder(life, people.next().value, at);
    if (!isShopper) afterwards(life, order, at);
  }
  // People who signed up for the newsletter and never bought.
  for (let number = 0; number < 40; number++)
    addCustomer(life, people.next().value, end - random.between(1, 360) * DAY_MS);
}

/** Instants of orders: by month, weekday, sale and time of day in the shop's zone. */
function orderTimes({ random, shop, end, options }: Life): number[] {
  const today = DateTime.fromMillis(end, { zone: shop.timeZone }).startOf("day");
  const days = Array.from({ length: 365 }, (_, back) => today.minus({ days: back + 1 }));
  const weights = days.map((day): [DateTime, number] => {
    const season = options.months[day.month - 1] ?? 1;
    const sale = options.saleDays[day.month]?.includes(day.day) ? 3 : 1;
    return [day, season * sale * (day.weekday >= 6 ? 1.3 : 1)];
  });
  return Array.from({ length: options.orders }, () => {
    const hour = random.weighted([[8, 2], [10, 3], [12, 5], [15, 3], [18, 4], [20, 7], [22, 5]] as const); // prettier-ignore
    return random
      .weighted(weights)
      .set({ hour, minute: random.between(0, 59), second: random.between(0, 59) })
      .toMillis();
  });
}

function addCustomer(
  life: Life,
  person: { firstName: string; lastName: string; email: string; phone: string | null },
  at: number,
): Id {
  const { random, shop, world } = life;
  const known = { ...person, acceptsMarketing: random.chance(0.55), tags: random.chance(0.04) ? ["VIP"] : [] };
  const birthday = random.chance(0.3)
    ? `${random.between(1958, 2004)}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`
    : null;
  const state = random.chance(0.5) ? ("enabled" as const) : ("disabled" as const);
  return createCustomer(silentWorld(world, new Date(at)), shop.domain, { ...known, birthday, state }).id;
}
const two = (number: number): string => String(number).padStart(2, "0");

function anyOrder(
  life: Life,
  person: { firstName: string; lastName: string; email: string; phone: string | null },
  at: number,
): SimOrder {
  const { random, shop, world } = life;
  const then = silentWorld(world, new Date(at));
  const input: CreateOrderInput = { ...basket(life), ...circumstances(life), badCodes: "ignore" };
  if (random.chance(0.15)) {
    input.email = person.email;
    input.guest = random.chance(0.3) ? "customer_record" : "no_customer";
  } else {
    input.customerId = regularOrNew(life, person, at);
    if (random.chance(0.12)) input.discountCodes = [random.pick(life.options.codes)];
  }
  return createOrder(then, shop.domain, input);
}

function regularOrNew(
  life: Life,
  person: { firstName: string; lastName: string; email: string; phone: string | null },
  at: number,
): Id {
  const { random, regulars } = life;
  if (regulars.length > 20 && !random.chance(0.4)) return random.weighted(regulars);
  const id = addCustomer(life, person, at - random.between(1, 40) * 60_000);
  // A few love the shop, most come now and then.
  regulars.push([id, random.chance(0.15) ? 6 : 1]);
  return id;
}

function basket({ random, products }: Life): Pick<CreateOrderInput, "lines"> {
  const lines: CreateOrderInput["lines"] = [];
  const wanted = random.weighted([[1, 5], [2, 4], [3, 2], [4, 1]] as const); // prettier-ignore
  for (const product of random.shuffle([...products]).slice(0, wanted)) {
    if (product.isGiftCard && !random.chance(0.2)) continue;
    const variants = product.variants.filter((variant) => variant.available);
    const quantity = random.weighted([[1, 8], [2, 2], [3, 1]] as const); // prettier-ignore
    lines.push({ variantId: random.pick(variants).id, quantity: product.isGiftCard ? 1 : quantity });
  }
  if (lines.length > 0) return { lines };
  const fallback = products.find((product) => !product.isGiftCard) as SimProduct;
  return { lines: [{ variantId: fallback.variants[0]?.id, quantity: 1 }] };
}

function circumstances({
  random,
  shop,
}: Life): Pick<
  CreateOrderInput,
  "payment" | "sourceName" | "isB2b" | "test" | "riskLevel" | "presentmentCurrency" | "tags"
> {
  const isJapan = shop.country === "JP";
  const by = random.weighted([["card", 85], ["cash_on_delivery", isJapan ? 8 : 0], ["bank_transfer", isJapan ? 5 : 0], ["authorization", 2]] as const); // prettier-ignore
  const sourceName = random.weighted([["web", 90], ["pos", 5], ["shopify_draft_order", 2], ["subscription_contract_checkout_one", 3]] as const); // prettier-ignore
  return {
    payment:
      sourceName === "pos"
        ? { by: "card" }
        : { by, ...(random.chance(0.03) ? { giftCardMinor: isJapan ? 3_000 : 2_500 } : {}) },
    sourceName,
    isB2b: random.chance(0.01),
    test: random.chance(0.004),
    riskLevel: random.chance(0.006) ? "HIGH" : "LOW",
    presentmentCurrency: random.chance(0.03) ? Object.keys(shop.presentment)[0] : undefined,
    tags: random.chance(0.03) ? ["gift-wrap"] : [],
  };
}

/** What happens to an order later; whatever lies in the future has not happened yet. */
function afterwards(life: Life, order: SimOrder, placed: number): void {
  const { random, world, shop, end } = life;
  const domain = shop.domain;
  const later = (hours: number): World | null => {
    const at = placed + hours * HOUR_MS;
    return at < end ? silentWorld(world, new Date(at)) : null;
  };
  const line = order.lines[0];
  const fate = random.next();
  const soon = later(random.between(1, 20));
  if (fate < 0.025) {
    if (soon) cancelOrder(soon, domain, order.id, { reason: random.pick(["customer", "inventory", "fraud"]) });
    return;
  }
  if (fate < 0.05 && line && soon && !line.isGiftCard)
    editOrder(soon, domain, order.id, {
      setQuantity: [
        { lineId: line.id, quantity: random.pick([line.quantity + 1, line.quantity > 1 ? line.quantity - 1 : 2]) },
      ],
    });
  const unpaid = totals(order).outstandingMinor > 0;
  const isCash = order.payments.some((payment) => payment.gateway === "cash_on_delivery");
  const paid = unpaid && !isCash ? later(random.between(12, 72)) : null;
  // One transfer in eight never arrives.
  if (paid && random.chance(0.875)) payOrder(paid, domain, order.id);
  else if (unpaid && !isCash) return;
  const sent = later(random.between(74, 110));
  if (!sent) return;
  fulfilOrder(sent, domain, order.id, { trackingNumber: `KZ${order.id}` });
  const arrived = later(random.between(120, 190));
  if (!arrived) return;
  deliverOrder(arrived, domain, order.id);
  if (isCash) payOrder(arrived, domain, order.id);
  regret(life, order, later(random.between(200, 500)), fate);
}

/** About one order in twenty goes back, in the ways orders go back. */
function regret({ random, shop }: Life, order: SimOrder, world: World | null, fate: number): void {
  if (!world || fate < 0.9) return;
  const line = random.pick(order.lines.filter((candidate) => candidate.removedByEdit < candidate.quantity));
  const one = [{ lineId: line.id, quantity: 1 }];
  const { outstandingMinor, paidMinor, refundedMinor } = totals(order);
  if (outstandingMinor > 0 || refundedMinor > 0) return;
  if (fate > 0.985)
    refundOrder(world, shop.domain, order.id, {
      amountMinor: Math.max(1, Math.floor(paidMinor / 10)),
      note: "Goodwill",
    });
  else if (fate > 0.965)
    refundOrder(world, shop.domain, order.id, { lines: one, shippingMinor: "all", note: "Damaged" });
  else if (fate > 0.94) refundOrder(world, shop.domain, order.id, { lines: one, note: "Changed mind" });
  else if (fate < 0.902) {
    const dispute = openDispute(world, shop.domain, order.id);
    if (random.chance(0.5)) closeDispute(world, shop.domain, order.id, dispute.id, "won");
  }
}

function addShopper({ world, shop, end, options }: Life): Id {
  const names =
    shop.country === "JP" ? { firstName: "さくら", lastName: "山本" } : { firstName: "Emma", lastName: "Carter" };
  const input = {
    ...names,
    email: options.shopper,
    state: "enabled" as const,
    acceptsMarketing: true,
    birthday: "1991-04-02",
    phone: shop.country === "JP" ? "+819012345678" : "+12125550142",
    tags: ["VIP"],
  };
  return createCustomer(silentWorld(world, new Date(end - 350 * DAY_MS)), shop.domain, input).id;
}

/** Seven orders over the year, the last two within the week. */
const shopperVisits = ({ end }: Life): number[] =>
  [320, 240, 171, 96, 41, 6, 1].map((days) => end - days * DAY_MS - 3 * HOUR_MS);

/** The shopper's history has one of everything worth looking at: a code, a partial refund, an edit. */
function shopperOrder(life: Life, customerId: Id, at: number, visits: number[]): SimOrder {
  const { world, shop, end } = life;
  const number = visits.indexOf(at);
  const goods = life.products.filter((product) => !product.isGiftCard);
  const pick = (step: number): string =>
    (goods[(number * 3 + step) % goods.length] as SimProduct).variants[0]?.id ?? "";
  const lines = [
    { variantId: pick(0), quantity: 2 },
    { variantId: pick(1), quantity: 1 },
    ...(number % 2 ? [{ variantId: pick(5), quantity: 1 }] : []),
  ];
  const order = createOrder(silentWorld(world, new Date(at)), shop.domain, {
    lines,
    customerId,
    discountCodes: number === 0 ? ["WELCOME10"] : [],
    badCodes: "ignore",
  });
  const hours = (count: number): World => silentWorld(world, new Date(Math.min(end, at + count * HOUR_MS)));
  const line = order.lines[0];
  if (number === 3 && line)
    editOrder(hours(2), shop.domain, order.id, { setQuantity: [{ lineId: line.id, quantity: 3 }] });
  if (at + 30 * HOUR_MS < end) fulfilOrder(hours(30), shop.domain, order.id, { trackingNumber: `KZ${order.id}` });
  if (at + 70 * HOUR_MS < end) deliverOrder(hours(70), shop.domain, order.id);
  if (number === 4 && line)
    refundOrder(hours(200), shop.domain, order.id, {
      lines: [{ lineId: line.id, quantity: 1 }],
      note: "Arrived chipped",
    });
  return order;
}
