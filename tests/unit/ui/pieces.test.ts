import { describe, expect, it } from "vitest";

import { readAdjustment } from "../../../app/ui/adjust-modal";
import { partsOfBalance } from "../../../app/ui/balance-bar";
import { readShopifyId, showShopifyId } from "../../../app/ui/earning/shopify-id";
import { layOutBars } from "../../../app/ui/bar-figure";
import { readSetupSteps } from "../../../app/ui/setup-steps";
import { troubleOf } from "../../../app/ui/sync-health-line";
import { createFormat } from "../../../app/ui/use-format";

const NOW = new Date("2026-11-22T03:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

describe("a balance as one bar", () => {
  it("sums open lots by what a person would ask and loses none", () => {
    const lots = [
      { remaining: 5, state: "available", expiresAt: inDays(30) },
      { remaining: 7, state: "available", expiresAt: inDays(31) },
      { remaining: 11, state: "available", expiresAt: null },
      { remaining: 13, state: "pending", expiresAt: inDays(1) },
      { remaining: 17, state: "available", expiresAt: inDays(-1) },
    ] as const;
    expect(partsOfBalance([...lots], 19, NOW)).toEqual({ soon: 22, later: 7, never: 11, reserved: 19, pending: 13 });
  });
});

describe("the chart", () => {
  it("keeps both series on one scale around one line", () => {
    const { axisY, bars } = layOutBars([
      { above: 300, below: 100 },
      { above: 0, below: 0 },
    ]);
    expect(axisY).toBe(120);
    expect(bars[0]).toMatchObject({ aboveY: 0, aboveHeight: 120, belowHeight: 40 });
    expect(bars[1]).toMatchObject({ aboveHeight: 0, belowHeight: 0 });
  });

  it("draws nothing outside of itself without any points", () => {
    const { axisY, bars } = layOutBars([{ above: 0, below: 0 }]);
    expect(Number.isFinite(axisY)).toBe(true);
    expect(bars[0]).toMatchObject({ aboveHeight: 0, belowHeight: 0 });
  });
});

describe("health", () => {
  const well = {
    waiting: 3,
    lagSeconds: 2,
    dead: 0,
    quarantined: 0,
    lastDeliveryAt: NOW,
    lastReconciliation: null,
    refusedTopics: [],
    deniedFields: [],
    alerts: [],
  };
  const reconciliation = {
    kind: "orders",
    startedAt: NOW,
    finishedAt: NOW,
    status: "done",
    seen: 9,
    matched: 8,
    healed: 0,
    unexplained: 1,
  };

  it("is calm while events pass through", () => {
    expect(troubleOf(well)).toBeNull();
    expect(troubleOf({ ...well, lagSeconds: 300 })).toBeNull();
  });

  it("names the worst trouble first", () => {
    expect(troubleOf({ ...well, dead: 2, quarantined: 1, lagSeconds: 900 })).toEqual({ kind: "dead", count: 3 });
    expect(troubleOf({ ...well, lagSeconds: 301, lastReconciliation: reconciliation })).toEqual({
      kind: "lag",
      count: 3,
    });
    expect(troubleOf({ ...well, lastReconciliation: reconciliation })).toEqual({ kind: "unexplained", count: 1 });
    expect(troubleOf({ ...well, deniedFields: ["email"], refusedTopics: ["disputes/create"] })?.kind).toBe("denied");
    expect(troubleOf({ ...well, refusedTopics: ["disputes/create"] })).toEqual({ kind: "refused", count: 1 });
  });
});

describe("the set-up guide", () => {
  const fresh = {
    setup: {},
    version: 0,
    status: "live" as const,
    backfilled: false,
    hasPoints: false,
    themeEditor: "shopify://x",
  };
  const done = (facts: Partial<typeof fresh> & { setup?: Record<string, unknown> }) =>
    readSetupSteps({ ...fresh, ...facts })
      ?.filter((step) => step.done)
      .map((step) => step.name);

  it("counts the defaults as undecided until somebody saved them", () => {
    expect(done({})).toEqual([]);
    expect(done({ version: 1 })).toEqual(["rules", "live"]);
    expect(done({ version: 1, status: "paused" as never })).toEqual(["rules"]);
  });

  it("is gone when nothing is left, or when it was hidden", () => {
    const all = { setup: { themeBlockSeenAt: "2026-11-22" }, version: 1, backfilled: true, hasPoints: true };
    expect(done({ ...all, hasPoints: false })).toEqual(["rules", "live", "block", "history"]);
    expect(readSetupSteps({ ...fresh, ...all })).toBeNull();
    expect(readSetupSteps({ ...fresh, setup: { dismissedAt: "2026-11-22" } })).toBeNull();
  });
});

describe("what people type", () => {
  it.each([
    ["120", 120],
    ["+120", 120],
    ["-120", -120],
    ["−120", -120],
    ["１，２００", 1_200],
    ["0", null],
    ["1.5", null],
    ["", null],
    ["10000001", null],
    ["1e3", null],
  ])("reads an adjustment of %s as %s", (typed, points) => {
    expect(readAdjustment(typed)).toBe(points);
  });

  it.each([
    ["123", "gid://shopify/Product/123"],
    ["gid://shopify/Product/123", "gid://shopify/Product/123"],
    ["https://admin.shopify.com/store/tokyo/products/123", "gid://shopify/Product/123"],
    ["https://admin.shopify.com/store/tokyo/products/123?x=1", "gid://shopify/Product/123"],
    ["gid://shopify/Customer/123", null],
    ["shoes", null],
    ["", null],
  ])("reads the product %s as %s", (typed, gid) => {
    expect(readShopifyId(typed, "Product")).toBe(gid);
  });

  it("shows an id as its number", () => {
    expect(showShopifyId("gid://shopify/Product/123")).toBe("#123");
  });
});

describe("numbers and days", () => {
  const ja = createFormat("ja", "JPY", "Asia/Tokyo");
  const en = createFormat("en", "USD", "America/New_York");

  it("writes money, days and signs as each language does", () => {
    expect([ja.money(13_780), en.money(13_780)]).toEqual(["¥13,780", "$137.80"]);
    expect([ja.date("2026-11-22T03:00:00Z"), en.date("2026-11-22T03:00:00Z")]).toEqual([
      "2026年11月22日",
      "Nov 21, 2026",
    ]);
    expect([ja.signed(1_200), ja.signed(-42), ja.signed(0)]).toEqual(["+1,200", "−42", "0"]);
  });

  it("keeps a calendar day the same day in every zone", () => {
    for (const zone of ["Pacific/Auckland", "Pacific/Honolulu", "Asia/Tokyo"]) {
      expect(createFormat("en", "USD", zone).day("2026-11-22")).toBe("Nov 22");
    }
  });

  it("says how long ago from the moment it is given", () => {
    expect(en.ago(inDays(-2), NOW)).toBe("2 days ago");
    expect(ja.ago(new Date(NOW.getTime() - 7 * 60_000), NOW)).toBe("7分前");
    expect(en.ago(NOW, NOW)).toBe("now");
  });
});
