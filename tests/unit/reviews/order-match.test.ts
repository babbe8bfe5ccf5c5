// "Verified buyer" follows from an order's line, and refunds from its refunds.
import { describe, expect, it } from "vitest";

import { isLineRefunded, matchLine } from "../../../app/reviews/order-match";
import { orderFacts, orderLine, refundOfLine } from "../../builders/order-facts";

const TEA = "gid://shopify/Product/1";
const line = orderLine({ productId: TEA, quantity: 2 });
const whole = (fields: Parameters<typeof orderFacts>[0] = {}) => orderFacts({ lines: [line], ...fields });
const match = (facts = whole(), isDevelopment = false) =>
  matchLine(facts, { lineId: line.lineId, productGid: TEA }, isDevelopment);

describe("E10 a line stands behind a review", () => {
  it("E10 when it is of that product and no gift card", () => {
    expect(match()).toEqual({ isVerified: true, isRefunded: false });
    expect(matchLine(whole(), { lineId: line.lineId, productGid: "gid://shopify/Product/2" }, false)).toBeNull();
    expect(matchLine(whole(), { lineId: "gid://shopify/LineItem/0", productGid: TEA }, false)).toBeNull();
    expect(match(whole({ lines: [{ ...line, isGiftCard: true }] }))).toBeNull();
    expect(match(whole({ lines: [{ ...line, productId: null }] }))).toBeNull();
  });

  it("E10 verified only while it is a purchase", () => {
    expect(match(whole({ cancelledAt: "2026-06-07T00:00:00.000Z" }))?.isVerified).toBe(false);
    expect(match(whole({ financialStatus: "voided" }))?.isVerified).toBe(false);
    expect(match(whole({ lines: [{ ...line, quantity: 0 }] }))?.isVerified).toBe(false);
    expect(match(whole({ test: true }))?.isVerified).toBe(false);
    expect(match(whole({ test: true }), true)?.isVerified).toBe(true);
    expect(match(whole({ financialStatus: "pending" }))?.isVerified).toBe(true);
  });

  it("E10 refunded when every unit, or the whole order, was given back", () => {
    const [one, both] = [refundOfLine(line, 1, 500), refundOfLine(line, 2, 1_000)];
    expect(isLineRefunded(whole({ refunds: [one] }), line.lineId)).toBe(false);
    expect(isLineRefunded(whole({ refunds: [one, refundOfLine(line, 1, 500)] }), line.lineId)).toBe(true);
    expect(isLineRefunded(whole({ refunds: [both] }), line.lineId)).toBe(true);
    expect(isLineRefunded(whole({ refunds: [{ ...both, status: "pending" }] }), line.lineId)).toBe(false);
    expect(isLineRefunded(whole({ refunds: [both] }), "gid://shopify/LineItem/0")).toBe(false);
    expect(match(whole({ financialStatus: "refunded" }))).toEqual({ isVerified: false, isRefunded: true });
  });
});
