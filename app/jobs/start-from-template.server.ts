// The wizard's last step: a ready program goes live together with its rewards and, if wanted, the past. Sent
// twice, it is one program.
import { isDeepStrictEqual } from "node:util";

import type { ShopId } from "../db.server";
import type { TierPlan } from "../loyalty/program-parts";
import { programOf, type TemplateChoices, type TemplateId } from "../loyalty/program-templates";
import { readProgram, type RuleProblem } from "../loyalty/program.server";
import { listRewards } from "../loyalty/rewards/list-rewards.server";
import type { RewardDraft } from "../loyalty/rewards/reward-terms";
import { saveReward } from "../loyalty/rewards/save-reward.server";
import { withPlan } from "../loyalty/tiers/tier-plans";
import { startBackfill } from "./backfill.server";
import { changeProgram } from "./change-program.server";
import { enqueue } from "./queue.server";

export type StartOutcome = { outcome: "started"; rewards: number } | { outcome: "invalid"; problems: RuleProblem[] };

/** Saves the template's program, and those of its rewards that the shop does not have yet. */
export async function startFromTemplate(
  shopId: ShopId,
  template: { id: TemplateId; choices: TemplateChoices; currency: string },
  actor: string,
  now: Date,
): Promise<StartOutcome> {
  const { choices, currency } = template;
  const program = programOf(template.id, choices, { currency, now: now.toISOString() });
  const { rules } = await readProgram(shopId);
  const tierPlans = program.tierPlan ? plansWith(rules.tierPlans, program.tierPlan, now) : {};
  // Rewards first: shoppers who see the program see what it is for.
  const rewards = await addRewards(shopId, program.rewards, actor, now);
  const saved = await changeProgram(shopId, { ...program.changes, ...tierPlans }, actor, now);
  if (saved.outcome === "invalid") return saved;
  if (saved.outcome === "unchanged") await enqueue(null, "publish-program", { shopId });
  if (choices.includesPast) await startBackfill(shopId, null, now);
  return { outcome: "started", rewards };
}

// A second press begins no second plan a moment after the first.
function plansWith(plans: TierPlan[], plan: TierPlan, now: Date): { tierPlans?: TierPlan[] } {
  const newest = plans.at(-1);
  if (newest && isDeepStrictEqual({ ...newest, effectiveAt: "" }, { ...plan, effectiveAt: "" })) return {};
  const list = withPlan(plans, plan, now);
  return list.outcome === "ok" ? { tierPlans: list.tierPlans } : {};
}

async function addRewards(shopId: ShopId, drafts: RewardDraft[], actor: string, now: Date): Promise<number> {
  const existing = await listRewards(shopId, { forShoppers: false });
  const known = new Set(existing.map(({ texts }) => texts.title.en));
  const missing = drafts.filter(({ texts }) => !known.has(texts.title.en));
  for (const draft of missing) {
    const kept = await saveReward(shopId, { id: null, draft, status: "active" }, actor, now);
    if (kept.outcome !== "saved") throw new Error(`a template's reward was refused: ${kept.outcome}`);
  }
  return missing.length;
}
