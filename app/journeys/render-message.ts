// A message's content in words: which mail, in which language, with which days. Pure.
import { DateTime } from "luxon";

import type { Locale } from "../i18n/locales";
import { greetingName } from "../mail/address";
import { renderMail, type RenderedMail } from "../mail/templates/layout";
import type { MailWords } from "../mail/templates/mail-words";
import {
  reviewConfirmWords,
  reviewMessageWords,
  reviewPublishedWords,
  reviewRejectedWords,
  reviewReminderWords,
  reviewRepliedWords,
  reviewRequestWords,
} from "../mail/templates/review-words";
import {
  pointsExpiringWords,
  referralRewardedWords,
  rewardIssuedWords,
  tierChangedWords,
} from "../mail/templates/words";
import type { MessageContent, MessageKind } from "./messages";
import { sampleContent } from "./sample-content";

export interface Letter {
  locale: Locale;
  shopName: string;
  timeZone: string;
  /** "shop.example.jp"; null: not known. */
  primaryDomain: string | null;
  /** The page that shows points and rewards; absent: the start page. */
  linkPath?: string;
  recipientName: string;
  unsubscribeUrl: string;
}

/** Subject, HTML and text of a message. */
export async function renderMessage(content: MessageContent, letter: Letter): Promise<RenderedMail> {
  const name = greetingName(letter.recipientName);
  const greeting = name && (letter.locale === "ja" ? `${name} 様` : `Hello ${name},`);
  return renderMail(wordsOf(content, letter), { ...letter, greeting });
}

export type RenderedSample = RenderedMail;

/** A plausible message of a kind, in the shop's name. */
export async function renderSample(
  kind: MessageKind,
  now: Date,
  place: Pick<Letter, "locale" | "shopName" | "timeZone" | "primaryDomain" | "linkPath">,
): Promise<RenderedSample> {
  return renderMessage(sampleContent(kind, now, place), {
    ...place,
    recipientName: place.locale === "ja" ? "山田 花子" : "Jane",
    unsubscribeUrl: "#",
  });
}

function wordsOf(content: MessageContent, letter: Letter): MailWords {
  const { locale, shopName, primaryDomain, linkPath = "/" } = letter;
  const place = { locale, shopName, shopUrl: primaryDomain ? `https://${primaryDomain}${linkPath}` : null };
  switch (content.kind) {
    case "reward_issued": {
      const { title, code = null, expiresAt } = content.params;
      return rewardIssuedWords({ title, code, lastDay: expiresAt ? lastDay(expiresAt, letter) : null }, place);
    }
    case "points_expiring":
      return pointsExpiringWords({ points: content.params.points, lastDay: dayText(content.params.on, letter) }, place);
    case "tier_changed": {
      const { tier, isUp, until } = content.params;
      return tierChangedWords({ tier: tier ?? null, isUp, lastDay: until ? lastDay(until, letter) : null }, place);
    }
    case "referral_rewarded":
      return referralRewardedWords(content.params, place);
    default:
      return reviewWords(content, letter);
  }
}

type ReviewContent = Extract<MessageContent, { kind: `review_${string}` }>;

function reviewWords(content: ReviewContent, { locale, shopName }: Letter): MailWords {
  const place = { locale, shopName, url: content.params.url };
  switch (content.kind) {
    case "review_request":
      return reviewRequestWords({ ...content.params, promised: content.params.offer }, place);
    case "review_reminder":
      return reviewReminderWords({ ...content.params, promised: content.params.offer }, place);
    case "review_confirm":
      return reviewConfirmWords(content.params, place);
    case "review_published":
      return reviewPublishedWords(content.params, place);
    case "review_rejected":
      return reviewRejectedWords(content.params, place);
    case "review_replied":
      return reviewRepliedWords(content.params, place);
    case "review_message":
      return reviewMessageWords(content.params, place);
  }
}

// What ends with an instant can be used through the day before it, unless that instant is inside a day.
function lastDay(instant: string, letter: Letter): string {
  return written(DateTime.fromISO(instant, { zone: letter.timeZone }).minus({ milliseconds: 1 }), letter.locale);
}
function dayText(day: string, letter: Letter): string {
  return written(DateTime.fromISO(day, { zone: letter.timeZone }), letter.locale);
}
function written(moment: DateTime, locale: Locale): string {
  return moment.setLocale(locale).toLocaleString(DateTime.DATE_FULL);
}
