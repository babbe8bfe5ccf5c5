// All orders of one member, one after the other by (processed_at, Shopify's id): what each finds before it, and
// what it earns. The settlement, the audit and the previews walk the same way. Pure.
//
// An order is here in full, or as a summary of what was settled for it: what later orders need of it, and the
// inputs it was settled with. A summary whose inputs are no longer what the walk finds asks for the order's facts.
import type { Instant, Minor } from "../shopify/order-facts";
import { campaignRuleOf, isInWindow } from "./campaigns/campaign-rule";
import { computeEarning, isPurchase, type EarningAnswer, type EarningRules, type HeldTier } from "./earning-rules";
import { shopDay } from "./expiry";
import type { TierPlan } from "./program-parts";
import { byMoment, earningContext, type OrderMoment, type StoredOrder, type Surroundings } from "./stored-order";
import { qualifyingSteps, type QualifyingStep } from "./tiers/qualifying-steps";
import {
  horizonAfter,
  tierForOrder,
  tierOf,
  tierTimeline,
  type TierHistory,
  type TierOverride,
  type TierSegment,
} from "./tiers/tier-timeline";

/** What was settled for an order, as later orders and the tiers see it. */
export interface OrderSummary {
  isPurchase: boolean;
  steps: QualifyingStep[];
  inputs: string;
  /** Points by rule. */
  targets: Readonly<Record<string, number>>;
}
export interface OrderInFull {
  order: StoredOrder;
  member: { joinedAt: Instant | null } | null;
  paidWithPointsMinor: Minor;
  /** Points by rule that stand whatever the rules say now; absent: as computed. */
  standing?: Readonly<Record<string, number>>;
}
export interface OrderToSweep extends OrderMoment {
  id: number;
  /** Of the version the order is judged by. */
  rules: EarningRules;
  full: OrderInFull | null;
  /** null: never settled, or before summaries were kept. */
  summary: OrderSummary | null;
}
export interface SweepAround {
  timeZone: string;
  isDevelopment: boolean;
  /** Plans of the newest program; none: no tiers. */
  plans: readonly TierPlan[];
  overrides: readonly TierOverride[];
  now: Instant;
}
export interface SweptOrder<Order extends OrderToSweep> extends OrderSummary {
  each: Order;
  tierId: string | null;
  /** null: only a summary was given. */
  earning: EarningAnswer | null;
  /** Facts are needed: nothing is known of the order, or it was settled with other inputs. */
  isUnsure: boolean;
}
export interface Sweep<Order extends OrderToSweep> {
  orders: SweptOrder<Order>[];
  /** What the member's tiers are computed from; null: the shop has none. */
  history: TierHistory | null;
}

/** Walks through a member's orders. */
export function sweepOrders<Order extends OrderToSweep>(given: readonly Order[], around: SweepAround): Sweep<Order> {
  const sorted = given.toSorted(byMoment);
  const steps = sorted.map((each) => stepsOf(each, around));
  const { plans, overrides, timeZone } = around;
  const history = plans.length === 0 ? null : { plans, overrides, timeZone, contributions: steps };
  const timeline = history && timelineOf(history, sorted.at(-1)?.processedAt ?? around.now, around.now);
  const walk = new Walk();
  const hasDayCap = sorted.some(({ rules }) => rules.caps.perDay !== null);
  const orders = sorted.map((each, index): SweptOrder<Order> => {
    const tierId = timeline === null ? null : tierForOrder(timeline, each.processedAt);
    const day = hasDayCap ? shopDay(each.processedAt, around.timeZone).from : "";
    const surroundings = walk.before(each, day, heldTier(around.plans, each.processedAt, tierId));
    const inputs = inputsOf(each, surroundings);
    const earning = each.full && earningOf(each.rules, each.full, surroundings, around);
    const swept = {
      each,
      tierId,
      earning,
      inputs,
      steps: steps[index] ?? [],
      isUnsure: each.full === null && each.summary?.inputs !== inputs,
      isPurchase: each.full ? isCounted(each.rules, each.full, around) : (each.summary?.isPurchase ?? false),
      targets: each.full?.standing ?? (earning ? targetsOf(earning) : (each.summary?.targets ?? {})),
    };
    walk.pass(swept, day);
    return swept;
  });
  return { orders, history };
}

// What has been seen so far.
class Walk {
  private purchases = 0;
  private readonly earnedByDay = new Map<string, number>();
  private readonly campaignPoints: Record<string, number> = {};

  before(each: OrderToSweep, day: Instant, tier: HeldTier | null): Surroundings {
    const campaignPoints = Object.fromEntries(
      cappedCampaigns(each).map(({ id, caps }) => {
        // Beyond the cap nothing changes for later orders.
        return [id, Math.min(this.campaignPoints[id] ?? 0, caps.perMember ?? 0)] as const;
      }),
    );
    return {
      rank: this.purchases + 1,
      earnedEarlierToday: this.earnedByDay.get(day) ?? 0,
      tier,
      campaignPoints,
    };
  }
  pass({ each, isPurchase: isOne, targets }: SweptOrder<OrderToSweep>, day: Instant): void {
    if (isOne) this.purchases += 1;
    this.earnedByDay.set(day, (this.earnedByDay.get(day) ?? 0) + (targets["order"] ?? 0));
    for (const { id } of each.rules.campaigns)
      this.campaignPoints[id] = (this.campaignPoints[id] ?? 0) + (targets[campaignRuleOf(id)] ?? 0);
  }
}

function cappedCampaigns({ rules, processedAt }: OrderToSweep): EarningRules["campaigns"] {
  return rules.campaigns.filter(
    (campaign) => campaign.enabled && campaign.caps.perMember !== null && isInWindow(campaign, processedAt),
  );
}

/** What of its surroundings an order's rules look at: while this stays the same, its answer does. */
function inputsOf(
  { rules, processedAt }: OrderToSweep,
  { rank, earnedEarlierToday, tier, campaignPoints }: Surroundings,
): string {
  const looksAtRank = rules.ways.some(({ enabled, kind }) => enabled && kind === "nth_order");
  const looksAtFirst =
    rules.firstOrderBonus !== null ||
    rules.campaigns.some(
      (campaign) => campaign.enabled && campaign.audience.orders !== "any" && isInWindow(campaign, processedAt),
    );
  return JSON.stringify([
    looksAtRank ? rank : looksAtFirst ? Math.min(rank, 2) : 0,
    rules.caps.perDay === null ? 0 : Math.min(earnedEarlierToday, rules.caps.perDay),
    tier?.id ?? null,
    Object.entries(campaignPoints).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}

function stepsOf({ rules, full, summary }: OrderToSweep, { isDevelopment, plans }: SweepAround): QualifyingStep[] {
  if (plans.length === 0) return [];
  if (!full) return summary?.steps ?? [];
  const isTestRemoved = full.order.kind === "test_removed";
  return qualifyingSteps(full.order.facts, rules, { isDevelopmentShop: isDevelopment, isTestRemoved });
}
function timelineOf(history: TierHistory, last: Instant, now: Instant): TierSegment[] {
  return tierTimeline({ ...history, until: horizonAfter(Date.parse(last) > Date.parse(now) ? last : now) });
}
function heldTier(plans: readonly TierPlan[], at: Instant, tierId: string | null): HeldTier | null {
  const tier = tierOf(plans, at, tierId);
  return tier && { id: tier.id, name: tier.name, multiplierPercent: tier.multiplierPercent };
}

function isCounted(rules: EarningRules, { order }: OrderInFull, { isDevelopment }: SweepAround): boolean {
  return order.kind !== "test_removed" && isPurchase(order.facts, rules, { isDevelopmentShop: isDevelopment });
}
function earningOf(
  rules: EarningRules,
  { order, member, paidWithPointsMinor }: OrderInFull,
  surroundings: Surroundings,
  { timeZone, isDevelopment, now }: SweepAround,
): EarningAnswer {
  const shop = { timeZone, isDevelopment };
  return computeEarning(
    order.facts,
    rules,
    earningContext(order, { shop, member, around: surroundings, paidWithPointsMinor, now }),
  );
}
function targetsOf({ rules }: EarningAnswer): Record<string, number> {
  return Object.fromEntries(rules.map(({ rule, target }) => [rule, target]));
}
