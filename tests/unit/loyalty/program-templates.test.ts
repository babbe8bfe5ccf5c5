import { describe, expect, it } from "vitest";

import { defaultEarningRules, earningRulesSchema } from "../../../app/loyalty/earning-rules";
import { programOf, TEMPLATES, templateDefaults } from "../../../app/loyalty/program-templates";
import { rewardDraftSchema } from "../../../app/loyalty/rewards/reward-terms";

const NOW = "2026-05-01T00:00:00.000Z";
const SHOPS = [
  { currency: "JPY", taxesIncluded: true },
  { currency: "USD", taxesIncluded: false },
  { currency: "KWD", taxesIncluded: false },
];
const everyTemplate = TEMPLATES.flatMap((id) => SHOPS.map((shop) => [id, shop.currency, shop] as const));

describe("a ready program", () => {
  it.each(everyTemplate)("for %s in %s passes the program's and the rewards' own checks", (id, currency, shop) => {
    const { changes, tierPlan, rewards } = programOf(id, templateDefaults(id), { currency, now: NOW });
    const rules = { ...defaultEarningRules(shop), ...changes, tierPlans: tierPlan ? [tierPlan] : [] };
    expect(earningRulesSchema.safeParse(rules).error).toBeUndefined();
    expect(rewards.map((draft) => rewardDraftSchema.safeParse(draft).error)).toEqual(rewards.map(() => undefined));
    for (const { texts } of rewards)
      expect([texts.title.en, texts.title.ja, texts.description.en, texts.description.ja]).not.toContain("");
  });

  it("starts today unless past orders are wanted, and leaves out what was set to 0", () => {
    const choices = { ...templateDefaults("food"), welcomePoints: 0, birthdayPoints: 0 };
    const shop = { currency: "JPY", now: NOW };
    expect(programOf("food", choices, shop).changes).toMatchObject({ startsAt: NOW, ways: [] });
    expect(programOf("food", { ...choices, includesPast: true }, shop).changes.startsAt).toBeNull();
    expect(programOf("food", choices, shop).tierPlan).toBeNull();
  });

  it("gives back the percentage it names, in money and in points", () => {
    for (const { currency, taxesIncluded } of SHOPS) {
      const { changes, rewards } = programOf(
        "cosmetics",
        { ...templateDefaults("cosmetics"), giveBackPercent: 5 },
        { currency, now: NOW },
      );
      const { rate } = { ...defaultEarningRules({ currency, taxesIncluded }), ...changes };
      expect(rate).toEqual({ points: 5, perMinor: 100 });
      const free = rewards.find(({ terms }) => terms.kind === "points_off")?.terms;
      expect(free?.kind === "points_off" && free.pointsPerStep === free.minorPerStep).toBe(true);
    }
  });
});
