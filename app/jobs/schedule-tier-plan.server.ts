// A tier plan the merchant saved or took back: checked against the plans that have begun, made part of the
// program, and every member's tier looked at again from its date on.
import type { ShopId } from "../db.server";
import type { TierPlan } from "../loyalty/program-parts";
import { readProgram } from "../loyalty/program.server";
import type { RuleProblem } from "../loyalty/program.server";
import { withoutPlan, withPlan } from "../loyalty/tiers/tier-plans";
import { changeProgram } from "./change-program.server";
import { nudgeWork } from "./nudge";

export type ScheduleTierPlanOutcome =
  | { outcome: "saved" }
  | { outcome: "unchanged" }
  /** A plan may not begin before now, and one that has begun is never changed. */
  | { outcome: "in_past" }
  | { outcome: "too_many" }
  | { outcome: "invalid"; problems: RuleProblem[] };

/** Adds a plan, in the place of the coming plan that begins at `replaces` or in the same instant. */
export async function scheduleTierPlan(
  shopId: ShopId,
  { plan, replaces = null }: { plan: TierPlan; replaces?: string | null },
  actor: string,
  now: Date,
): Promise<ScheduleTierPlanOutcome> {
  const { rules } = await readProgram(shopId);
  const next = withPlan(rules.tierPlans, plan, now, replaces);
  return next.outcome === "ok" ? save(shopId, next.tierPlans, actor, now) : next;
}

/** Takes back a plan that has not begun. */
export async function cancelTierPlan(
  shopId: ShopId,
  effectiveAt: string,
  actor: string,
  now: Date,
): Promise<ScheduleTierPlanOutcome> {
  const { rules } = await readProgram(shopId);
  return save(shopId, withoutPlan(rules.tierPlans, effectiveAt, now), actor, now);
}

async function save(shopId: ShopId, tierPlans: TierPlan[], actor: string, now: Date): Promise<ScheduleTierPlanOutcome> {
  const saved = await changeProgram(shopId, { tierPlans }, actor, now);
  if (saved.outcome === "invalid") {
    // Somebody's plan began, or was saved, between our look and the save.
    return saved.problems.some(({ code }) => code === "plan_in_force") ? { outcome: "in_past" } : saved;
  }
  nudgeWork(shopId, ["tier"]);
  return { outcome: saved.outcome };
}
