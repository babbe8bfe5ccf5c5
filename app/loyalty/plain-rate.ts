// Points for money: the order rule, and the extras that follow it. An extra is what a multiplier adds to the
// plain rate, worked out from the money itself (one rounding); extras never multiply each other, so ×2 and ×1.5
// make ×2.5. A cap of the program cuts the order rule and, with it, what multiplies it. Pure.
import type { Minor } from "../shopify/order-facts";
import type { EarningContext, EarningRules, JudgedOrder, RuleAnswer } from "./earning-rules";
import { divideRounded } from "./money";
import type { NothingReason, ReasonParams } from "./reasons";

/** The database refuses more in one entry; no honest order comes near. */
export const POINTS_MAX = 1_000_000_000_000;

/** What the order earns at the plain rate. */
export function orderRule(order: JudgedOrder): RuleAnswer {
  const { facts, rules, context } = order;
  const nothing = (code: NothingReason, gross: number, params: ReasonParams = {}): RuleAnswer => ({
    rule: "order",
    target: 0,
    gross,
    explanation: { code, params: { currency: facts.currency, ...params } },
  });
  if (order.never) return nothing(order.never, 0);
  const gross = pointsFor(grossBase(order), rules, context);
  const now = pointsFor(keptBase(order), rules, context);
  const refundedMinor = order.now.refundedMinor;
  if (order.undone) return nothing(order.undone, gross.points, { grossPoints: gross.points });
  if (now.points === 0)
    return nothing(whyZero(order, now), gross.points, { refundedMinor, minimumMinor: rules.minimum?.minor });
  const params: ReasonParams = {
    points: now.points,
    baseMinor: order.now.baseMinor,
    currency: facts.currency,
    ratePoints: rules.rate.points,
    ratePerMinor: rules.rate.perMinor,
    rounding: rules.rounding,
    ...(now.cappedBy ? { cappedBy: now.cappedBy, cap: now.cap } : {}),
    ...(refundedMinor > 0 ? { refundedMinor, grossPoints: gross.points } : {}),
  };
  return {
    rule: "order",
    target: now.points,
    gross: Math.max(gross.points, now.points),
    explanation: { code: "order_earned", params },
  };
}

/** What the tier held at processed_at adds. */
export function tierRule(order: JudgedOrder): RuleAnswer[] {
  const { tier } = order.context;
  if (!tier || tier.multiplierPercent <= 100) return [];
  const gross = extraPoints(order, grossBase(order), tier.multiplierPercent);
  const target = extraPoints(order, keptBase(order), tier.multiplierPercent);
  return [
    {
      rule: "tier",
      target,
      gross,
      explanation: {
        code: target > 0 ? "tier_extra" : whyExtraIsGone(order),
        params: {
          points: target,
          name: tier.name,
          tierId: tier.id,
          multiplierPercent: tier.multiplierPercent,
          ...extraParams(order, gross),
        },
      },
    },
  ];
}

/** What a multiplier adds for a part of the counted amount. */
export function extraPoints({ rules, context }: JudgedOrder, minor: Minor, multiplierPercent: number): number {
  const extra = BigInt(multiplierPercent - 100);
  const exact = divideRounded(
    BigInt(minor) * BigInt(rules.rate.points) * extra,
    BigInt(rules.rate.perMinor) * 100n,
    rules.rounding,
  );
  // The cap itself is multiplied, not what happened to be cut: otherwise a refund could raise an extra.
  const most = divideRounded(BigInt(capFor(rules, context)?.cap ?? POINTS_MAX) * extra, 100n, rules.rounding);
  const least = exact < most ? exact : most;
  return Number(least > BigInt(POINTS_MAX) ? POINTS_MAX : least);
}
/** Why an extra that was given is nothing now. */
export function whyExtraIsGone(order: JudgedOrder): NothingReason {
  if (order.undone) return order.undone;
  return minimumFailsNow(order) && order.now.baseMinor > 0 ? "below_minimum" : "refunded";
}
/** What a sentence about a reduction needs. */
export function extraParams({ facts, now }: JudgedOrder, grossPoints: number): ReasonParams {
  const { refundedMinor } = now;
  return { currency: facts.currency, grossPoints, ...(refundedMinor > 0 ? { refundedMinor } : {}) };
}

/** The counted amount as ordered; 0 when it is below the minimum. */
export function grossBase({ rules, gross }: JudgedOrder): Minor {
  return rules.minimum === null || gross.baseMinor >= rules.minimum.minor ? gross.baseMinor : 0;
}
/** The counted amount that is kept; 0 when the minimum is tested again and fails. */
export function keptBase(order: JudgedOrder): Minor {
  return minimumFailsNow(order) ? 0 : order.now.baseMinor;
}
// Passed when granted, tested again on what is kept; without the second test a grant only follows the amount.
function minimumFailsNow({ rules, gross, now }: JudgedOrder): boolean {
  if (rules.minimum === null) return false;
  const tested = rules.minimum.retestOnRefund ? now.baseMinor : gross.baseMinor;
  return tested < rules.minimum.minor;
}

interface Points {
  points: number;
  cappedBy: "order" | "day" | null;
  cap: number;
}
function pointsFor(baseMinor: Minor, rules: EarningRules, context: EarningContext): Points {
  const exact = divideRounded(
    BigInt(baseMinor) * BigInt(rules.rate.points),
    BigInt(rules.rate.perMinor),
    rules.rounding,
  );
  const points = exact > BigInt(POINTS_MAX) ? POINTS_MAX : Number(exact);
  const most = capFor(rules, context);
  if (!most || points <= most.cap) return { points, cappedBy: null, cap: 0 };
  return { points: most.cap, cappedBy: most.by, cap: most.by === "day" ? (rules.caps.perDay ?? 0) : most.cap };
}
// The tighter of both caps; the day's is what earlier orders of the day left of it.
function capFor({ caps }: EarningRules, context: EarningContext): { cap: number; by: "order" | "day" } | null {
  const left = caps.perDay === null ? null : Math.max(0, caps.perDay - context.earnedEarlierTodayPoints);
  if (left !== null && (caps.perOrder === null || left < caps.perOrder)) return { cap: left, by: "day" };
  return caps.perOrder === null ? null : { cap: caps.perOrder, by: "order" };
}
function whyZero(order: JudgedOrder, now: Points): NothingReason {
  if (order.now.baseMinor === 0 && order.gross.baseMinor > 0) return "refunded";
  if (order.gross.baseMinor === 0) return "nothing_eligible";
  if (minimumFailsNow(order)) return "below_minimum";
  return now.cappedBy === "day" ? "day_cap_reached" : "below_one_point";
}
