// The list of tier plans as one document: what may be added, and what may never change. Pure.
import type { TierPlan } from "../program-parts";

export type PlanListOutcome =
  | { outcome: "ok"; tierPlans: TierPlan[] }
  /** A plan may not begin before now. */
  | { outcome: "in_past" }
  | { outcome: "too_many" };

const begins = ({ effectiveAt }: TierPlan): number => Date.parse(effectiveAt);
const byStart = (a: TierPlan, b: TierPlan): number => begins(a) - begins(b);
const PLANS_MAX = 20;

/** Whether every plan that has begun is still there as it was. */
export function keepsPlansInForce(before: readonly TierPlan[], after: readonly TierPlan[], now: Date): boolean {
  const kept = new Set(after.map((plan) => JSON.stringify(plan)));
  return before.filter((plan) => begins(plan) <= now.getTime()).every((plan) => kept.has(JSON.stringify(plan)));
}

/** The earliest instant from which two lists say something different; null: they say the same. */
export function plansDifferFrom(before: readonly TierPlan[], after: readonly TierPlan[]): string | null {
  const texts = [before, after].map((plans) => new Set(plans.map((plan) => JSON.stringify(plan))));
  const changed = [...before, ...after].filter((plan) => !texts.every((known) => known.has(JSON.stringify(plan))));
  return changed.sort(byStart)[0]?.effectiveAt ?? null;
}

/** The list with a new plan, which takes the place of a coming one of the same instant, or of `replaced`. */
export function withPlan(
  plans: readonly TierPlan[],
  plan: TierPlan,
  now: Date,
  replaced: string | null = null,
): PlanListOutcome {
  if (begins(plan) < now.getTime()) return { outcome: "in_past" };
  const gone = new Set([begins(plan), replaced === null ? NaN : Date.parse(replaced)]);
  const others = plans.filter((each) => begins(each) < now.getTime() || !gone.has(begins(each)));
  if (others.length >= PLANS_MAX) return { outcome: "too_many" };
  return { outcome: "ok", tierPlans: [...others, plan].sort(byStart) };
}

/** The list without a plan that has not begun. */
export function withoutPlan(plans: readonly TierPlan[], effectiveAt: string, now: Date): TierPlan[] {
  return plans.filter((plan) => plan.effectiveAt !== effectiveAt || begins(plan) <= now.getTime());
}
