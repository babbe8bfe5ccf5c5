// Sales tax as the two home markets know it: inside the price in Japan (10 %, reduced 8 %), added at
// checkout in the United States (8.875 % in New York City). Rates come from the shop, never from here.
import type { Minor, SimProduct, SimShop } from "./state";

export interface TaxLine {
  name: string;
  basisPoints: number;
  amountMinor: Minor;
}
type Rate = SimShop["taxRates"][number];

/** Thousandths of a basis point, so that 8.875 % (887.5) stays a whole number. */
const SCALE = 1_000n;

/** The rates that hold for a product: those of its tags if any match, else the shop's untagged ones. */
export function ratesFor(shop: SimShop, product: Pick<SimProduct, "tags" | "isGiftCard"> | null): Rate[] {
  if (product?.isGiftCard) return [];
  const reduced = shop.taxRates.filter((rate) => rate.productTag !== null && product?.tags.includes(rate.productTag));
  return reduced.length > 0 ? reduced : shop.taxRates.filter((rate) => rate.productTag === null);
}

/**
 * Tax on an amount after discounts. Included: the tax that is inside it, rounded down (common in
 * Japan). Added: on top of it, rounded half up (common in the United States).
 */
export function taxLines(rates: readonly Rate[], amountMinor: Minor, included: boolean): TaxLine[] {
  const amount = BigInt(amountMinor);
  const scaledRates = rates.map((rate) => BigInt(Math.round(rate.basisPoints * Number(SCALE))));
  const all = scaledRates.reduce((a, b) => a + b, 0n);
  return rates.map((rate, index) => {
    const scaled = scaledRates[index] ?? 0n;
    const whole = 10_000n * SCALE;
    const amountOfTax = included ? (amount * scaled) / (whole + all) : (amount * scaled * 2n + whole) / (whole * 2n);
    return { name: rate.name, basisPoints: rate.basisPoints, amountMinor: Number(amountOfTax) };
  });
}
