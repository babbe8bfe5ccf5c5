// The one gate in front of every message: may this person be told this, and when? Pure. What is asked for
// again at the moment of sending is asked here, too: consent and suppression may have changed since.
import { DateTime } from "luxon";

import type { MailSettings } from "./mail-settings";
import { basisOf, type MessageContent } from "./messages";

export const SKIP_REASONS = [
  "no_channel",
  "kind_off",
  "member_gone",
  "no_address",
  "no_consent",
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
      /** Unique per shop where the cap counts; null: it does not. */ capDays: string[] | null;
    }
  | { decision: "skip"; why: SkipReason };

/** Hours of the shop's day in which messages nobody asked for may arrive. */
export const QUIET_UNTIL_HOUR = 8;
export const QUIET_FROM_HOUR = 21;
/** A capped message may wait for a free day this long; then it is news no more. */
const DAYS_TO_WAIT = 3;
const ADDRESS = /^[^\s@<>,;:"\p{Cc}]+@[^\s@<>,;:"\p{Cc}]+$/u;

/** Whether and from when a message may go out. */
export function judgeContact(content: MessageContent, contact: Contact, gate: GateSetting, now: Date): GateAnswer {
  const why = refuse(content, contact, gate, now);
  if (why) return { decision: "skip", why };
  if (basisOf(content.kind) === "service") return { decision: "send", dueAt: now, capDays: null };
  const dueAt = outsideQuietHours(now, gate.timeZone);
  return { decision: "send", dueAt, capDays: gate.settings.oneADay ? daysFrom(dueAt, gate.timeZone) : null };
}

function refuse(content: MessageContent, contact: Contact, gate: GateSetting, now: Date): SkipReason | null {
  if (contact.status !== "active") return "member_gone";
  if (!gate.settings.kinds[content.kind]) return "kind_off";
  if (contact.email === null || !ADDRESS.test(contact.email)) return "no_address";
  if (contact.isSuppressed) return "suppressed";
  if (basisOf(content.kind) === "marketing" && contact.emailConsent?.toLowerCase() !== "subscribed")
    return "no_consent";
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
  }
}

/** `at`, or the next moment after the quiet hours of the shop's night. */
export function outsideQuietHours(at: Date, timeZone: string): Date {
  const local = DateTime.fromJSDate(at, { zone: timeZone });
  if (local.hour >= QUIET_UNTIL_HOUR && local.hour < QUIET_FROM_HOUR) return at;
  return morning(local.hour < QUIET_UNTIL_HOUR ? local : local.plus({ days: 1 }));
}
/** The moment messages may go out on a shop-local day; the first day of `daysFrom` keeps its own moment. */
export function morningOf(day: string, timeZone: string): Date {
  return morning(DateTime.fromISO(day, { zone: timeZone }));
}
function morning(local: DateTime): Date {
  return local.startOf("day").set({ hour: QUIET_UNTIL_HOUR }).toJSDate();
}
function daysFrom(at: Date, timeZone: string): string[] {
  const first = DateTime.fromJSDate(at, { zone: timeZone }).startOf("day");
  return Array.from({ length: DAYS_TO_WAIT + 1 }, (_, index) => first.plus({ days: index }).toFormat("yyyy-MM-dd"));
}
function localDay(at: Date, timeZone: string): string {
  return DateTime.fromJSDate(at, { zone: timeZone }).toFormat("yyyy-MM-dd");
}
