// Money in the simulator: integer minor units inside, decimal strings with the currency's digits at the edge.
import type { Minor } from "./state";

const DIGITS: Record<string, number> = {
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0,
  RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
}; // prettier-ignore

/** Decimals of a currency: JPY 0, USD 2, KWD 3. */
export function currencyDigits(currency: string): number {
  return DIGITS[currency] ?? 2;
}

/** 1378 USD → "13.78", 1378 JPY → "1378". The platform itself pads yen with no decimals. */
export function toDecimal(minor: Minor, currency: string): string {
  if (!Number.isSafeInteger(minor)) throw new Error(`not a whole number of minor units: ${minor}`);
  const digits = currencyDigits(currency);
  const sign = minor < 0 ? "-" : "";
  const text = Math.abs(minor)
    .toString()
    .padStart(digits + 1, "0");
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** "13.78" USD → 1378. @throws on anything that is not a plain decimal with at most the currency's digits */
export function toMinor(decimal: string, currency: string): Minor {
  const digits = currencyDigits(currency);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal.trim());
  if (!match) throw new Error(`not a decimal amount: "${decimal}"`);
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > digits) throw new Error(`"${decimal}" has more decimals than ${currency} knows`);
  const minor = Number(`${match[2]}${fraction.padEnd(digits, "0")}`);
  if (!Number.isSafeInteger(minor)) throw new Error(`"${decimal}" is too large`);
  return match[1] && minor !== 0 ? -minor : minor;
}

/** floor(total × part ÷ whole) for non-negative whole numbers, exact at any size. */
export function portion(total: Minor, part: number, whole: number): Minor {
  if (whole === 0) return 0;
  return Number((BigInt(total) * BigInt(part)) / BigInt(whole));
}

/** Splits a non-negative total over weights so that the parts sum to it (largest remainder, then first). */
export function allocate(total: Minor, weights: readonly number[]): Minor[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0) return weights.map((_, index) => (index === 0 ? total : 0));
  const parts = weights.map((weight) => portion(total, weight, sum));
  const byRemainder = weights
    .map((weight, index) => ({ index, rest: (BigInt(total) * BigInt(weight)) % BigInt(sum) }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  let left = total - parts.reduce((a, b) => a + b, 0);
  for (const { index } of byRemainder) {
    if (left === 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}

const RATE_SCALE = 1_000_000;

/** Another currency's minor units at `rate` (units of `to` per unit of `from`), rounded half up. */
export function convertMinor(minor: Minor, from: string, to: string, rate: number): Minor {
  if (from === to) return minor;
  const scaled = BigInt(Math.abs(minor)) * BigInt(Math.round(rate * RATE_SCALE)) * 10n ** BigInt(currencyDigits(to));
  const divisor = BigInt(RATE_SCALE) * 10n ** BigInt(currencyDigits(from));
  const rounded = Number((scaled * 2n + divisor) / (divisor * 2n));
  return minor < 0 ? -rounded : rounded;
}
