// What a chaos run says: when it passes, what it refuses to call a proof, and which laws it looked at.
import { expect, it } from "vitest";

import { lawsOf } from "../../chaos/invariants";
import { expectedRatings } from "../../chaos/model/expected-ratings";
import { isClean, mergeFigures, noFigures, tooQuiet } from "../../chaos/report";

it("passes only where something ran and nothing was lost, doubled or violated", () => {
  const ran = { ...noFigures(), seeds: 1 };
  expect(isClean(ran)).toBe(true);
  expect(isClean(noFigures())).toBe(false);
  expect(isClean({ ...ran, lost: 1 })).toBe(false);
  expect(isClean({ ...ran, doubled: 1 })).toBe(false);
  expect(isClean({ ...ran, violations: [{ seed: 1, invariant: "I1", detail: "" }] })).toBe(false);
});

it("calls a seed without trouble, or with hardly any deliveries, no proof", () => {
  expect(tooQuiet(7, { deliveries: 200, kills: 1 })).toEqual([]);
  expect(tooQuiet(7, { deliveries: 199, kills: 1 })).toMatchObject([{ seed: 7, invariant: "bench" }]);
  expect(tooQuiet(7, { deliveries: 200, kills: 0 })).toMatchObject([{ seed: 7, invariant: "bench" }]);
});

it("names every law once, as looked at or with the reason why not", () => {
  const every = Array.from({ length: 22 }, (_, index) => `I${index + 1}`);
  for (const layer of ["plan", "process"] as const) {
    const { applicable, notApplicable } = lawsOf(layer);
    expect([...applicable, ...notApplicable].map(({ invariant }) => invariant).sort()).toEqual([...every].sort());
    expect(notApplicable.every(({ why }) => why.length > 10)).toBe(true);
  }
});

it("counts a law as looked at when one of several runs did", () => {
  const merged = mergeFigures([
    { ...noFigures(), ...lawsOf("plan"), seeds: 2, deliveries: 400, seconds: 1.5 },
    { ...noFigures(), ...lawsOf("process"), seeds: 1, deliveries: 300, seconds: 2 },
  ]);
  expect(merged).toMatchObject({ seeds: 3, deliveries: 700, seconds: 3.5 });
  expect(merged.applicable.map(({ invariant }) => invariant)).toContain("I20");
  expect(merged.notApplicable.map(({ invariant }) => invariant)).not.toContain("I20");
});

it("forgets what a person wrote under an account that was merged into theirs", () => {
  const shop = { mergedCustomers: { "1": "2" } };
  const sent = [
    { customerId: "1", productId: "9", rating: 4 },
    { customerId: "3", productId: "9", rating: 5 },
  ];
  expect(expectedRatings(shop, sent, new Set())).toEqual(new Map([["9", [0, 0, 0, 1, 1]]]));
  expect(expectedRatings(shop, sent, new Set(["2"]))).toEqual(new Map([["9", [0, 0, 0, 0, 1]]]));
});
