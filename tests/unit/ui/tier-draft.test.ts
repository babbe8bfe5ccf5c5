import { describe, expect, it } from "vitest";

import { tierPlanSchema } from "../../../app/loyalty/program-parts";
import { draftFromPlan, newTierDraft, readPlan, showTimes, suggestedDraft } from "../../../app/ui/tiers/tier-draft";

const TOKYO = { currency: "JPY", timeZone: "Asia/Tokyo" };
const DOLLARS = { currency: "USD", timeZone: "America/New_York" };

describe("a tier plan's form", () => {
  it.each([TOKYO, DOLLARS])("suggests a ladder that can be saved as it is ($currency)", (context) => {
    const read = readPlan(suggestedDraft(context), context);
    expect(read).toMatchObject({ value: { startsAt: null, plan: { enabled: true, grandfather: false } } });
    if (!("value" in read)) return;
    const plan = tierPlanSchema.parse({ ...read.value.plan, effectiveAt: "2026-01-01T00:00:00.000Z" });
    expect(plan.tiers.map(({ threshold }) => threshold)).toEqual(
      context === TOKYO ? [0, 30_000, 100_000] : [0, 25_000, 100_000],
    );
    // What was saved reads the same again.
    const again = readPlan(draftFromPlan(plan, context, true), context);
    expect(again).toEqual({
      value: { startsAt: plan.effectiveAt, plan: { ...read.value.plan } },
    });
  });

  it("reads times, amounts and dates as people type them, and puts the steps in order", () => {
    const draft = suggestedDraft(TOKYO);
    const [regular, silver, gold] = draft.tiers;
    if (!regular || !silver || !gold) throw new Error("three steps are suggested");
    const tiers = [
      {
        ...gold,
        threshold: "１００，０００",
        multiplier: "2.25",
        perks: { en: "Early access\n", ja: "先行販売\n送料無料" },
      },
      regular,
    ];
    const read = readPlan({ ...draft, start: "later", startsAt: "2027-01-01T00:00", tiers }, TOKYO);
    expect(read).toMatchObject({
      value: {
        startsAt: "2026-12-31T15:00:00.000Z",
        plan: {
          tiers: [
            { id: "regular", threshold: 0 },
            {
              id: "gold",
              threshold: 100_000,
              multiplierPercent: 225,
              perks: [
                { en: "Early access", ja: "先行販売" },
                { en: "", ja: "送料無料" },
              ],
            },
          ],
        },
      },
    });
    expect(showTimes(225)).toBe("2.25");
    expect(showTimes(150)).toBe("1.5");
    expect(showTimes(100)).toBe("1");
  });

  it("says which field is wrong", () => {
    const draft = suggestedDraft(TOKYO);
    const added = newTierDraft("abc234", 3);
    const same = { ...added, name: { en: "Same", ja: "" }, threshold: "30000", multiplier: "0.5" };
    expect(readPlan({ ...draft, graceDays: "400", tiers: [...draft.tiers, added] }, TOKYO)).toMatchObject({
      errors: {
        graceDays: { code: "whole_between" },
        "tier-abc234.name": { code: "text" },
        "tier-abc234.threshold": {},
      },
    });
    expect(readPlan({ ...draft, tiers: [...draft.tiers, same] }, TOKYO)).toMatchObject({
      errors: { "tier-abc234.multiplier": {}, "tier-abc234.threshold": { code: "range" } },
    });
    expect(readPlan({ ...draft, tiers: [] }, TOKYO)).toMatchObject({ errors: { tiers: { code: "choose" } } });
    expect(readPlan({ ...draft, enabled: false, tiers: [] }, TOKYO)).toMatchObject({
      value: { plan: { enabled: false } },
    });
  });
});
