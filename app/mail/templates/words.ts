// The texts of each mail, written in each language and not converted. Plain text in, plain text out: the
// layout escapes. Pure.
import type { MailLocale, MailWords } from "./mail-words";

type Localized = Record<MailLocale, string>;
interface Place {
  locale: MailLocale;
  shopName: string;
  /** Where the shopper sees points and rewards; null: the shop's address is not known yet. */
  shopUrl: string | null;
}
export interface RewardIssued {
  title: Localized;
  code: string | null;
  /** "30 November 2026" in the mail's language; null: no end. */
  lastDay: string | null;
}
export interface PointsExpiring {
  points: number;
  lastDay: string;
}
export interface TierChanged {
  /** null: no tier any more. */
  tier: Localized | null;
  isUp: boolean;
  lastDay: string | null;
}
export interface ReferralRewarded {
  points: number;
}

const count = (points: number, locale: MailLocale) => new Intl.NumberFormat(locale).format(points);
const inEnglish = (points: number) => `${count(points, "en")} ${points === 1 ? "point" : "points"}`;
const pick = (text: Localized, locale: MailLocale) => text[locale] || text[locale === "en" ? "ja" : "en"];
const because = (locale: MailLocale, shopName: string): string =>
  locale === "ja"
    ? `${shopName}のお知らせメールの受信に同意いただいた方にお送りしています。`
    : `You receive this because you agreed to e-mail from ${shopName}.`;
const button = (shopUrl: string | null, text: string) => (shopUrl ? { text, url: shopUrl } : null);

/** The reward the shopper has just chosen. */
export function rewardIssuedWords({ title, code, lastDay }: RewardIssued, place: Place): MailWords {
  const { locale, shopName, shopUrl } = place;
  const name = pick(title, locale);
  if (locale === "ja") {
    return {
      subject: `特典「${name}」をご用意しました`,
      headline: `「${name}」をお使いいただけます`,
      paragraphs: [
        ...(lastDay ? [`有効期限：${lastDay}`] : []),
        code
          ? "ご購入手続きの際に、次のコードをご入力ください。"
          : "お手続きは必要ありません。そのままお使いいただけます。",
      ],
      code,
      button: button(shopUrl, "お買い物をする"),
      because: `${shopName}でポイントを特典に交換された方に、確認のためお送りしています。`,
    };
  }
  return {
    subject: `Your reward: ${name}`,
    headline: `${name} is ready`,
    paragraphs: [
      ...(lastDay ? [`Valid through ${lastDay}.`] : []),
      code ? "Enter this code at checkout." : "There is nothing else to do: it is yours.",
    ],
    code,
    button: button(shopUrl, "Go to the shop"),
    because: `You receive this because you exchanged points for a reward at ${shopName}.`,
  };
}

/** Points whose last day comes near. */
export function pointsExpiringWords({ points, lastDay }: PointsExpiring, place: Place): MailWords {
  const { locale, shopName, shopUrl } = place;
  if (locale === "ja") {
    return {
      subject: `${count(points, "ja")}ポイントの有効期限は${lastDay}です`,
      headline: `${count(points, "ja")}ポイントは${lastDay}までお使いいただけます`,
      paragraphs: ["期限を過ぎたポイントはご利用いただけなくなります。よろしければ、その前にお役立てください。"],
      button: button(shopUrl, "ポイントを使う"),
      because: because(locale, shopName),
    };
  }
  return {
    subject: `${inEnglish(points)} to use by ${lastDay}`,
    headline: `${inEnglish(points)} can be used through ${lastDay}`,
    paragraphs: ["After that day they are gone. If there is something you like, now is a good moment."],
    button: button(shopUrl, "Use your points"),
    because: because(locale, shopName),
  };
}

/** Another tier than before. */
export function tierChangedWords({ tier, isUp, lastDay }: TierChanged, place: Place): MailWords {
  const { locale, shopName, shopUrl } = place;
  const name = tier ? pick(tier, locale) : null;
  const shared = {
    button: button(shopUrl, locale === "ja" ? "会員特典を見る" : "See what you have"),
    because: because(locale, shopName),
  };
  if (locale === "ja") {
    const until = lastDay ? [`${lastDay}まで有効です。`] : [];
    if (!name)
      return {
        subject: "会員ランクの期間が終了しました",
        headline: "会員ランクの期間が終了しました",
        paragraphs: ["お持ちのポイントはこれまでどおりお使いいただけます。"],
        ...shared,
      };
    if (isUp)
      return {
        subject: `会員ランクが「${name}」になりました`,
        headline: `「${name}」へようこそ`,
        paragraphs: [
          "いつもご利用いただき、ありがとうございます。今日から新しい会員ランクの特典をご利用いただけます。",
          ...until,
        ],
        ...shared,
      };
    return {
      subject: `会員ランクのお知らせ：「${name}」`,
      headline: `会員ランクは「${name}」です`,
      paragraphs: ["ランクの期間が更新されました。お持ちのポイントはこれまでどおりお使いいただけます。", ...until],
      ...shared,
    };
  }
  const until = lastDay ? [`It is yours through ${lastDay}.`] : [];
  if (!name)
    return {
      subject: "Your tier period has ended",
      headline: "Your tier period has ended",
      paragraphs: ["Your points stay as they are."],
      ...shared,
    };
  if (isUp)
    return {
      subject: `You have reached ${name}`,
      headline: `Welcome to ${name}`,
      paragraphs: [
        "Thank you for coming back to us. What comes with your new tier is open to you from today.",
        ...until,
      ],
      ...shared,
    };
  return {
    subject: `Your tier is now ${name}`,
    headline: `Your tier is now ${name}`,
    paragraphs: ["A new tier period has begun. Your points stay as they are.", ...until],
    ...shared,
  };
}

/** A friend came along. */
export function referralRewardedWords({ points }: ReferralRewarded, place: Place): MailWords {
  const { locale, shopName, shopUrl } = place;
  if (locale === "ja") {
    return {
      subject: `お友だち紹介で${count(points, "ja")}ポイントを獲得しました`,
      headline: `${count(points, "ja")}ポイントをお贈りしました`,
      paragraphs: ["ご紹介いただいたお友だちにご購入いただきました。ご紹介ありがとうございます。"],
      button: button(shopUrl, "ポイントを見る"),
      because: because(locale, shopName),
    };
  }
  return {
    subject: `${inEnglish(points)} for your referral`,
    headline: `${inEnglish(points)} are yours`,
    paragraphs: ["The friend you sent to us has ordered. Thank you for the introduction."],
    button: button(shopUrl, "See your points"),
    because: because(locale, shopName),
  };
}
