// Prices as Liquid carries and prints them. Liquid holds hundredths of the unit in every currency:
// 1,000 yen is 100000, and so is 1,000 dollars.
import { currencyDigits } from "../../money";
import type { Minor } from "../../state";

const SYMBOLS: Record<string, string> = {
  JPY: "¥",
  USD: "$",
  EUR: "€",
  GBP: "£",
  KRW: "₩",
  AUD: "$",
  CAD: "$",
  KWD: "KD ",
};

/** Minor units → hundredths. */
export function toLiquid(minor: Minor, currency: string): number {
  return Math.round((minor * 100) / 10 ** currencyDigits(currency));
}

/** Hundredths → "¥13,780" or "$137.80". */
export function formatMoney(
  hundredths: number,
  currency: string,
  options: { symbol?: boolean; code?: boolean; trailingZeros?: boolean } = {},
): string {
  const { symbol = true, code = false, trailingZeros = true } = options;
  const digits = currencyDigits(currency);
  const amount = Math.abs(hundredths) / 100;
  const whole = !trailingZeros && Number.isInteger(amount);
  const number = amount.toLocaleString("en-US", {
    minimumFractionDigits: whole ? 0 : digits,
    maximumFractionDigits: whole ? 0 : digits,
  });
  const sign = hundredths < 0 ? "-" : "";
  return `${sign}${symbol ? (SYMBOLS[currency] ?? `${currency} `) : ""}${number}${code ? ` ${currency}` : ""}`;
}
