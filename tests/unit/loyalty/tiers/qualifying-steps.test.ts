import { describe, expect, it } from "vitest";

import { defaultEarningRules } from "../../../../app/loyalty/earning-rules";
import { qualifyingSteps } from "../../../../app/loyalty/tiers/qualifying-steps";
import { orderFacts, orderLine, refundFacts, refundOfLine } from "../../../builders/order-facts";

const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const AT = "2026-06-06T01:00:00.000Z";
const PAID = "2026-06-07T01:00:00.000Z";

describe("qualifyingSteps", () => {
  it("counts a paid order from its payment on, and an unpaid one not at all", () => {
    expect(qualifyingSteps(orderFacts({ processedAt: AT, paidAt: PAID }), rules)).toEqual([[PAID, 13_780, 137, 1]]);
    expect(qualifyingSteps(orderFacts({ financialStatus: "pending", paidAt: null }), rules)).toEqual([]);
  });

  it("takes away with each refund what it took, and the rest with a cancellation", () => {
    const line = orderLine({ amountMinor: 1_000, quantity: 2 });
    const first = refundOfLine(line, 1, 500, { createdAt: "2026-06-10T00:00:00.000Z" });
    const failed = refundFacts({ createdAt: "2026-06-09T00:00:00.000Z", unallocatedMinor: 400, status: "failure" });
    const facts = orderFacts({ processedAt: AT, lines: [line], refunds: [failed, first] });
    expect(qualifyingSteps(facts, rules)).toEqual([
      [AT, 1_000, 10, 1],
      ["2026-06-10T00:00:00.000Z", -500, -5, 0],
    ]);
    expect(qualifyingSteps({ ...facts, cancelledAt: "2026-06-12T00:00:00.000Z" }, rules).at(-1)).toEqual([
      "2026-06-12T00:00:00.000Z",
      -500,
      -5,
      -1,
    ]);
  });

  it("sums to what is kept, whatever the order of refunds", () => {
    const line = orderLine({ amountMinor: 999, quantity: 3 });
    const refunds = ["2026-06-12", "2026-06-10", "2026-06-11"].map((day) =>
      refundOfLine(line, 1, 333, { createdAt: `${day}T00:00:00.000Z` }),
    );
    const steps = qualifyingSteps(orderFacts({ processedAt: AT, lines: [line], refunds }), rules);
    expect(steps.map(([at]) => at)).toEqual([...steps.map(([at]) => at)].sort());
    expect(steps.reduce((sums, [, ...each]) => sums.map((sum, index) => sum + (each[index] ?? 0)), [0, 0, 0])).toEqual([
      0, 0, 0,
    ]);
  });

  it("leaves out what the rules leave out: channels, business customers, tests, staff", () => {
    const counts = (fields: Parameters<typeof orderFacts>[0], change = {}) =>
      qualifyingSteps(orderFacts(fields), { ...rules, ...change }).length > 0;
    expect(counts({})).toBe(true);
    expect(counts({ channel: "draft" }, { channels: ["online"] })).toBe(false);
    expect(counts({ isB2b: true })).toBe(false);
    expect(counts({ test: true })).toBe(false);
    expect(
      counts({ customerTags: ["Staff"] }, { participation: { ...rules.participation, excludeTags: ["staff"] } }),
    ).toBe(false);
    expect(counts({}, { status: "paused" })).toBe(true);
  });

  it("a lost dispute takes everything, from when it was heard of", () => {
    const heard = "2026-07-01T00:00:00.000Z";
    const steps = qualifyingSteps(orderFacts({ processedAt: AT, dispute: "lost", sourceUpdatedAt: heard }), rules);
    expect(steps).toEqual([
      [AT, 13_780, 137, 1],
      [heard, -13_780, -137, -1],
    ]);
  });
});
