import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { defaultEarningRules, type EarningRules } from "../../../app/loyalty/earning-rules";
import { draftFromRules, errorsOfRules, readDraft, type EarningDraft } from "../../../app/ui/earning/earning-draft";
import { readAmount, readWhole } from "../../../app/ui/typed-fields";

const TOKYO = { currency: "JPY", timeZone: "Asia/Tokyo" };
const NEW_YORK = { currency: "USD", timeZone: "America/New_York" };
const rules = defaultEarningRules({ currency: "JPY", taxesIncluded: true });
const draft = draftFromRules(rules, TOKYO);
const read = (patch: Partial<EarningDraft>) => readDraft({ ...draft, ...patch }, TOKYO);

describe("the earning form", () => {
  it("reads back exactly what was saved", () => {
    const everything: EarningRules = {
      ...rules,
      status: "paused",
      startsAt: "2026-11-22T00:30:00.000Z",
      previewCustomerIds: ["gid://shopify/Customer/7"],
      participation: { who: "tagged", tags: ["VIP"], excludeTags: ["staff"], excludeB2b: false },
      rate: { points: 3, perMinor: 250 },
      rounding: "half_up",
      products: {
        include: { productIds: ["gid://shopify/Product/1"], variantIds: [], collectionIds: [], tags: ["sale"] },
        exclude: { productIds: [], variantIds: ["gid://shopify/ProductVariant/2"], collectionIds: [], tags: [] },
      },
      minimum: { minor: 3_000, retestOnRefund: false },
      caps: { perOrder: 500, perDay: 1_000 },
      firstOrderBonus: { points: 100, onRefund: "proportional" },
      trigger: "delivered",
      holdDays: 14,
      clawback: "forgive",
      expiry: { kind: "after_days", days: 90 },
      expiryReminders: [60, 14, 1],
      returns: { graceDays: 0 },
      channels: ["pos"],
    };
    // The parts with pages of their own are not this page's to send.
    const own: Partial<EarningRules> = { ...everything };
    for (const part of ["ways", "campaigns", "tierPlans", "referral"] as const) delete own[part];
    for (const context of [TOKYO, NEW_YORK]) {
      expect(readDraft(draftFromRules(everything, context), context)).toEqual({ rules: own });
    }
  });

  it.each<EarningRules["expiry"]>([
    { kind: "never" },
    { kind: "after_months", months: 12 },
    { kind: "month_end", months: 0 },
    { kind: "year_end", years: 1 },
    { kind: "after_inactivity", months: 18 },
  ])("reads back the expiry %o", (expiry) => {
    expect(readDraft(draftFromRules({ ...rules, expiry }, TOKYO), TOKYO)).toMatchObject({ rules: { expiry } });
  });

  it("sorts reminders, each once", () => {
    expect(read({ reminders: ["7", "３０", "7"] })).toMatchObject({ rules: { expiryReminders: [30, 7] } });
  });

  it("shows dollars with cents and a start in the shop's own zone", () => {
    const dollars = draftFromRules(
      { ...rules, rate: { points: 1, perMinor: 1_050 }, startsAt: "2026-11-22T05:00:00.000Z" },
      NEW_YORK,
    );
    expect(dollars.ratePer).toBe("10.50");
    expect(dollars.startsAt).toBe("2026-11-22T00:00");
  });

  it.each<[Partial<EarningDraft>, keyof EarningDraft, string]>([
    [{ ratePoints: "" }, "ratePoints", "whole_number"],
    [{ ratePoints: "1.5" }, "ratePoints", "whole_number"],
    [{ ratePoints: "0" }, "ratePoints", "positive"],
    [{ ratePoints: "1000001" }, "ratePoints", "range"],
    [{ ratePer: "0" }, "ratePer", "amount"],
    [{ ratePer: "10.5" }, "ratePer", "amount"],
    [{ ratePer: "-100" }, "ratePer", "amount"],
    [{ holdDays: "91" }, "holdDays", "hold_days"],
    [{ expiryKind: "after_months", expiryAmount: "0" }, "expiryAmount", "days"],
    [{ expiryKind: "after_months", expiryAmount: "121" }, "expiryAmount", "range"],
    [{ who: "tagged", joinTags: [] }, "joinTags", "tags"],
    [{ productScope: "only" }, "include", "products"],
    [{ channels: [] }, "channels", "channels"],
    [{ startsAt: "2026-13-40T99:00" }, "startsAt", "date"],
    [{ perDayCap: "none" }, "perDayCap", "whole_number"],
    [{ reminders: ["0"] }, "reminders", "reminders"],
    [{ reminders: ["1", "2", "3", "4"] }, "reminders", "reminders"],
    [{ returnsGraceDays: "366" }, "returnsGraceDays", "grace"],
    [{ expiryKind: "after_inactivity", expiryAmount: "0" }, "expiryAmount", "days"],
  ])("finds %o wrong at its field", (patch, field, error) => {
    expect(read(patch)).toEqual({ errors: { [field]: error } });
  });

  it("reads full-width digits and separators as people type them", () => {
    expect(readWhole("１，０００")).toBe(1_000);
    expect(readAmount("１３，７８０", "JPY")).toBe(13_780);
    expect(readAmount("13,780.5", "USD")).toBe(1_378_050);
    expect(readAmount("137.805", "USD")).toBeNull();
    expect(readAmount("1.234", "KWD")).toBe(1_234);
    expect(readAmount("1e3", "JPY")).toBeNull();
  });

  it("never throws, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const all = {
          ratePoints: typed,
          ratePer: typed,
          minimum: typed,
          perOrderCap: typed,
          holdDays: typed,
          startsAt: typed,
          expiryAmount: typed,
        };
        const answer = read(all);
        expect("rules" in answer || Object.keys(answer.errors).length > 0).toBe(true);
      }),
    );
  });

  it("puts the server's objections at the fields they belong to", () => {
    expect(
      errorsOfRules(["rate.perMinor", "caps.perDay", "firstOrderBonus.points", "expiry.months", "participation.tags"]),
    ).toEqual({
      ratePer: "range",
      perDayCap: "range",
      firstOrderPoints: "range",
      expiryAmount: "range",
      joinTags: "range",
    });
  });
});
