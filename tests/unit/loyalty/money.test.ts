import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { allocate, divideRounded, formatMinor, proportion } from "../../../app/loyalty/money";
import { currencyDigits, decimalFromMinor, MoneyError, parseMinor } from "../../../app/shopify/money";

describe("B12 money", () => {
  it("B12 knows the digits of currencies with 0, 2, 3 and 4 decimals", () => {
    expect(["JPY", "KRW", "USD", "GBP", "KWD", "BHD", "CLF", "jpy"].map(currencyDigits)).toEqual([
      0, 0, 2, 2, 3, 3, 4, 0,
    ]);
  });

  it("B12 parses decimal strings into minor units without floats", () => {
    expect(parseMinor("13780", "JPY")).toBe(13_780);
    expect(parseMinor("13780.00", "JPY")).toBe(13_780);
    expect(parseMinor("19.99", "USD")).toBe(1_999);
    expect(parseMinor("1.15", "USD") * 100).toBe(11_500);
    expect(parseMinor("0.5", "USD")).toBe(50);
    expect(parseMinor("1.234", "KWD")).toBe(1_234);
    expect(parseMinor("-3.10", "USD")).toBe(-310);
    expect(parseMinor("90071992547409.91", "USD")).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("B12 reads -0.00 as a plain zero", () => {
    expect(Object.is(parseMinor("-0.00", "USD"), 0)).toBe(true);
  });

  it.each(["1e3", "", " 1", "1,000", "+1", ".5", "5.", "NaN", "0x10", "１００", "1.2.3", "--1"])(
    "B12 refuses %j",
    (text) => {
      expect(() => parseMinor(text, "USD")).toThrow(MoneyError);
    },
  );

  it("B12 refuses decimals the currency does not have, and what exceeds exact integers", () => {
    expect(() => parseMinor("1.5", "JPY")).toThrow(MoneyError);
    expect(() => parseMinor("1.234", "USD")).toThrow(MoneyError);
    expect(() => parseMinor("1.2345", "KWD")).toThrow(MoneyError);
    expect(() => parseMinor("90071992547409.92", "USD")).toThrow(MoneyError);
    expect(() => parseMinor("9".repeat(400), "JPY")).toThrow(MoneyError);
  });

  it("B12 writes back what it read, in every currency", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom("JPY", "USD", "KWD", "CLF"), (minor, currency) => {
        expect(parseMinor(decimalFromMinor(minor, currency), currency)).toBe(minor === 0 ? 0 : minor);
      }),
      { numRuns: 2_000 },
    );
  });

  it("formats amounts of any size exactly, as each locale writes them", () => {
    expect(formatMinor(13_780, "JPY", "en")).toBe("¥13,780");
    expect(formatMinor(13_780, "JPY", "ja")).toBe("¥13,780");
    expect(formatMinor(1_999, "USD", "en")).toBe("$19.99");
    expect(formatMinor(Number.MAX_SAFE_INTEGER, "USD", "en")).toBe("$90,071,992,547,409.91");
    expect(formatMinor(1_234, "KWD", "en")).toMatch(/1\.234/);
  });
});

describe("rounding and shares", () => {
  it("rounds down, up and half up", () => {
    expect([
      divideRounded(137n, 10n, "down"),
      divideRounded(131n, 10n, "up"),
      divideRounded(135n, 10n, "half_up"),
      divideRounded(134n, 10n, "half_up"),
    ]).toEqual([13n, 14n, 14n, 13n]);
    expect(divideRounded(-15n, 10n, "half_up")).toBe(-2n);
    expect(() => divideRounded(1n, 0n, "down")).toThrow(RangeError);
  });

  it("shares out a total exactly, each share within one of its fair part", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.array(fc.nat(100_000), { minLength: 1, maxLength: 12 }), (total, weights) => {
        const shares = allocate(total, weights);
        const sum = weights.reduce((a, b) => a + b, 0);
        if (sum === 0) return shares.every((share) => share === 0);
        expect(shares.reduce((a, b) => a + b, 0)).toBe(total);
        shares.forEach((share, index) => {
          const fair = (total * (weights[index] ?? 0)) / sum;
          expect(Math.abs(share - fair)).toBeLessThan(1);
        });
        return true;
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives ties of the largest remainder to the earlier weight, and nothing without weights", () => {
    expect(allocate(1, [1, 1])).toEqual([1, 0]);
    expect(allocate(10, [0, 0])).toEqual([0, 0]);
    expect(() => allocate(-1, [1])).toThrow(RangeError);
    expect(proportion(5, 1, 0, "down")).toBe(0);
  });
});
