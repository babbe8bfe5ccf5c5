// One purchase of a reward with points: its states, and what the completer does next. Pure.
//
// status        points are   the completer's next step
// reserved      reserved     create: Shopify is asked (again) for what was bought; once its time is over: end
// issued        reserved     (a code) when its time is over: end; when something rang: inspect
// returning     reserved     end the code at Shopify, wait a grace, read the orders that used it, give back
// posted        redeemed     nothing; a later state of the order is reviewed without Shopify
// voided        given back   nothing; a late use is charged
// needs_person  reserved     nothing: a person decides
import type { Instant } from "../../shopify/order-facts";
import { isCodeKind, type RewardKind, type RewardTerms, type RewardTexts } from "./reward-terms";

export type RedemptionStatus = "reserved" | "issued" | "posted" | "returning" | "voided" | "needs_person";
export interface Redemption {
  id: number;
  memberId: number;
  rewardId: number;
  kind: RewardKind;
  points: number;
  /** What it is worth in minor units of `currency`; null for kinds without an amount. */
  valueMinor: number | null;
  currency: string;
  /** What the shopper types or hands over. */
  code: string | null;
  terms: RewardTerms;
  texts: RewardTexts;
  status: RedemptionStatus;
  shopifyGid: string | null;
  fingerprint: string | null;
  reservedAt: Instant;
  issuedAt: Instant | null;
  expiresAt: Instant | null;
  deactivatedAt: Instant | null;
  postedAt: Instant | null;
  voidedAt: Instant | null;
  orderId: number | null;
  returned: number;
  revision: number;
  attempts: number;
  nextAttempt: Instant | null;
  lastError: string | null;
  actor: string;
}

/** What the shop itself gave: no order and nothing at Shopify says that it was used. */
const GIVEN_BY_THE_SHOP: readonly RewardKind[] = ["place", "voucher", "donation"];
/** Whether staff may take it back, with a reason, although it counts as used. */
export function isWithdrawable({ status, kind }: Pick<Redemption, "status" | "kind">): boolean {
  return status === "posted" && GIVEN_BY_THE_SHOP.includes(kind);
}

export type Step = "create" | "inspect" | "end" | "read_uses";

/** Business time between the end of a code and the look for orders that still used it: checkouts under way. */
export const GRACE_MS = 15 * 60_000;
/** Attempts at one step before a person is asked. */
export const ATTEMPTS_MAX = 12;
const FIRST_RETRY_MS = 5_000;
/** What timed out may still be at work at Shopify. */
const UNKNOWN_RETRY_MS = 90_000;
const LONGEST_RETRY_MS = 3_600_000;

/** What Shopify has to be asked or told next; null: nothing now. */
export function nextStep(redemption: Redemption, now: Date): Step | null {
  const isOver = redemption.expiresAt !== null && Date.parse(redemption.expiresAt) <= now.getTime();
  switch (redemption.status) {
    case "reserved":
      return isOver && isCodeKind(redemption.kind) ? "end" : "create";
    case "issued":
      return isOver ? "end" : "inspect";
    case "returning":
      if (redemption.deactivatedAt === null) return "end";
      return graceEnd(redemption.deactivatedAt).getTime() <= now.getTime() ? "read_uses" : null;
    default:
      return null;
  }
}

/** An unused code is looked at once a day: a merchant may have changed or deleted it unheard. */
const INSPECT_EVERY_MS = 24 * 3_600_000;
/** When an issued code is looked at next: in a day, or at its end. */
export function nextLook(expiresAt: Instant | null, now: Date): Date {
  const tomorrow = now.getTime() + INSPECT_EVERY_MS;
  return new Date(expiresAt === null ? tomorrow : Math.min(tomorrow, Date.parse(expiresAt)));
}

/** When the orders that used an ended code are read. */
export function graceEnd(deactivatedAt: Instant): Date {
  return new Date(Date.parse(deactivatedAt) + GRACE_MS);
}

/** When a step is tried again after its n-th attempt: doubling, with up to half as much again at random. */
export function retryAt(
  now: Date,
  attempts: number,
  how: { isOutcomeUnknown: boolean; retryAfterMs?: number },
  random: () => number,
): Date {
  const doubled = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 20));
  const wait = Math.max(doubled, how.retryAfterMs ?? 0, how.isOutcomeUnknown ? UNKNOWN_RETRY_MS : 0);
  return new Date(now.getTime() + wait + Math.floor((random() * wait) / 2));
}

/** The first word of our mark. */
export const MARK_WORD = "Kizuna";
/** The mark of ours in the code's title or the card's note. */
export function markOf(redemptionId: number): string {
  return `${MARK_WORD} redemption ${redemptionId}`;
}
/** The redemption that a mark names; null: it is no mark of ours. */
export function redemptionOfMark(title: string): number | null {
  const id = /^Kizuna redemption (\d{1,15})$/.exec(title)?.[1];
  return id === undefined ? null : Number(id);
}
