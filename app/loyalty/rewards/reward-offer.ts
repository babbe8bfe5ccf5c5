// What a redemption costs and is worth, and whom it is for. Pure.
import type { EarningRules } from "../earning-rules";
import { hasTag } from "../kept-amounts";
import { divideRounded } from "../money";
import { isCodeKind, type Reward, type RewardTerms } from "./reward-terms";

export interface Wish {
  /** For points_off: how many points to use. */
  points: number | null;
  /** The cart's subtotal, for a percentage with a cap. */
  subtotalMinor: number | null;
}
export type Offer =
  | { outcome: "offered"; points: number; valueMinor: number | null }
  | { outcome: "bad_points" }
  /** A capped percentage is worked out from a cart, and there is none, or too small a one. */
  | { outcome: "cart_missing" };

/** Cost and worth; points_off rounds down and keeps to whole steps. */
export function workOutOffer({ points, terms }: Pick<Reward, "points" | "terms">, wish: Wish): Offer {
  switch (terms.kind) {
    case "points_off": {
      const wanted = wish.points ?? points;
      const isWithin = wanted >= points && (terms.pointsMax === null || wanted <= terms.pointsMax);
      if (!Number.isSafeInteger(wanted) || !isWithin || wanted % terms.pointsPerStep !== 0)
        return { outcome: "bad_points" };
      const value = divideRounded(BigInt(wanted) * BigInt(terms.minorPerStep), BigInt(terms.pointsPerStep), "down");
      return value < 1n ? { outcome: "bad_points" } : { outcome: "offered", points: wanted, valueMinor: Number(value) };
    }
    case "percentage_off": {
      if (wish.points !== null && wish.points !== points) return { outcome: "bad_points" };
      if (terms.capMinor === null) return { outcome: "offered", points, valueMinor: null };
      if (wish.subtotalMinor === null) return { outcome: "cart_missing" };
      const share = Number(divideRounded(BigInt(wish.subtotalMinor) * BigInt(terms.percent), 100n, "down"));
      const valueMinor = Math.min(share, terms.capMinor);
      return valueMinor < 1 ? { outcome: "cart_missing" } : { outcome: "offered", points, valueMinor };
    }
    default: {
      if (wish.points !== null && wish.points !== points) return { outcome: "bad_points" };
      return { outcome: "offered", points, valueMinor: "valueMinor" in terms ? terms.valueMinor : null };
    }
  }
}

/**
 * The smallest order a code is good for. A percentage that became an amount never exceeds its share: the
 * cart it was worked out from is its minimum.
 */
export function minimumOf(terms: RewardTerms, valueMinor: number | null): number | null {
  if (!isCodeKind(terms.kind) || !("minimumOrderMinor" in terms)) return null;
  if (terms.kind !== "percentage_off" || valueMinor === null) return terms.minimumOrderMinor;
  const cart = Number(divideRounded(BigInt(valueMinor) * 100n, BigInt(terms.percent), "up"));
  return Math.max(cart, terms.minimumOrderMinor ?? 0);
}

export interface Shopper {
  customerGid: string | null;
  joinedAt: Date | null;
  tags: readonly string[];
  tierId: string | null;
}
export type NotForYou = "not_open" | "tier_too_low";

/** Why this member may not take this reward now; null: they may. */
export function whyNot(rules: EarningRules, terms: RewardTerms, shopper: Shopper, now: Date): NotForYou | null {
  const { participation, previewCustomerIds, startsAt, status } = rules;
  const at = now.getTime();
  if (status !== "live" || (startsAt !== null && Date.parse(startsAt) > at)) return "not_open";
  if (previewCustomerIds.length > 0 && !isNamed(previewCustomerIds, shopper.customerGid)) return "not_open";
  if (participation.who === "joined" && shopper.joinedAt === null) return "not_open";
  if (participation.who === "tagged" && !participation.tags.some((tag) => hasTag(shopper.tags, tag))) return "not_open";
  if (participation.excludeTags.some((tag) => hasTag(shopper.tags, tag))) return "not_open";
  if (terms.from !== null && Date.parse(terms.from) > at) return "not_open";
  if (terms.until !== null && Date.parse(terms.until) <= at) return "not_open";
  if (terms.tierIds.length > 0 && !terms.tierIds.includes(shopper.tierId ?? "")) return "tier_too_low";
  return null;
}

// Merchants paste a customer's number or gid.
function isNamed(ids: readonly string[], customerGid: string | null): boolean {
  if (customerGid === null) return false;
  return ids.some((id) => customerGid === id || customerGid.endsWith(`/${id}`));
}
