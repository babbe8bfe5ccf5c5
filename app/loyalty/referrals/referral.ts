// One friend a member brought: its states, and what comes next. Pure.
//
// status     meaning                                            next
// claimed    the friend's address is theirs to reward           the friend's code is made at Shopify
// issued     the friend has a code                              an order with it, or its end
// held       a check spoke: before the code, or after the order a person approves or rejects
// ordered    the friend's order is in its hold                  the end of the hold: reward, or too little was kept
// rewarded · rejected · expired                                 nothing
import { DateTime } from "luxon";

import type { Instant } from "../../shopify/order-facts";

export type ReferralStatus = "claimed" | "issued" | "ordered" | "held" | "rewarded" | "rejected" | "expired";
/** What a check found. Those of HOLDING stop a referral until a person looked; the others are only shown. */
export type ReferralFlag =
  | "same_customer"
  | "same_email"
  | "same_address"
  | "same_network"
  | "existing_customer"
  | "velocity"
  | "not_issued"
  | "refunded"
  | "test_order"
  | "advocate_gone";

const HOLDING: ReadonlySet<ReferralFlag> = new Set<ReferralFlag>([
  "same_customer",
  "same_email",
  "same_address",
  "existing_customer",
  "velocity",
]);
/** Whether a person must look. One household shares a network: that alone stops nobody. */
export function mustBeHeld(flags: readonly ReferralFlag[]): boolean {
  return flags.some((flag) => HOLDING.has(flag));
}

/** The end of a friend's code: with the last of its shop-local days. */
export function friendCodeEnds(claimedAt: Date, validDays: number, timeZone: string): Date {
  const day = DateTime.fromJSDate(claimedAt, { zone: timeZone });
  return day
    .plus({ days: validDays + 1 })
    .startOf("day")
    .toJSDate();
}
/** An order placed before the end may be told of later: only then is a code that nobody used over. */
export function codeIsOver(ends: Date): Date {
  return new Date(ends.getTime() + LATE_ORDERS_MS);
}
const LATE_ORDERS_MS = 3 * 86_400_000;

/** When the advocate's points are due: so many shop-local days after the friend's order was paid. */
export function holdEnds(paidAt: Instant, holdDays: number, timeZone: string): Date {
  return DateTime.fromISO(paidAt, { zone: timeZone }).plus({ days: holdDays }).toJSDate();
}

/** When network facts of a claim are erased. */
export function signalsEndAt(claimedAt: Date): Date {
  return new Date(claimedAt.getTime() + 90 * 86_400_000);
}

/** The mark of ours in the title of a friend's code. */
export function referralMark(referralId: number): string {
  return `Kizuna referral ${referralId}`;
}
