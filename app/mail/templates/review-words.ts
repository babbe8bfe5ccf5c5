// The texts of mails about reviews, written in each language and not converted. Nothing in them knows a rating:
// no star is proposed, and what is promised does not depend on one. Plain text in, plain text out. Pure.
import { oneLine } from "../address";
import type { MailLocale, MailWords } from "./mail-words";

interface Place {
  locale: MailLocale;
  shopName: string;
  /** The page behind the button; null: not known, and then there is no button. */
  url: string | null;
}
/** Points promised for a review and its parts. */
export interface PromisedPoints {
  review?: number | undefined;
  photo_review?: number | undefined;
  video_review?: number | undefined;
  first_review?: number | undefined;
}
export interface ReviewRequest {
  products: string[];
  promised: PromisedPoints | null;
  /** It goes to subscribers only, and says so. */
  subscribersOnly: boolean;
}

const TITLE_MAX = 36;
/** A title short enough for a subject line. */
function short(title: string): string {
  const characters = [...oneLine(title)];
  return characters.length > TITLE_MAX ? `${characters.slice(0, TITLE_MAX - 1).join("")}…` : characters.join("");
}
const count = (points: number, locale: MailLocale) => new Intl.NumberFormat(locale).format(points);
const inEnglish = (points: number) => `${count(points, "en")} ${points === 1 ? "point" : "points"}`;
const inJapanese = (points: number) => `${count(points, "ja")}ポイント`;
const button = (url: string | null, text: string) => (url ? { text, url } : null);
const orderReason = ({ locale, shopName }: Place, subscribersOnly: boolean): string => {
  if (locale === "ja")
    return subscribersOnly
      ? `${shopName}でご購入になり、お知らせメールの受信に同意いただいた方にお送りしています。`
      : `${shopName}でご購入いただいた方に、ご感想をうかがうためお送りしています。`;
  return subscribersOnly
    ? `You receive this because you ordered from ${shopName} and agreed to its e-mail.`
    : `You receive this because you ordered from ${shopName}.`;
};
const authorReason = ({ locale, shopName }: Place): string =>
  locale === "ja"
    ? `${shopName}にレビューを投稿された方にお送りしています。`
    : `You receive this because you wrote a review at ${shopName}.`;

function starLinks(url: string | null, locale: MailLocale): { name: string; url: string }[] {
  if (!url) return [];
  return [1, 2, 3, 4, 5].map((stars) => {
    const link = new URL(url);
    link.searchParams.set("s", String(stars));
    const english = stars === 1 ? "1 star out of 5" : `${stars} stars out of 5`;
    return { name: locale === "ja" ? `5つ星のうち${stars}` : english, url: link.toString() };
  });
}

/** What is promised, and that it does not depend on the rating. */
export function promiseText(promised: PromisedPoints, locale: MailLocale): string {
  const { review, photo_review: photo, video_review: video, first_review: first } = promised;
  if (locale === "ja") {
    const parts = [
      ...(review ? [`レビューの投稿で${inJapanese(review)}`] : []),
      ...(photo ? [`写真付きで${review ? "さらに" : ""}${inJapanese(photo)}`] : []),
      ...(video ? [`動画付きで${review ? "さらに" : ""}${inJapanese(video)}`] : []),
      ...(first ? [`その商品の最初のレビューで${review ? "さらに" : ""}${inJapanese(first)}`] : []),
    ];
    return `${parts.join("、")}を差し上げます。星の数や内容によってポイントが変わることはありません。レビューには「ポイント進呈あり」と表示されます。`;
  }
  const more = (points: number) => (review ? `${count(points, "en")} more` : inEnglish(points));
  const parts = [
    ...(review ? [`${inEnglish(review)} for your review`] : []),
    ...(photo ? [`${more(photo)} if it has a photo`] : []),
    ...(video ? [`${more(video)} if it has a video`] : []),
    ...(first ? [`${more(first)} if it is the product's first`] : []),
  ];
  return `You receive ${list(parts)}. The points are the same whatever your rating and your words. The review will say that it received points.`;
}
function list(parts: string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** How was it? */
export function reviewRequestWords({ products, promised, subscribersOnly }: ReviewRequest, place: Place): MailWords {
  const { locale, shopName, url } = place;
  const [first = ""] = products;
  const isOne = products.length === 1;
  const shared = {
    items: isOne ? [] : products,
    note: promised ? promiseText(promised, locale) : null,
    because: orderReason(place, subscribersOnly),
  };
  if (locale === "ja") {
    return {
      subject: isOne ? `「${short(first)}」はいかがでしたか` : `${shopName}でお求めの商品はいかがでしたか`,
      headline: isOne ? `「${oneLine(first)}」はいかがでしたか` : "お求めの商品はいかがでしたか",
      paragraphs: ["お使いになったご感想をお聞かせください。これから選ぶ方の参考になります。1分ほどで終わります。"],
      stars: stars(
        url,
        locale,
        isOne
          ? "星を選ぶと、投稿ページが開きます。星はあとから変えられます。"
          : `まず「${oneLine(first)}」から。星を選ぶと、投稿ページが開きます。`,
      ),
      button: button(url, "レビューを書く"),
      ...shared,
    };
  }
  return {
    subject: isOne ? `How do you like ${short(first)}?` : `How do you like your order from ${short(shopName)}?`,
    headline: isOne ? `How do you like ${oneLine(first)}?` : "How do you like your order?",
    paragraphs: ["Tell others what it is like to use. It helps them choose, and it takes about a minute."],
    stars: stars(
      url,
      locale,
      isOne
        ? "Choose a star to open the page. You can change it there."
        : `Begin with ${oneLine(first)}: choose a star to open the page.`,
    ),
    button: button(url, "Write a review"),
    ...shared,
  };
}
function stars(url: string | null, locale: MailLocale, label: string): MailWords["stars"] {
  const links = starLinks(url, locale);
  return links.length > 0 ? { label, links } : null;
}

/** The one reminder. */
export function reviewReminderWords(request: ReviewRequest, place: Place): MailWords {
  const { locale, shopName } = place;
  const isOne = request.products.length === 1;
  const [first = ""] = request.products;
  const words = reviewRequestWords(request, place);
  if (locale === "ja")
    return {
      ...words,
      subject: isOne
        ? `「${short(first)}」のご感想をお待ちしています`
        : `${shopName}でのお買い物のご感想をお待ちしています`,
      headline: "よろしければ、ご感想をお聞かせください",
      paragraphs: ["ひとことだけでも、これから選ぶ方の参考になります。このご注文についてのご案内は、これが最後です。"],
      items: request.products,
    };
  return {
    ...words,
    subject: isOne ? `Your view of ${short(first)}` : `Your view of your order from ${short(shopName)}`,
    headline: "We would still like to hear from you",
    paragraphs: ["Even one sentence helps others choose. This is the last message about this order."],
    items: request.products,
  };
}

/** Was it you? Nothing in it comes from whoever typed the address. */
export function reviewConfirmWords({ product }: { product: string }, place: Place): MailWords {
  const { locale, shopName, url } = place;
  if (locale === "ja")
    return {
      subject: "レビュー投稿のご確認",
      headline: "このレビューはご本人の投稿ですか",
      paragraphs: [
        `このメールアドレスで、${product ? `「${oneLine(product)}」の` : ""}レビューが投稿されました。ご本人でしたら、下のボタンからご確認ください。確認後に公開の手続きへ進みます。`,
        "お心当たりがない場合は、何もしていただく必要はありません。14日後に自動的に取り下げられます。",
      ],
      button: button(url, "確認ページを開く"),
      because: `${shopName}へのレビュー投稿で、このメールアドレスが入力されたためお送りしています。`,
    };
  return {
    subject: "Please confirm your review",
    headline: "Did you write this review?",
    paragraphs: [
      `A review${product ? ` of ${oneLine(product)}` : ""} was sent in with this e-mail address. If it was you, confirm it and it can be published.`,
      "If it was not you, do nothing: it is closed by itself after 14 days.",
    ],
    button: button(url, "Open the confirmation page"),
    because: `You receive this because this address was given with a review at ${shopName}.`,
  };
}

/** It is on the page. */
export function reviewPublishedWords(
  { product, points }: { product: string; points: number },
  place: Place,
): MailWords {
  const { locale, url } = place;
  if (locale === "ja")
    return {
      subject: "レビューが公開されました",
      headline: product ? `「${oneLine(product)}」のレビューが公開されました` : "レビューが公開されました",
      paragraphs: [
        "ご感想をお寄せいただき、ありがとうございます。内容はいつでも編集・削除できます。",
        ...(points > 0
          ? [`${inJapanese(points)}を差し上げました。レビューには「ポイント進呈あり」と表示されます。`]
          : []),
      ],
      button: button(url, "レビューを見る"),
      because: authorReason(place),
    };
  return {
    subject: "Your review is published",
    headline: product ? `Your review of ${oneLine(product)} is published` : "Your review is published",
    paragraphs: [
      "Thank you for taking the time. You can edit or delete it whenever you like.",
      ...(points > 0 ? [`You received ${inEnglish(points)} for it, and the review says so.`] : []),
    ],
    button: button(url, "See your review"),
    because: authorReason(place),
  };
}

/** Reasons for which a review may be rejected; the same list as the one shown in public. */
export const REJECTION_TEXTS: Record<string, Record<MailLocale, string>> = {
  spam: {
    en: "It reads like advertising or was sent in many times.",
    ja: "宣伝、または同じ内容の繰り返しと判断したため",
  },
  offensive: {
    en: "It contains insulting or indecent words.",
    ja: "人を傷つける表現、または不適切な表現が含まれているため",
  },
  personal_data: { en: "It contains somebody's personal data.", ja: "個人情報が含まれているため" },
  off_topic: { en: "It is not about the product.", ja: "商品についての内容ではないため" },
  fake: {
    en: "It does not seem to come from using the product.",
    ja: "実際のご利用にもとづく内容と確認できなかったため",
  },
  unlawful_claim: {
    en: "It makes a claim about health or effects that the law does not let us show.",
    ja: "法令により掲載できない効能・効果の表現が含まれているため",
  },
  rights_of_others: {
    en: "It uses words or pictures that belong to others.",
    ja: "ほかの方の権利にかかわる文章や画像が含まれているため",
  },
  wrong_product: { en: "It is about another product.", ja: "別の商品についての内容のため" },
};

export interface ReviewRejected {
  product: string;
  reason: string;
  canAppeal: boolean;
  /** Only a change was turned down. */
  edit: boolean;
}

/** It is not on the page, why, and how to object. */
export function reviewRejectedWords(rejected: ReviewRejected, place: Place): MailWords {
  const { product, reason, canAppeal, edit } = rejected;
  const { locale, url } = place;
  const why = REJECTION_TEXTS[reason]?.[locale] ?? "";
  if (edit) return editRejectedWords(product, why, place);
  if (locale === "ja")
    return {
      subject: "ご投稿いただいたレビューについて",
      headline: product ? `「${oneLine(product)}」のレビューを掲載できませんでした` : "レビューを掲載できませんでした",
      paragraphs: [
        ...(why ? [`理由：${why}`] : []),
        "星の数や、商品へのご意見の内容を理由に掲載をお断りすることはありません。",
        ...(canAppeal ? ["ご納得いただけない場合は、下のページから一度だけ再確認をお申し出いただけます。"] : []),
      ],
      button: button(url, "レビューのページを開く"),
      because: authorReason(place),
    };
  return {
    subject: product ? `About your review of ${short(product)}` : "About your review",
    headline: "Your review could not be published",
    paragraphs: [
      ...(why ? [`The reason: ${why}`] : []),
      "A review is never turned down for its stars or its opinion.",
      ...(canAppeal ? ["If you see it differently, you can ask once for another look, on the page below."] : []),
    ],
    button: button(url, "Open your review"),
    because: authorReason(place),
  };
}

function editRejectedWords(product: string, why: string, place: Place): MailWords {
  const { locale, url } = place;
  if (locale === "ja")
    return {
      subject: "レビューの変更について",
      headline: product
        ? `「${oneLine(product)}」のレビューの変更を掲載できませんでした`
        : "レビューの変更を掲載できませんでした",
      paragraphs: [
        ...(why ? [`理由：${why}`] : []),
        "これまでのレビューは、そのまま掲載されています。もう一度編集することもできます。",
      ],
      button: button(url, "レビューのページを開く"),
      because: authorReason(place),
    };
  return {
    subject: product ? `About the change to your review of ${short(product)}` : "About the change to your review",
    headline: "Your change could not be published",
    paragraphs: [...(why ? [`The reason: ${why}`] : []), "Your review stays as it was before. You can edit it again."],
    button: button(url, "Open your review"),
    because: authorReason(place),
  };
}

/** The shop has answered in public. */
export function reviewRepliedWords({ product, reply }: { product: string; reply: string }, place: Place): MailWords {
  const { locale, shopName, url } = place;
  if (locale === "ja")
    return {
      subject: `${shopName}からレビューへの返信があります`,
      headline: "レビューに返信がありました",
      paragraphs: product ? [`「${oneLine(product)}」のレビューへの返信です。`] : [],
      quote: { by: shopName, text: reply },
      button: button(url, "レビューを見る"),
      because: authorReason(place),
    };
  return {
    subject: `${short(shopName)} has replied to your review`,
    headline: "There is a reply to your review",
    paragraphs: product ? [`To your review of ${oneLine(product)}:`] : [],
    quote: { by: shopName, text: reply },
    button: button(url, "See your review"),
    because: authorReason(place),
  };
}

/** Somebody of the shop writes to the author alone. */
export function reviewMessageWords({ product, text }: { product: string; text: string }, place: Place): MailWords {
  const { locale, shopName, url } = place;
  if (locale === "ja")
    return {
      subject: `${shopName}からのご連絡`,
      headline: product ? `「${oneLine(product)}」のレビューについてのご連絡` : "レビューについてのご連絡",
      paragraphs: ["このメッセージは公開されません。ご返信は、このメールにそのままお送りください。"],
      quote: { by: shopName, text },
      button: button(url, "レビューを見る"),
      because: authorReason(place),
    };
  return {
    subject: `A message from ${short(shopName)}`,
    headline: product ? `About your review of ${oneLine(product)}` : "About your review",
    paragraphs: ["Only you can see this message. To answer, reply to this e-mail."],
    quote: { by: shopName, text },
    button: button(url, "See your review"),
    because: authorReason(place),
  };
}
