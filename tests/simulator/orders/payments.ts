// How a checkout is paid: gift cards and store credit first, something else takes the rest; and how what
// was refunded comes back to where it came from.
import type { Id, Minor, SimOrder, SimPayment, SimShop } from "../state";
import { bookOnGiftCard, findGiftCard, giftCardBalance, isGiftCardGood } from "./gift-cards";
import {
  creditAccount,
  creditAccountFor,
  creditAccountOf,
  creditBalance,
  debitAccount,
  settleCredit,
} from "./store-credit";
import { Refused, whole, type World } from "./world";

export interface PaymentInput {
  /** How what gift cards and store credit leave open is paid. Default: card, paid at once. */
  by?: "card" | "cash_on_delivery" | "bank_transfer" | "authorization" | "none";
  /** Gift cards of the shop, used up in this order. */
  giftCardCodes?: string[];
  /** The customer's store credit: all that is needed and there, or this much. */
  storeCredit?: true | Minor;
  /** Money off some gift card or credit that nobody keeps account of. */
  giftCardMinor?: Minor;
  storeCreditMinor?: Minor;
  /** Card pays only this much now: the order stays partially paid. */
  cardMinor?: Minor;
}

interface Source {
  kind: SimPayment["kind"];
  status: SimPayment["status"];
  gateway: SimPayment["gateway"];
  giftCardId?: Id;
  storeCreditAccountId?: Id;
}

/** Pays an order that is being made. @throws Refused when a gift card or the credit does not serve */
export function takePayments(
  world: World,
  domain: string,
  order: SimOrder,
  input: PaymentInput,
  total: Minor,
): SimPayment[] {
  const shop = world.shop(domain);
  const payments: SimPayment[] = [];
  let open = total;
  const add = (source: Source, wanted: Minor): SimPayment | null => {
    const amountMinor = Math.min(whole(wanted, "a payment"), open);
    if (amountMinor === 0) return null;
    const payment: SimPayment = {
      id: world.newId(),
      amountMinor,
      at: order.processedAt,
      refundId: null,
      parentId: null,
      ...source,
    };
    payments.push(payment);
    open -= amountMinor;
    return payment;
  };
  const paid = { kind: "sale", status: "success" } as const;
  // Looked at before anything is taken: a refused checkout must leave no trace.
  const cards = goodCards(world, shop, input.giftCardCodes ?? []);
  const account = input.storeCredit === undefined ? null : accountFor(world, shop, order);
  if (typeof input.storeCredit === "number" && input.storeCredit > (account ? creditBalance(account) : 0))
    throw new Refused("the store credit does not suffice");
  for (const card of cards) {
    const payment = add({ ...paid, gateway: "gift_card", giftCardId: card.id }, giftCardBalance(card));
    if (payment) bookOnGiftCard(world, card, payment, -payment.amountMinor, order.id);
  }
  add({ ...paid, gateway: "gift_card" }, input.giftCardMinor ?? 0);
  if (account) {
    const wanted = input.storeCredit === true ? creditBalance(account) : (input.storeCredit ?? 0);
    const payment = add({ ...paid, gateway: "shopify_store_credit", storeCreditAccountId: account.id }, wanted);
    if (payment)
      debitAccount(world, account, {
        amountMinor: payment.amountMinor,
        event: "order_payment",
        orderId: order.id,
        paymentId: payment.id,
      });
  }
  add({ ...paid, gateway: "shopify_store_credit" }, input.storeCreditMinor ?? 0);
  const by = input.by ?? "card";
  if (by === "card") add({ ...paid, gateway: "bogus" }, input.cardMinor ?? open);
  if (by === "authorization") add({ kind: "authorization", status: "success", gateway: "bogus" }, open);
  if (by === "cash_on_delivery" || by === "bank_transfer") add({ kind: "sale", status: "pending", gateway: by }, open);
  return payments;
}

function goodCards(world: World, shop: SimShop, codes: string[]) {
  return [...new Set(codes)].map((code) => {
    const card = findGiftCard(shop, code);
    if (!card) throw new Refused("gift card: unknown");
    if (!isGiftCardGood(shop, card, world.now())) throw new Refused("gift card: expired");
    if (giftCardBalance(card) === 0) throw new Refused("gift card: empty");
    return card;
  });
}

function accountFor(world: World, shop: SimShop, order: SimOrder) {
  if (order.customerId === null) throw new Refused("store credit is for customers who are signed in");
  const account = creditAccountOf(shop, order.customerId, shop.currency);
  if (account) settleCredit(world, account);
  return account;
}

/** Puts refunded money back on gift cards and store credit accounts. What was put back before stays as it is. */
export function returnToSources(world: World, domain: string, order: SimOrder): void {
  const shop = world.shop(domain);
  for (const payment of order.payments) {
    if (payment.kind !== "refund" || payment.status !== "success") continue;
    const parent = order.payments.find(({ id }) => id === payment.parentId);
    if (payment.gateway === "gift_card" && parent?.giftCardId) {
      const card = shop.giftCards[parent.giftCardId];
      if (card) bookOnGiftCard(world, card, payment, payment.amountMinor, order.id);
    }
    if (payment.gateway === "shopify_store_credit" && order.customerId !== null && shop.customers[order.customerId])
      returnToCredit(world, domain, order, payment, order.customerId);
  }
}

function returnToCredit(world: World, domain: string, order: SimOrder, payment: SimPayment, customerId: Id): void {
  const { storeCredit, currency } = world.shop(domain);
  const booked = Object.values(storeCredit).some(({ transactions }) =>
    transactions.some(({ paymentId }) => paymentId === payment.id),
  );
  if (booked) return;
  const account = creditAccountFor(world, domain, customerId, currency);
  creditAccount(world, account, {
    amountMinor: payment.amountMinor,
    event: order.cancelledAt ? "order_cancellation" : "order_refund",
    orderId: order.id,
    paymentId: payment.id,
  });
  payment.storeCreditAccountId = account.id;
}
