// Money as the Admin API prints it.
import { convertMinor, toDecimal } from "../money";
import type { Minor, SimOrder } from "../state";
import { fields, plain, type TypeTable } from "./types";

export interface MoneyV2 {
  amount: string;
  currencyCode: string;
}

/** 1378 JPY → "1378.0", 1370 USD → "13.7": the Decimal scalar drops trailing zeros but keeps one decimal. */
export function decimal(minor: Minor, currency: string): string {
  const text = toDecimal(minor, currency);
  if (!text.includes(".")) return `${text}.0`;
  return text.replace(/(\.\d+?)0+$/, "$1");
}

export function moneyV2(minor: Minor, currencyCode: string): MoneyV2 {
  return { amount: decimal(minor, currencyCode), currencyCode };
}

interface MoneySource {
  order: SimOrder;
  minor: Minor;
}

/** Shop money and its presentment twin, at the order's rate. */
export function moneyBag(order: SimOrder, minor: Minor): MoneySource {
  return { order, minor };
}

export const MONEY_TYPES: Record<string, TypeTable> = {
  MoneyV2: plain("amount", "currencyCode"),
  MoneyBag: fields<MoneySource>({
    shopMoney: ({ order, minor }) => moneyV2(minor, order.currency),
    presentmentMoney: ({ order, minor }) =>
      moneyV2(
        convertMinor(minor, order.currency, order.presentmentCurrency, order.presentmentRate),
        order.presentmentCurrency,
      ),
  }),
};
