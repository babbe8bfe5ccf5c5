// Messages to look at before any is sent: the preview and the test. Pure.
import { DateTime } from "luxon";

import type { Locale } from "../i18n/locales";
import { reviewPageUrl, type ReviewPage } from "../shopify/review-links";
import type { MessageContent, MessageKind } from "./messages";

/** What a sample is made for. */
export interface SamplePlace {
  locale: Locale;
  timeZone: string;
  /** null: links lead nowhere. */
  primaryDomain: string | null;
}
/** Opens the page that says a link does not work: a sample is nobody's request. */
const SAMPLE_TOKEN = "sample";

const WORDS = {
  en: {
    products: ["Linen shirt", "Cotton tote bag"],
    reply: "Thank you for telling us.\nWe will make the straps longer.",
    message: "We are sorry about the late parcel.\nMay we send you a new one?",
  },
  ja: {
    products: ["リネンシャツ", "コットントートバッグ"],
    reply: "ご意見をお寄せいただき、ありがとうございます。\n持ち手の長さは次回の生産で見直します。",
    message: "お届けが遅れ、申し訳ございませんでした。\n代わりの品をお送りしてもよろしいでしょうか。",
  },
} as const;

/** A plausible message of a kind, as seen at `now`. */
export function sampleContent(kind: MessageKind, now: Date, place: SamplePlace): MessageContent {
  const soon = DateTime.fromJSDate(now, { zone: place.timeZone }).plus({ days: 30 });
  const inAYear = soon.plus({ years: 1 }).startOf("year").toUTC().toJSDate().toISOString();
  switch (kind) {
    case "reward_issued":
      return {
        kind,
        params: {
          title: { en: "Free shipping", ja: "送料無料クーポン" },
          code: "KIZUNA-SAMPLE-2K7Q-9XWD",
          expiresAt: soon.startOf("day").toUTC().toJSDate().toISOString(),
        },
      };
    case "points_expiring":
      return { kind, params: { points: 1_240, on: soon.toFormat("yyyy-MM-dd"), daysBefore: 30 } };
    case "tier_changed":
      return {
        kind,
        params: { toTierId: "gold", tier: { en: "Gold", ja: "ゴールド" }, isUp: true, until: inAYear },
      };
    case "referral_rewarded":
      return { kind, params: { points: 500 } };
    default:
      return sampleOfReview(kind, place);
  }
}

function sampleOfReview(kind: Extract<MessageKind, `review_${string}`>, place: SamplePlace): MessageContent {
  const words = WORDS[place.locale];
  const page = (name: ReviewPage) =>
    place.primaryDomain ? reviewPageUrl(place.primaryDomain, name, SAMPLE_TOKEN) : null;
  const product = words.products[0];
  const url = page("review/mine");
  switch (kind) {
    case "review_request":
    case "review_reminder": {
      const params = { generation: 1, offer: null, subscribersOnly: false, url: page("review") };
      return { kind, params: { ...params, products: [...words.products] } };
    }
    case "review_confirm":
      return { kind, params: { product, url: page("review/confirm") } };
    case "review_published":
      return { kind, params: { product, url, points: 50 } };
    case "review_rejected":
      return { kind, params: { product, url, reason: "personal_data", canAppeal: true, edit: false } };
    case "review_replied":
      return { kind, params: { product, url, reply: words.reply } };
    case "review_message":
      return { kind, params: { product, url, noteId: null, text: words.message } };
  }
}
