// The one gate in front of every message: may this person be told this, and when? Pure. What is asked for
// again at the moment of sending is asked here, too: consent and suppression may have changed since.
import { DateTime } from "luxon";

import type { MailSettings } from "./mail-settings";
import { basisOf, mannersOf, SWITCHABLE_KINDS, type MessageContent } from "./messages";

export const SKIP_REASONS = [
  "no_channel",
  "kind_off",
  "member_gone",
  "no_address",
  "no_consent",
  "unconfirmed",
  "no_link",
  "suppressed",
  "out_of_date",
  "told_already",
  "capped",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** Whom a message would reach, as known at this moment. */
export interface Contact {
  status: "active" | "merged" | "deleted" | "redacted";
  email: string | null;
  /** Shopify's word: subscribed, not_subscribed, unsubscribed, pending, …; null: never asked. */
  emailConsent: string | null;
  /** Somebody at this address asked for nothing more, or mail to it came back. */
  isSuppressed: boolean;
  available: number;
  tierId: string | null;
  /** The tier of the newest message about tiers of the last weeks. */
  toldTierId: string | null;
  /** Somebody of that address, or signed in, stands behind what this is about; false: anybody may have typed it. */
  isConfirmed: boolean;
  /** The request or the review is still as the message says. */
  isSubjectCurrent: boolean;
}
export interface GateSetting {
  hasChannel: boolean;
  settings: MailSettings;
  timeZone: string;
}
export type GateAnswer =
  | {
      decision: "send";
      dueAt: Date;
      /** Places of which one must be free, first come first served; null: no cap counts. */
      slots: CapSlot[] | null;
    }
  | { decision: "skip"; why: SkipReason };

/** A place under a cap: unique together with whoever it is for. */
export interface CapSlot {
  key: string;
  dueAt: Date;
}

/** Hours of the shop's day in which messages nobody asked for may arrive. */
export const QUIET_UNTIL_HOUR = 8;
export const QUIET_FROM_HOUR = 21;
/** A capped message may wait for a free day this long; then it is news no more. */
const DAYS_TO_WAIT = 3;
/** Whoever types a stranger's address again and again does not flood it. */
const CONFIRMATIONS_A_DAY = 3;
const ADDRESS = /^[^\s@<>,;:"\p{Cc}]+@[^\s@<>,;:"\p{Cc}]+$/u;

/** Whether and from when a message may go out. */
export function judgeContact(content: MessageContent, contact: Contact, gate: GateSetting, now: Date): GateAnswer {
  const why = refuse(content, contact, gate, now);
  if (why) return { decision: "skip", why };
  const { byDay, cap } = mannersOf(content);
  const dueAt = byDay ? outsideQuietHours(now, gate.timeZone) : now;
  if (cap === "address") return { decision: "send", dueAt, slots: slotsOfDay(dueAt, gate.timeZone) };
  return {
    decision: "send",
    dueAt,
    slots: cap === "day" && gate.settings.oneADay ? dailySlots(dueAt, gate.timeZone) : null,
  };
}

function refuse(content: MessageContent, contact: Contact, gate: GateSetting, now: Date): SkipReason | null {
  if (contact.status !== "active") return "member_gone";
  const switchable = SWITCHABLE_KINDS.find((kind) => kind === content.kind);
  if (switchable && !gate.settings.kinds[switchable]) return "kind_off";
  if (contact.email === null || !ADDRESS.test(contact.email)) return "no_address";
  if (contact.isSuppressed) return "suppressed";
  // An address that a stranger may have typed gets the question whether it was them, and nothing else.
  if (!contact.isConfirmed && content.kind !== "review_confirm") return "unconfirmed";
  if (basisOf(content) === "marketing" && contact.emailConsent?.toLowerCase() !== "subscribed") return "no_consent";
  if (isOutOfDate(content, contact, gate.timeZone, now)) return "out_of_date";
  // Down by a refund and up again by the next order: one message, not three.
  if (content.kind === "tier_changed" && contact.toldTierId === content.params.toTierId) return "told_already";
  return gate.hasChannel ? null : "no_channel";
}

// Points that are spent or gone, a tier that is no longer held, a code that has ended: not worth a word.
function isOutOfDate({ kind, params }: MessageContent, contact: Contact, timeZone: string, now: Date): boolean {
  switch (kind) {
    case "points_expiring":
      return contact.available === 0 || params.on < localDay(now, timeZone);
    case "tier_changed":
      return contact.tierId !== params.toTierId;
    case "reward_issued":
      return params.expiresAt != null && Date.parse(params.expiresAt) <= now.getTime();
    case "referral_rewarded":
      return false;
    default:
      return !contact.isSubjectCurrent;
  }
}

/** `at`, or the next moment after the quiet hours of the shop's night. */
export function outsideQuietHours(at: Date, timeZone: string): Date {
  const local = DateTime.fromJSDate(at, { zone: timeZone });
  if (local.hour >= QUIET_UNTIL_HOUR && local.hour < QUIET_FROM_HOUR) return at;
  return morning(local.hour < QUIET_UNTIL_HOUR ? local : local.plus({ days: 1 }));
}
/** The moment messages may go out on a shop-local day. */
export function morningOf(day: string, timeZone: string): Date {
  return morning(DateTime.fromISO(day, { zone: timeZone }));
}
function morning(local: DateTime): Date {
  return local.startOf("day").set({ hour: QUIET_UNTIL_HOUR }).toJSDate();
}
function dailySlots(dueAt: Date, timeZone: string): CapSlot[] {
  const first = DateTime.fromJSDate(dueAt, { zone: timeZone }).startOf("day");
  return Array.from({ length: DAYS_TO_WAIT + 1 }, (_, index) => {
    const key = first.plus({ days: index }).toFormat("yyyy-MM-dd");
    return { key, dueAt: index === 0 ? dueAt : morningOf(key, timeZone) };
  });
}
function slotsOfDay(dueAt: Date, timeZone: string): CapSlot[] {
  const key = localDay(dueAt, timeZone);
  return Array.from({ length: CONFIRMATIONS_A_DAY }, (_, index) => ({ key: `confirm/${key}/${index + 1}`, dueAt }));
}
function localDay(at: Date, timeZone: string): string {
  return DateTime.fromJSDate(at, { zone: timeZone }).toFormat("yyyy-MM-dd");
}
