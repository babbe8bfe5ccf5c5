// What a campaign will cost, from the shop's own past: the same days just before now, as if the campaign and
// everything planned beside it had run then. The difference with and without it, under the newest rules.
import type { ShopId } from "../../db.server";
import type { Campaign, TierPlan } from "../program-parts";
import { proportion } from "../money";
import { readProgram } from "../program.server";
import { replayOrders } from "../replay-orders.server";
import { pointValue } from "../rewards/point-value.server";
import { worth } from "../simulate-program.server";
import type { EarningRules } from "../earning-rules";

const DAY_MS = 86_400_000;
const DAYS_MAX = 90;

export interface CampaignCost {
  /** Days the campaign runs, and how many of the past were looked at. */
  days: number;
  pastDays: number;
  /** Orders of the past days, and how many of them were replayed. */
  orders: number;
  replayed: number;
  /** Points the campaign would add over its days, within its budget. */
  points: number;
  /** What they may cost at most; null: no reward says what a point is worth. */
  liability: { minor: number; currency: string } | null;
}

/** Estimates a campaign before it is saved; one with an id of the program replaces that one. */
export async function previewCampaignCost(shopId: ShopId, campaign: Campaign, now: Date): Promise<CampaignCost> {
  const { rules } = await readProgram(shopId);
  const length = Date.parse(campaign.until) - Date.parse(campaign.from);
  const looked = Math.min(length, DAYS_MAX * DAY_MS);
  const window = { from: new Date(now.getTime() - looked), until: now };
  const shift = window.from.getTime() - Date.parse(campaign.from);
  const without = { ...rules, campaigns: rules.campaigns.filter(({ id }) => id !== campaign.id) };
  const variants = [without, { ...rules, campaigns: [...without.campaigns, { ...campaign, enabled: true }] }];
  const replay = await replayOrders(
    shopId,
    window,
    variants.map((each) => asOf(each, shift, campaign.from)),
    now,
  );
  const [before = 0, after = 0] = replay.points;
  const estimate = proportion(Math.max(0, after - before), length, looked, "half_up");
  const points = Math.min(estimate, campaign.caps.budget ?? estimate);
  return {
    days: Math.ceil(length / DAY_MS),
    pastDays: Math.ceil(looked / DAY_MS),
    orders: replay.orders,
    replayed: replay.replayed,
    points,
    liability: worth(await pointValue(shopId), points),
  };
}

// The program as it will be, in the past: windows keep their distances, so that overlaps stay overlaps, and the
// tiers are those of the plan that will be in force.
function asOf(rules: EarningRules, shift: number, at: string): EarningRules {
  const moved = (instant: string) => new Date(Date.parse(instant) + shift).toISOString();
  const plan = rules.tierPlans.findLast(({ effectiveAt }) => Date.parse(effectiveAt) <= Date.parse(at));
  const tierPlans: TierPlan[] = plan ? [{ ...plan, effectiveAt: new Date(0).toISOString(), grandfather: false }] : [];
  return {
    ...rules,
    status: "live",
    startsAt: null,
    tierPlans,
    campaigns: rules.campaigns.map((campaign) => ({
      ...campaign,
      from: moved(campaign.from),
      until: moved(campaign.until),
    })),
  };
}
