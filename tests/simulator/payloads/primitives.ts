// The small change of REST bodies: numbers for ids, offsets in timestamps, money sets.
import { DateTime } from "luxon";

import { convertMinor, toDecimal } from "../money";
import type { Id, Instant, Minor, SimOrder, SimShop } from "../state";

/** REST ids are JSON numbers. */
export const num = (id: Id): number => Number(id);

/** Instants in the shop's own offset, whole seconds: "2026-07-01T09:30:00+09:00". */
export function when(instant: Instant, shop: Pick<SimShop, "timeZone">): string {
  return DateTime.fromISO(instant, { zone: shop.timeZone }).toISO({ suppressMilliseconds: true }) ?? instant;
}

export const whenOrNull = (instant: Instant | null, shop: Pick<SimShop, "timeZone">): string | null =>
  instant === null ? null : when(instant, shop);

interface MoneySet {
  shop_money: { amount: string; currency_code: string };
  presentment_money: { amount: string; currency_code: string };
}

type Currencies = Pick<SimOrder, "currency" | "presentmentCurrency" | "presentmentRate">;

/** Shop money beside presentment money. */
export function moneySet(order: Currencies, minor: Minor): MoneySet {
  const shown = convertMinor(minor, order.currency, order.presentmentCurrency, order.presentmentRate);
  return {
    shop_money: { amount: toDecimal(minor, order.currency), currency_code: order.currency },
    presentment_money: {
      amount: toDecimal(shown, order.presentmentCurrency),
      currency_code: order.presentmentCurrency,
    },
  };
}

/** The decimal string of a shop-money amount. */
export const amount = (order: Pick<SimOrder, "currency">, minor: Minor): string => toDecimal(minor, order.currency);
