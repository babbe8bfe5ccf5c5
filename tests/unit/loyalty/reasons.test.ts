import { describe, expect, it } from "vitest";

import { searchGrams } from "../../../app/loyalty/member-name";
import {
  ADJUSTMENT_REASONS,
  explain,
  REWARD_REASONS,
  WAY_REASONS,
  type ReasonCode,
} from "../../../app/loyalty/reasons";

const CODES: ReasonCode[] = [
  ...ADJUSTMENT_REASONS,
  "no_program",
  "program_paused",
  "not_started",
  "preview_only",
  "guest",
  "claim_window_passed",
  "not_joined",
  "not_tagged",
  "excluded_customer",
  "b2b_excluded",
  "test_order",
  "test_removed",
  "channel_excluded",
  "high_risk",
  "nothing_eligible",
  "below_minimum",
  "below_one_point",
  "day_cap_reached",
  "order_cancelled",
  "order_voided",
  "dispute_lost",
  "refunded",
  "not_first_order",
  "order_earned",
  "first_order_bonus",
  "order_increased",
  "order_reduced",
  "moved_to_other_member",
  "hold_passed",
  "held_again",
  "debt_repaid",
  "debt_forgiven",
  "merged_in",
  "merged_out",
  "points_expired",
  "no_longer_applies",
  "tier_extra",
  "campaign_extra",
  "campaign_bonus",
  "nth_order_bonus",
  "product_bonus",
  "spend_bonus",
  "tier_entry",
  "way_duplicate",
  "review_withdrawn",
  ...WAY_REASONS,
  ...REWARD_REASONS,
];

describe("reasons", () => {
  it.each(CODES)("%s reads as a sentence in English and in Japanese", (code) => {
    const params = { points: 1_234, currency: "JPY", baseMinor: 123_400, ratePoints: 1, ratePerMinor: 100 };
    const [en, ja] = [explain(code, params, "en"), explain(code, params, "ja")];
    expect(en).toMatch(/^[A-Z0-9].{7,}/);
    expect(ja).toMatch(/[\u3040-\u30ff\u4e00-\u9faf]/);
    expect(`${en}${ja}`).not.toMatch(/undefined|NaN|null/);
  });

  it.each(REWARD_REASONS)("%s names the reward, in the reader's language or in the other one", (code) => {
    const params = { points: 500, name: { en: "¥500 off", ja: "500円オフ" } };
    expect(explain(code, params, "en")).toMatch(/^500 points: ¥500 off, /);
    expect(explain(code, params, "ja")).toMatch(/^500ポイント：「500円オフ」/);
    expect(explain(code, { points: 500, name: { en: "", ja: "500円オフ" } }, "en")).toContain("500円オフ");
  });

  it.each(["tier_extra", "campaign_extra", "campaign_bonus", "tier_entry"] as const)(
    "%s names what gave the points",
    (code) => {
      const params = { points: 50, multiplierPercent: 150, name: { en: "Gold", ja: "ゴールド" } };
      expect(explain(code, params, "en")).toMatch(/^50 points: .*Gold/);
      expect(explain(code, params, "ja")).toMatch(/^50ポイント：.*ゴールド/);
    },
  );

  it("counts one point as one, and writes other currencies their own way", () => {
    expect(explain("hold_passed", { points: 1 }, "en")).toBe("1 point became available");
    const params = { points: 115, baseMinor: 11_599, currency: "USD", ratePoints: 1, ratePerMinor: 100 };
    expect(explain("order_earned", params, "en")).toBe("115 points: $115.99 × 1 per $1.00, rounded down");
    expect(explain("order_earned", params, "ja")).toBe("115ポイント：$115.99 × $1.00ごとに1ポイント（端数切り捨て）");
  });

  it("names what took points back", () => {
    const params = { points: 30, keptPoints: 107, refundedMinor: 3_000, currency: "JPY" };
    expect(explain("order_reduced", params, "en")).toBe(
      "30 points taken back: ¥3,000 was refunded, so this order earns 107 points",
    );
    expect(explain("order_reduced", params, "ja")).toBe(
      "30ポイントの取り消し：¥3,000の返金により、この注文は107ポイントになりました",
    );
    expect(explain("order_reduced", { points: 137, because: "order_cancelled" }, "en")).toBe(
      "137 points taken back: the order was cancelled",
    );
  });

  it("reads a code it does not know as a plain change", () => {
    expect(explain("from_the_future" as ReasonCode, {}, "en")).toBe("Points changed");
    expect(explain("toString" as ReasonCode, {}, "ja")).toBe("ポイント残高の変更");
  });
});

describe("search grams", () => {
  it("are bigrams and beginnings under the shop's own prefix", () => {
    expect(searchGrams(12, "田中 花子")).toEqual(["12:田中", "12:中花", "12:花子", "12:^田", "12:^花"]);
    expect(searchGrams(12, "")).toEqual([]);
  });
});
