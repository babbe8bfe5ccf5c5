// A message's content in words: which mail, in which language, with which days. Pure.
import { DateTime } from "luxon";

import type { Locale } from "../i18n/locales";
import { greetingName } from "../mail/address";
import { renderMail, type MailWords, type RenderedMail } from "../mail/templates/layout";
import {
  pointsExpiringWords,
  referralRewardedWords,
  rewardIssuedWords,
  tierChangedWords,
} from "../mail/templates/words";
import type { MessageContent } from "./messages";

export interface Letter {
  locale: Locale;
  shopName: string;
  timeZone: string;
  /** "shop.example.jp"; null: not known. */
  primaryDomain: string | null;
  recipientName: string;
  unsubscribeUrl: string;
}

/** Subject, HTML and text of a message. */
export function renderMessage(content: MessageContent, letter: Letter): RenderedMail {
  const name = greetingName(letter.recipientName);
  const greeting = name && (letter.locale === "ja" ? `${name} 様` : `Hello ${name},`);
  return renderMail(wordsOf(content, letter), { ...letter, greeting });
}

function wordsOf(content: MessageContent, letter: Letter): MailWords {
  const { locale, shopName, primaryDomain } = letter;
  const place = { locale, shopName, shopUrl: primaryDomain ? `https://${primaryDomain}/` : null };
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
