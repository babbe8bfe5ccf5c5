// Why points moved, or did not: codes and parameters in the ledger, sentences here. Shoppers read them.
import type { Rounding } from "./money";
import { formatMinor } from "./money";

/** Why an order earns nothing (now, or at all). */
export type NothingReason =
  | "no_program"
  | "program_paused"
  | "not_started"
  | "preview_only"
  | "guest"
  | "claim_window_passed"
  | "not_joined"
  | "not_tagged"
  | "excluded_customer"
  | "b2b_excluded"
  | "test_order"
  | "test_removed"
  | "channel_excluded"
  | "high_risk"
  | "nothing_eligible"
  | "below_minimum"
  | "below_one_point"
  | "day_cap_reached"
  | "order_cancelled"
  | "order_voided"
  | "dispute_lost"
  | "refunded"
  | "not_first_order"
  | "no_longer_applies";

/** Why the merchant or an employee adjusted a balance. */
export const ADJUSTMENT_REASONS = [
  "adjust_goodwill",
  "adjust_correction",
  "adjust_gift",
  "adjust_event",
  "adjust_import",
  "adjust_misuse",
  "adjust_other",
] as const;
export type AdjustmentReason = (typeof ADJUSTMENT_REASONS)[number];

export type ReasonCode =
  | NothingReason
  | AdjustmentReason
  | "order_earned"
  | "first_order_bonus"
  | "tier_extra"
  | "campaign_extra"
  | "campaign_bonus"
  | "nth_order_bonus"
  | "product_bonus"
  | "spend_bonus"
  | "tier_entry"
  | "order_increased"
  | "order_reduced"
  | WayReason
  | "way_duplicate"
  | "review_withdrawn"
  | RewardReason
  | "moved_to_other_member"
  | "hold_passed"
  | "held_again"
  | "debt_repaid"
  | "debt_forgiven"
  | "merged_in"
  | "merged_out"
  | "points_expired";

/** Why an act, a date or a friend gave points: one code for each way to earn beside orders. */
export const WAY_REASONS = [
  "way_join",
  "way_newsletter",
  "way_sms",
  "way_birthday",
  "way_anniversary",
  "way_social",
  "way_review",
  "way_photo_review",
  "way_video_review",
  "way_first_review",
  "way_survey",
  "referral_reward",
] as const;
export type WayReason = (typeof WAY_REASONS)[number];

/** What a redemption did to the points: kept for it, used, given back or charged. */
export const REWARD_REASONS = [
  "reward_reserved",
  "reward_used",
  "reward_expired",
  "reward_cancelled",
  "reward_failed",
  "reward_rest_returned",
  "reward_order_refunded",
  "reward_refund_reversed",
  "reward_used_late",
] as const;
export type RewardReason = (typeof REWARD_REASONS)[number];

/** Parameters of a reason; all optional, because entries written by earlier versions stay readable. */
export interface ReasonParams {
  /** Points this sentence is about. */
  points?: number;
  /** Money that counted, in minor units of `currency`. */
  baseMinor?: number;
  currency?: string;
  ratePoints?: number;
  ratePerMinor?: number;
  rounding?: Rounding;
  /** Which cap cut the points, and to what. */
  cappedBy?: "order" | "day" | "member";
  cap?: number;
  /** Money given back so far. */
  refundedMinor?: number;
  /** What the order earned before any refund. */
  grossPoints?: number;
  /** What the order earns now. */
  keptPoints?: number;
  minimumMinor?: number;
  orderName?: string;
  /** Which anniversary it was. */
  years?: number;
  /** The campaign or tier that gave the points, as it was called then. */
  name?: { en: string; ja: string };
  campaignId?: string;
  tierId?: string;
  /** 150 = ×1.5. */
  multiplierPercent?: number;
  /** Which order of the member it was. */
  orderNumber?: number;
  units?: number;
  thresholdMinor?: number;
  /** What changed is a bonus beside the order's own points. */
  isBonus?: true;
  /** The reason behind a reduction: a refund, a cancellation, an edit … */
  because?: NothingReason;
}

export type ReasonLocale = "en" | "ja";
type Sentence = (params: ReasonParams, locale: ReasonLocale) => string;

const number = (value: number | undefined, locale: ReasonLocale): string =>
  new Intl.NumberFormat(locale).format(value ?? 0);
const count = (value: number | undefined): string => `${number(value, "en")} ${value === 1 ? "point" : "points"}`;
const pt = (value: number | undefined): string => `${number(value, "ja")}ポイント`;
const money = (minor: number | undefined, params: ReasonParams, locale: ReasonLocale): string =>
  formatMinor(minor ?? 0, params.currency ?? "JPY", locale);

const ROUNDING: Record<ReasonLocale, Record<Rounding, string>> = {
  en: { down: "rounded down", up: "rounded up", half_up: "rounded to the nearest point" },
  ja: { down: "端数切り捨て", up: "端数切り上げ", half_up: "端数四捨五入" },
};

function capNote(params: ReasonParams, locale: ReasonLocale): string {
  if (!params.cappedBy) return "";
  const PER = { day: "1日", order: "1注文", member: "お一人様" };
  if (locale === "ja") return `、${PER[params.cappedBy]}の上限${pt(params.cap)}`;
  return `, limited to ${count(params.cap)} per ${params.cappedBy}`;
}
function earned(params: ReasonParams, locale: ReasonLocale): string {
  const base = money(params.baseMinor, params, locale);
  const per = money(params.ratePerMinor, params, locale);
  const rounding = ROUNDING[locale][params.rounding ?? "down"];
  if (locale === "ja") {
    const unit = params.currency === "JPY" ? `${number(params.ratePerMinor, "ja")}円` : per;
    return `${pt(params.points)}：${base} × ${unit}ごとに${pt(params.ratePoints)}（${rounding}${capNote(params, locale)}）`;
  }
  return `${count(params.points)}: ${base} × ${number(params.ratePoints, "en")} per ${per}, ${rounding}${capNote(params, locale)}`;
}
function reduced(params: ReasonParams, locale: ReasonLocale): string {
  const kept = params.keptPoints ?? 0;
  if (params.because && params.because !== "refunded") {
    const cause = NOTHING[params.because][locale];
    return locale === "ja"
      ? `${pt(params.points)}の取り消し：${cause}`
      : `${count(params.points)} taken back: ${lowerFirst(cause)}`;
  }
  const refunded = params.refundedMinor ? money(params.refundedMinor, params, locale) : null;
  if (locale === "ja") {
    const cause = refunded ? `${refunded}の返金` : "注文内容の変更";
    if (params.isBonus) return `${pt(params.points)}の取り消し：${cause}により、このボーナスは${pt(kept)}になりました`;
    return `${pt(params.points)}の取り消し：${cause}により、この注文は${pt(kept)}になりました`;
  }
  const cause = refunded ? `${refunded} was refunded` : "the order changed";
  if (params.isBonus) return `${count(params.points)} taken back: ${cause}, so this bonus is now ${count(kept)}`;
  return `${count(params.points)} taken back: ${cause}, so this order earns ${count(kept)}`;
}
function increased(params: ReasonParams, locale: ReasonLocale): string {
  if (params.isBonus)
    return locale === "ja"
      ? `${pt(params.points)}の追加：注文内容の変更により、このボーナスは${pt(params.keptPoints)}になりました`
      : `${count(params.points)} added: the order changed and this bonus is now ${count(params.keptPoints)}`;
  if (locale === "ja")
    return `${pt(params.points)}の追加：注文内容の変更により、この注文は${pt(params.keptPoints)}になりました`;
  return `${count(params.points)} added: the order changed and now earns ${count(params.keptPoints)}`;
}
/** "×1.5" of 150. */
function times(percent: number | undefined): string {
  const [whole, part] = [Math.trunc((percent ?? 100) / 100), (percent ?? 100) % 100];
  return part === 0 ? String(whole) : `${whole}.${String(part).padStart(2, "0").replace(/0$/, "")}`;
}
function named(params: ReasonParams, locale: ReasonLocale): string {
  return params.name?.[locale] || params.name?.[locale === "en" ? "ja" : "en"] || (locale === "ja" ? "特典" : "bonus");
}
/** A line for what an order earned beside its own points, with the cap that cut it. */
function extra(en: (params: ReasonParams) => string, ja: (params: ReasonParams) => string): Sentence {
  return (params, locale) =>
    locale === "ja"
      ? `${pt(params.points)}：${ja(params)}${params.cappedBy ? `（${capNote(params, locale).slice(1)}）` : ""}`
      : `${count(params.points)}: ${en(params)}${capNote(params, locale)}`;
}
function way(en: string, ja: string): Sentence {
  return (params, locale) => (locale === "ja" ? `${pt(params.points)}：${ja}` : `${count(params.points)}: ${en}`);
}
// What a reward is called stands before what happened to its points.
function reward(en: string, ja: string): Sentence {
  return (params, locale) => {
    const name = params.name?.[locale] || params.name?.[locale === "en" ? "ja" : "en"] || "";
    if (locale === "ja") return `${pt(params.points)}：${name ? `「${name}」` : "特典"}${ja}`;
    return `${count(params.points)}: ${name || "reward"}, ${en}`;
  };
}
function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

const NOTHING: Record<NothingReason, Record<ReasonLocale, string>> = {
  no_program: { en: "The shop has no points program yet", ja: "ポイントプログラムはまだ始まっていません" },
  program_paused: { en: "The points program was paused", ja: "ポイントプログラムは一時停止中でした" },
  not_started: { en: "The order was placed before the program began", ja: "プログラム開始前のご注文です" },
  preview_only: { en: "The program is not open to everyone yet", ja: "プログラムはまだ一般公開されていません" },
  guest: {
    en: "The order was placed as a guest; sign in to claim its points",
    ja: "ゲストでのご注文です。ログインするとポイントを受け取れます",
  },
  claim_window_passed: {
    en: "The time to claim this guest order has passed",
    ja: "ゲスト注文のポイントを受け取れる期間を過ぎました",
  },
  not_joined: { en: "The order was placed before joining the program", ja: "プログラムに参加する前のご注文です" },
  not_tagged: { en: "The program is open to selected customers only", ja: "対象のお客様限定のプログラムです" },
  excluded_customer: {
    en: "This customer does not take part in the program",
    ja: "このお客様はプログラムの対象外です",
  },
  b2b_excluded: { en: "Business orders do not earn points", ja: "法人のご注文はポイントの対象外です" },
  test_order: { en: "Test orders do not earn points", ja: "テスト注文はポイントの対象外です" },
  test_removed: { en: "Points of a test order were removed", ja: "テスト注文のポイントは取り消されました" },
  channel_excluded: {
    en: "Orders from this sales channel do not earn points",
    ja: "この販売チャネルのご注文はポイントの対象外です",
  },
  high_risk: {
    en: "The order needs a closer look and does not earn points",
    ja: "確認が必要なご注文のため、ポイントは付きません",
  },
  nothing_eligible: { en: "Nothing in this order earns points", ja: "このご注文にはポイント対象の商品がありません" },
  below_minimum: {
    en: "The order is below the minimum for earning points",
    ja: "ポイントが付く最低金額に達していません",
  },
  below_one_point: { en: "The amount is too small for one point", ja: "1ポイントに満たない金額です" },
  day_cap_reached: { en: "The points limit for this day was reached", ja: "1日に獲得できるポイントの上限に達しました" },
  order_cancelled: { en: "The order was cancelled", ja: "ご注文がキャンセルされました" },
  order_voided: { en: "The payment was not completed", ja: "お支払いが完了しませんでした" },
  dispute_lost: { en: "The payment was charged back", ja: "お支払いが取り消されました（チャージバック）" },
  refunded: { en: "The order was refunded", ja: "ご注文は返金されました" },
  not_first_order: { en: "This was not the first order", ja: "初回のご注文ではありません" },
  no_longer_applies: {
    en: "This bonus does not apply to the order any more",
    ja: "このご注文はボーナスの対象ではなくなりました",
  },
};

const ADJUSTMENTS: Record<AdjustmentReason, Record<ReasonLocale, string>> = {
  adjust_goodwill: { en: "A gesture from the shop", ja: "お店からのお詫び・お礼" },
  adjust_correction: { en: "Correction by the shop", ja: "お店による訂正" },
  adjust_gift: { en: "A gift from the shop", ja: "お店からのプレゼント" },
  adjust_event: { en: "Event or campaign", ja: "イベント・キャンペーン" },
  adjust_import: { en: "Carried over from an earlier program", ja: "以前のプログラムからの引き継ぎ" },
  adjust_misuse: { en: "Removed for misuse", ja: "不正利用のため取り消し" },
  adjust_other: { en: "Adjusted by the shop", ja: "お店による調整" },
};

const MOVES: Record<Exclude<ReasonCode, NothingReason | AdjustmentReason>, Sentence> = {
  order_earned: earned,
  first_order_bonus: (params, locale) =>
    locale === "ja" ? `${pt(params.points)}：初回ご注文の特典` : `${count(params.points)}: bonus for the first order`,
  tier_extra: extra(
    (params) => `${named(params, "en")} members earn ×${times(params.multiplierPercent)}`,
    (params) => `${named(params, "ja")}会員はポイント${times(params.multiplierPercent)}倍`,
  ),
  campaign_extra: extra(
    (params) => `${named(params, "en")}, points ×${times(params.multiplierPercent)}`,
    (params) => `${named(params, "ja")}、ポイント${times(params.multiplierPercent)}倍`,
  ),
  campaign_bonus: extra(
    (params) => named(params, "en"),
    (params) => named(params, "ja"),
  ),
  nth_order_bonus: extra(
    (params) => `bonus for order number ${number(params.orderNumber, "en")}`,
    (params) => `${number(params.orderNumber, "ja")}回目のご注文の特典`,
  ),
  product_bonus: extra(
    (params) =>
      params.units && params.units > 1
        ? `bonus for ${number(params.units, "en")} chosen items`
        : "bonus for a chosen item",
    (params) =>
      params.units && params.units > 1 ? `対象商品${number(params.units, "ja")}点のボーナス` : "対象商品のボーナス",
  ),
  spend_bonus: extra(
    (params) => `bonus for orders of ${money(params.thresholdMinor, params, "en")} or more`,
    (params) => `${money(params.thresholdMinor, params, "ja")}以上のご注文の特典`,
  ),
  tier_entry: (params, locale) =>
    locale === "ja"
      ? `${pt(params.points)}：会員ランク「${named(params, "ja")}」到達の特典`
      : `${count(params.points)}: gift for reaching ${named(params, "en")}`,
  order_increased: increased,
  order_reduced: reduced,
  way_join: way("joining the program", "プログラムへの参加"),
  way_newsletter: way("subscribing to e-mail news", "メールマガジンの登録"),
  way_sms: way("subscribing to text messages", "SMSの配信登録"),
  way_birthday: way("happy birthday", "お誕生日のお祝い"),
  way_anniversary: (params, locale) =>
    locale === "ja"
      ? `${pt(params.points)}：会員になって${number(params.years ?? 1, "ja")}周年`
      : `${count(params.points)}: ${params.years === 1 || !params.years ? "one year" : `${number(params.years, "en")} years`} as a member`,
  way_social: way("following or sharing", "フォロー・シェア"),
  way_review: way("writing a review", "レビューの投稿"),
  way_photo_review: way("a review with photos", "写真付きレビューの投稿"),
  way_video_review: way("a review with a video", "動画付きレビューの投稿"),
  way_first_review: way("the first review of a product", "商品の最初のレビュー"),
  way_survey: way("answering a survey", "アンケートへの回答"),
  referral_reward: way("a friend you invited placed an order", "ご紹介したお友だちのご注文"),
  review_withdrawn: (params, locale) =>
    locale === "ja"
      ? `${pt(params.points)}の取り消し：レビューが削除されました`
      : `${count(params.points)} taken back: the review was deleted`,
  way_duplicate: (params, locale) =>
    locale === "ja"
      ? `${pt(params.points)}の取り消し：統合された2つのアカウントで同じ特典を受け取られていました`
      : `${count(params.points)} taken back: both merged accounts had received the same bonus`,
  reward_reserved: reward("set aside until it is used", "と交換（ご利用まで確保）"),
  reward_used: reward("used", "を利用"),
  reward_expired: reward(
    "not used in time, points returned",
    "は期限までにご利用がなかったため、ポイントをお返ししました",
  ),
  reward_cancelled: reward("cancelled, points returned", "を取り消し、ポイントをお返ししました"),
  reward_failed: reward("could not be issued, points returned", "を発行できなかったため、ポイントをお返ししました"),
  reward_rest_returned: reward("worth more than the order, the rest returned", "の未使用分のポイントをお返ししました"),
  reward_order_refunded: reward(
    "the order was refunded, points returned",
    "のご注文が返金されたため、ポイントをお返ししました",
  ),
  reward_refund_reversed: reward(
    "the refund was undone, points used again",
    "のご注文の返金が取り消されたため、再度ポイントを充当しました",
  ),
  reward_used_late: reward(
    "used after its points had been returned",
    "がポイント返却後に利用されたため、ポイントを充当しました",
  ),
  moved_to_other_member: (_params, locale) =>
    locale === "ja" ? "ご注文が別の会員に移りました" : "The order now belongs to another member",
  hold_passed: (params, locale) =>
    locale === "ja" ? `${pt(params.points)}が使えるようになりました` : `${count(params.points)} became available`,
  held_again: (params, locale) =>
    locale === "ja"
      ? `${pt(params.points)}は確認が終わるまで仮ポイントです`
      : `${count(params.points)} are pending until the order is settled`,
  debt_repaid: (params, locale) =>
    locale === "ja" ? `${pt(params.points)}を不足分に充当しました` : `${count(params.points)} went towards points owed`,
  debt_forgiven: (params, locale) =>
    locale === "ja" ? `不足していた${pt(params.points)}は免除されました` : `${count(params.points)} owed were forgiven`,
  merged_in: (params, locale) =>
    locale === "ja"
      ? `統合されたアカウントから${pt(params.points)}を引き継ぎました`
      : `${count(params.points)} came from a merged account`,
  merged_out: (params, locale) =>
    locale === "ja"
      ? `${pt(params.points)}を統合先のアカウントに移しました`
      : `${count(params.points)} moved to the merged account`,
  points_expired: (params, locale) =>
    locale === "ja" ? `${pt(params.points)}の有効期限が切れました` : `${count(params.points)} expired`,
};

/**
 * The sentence a shopper reads: "137 points: ¥13,780 × 1 per ¥100, rounded down".
 * An unknown code (of a newer version) reads as a plain change of balance.
 */
export function explain(code: ReasonCode, params: ReasonParams, locale: ReasonLocale): string {
  if (Object.hasOwn(NOTHING, code)) return NOTHING[code as NothingReason][locale];
  if (Object.hasOwn(ADJUSTMENTS, code)) return ADJUSTMENTS[code as AdjustmentReason][locale];
  if (Object.hasOwn(MOVES, code)) return MOVES[code as keyof typeof MOVES](params, locale);
  return locale === "ja" ? "ポイント残高の変更" : "Points changed";
}
