// Gift cards that were issued: their balance, what they pay and what comes back to them.
import { randomBytes } from "node:crypto";
import { DateTime } from "luxon";

import type { Id, Minor, SimGiftCard, SimPayment, SimShop } from "../state";
import { Refused, stamp, whole, type World } from "./world";

interface GiftCardInput {
  /** 8 to 20 letters and digits; left out: 16 random ones. */
  code?: string | undefined;
  initialMinor: Minor;
  note?: string | null;
  customerId?: Id | null;
  expiresOn?: string | null;
  source?: SimGiftCard["source"];
}

const CODE = /^[a-z0-9]{8,20}$/;

/** Issues a gift card. @throws Refused when its code is taken or not possible */
export function createGiftCard(world: World, domain: string, input: GiftCardInput): SimGiftCard {
  const shop = world.shop(domain);
  const code = (input.code ?? randomBytes(8).toString("hex")).toLowerCase();
  if (!CODE.test(code)) throw new Refused("a gift card's code has 8 to 20 letters and digits");
  if (findGiftCard(shop, code)) throw new Refused("that gift card exists already");
  const now = stamp(world);
  const card: SimGiftCard = {
    id: world.newId(),
    code,
    currency: shop.currency,
    initialMinor: whole(input.initialMinor, "a gift card's value", 1),
    note: input.note ?? null,
    customerId: input.customerId ?? null,
    expiresOn: input.expiresOn ?? null,
    deactivatedAt: null,
    source: input.source ?? "manual",
    transactions: [],
    createdAt: now,
    updatedAt: now,
  };
  shop.giftCards[card.id] = card;
  return card;
}

/** Ends a gift card for good. @throws Refused when there is none */
export function deactivateGiftCard(world: World, domain: string, cardId: Id): SimGiftCard {
  const card = world.shop(domain).giftCards[cardId];
  if (!card) throw new Refused(`${domain} has no gift card ${cardId}`);
  card.deactivatedAt ??= stamp(world);
  card.updatedAt = stamp(world);
  return card;
}

/** Codes are typed in any case, with or without spaces and hyphens. */
export function findGiftCard(shop: SimShop, code: string): SimGiftCard | null {
  const wanted = code.replace(/[\s-]/g, "").toLowerCase();
  return Object.values(shop.giftCards).find((card) => card.code === wanted) ?? null;
}

/** What is left on a card. */
export function giftCardBalance(card: SimGiftCard): Minor {
  return card.transactions.reduce((sum, { amountMinor }) => sum + amountMinor, card.initialMinor);
}

/** Whether the card can pay at an instant: not switched off, not past its last day. */
export function isGiftCardGood(shop: SimShop, card: SimGiftCard, at: Date): boolean {
  return card.deactivatedAt === null && !isGiftCardExpired(shop, card, at);
}

/** Whether the card's last day is over in the shop's zone. */
export function isGiftCardExpired(shop: SimShop, card: SimGiftCard, at: Date): boolean {
  if (card.expiresOn === null) return false;
  return (DateTime.fromJSDate(at, { zone: shop.timeZone }).toISODate() ?? "") > card.expiresOn;
}

/** Books what a payment took from a card (negative) or a refund put back. A second time changes nothing. */
export function bookOnGiftCard(
  world: World,
  card: SimGiftCard,
  payment: SimPayment,
  amountMinor: Minor,
  orderId: Id,
): void {
  if (card.transactions.some(({ id }) => id === payment.id)) return;
  card.transactions.push({ id: payment.id, amountMinor, at: stamp(world), orderId });
  card.updatedAt = stamp(world);
}
