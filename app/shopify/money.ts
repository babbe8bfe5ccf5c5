// Shopify writes money as decimal strings; we keep integer minor units. No float touches an amount.
import type { CurrencyCode, Minor } from "./order-facts";

// ISO 4217 currencies whose minor unit is not a hundredth. Not taken from Intl: its CLDR digits differ
// from ISO for several currencies and change with the runtime.
const DIGITS: ReadonlyMap<string, number> = new Map([
  ...[
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
  ].map((code) => [code, 0] as const),
  ...["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"].map((code) => [code, 3] as const),
  ...["CLF", "UYW"].map((code) => [code, 4] as const),
]);
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** An amount that is not a plain decimal of its currency within the safe integer range. */
export class MoneyError extends Error {
  override readonly name = "MoneyError";
}

/** Decimal digits of a currency's minor unit: JPY 0, USD 2, KWD 3; 2 where ISO says nothing else. */
export function currencyDigits(currency: CurrencyCode): number {
  return DIGITS.get(currency.toUpperCase()) ?? 2;
}

/**
 * "13780.00" JPY → 13780; "19.99" USD → 1999; "1.234" KWD → 1234.
 * @throws MoneyError on exponents, blanks, thousands separators, digits the currency does not have, or beyond 2^53
 */
export function parseMinor(decimal: string, currency: CurrencyCode): Minor {
  const match = DECIMAL.exec(decimal);
  if (!match) throw new MoneyError("an amount is not a plain decimal");
  const [, sign = "", whole = "", fraction = ""] = match;
  const digits = currencyDigits(currency);
  if (/[1-9]/.test(fraction.slice(digits))) throw new MoneyError(`an amount has more than ${digits} decimals`);
  if (whole.length > 20) throw new MoneyError("an amount is out of range");
  const minor = Number(BigInt(whole + fraction.slice(0, digits).padEnd(digits, "0")));
  if (!Number.isSafeInteger(minor)) throw new MoneyError("an amount is out of range");
  return sign && minor !== 0 ? -minor : minor;
}

/** The inverse of `parseMinor`: 1999 USD → "19.99", as Shopify's Decimal inputs want it. */
export function decimalFromMinor(minor: Minor, currency: CurrencyCode): string {
  const digits = currencyDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const sign = minor < 0 ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
