// Every division and every share of points or money goes through these two functions.
import { currencyDigits, decimalFromMinor } from "../shopify/money";
import type { CurrencyCode, Minor } from "../shopify/order-facts";

export { currencyDigits } from "../shopify/money";

/** How a fraction becomes an integer; half_up rounds .5 away from zero. */
export type Rounding = "down" | "up" | "half_up";

/** Integer division with the named rounding; `down` is towards zero, `up` away from it. @throws RangeError when the denominator is not positive */
export function divideRounded(numerator: bigint, denominator: bigint, mode: Rounding): bigint {
  if (denominator <= 0n) throw new RangeError("a denominator must be positive");
  const magnitude = numerator < 0n ? -numerator : numerator;
  const quotient = magnitude / denominator;
  const rest = magnitude % denominator;
  const raise = rest > 0n && (mode === "up" || (mode === "half_up" && rest * 2n >= denominator));
  const rounded = raise ? quotient + 1n : quotient;
  return numerator < 0n ? -rounded : rounded;
}

/** `part × factor ÷ whole` on numbers, without leaving integers. 0 when the whole is 0. */
export function proportion(part: number, factor: number, whole: number, mode: Rounding): number {
  if (whole === 0) return 0;
  // All of it, as for nearly every line of an order: exact without long numbers.
  if (factor === whole && whole > 0 && Number.isSafeInteger(part)) return part;
  return Number(divideRounded(BigInt(part) * BigInt(factor), BigInt(whole), mode));
}

/**
 * Splits `total` over `weights` so that the shares sum to it exactly (largest remainder; ties to the
 * earlier weight). Without any positive weight every share is 0.
 * @throws RangeError on a negative total or weight
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  if (total < 0 || weights.some((weight) => weight < 0))
    throw new RangeError("only non-negative amounts can be shared out");
  if (total === 0) return weights.map(() => 0);
  const sum = weights.reduce((running, weight) => running + BigInt(weight), 0n);
  if (sum === 0n) return weights.map(() => 0);
  const exact = weights.map((weight, index) => {
    const scaled = BigInt(total) * BigInt(weight);
    return { index, share: scaled / sum, rest: scaled % sum };
  });
  let left = BigInt(total) - exact.reduce((running, { share }) => running + share, 0n);
  const shares = exact.map(({ share }) => share);
  for (const { index } of exact.toSorted((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1,
  )) {
    if (left === 0n) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return shares.map(Number);
}

/** "¥13,780", "$19.99", "KWD 1.234": an amount as a reader of the locale expects it. */
export function formatMinor(minor: Minor, currency: CurrencyCode, locale: string): string {
  const digits = currencyDigits(currency);
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  // Intl formats decimal strings exactly; a number would be a float. U+FFE5 is the same sign, full width.
  return format.format(decimalFromMinor(minor, currency) as Intl.StringNumericLiteral).replace("￥", "¥");
}
