// What every member should hold, worked out from the platform's own state at the end. Naive on purpose and
// on its own feet: it shares no arithmetic with the app, so that a mistake there is not repeated here.
import { DateTime } from "luxon";

import { totals } from "../../simulator/order-math";
import type { Id, SimLine, SimOrder, SimRefund, SimShop } from "../../simulator/state";

/** The settings a history varies; everything else is fixed in `drawn-rules.ts`. */
export interface SoakRules {
  rate: { points: number; perMinor: number };
  rounding: "down" | "up" | "half_up";
  discounts: "after" | "before";
  includeTax: boolean;
  includeShipping: boolean;
  includePaidWithGiftCard: boolean;
  excludedTag: string | null;
  minimum: { minor: number; retestOnRefund: boolean } | null;
  perOrder: number | null;
  perDay: number | null;
  firstOrderBonus: { points: number; onRefund: "proportional" | "until_nothing_kept" } | null;
  trigger: "paid" | "fulfilled" | "delivered";
  holdDays: number;
}
/** Rules in force from an instant on. */
export interface RulesFrom {
  from: Date;
  rules: SoakRules;
}
export interface Holding {
  pending: number;
  available: number;
}
/** What one order gives, for the message when something differs. */
export interface OrderAnswer {
  orderId: Id;
  name: string;
  points: number;
  bonus: number;
  isPending: boolean;
}

interface Kept {
  line: SimLine;
  net: number;
  tax: number;
  wholeNet: number;
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
const clamp = (number: number): number => Math.max(0, number);
const halfUp = (amount: number, part: number, whole: number): number =>
  whole === 0 ? 0 : Number((BigInt(amount) * BigInt(part) * 2n + BigInt(whole)) / (2n * BigInt(whole)));

/** Largest remainder. */
function split(amount: number, weights: number[]): number[] {
  const whole = sum(weights);
  if (whole === 0) return weights.map(() => 0);
  const shares = weights.map((weight) => Number((BigInt(amount) * BigInt(weight)) / BigInt(whole)));
  const rests = weights.map((weight, index) => ({
    index,
    rest: Number((BigInt(amount) * BigInt(weight)) % BigInt(whole)),
  }));
  const most = rests.sort((a, b) => b.rest - a.rest || a.index - b.index).slice(0, amount - sum(shares));
  for (const { index } of most) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

function moneyOf(order: SimOrder, refund: SimRefund): "success" | "pending" | "failure" {
  const statuses = order.payments.filter(({ refundId }) => refundId === refund.id).map(({ status }) => status);
  if (statuses.includes("pending")) return "pending";
  return statuses.length === 0 || statuses.includes("success") ? "success" : "failure";
}

/** Money given back beyond lines; what one refund kept back is set off against the next ones. */
function goodwill(order: SimOrder): number {
  let keptBack = 0;
  let total = 0;
  for (const refund of order.refunds) {
    const status = moneyOf(order, refund);
    if (status === "failure") continue;
    if (refund.adjustmentMinor < 0) keptBack -= refund.adjustmentMinor;
    else {
      const settled = Math.min(keptBack, refund.adjustmentMinor);
      keptBack -= settled;
      if (status === "success") total += refund.adjustmentMinor - settled;
    }
  }
  return total;
}

function ordered(line: SimLine): Kept {
  const units = line.quantity - line.removedByEdit;
  const discount = halfUp(sum(line.discounts.map((each) => each.amountMinor)), units, line.quantity);
  const net = clamp(units * line.unitPriceMinor - discount);
  return {
    line,
    net,
    wholeNet: net,
    tax: halfUp(sum(line.taxes.map((each) => each.amountMinor)), units, line.quantity),
  };
}

function withoutRefunds(kept: Kept, order: SimOrder): Kept {
  const back = order.refunds
    .filter((refund) => moneyOf(order, refund) === "success")
    .flatMap((refund) => refund.lines)
    .filter(({ lineId }) => lineId === kept.line.id);
  const units = kept.line.quantity - kept.line.removedByEdit;
  if (back.length > 0 && sum(back.map(({ quantity }) => quantity)) >= units) return { ...kept, net: 0, tax: 0 };
  const net = clamp(kept.net - sum(back.map((each) => each.subtotalMinor)));
  const tax = clamp(kept.tax - sum(back.map((each) => each.taxMinor)));
  return { ...kept, net, tax: order.taxesIncluded ? Math.min(net, tax) : tax };
}

function less(lines: Kept[], amount: number): Kept[] {
  const shares = split(
    Math.min(clamp(amount), sum(lines.map(({ net }) => net))),
    lines.map(({ net }) => net),
  );
  return lines.map((each, index) => {
    const net = each.net - (shares[index] ?? 0);
    return { ...each, net, tax: halfUp(each.tax, net, each.net) };
  });
}

/** Goods money kept, and the amount that counts. */
function amounts(
  shop: SimShop,
  order: SimOrder,
  rules: SoakRules,
  moment: "now" | "gross",
): { goods: number; base: number } {
  let lines = order.lines.map(ordered);
  if (moment === "now")
    lines = less(
      lines.map((line) => withoutRefunds(line, order)),
      goodwill(order),
    );
  const goods = sum(lines.map(({ net }) => net));
  const byCard = rules.includePaidWithGiftCard
    ? 0
    : sum(
        order.payments
          .filter(({ kind, status, gateway }) => kind === "sale" && status === "success" && gateway === "gift_card")
          .map(({ amountMinor }) => amountMinor),
      );
  lines = less(lines, byCard);
  const counted = lines
    .filter(({ line }) => !line.isGiftCard && !isExcluded(shop, line, rules))
    .map((line) => countedOf(line, order, rules));
  const shipping = rules.includeShipping ? shippingOf(order, rules, moment) : 0;
  return { goods, base: sum(counted) + clamp(shipping - clamp(byCard - goods)) };
}

/** Goods money of the order as sold, and what is kept of it. */
export function keptGoods(shop: SimShop, order: SimOrder, rules: SoakRules): { whole: number; kept: number } {
  return { whole: amounts(shop, order, rules, "gross").goods, kept: amounts(shop, order, rules, "now").goods };
}

function isExcluded(shop: SimShop, line: SimLine, { excludedTag }: SoakRules): boolean {
  const product = line.productId === null ? undefined : shop.products[line.productId];
  return excludedTag !== null && (product?.tags.includes(excludedTag) ?? false);
}

function countedOf({ line, net, tax, wholeNet }: Kept, order: SimOrder, rules: SoakRules): number {
  const units = line.quantity - line.removedByEdit;
  const amount = rules.discounts === "after" ? net : halfUp(units * line.unitPriceMinor, net, wholeNet);
  const taxOfAmount = rules.discounts === "after" ? tax : halfUp(tax, amount, net);
  if (order.taxesIncluded) return rules.includeTax ? amount : clamp(amount - taxOfAmount);
  return rules.includeTax ? amount + taxOfAmount : amount;
}

function shippingOf(order: SimOrder, rules: SoakRules, moment: "now" | "gross"): number {
  const refunds = moment === "gross" ? [] : order.refunds.filter((refund) => moneyOf(order, refund) === "success");
  const amount = clamp(
    (order.shipping?.discountedMinor ?? 0) - sum(refunds.map(({ shipping }) => shipping?.amountMinor ?? 0)),
  );
  const tax = clamp((order.shipping?.taxMinor ?? 0) - sum(refunds.map(({ shipping }) => shipping?.taxMinor ?? 0)));
  if (order.taxesIncluded) return rules.includeTax ? amount : clamp(amount - tax);
  return rules.includeTax ? amount + tax : amount;
}

function isUndone(order: SimOrder): boolean {
  return (
    order.cancelledAt !== null ||
    totals(order).financialStatus === "voided" ||
    order.disputes.some(({ status }) => status === "lost")
  );
}

function pointsOf(base: number, { rate, rounding, perOrder }: SoakRules): number {
  const [numerator, denominator] = [BigInt(base) * BigInt(rate.points), BigInt(rate.perMinor)];
  const extra = { down: 0n, up: denominator - 1n, half_up: denominator / 2n }[rounding];
  const exact =
    rounding === "half_up" ? (2n * numerator + denominator) / (2n * denominator) : (numerator + extra) / denominator;
  return perOrder === null ? Number(exact) : Math.min(perOrder, Number(exact));
}

/** When the points of an order may be spent; null: not before something else happens. */
function spendableFrom(shop: SimShop, order: SimOrder, rules: SoakRules): DateTime | null {
  const { financialStatus, fulfillmentStatus } = totals(order);
  if (!["paid", "partially_refunded", "refunded"].includes(financialStatus)) return null;
  if (order.disputes.some(({ status }) => status !== "won")) return null;
  const paid = order.payments.filter(
    ({ kind, status }) => status === "success" && (kind === "sale" || kind === "capture"),
  );
  const instants = paid.map(({ at }) => at);
  if (instants.length === 0) instants.push(order.processedAt);
  const sent = order.fulfillments.filter(({ status }) => status === "success");
  if (rules.trigger !== "paid" || order.riskLevel === "HIGH") {
    if (fulfillmentStatus !== "fulfilled") return null;
    instants.push(...sent.map(({ createdAt }) => createdAt));
  }
  if (rules.trigger === "delivered") {
    const arrivals = sent.map(({ events }) => events.find(({ status }) => status === "delivered")?.at);
    if (arrivals.includes(undefined)) return null;
    instants.push(...arrivals.flatMap((at) => at ?? []));
  }
  const from = Math.max(...instants.map((at) => Date.parse(at)));
  return DateTime.fromMillis(from, { zone: shop.timeZone }).plus({ days: rules.holdDays });
}

const byTime = (a: SimOrder, b: SimOrder): number =>
  Date.parse(a.processedAt) - Date.parse(b.processedAt) || Number(a.id) - Number(b.id);

/** Every member's points at the instant, and each order's part in them. */
export function expectedHoldings(
  shop: SimShop,
  history: RulesFrom[],
  at: Date,
): { holdings: Map<Id, Holding>; orders: OrderAnswer[] } {
  const holdings = new Map<Id, Holding>();
  const orders: OrderAnswer[] = [];
  const hasBought = new Set<Id>();
  const earnedOn = new Map<string, number>();
  for (const order of Object.values(shop.orders).sort(byTime)) {
    const { customerId } = order;
    if (customerId === null || order.test) continue;
    const { rules } = history.findLast(({ from }) => from.getTime() <= Date.parse(order.processedAt)) ?? {};
    if (!rules) continue;
    const day = `${customerId}/${DateTime.fromISO(order.processedAt, { zone: shop.timeZone }).toISODate() ?? ""}`;
    const { points, bonus, isPurchase } = answerOf(shop, order, rules, {
      isFirst: !hasBought.has(customerId),
      earnedToday: earnedOn.get(day) ?? 0,
    });
    if (isPurchase) hasBought.add(customerId);
    earnedOn.set(day, (earnedOn.get(day) ?? 0) + points);
    const from = spendableFrom(shop, order, rules);
    const isPending = from === null || from.toMillis() > at.getTime();
    const holding = holdings.get(customerId) ?? { pending: 0, available: 0 };
    holding[isPending ? "pending" : "available"] += points + bonus;
    holdings.set(customerId, holding);
    orders.push({ orderId: order.id, name: order.name, points, bonus, isPending });
  }
  return { holdings, orders };
}

function answerOf(
  shop: SimShop,
  order: SimOrder,
  rules: SoakRules,
  around: { isFirst: boolean; earnedToday: number },
): { points: number; bonus: number; isPurchase: boolean } {
  if (isUndone(order)) return { points: 0, bonus: 0, isPurchase: false };
  const now = amounts(shop, order, rules, "now");
  const gross = amounts(shop, order, rules, "gross");
  const { minimum, firstOrderBonus } = rules;
  const enough = minimum === null || (minimum.retestOnRefund ? now : gross).base >= minimum.minor;
  const uncapped = enough ? pointsOf(now.base, rules) : 0;
  const points = rules.perDay === null ? uncapped : Math.min(uncapped, clamp(rules.perDay - around.earnedToday));
  const isPurchase = now.goods > 0;
  let bonus = 0;
  if (
    firstOrderBonus &&
    around.isFirst &&
    isPurchase &&
    enough &&
    now.base > 0 &&
    (minimum === null || gross.base >= minimum.minor)
  )
    bonus =
      firstOrderBonus.onRefund === "proportional"
        ? halfUp(firstOrderBonus.points, Math.min(now.base, gross.base), gross.base)
        : firstOrderBonus.points;
  return { points, bonus, isPurchase };
}
