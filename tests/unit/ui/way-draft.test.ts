import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { wayToEarnSchema, type WayToEarn } from "../../../app/loyalty/program-parts";
import {
  draftFromWay,
  errorsOfWays,
  newWayDraft,
  readWay,
  readWays,
  SINGLE_KINDS,
  WAY_GROUPS,
  type WayDraft,
} from "../../../app/ui/ways/way-draft";

const TOKYO = { currency: "JPY", timeZone: "Asia/Tokyo" };
const USD = { currency: "USD", timeZone: "America/New_York" };
const NO_PRODUCTS = { productIds: [], variantIds: [], collectionIds: [], tags: [] };
const kinds = WAY_GROUPS.flatMap((group) => [...group.kinds]);

const ways: WayToEarn[] = [
  { id: "join", kind: "join", enabled: true, points: 100, holdDays: 0 },
  { id: "join-by-visit", kind: "join", enabled: true, points: 100, holdDays: 0, by: "visit" },
  { id: "birthday", kind: "birthday", enabled: false, points: 500, holdDays: 2, noticeDays: 45, lockDays: 400 },
  { id: "anniversary", kind: "anniversary", enabled: true, points: 300, holdDays: 0, yearsMax: null },
  {
    id: "n-1",
    kind: "nth_order",
    enabled: true,
    points: 9,
    holdDays: 0,
    n: 3,
    repeat: "every",
    onRefund: "proportional",
  },
  {
    id: "p-1",
    kind: "product_bonus",
    enabled: true,
    points: 5,
    holdDays: 0,
    products: { ...NO_PRODUCTS, collectionIds: ["gid://shopify/Collection/1"] },
    per: "unit",
    unitsMax: 3,
    onRefund: "until_nothing_kept",
  },
  { id: "s-1", kind: "spend_threshold", enabled: true, points: 200, holdDays: 0, thresholdMinor: 10_000 },
  {
    id: "i-1",
    kind: "social",
    enabled: true,
    points: 30,
    holdDays: 3,
    action: "follow",
    platform: "instagram",
    url: "https://www.instagram.com/shop",
    every: "once",
  },
  { id: "survey", kind: "survey", enabled: true, points: 30, holdDays: 0, perMonth: 1 },
];

describe("the form of ways to earn", () => {
  it("reads back exactly what was saved", () => {
    for (const context of [TOKYO, USD])
      expect(readWays({ ways: ways.map((way) => draftFromWay(way, context)) }, context)).toEqual({ value: ways });
  });

  it("offers every kind of the program, each with numbers that are almost ready", () => {
    expect([...kinds].sort()).toEqual(wayToEarnSchema.options.map(({ shape }) => shape.kind.value).sort());
    const left = kinds.flatMap((kind) => {
      const read = readWay(newWayDraft(kind, "abc123"), TOKYO);
      return "errors" in read ? [[kind, Object.keys(read.errors)]] : [];
    });
    // What only the merchant can know.
    expect(left).toEqual([
      ["product_bonus", ["products"]],
      ["spend_threshold", ["threshold"]],
      ["social", ["url"]],
    ]);
  });

  it("C13 names a way for ever: one of a kind by its kind, the others by a suffix of their own", () => {
    for (const kind of kinds) {
      const { id } = newWayDraft(kind, "abc123");
      expect(id).toMatch(/^[a-z0-9][a-z0-9-]{0,39}$/);
      expect(id.endsWith("abc123")).toBe(!SINGLE_KINDS.includes(kind));
    }
  });

  it.each<[Partial<WayDraft> & Pick<WayDraft, "kind">, object]>([
    [{ kind: "join", points: "" }, { points: { code: "whole_from", min: 1 } }],
    [{ kind: "birthday", noticeDays: "29" }, { noticeDays: { code: "whole_between", min: 30, max: 365 } }],
    [{ kind: "social", url: "javascript:alert(1)" }, { url: { code: "url" } }],
    [
      { kind: "social", url: "https://x.com/a", holdDays: "0" },
      { holdDays: { code: "whole_between", min: 1, max: 90 } },
    ],
    [{ kind: "nth_order", n: "1" }, { n: { code: "whole_between", min: 2, max: 1000 } }],
    [{ kind: "spend_threshold", threshold: "1e3" }, { threshold: { code: "amount" } }],
  ])("finds %o wrong at its field", (patch, errors) => {
    expect(readWay({ ...newWayDraft(patch.kind, "x"), ...patch }, TOKYO)).toEqual({ errors });
  });

  it("never throws, whatever is typed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.string(), (kind, typed) => {
        const draft = {
          ...newWayDraft(kind, "x"),
          points: typed,
          n: typed,
          threshold: typed,
          url: typed,
          lockDays: typed,
        };
        const read = readWay(draft, TOKYO);
        expect("value" in read || Object.keys(read.errors).length > 0).toBe(true);
      }),
    );
  });

  it("puts the server's objections at the way they are about", () => {
    expect(errorsOfWays(["ways.1.thresholdMinor", "ways.0.points"], [{ id: "join" }, { id: "s-1" }])).toEqual({
      "s-1.threshold": { code: "range" },
      "join.points": { code: "range" },
    });
  });
});
