import { describe, expect, it } from "vitest";

import { allocate, divideRounded } from "../../../../app/loyalty/money";

describe("what cannot be divided or shared out", () => {
  it.each([0n, -1n])("B12 refuses a denominator of %s", (denominator) => {
    expect(() => divideRounded(1n, denominator, "down")).toThrow(new RangeError("a denominator must be positive"));
  });

  it.each([
    [-1, [1, 1]],
    [1, [-1, 2]],
    [1, [2, -1]],
  ])("B12 refuses a total of %s over weights of %s", (total, weights) => {
    expect(() => allocate(total, weights)).toThrow(new RangeError("only non-negative amounts can be shared out"));
  });

  it("B12 shares out nothing over weights, and something over the only one that counts", () => {
    expect(allocate(0, [3, 1])).toEqual([0, 0]);
    expect(allocate(5, [0, 2, 0])).toEqual([0, 5, 0]);
    expect(allocate(5, [0, 0])).toEqual([0, 0]);
    expect(allocate(5, [])).toEqual([]);
  });

  it("B01 gives what is left over to the larger remainder, and of equal ones to the earlier", () => {
    expect(allocate(4, [1, 1, 1])).toEqual([2, 1, 1]);
    expect(allocate(5, [1, 1, 1])).toEqual([2, 2, 1]);
    expect(allocate(10, [1, 5, 1])).toEqual([2, 7, 1]);
    expect(allocate(3, [1, 2, 3, 4])).toEqual([0, 1, 1, 1]);
  });
});
