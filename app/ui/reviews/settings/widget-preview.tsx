// What the settings come to on a product page: names, labels, questions. A sample, in plain clothes.
import { BlockStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Locale } from "../../../i18n/locales";
import { displayName } from "../../../reviews/display/display-name";
import type { ReviewQuestion } from "../../../reviews/review-settings";
import { Stars } from "../stars";
import { textOf } from "./questions-card";
import type { ReviewDraft } from "./review-draft";

// A sample is in the language of the shopper, not in the reader's.
const SAMPLE = {
  en: {
    name: "Jane Smith",
    title: "Just what I hoped for",
    body: "Soft, warm and well made. I wear it almost every day.",
    verified: "Verified purchase",
    points: "Received points for this review",
    helpful: "Helpful (3)",
    reply: "Thank you, Jane. We are glad it keeps you warm.",
  },
  ja: {
    name: "山田 花子",
    title: "期待どおりでした",
    body: "肌ざわりがよく、つくりも丁寧です。ほとんど毎日着ています。",
    verified: "購入確認済み",
    points: "ポイント進呈あり",
    helpful: "参考になった（3）",
    reply: "山田さま、うれしいお言葉をありがとうございます。",
  },
} as const;

interface WidgetPreviewProps {
  draft: Pick<ReviewDraft, "names" | "questions">;
  locale: Locale;
  shopName: string;
  isRewarded: boolean;
}

/** One review as the theme block would show it. */
export function WidgetPreview({ draft, locale, shopName, isRewarded }: WidgetPreviewProps) {
  const { t } = useTranslation();
  const sample = SAMPLE[locale];
  const product = draft.questions.filter(({ aboutAuthor }) => !aboutAuthor);
  const author = draft.questions.filter(({ aboutAuthor }) => aboutAuthor);
  return (
    <BlockStack gap="200">
      <article className="kz-review-sample" lang={locale}>
        <p className="kz-review-sample-mean">
          4.6 <Stars rating={5} /> <span>(128)</span>
        </p>
        <div>
          <Stars rating={5} />
          <p className="kz-review-sample-title">{sample.title}</p>
        </div>
        <p className="kz-review-sample-meta">
          <b>{displayName(sample.name, draft.names)}</b> · {sample.verified}
          {isRewarded ? <> · {sample.points}</> : null}
        </p>
        {author.length > 0 ? (
          <p className="kz-review-sample-meta">
            {author.map((question) => `${textOf(question.label, locale)}: ${middleOf(question, locale)}`).join(" / ")}
          </p>
        ) : null}
        <p>{sample.body}</p>
        {product.map((question) => (
          <Answer key={question.id} question={question} locale={locale} />
        ))}
        <p className="kz-review-sample-meta">{sample.helpful}</p>
        <p className="kz-review-sample-reply">
          <b>{shopName}</b> {sample.reply}
        </p>
      </article>
      <Text as="p" tone="subdued" variant="bodySm">
        {t("reviews.settings.preview.sample_note")}
      </Text>
    </BlockStack>
  );
}

function middleOf({ options }: ReviewQuestion, locale: Locale): string {
  const option = options[Math.floor((options.length - 1) / 2)];
  return option ? textOf(option.label, locale) : "";
}

function Answer({ question, locale }: { question: ReviewQuestion; locale: Locale }) {
  const { options, kind, label } = question;
  if (kind === "choice")
    return (
      <p className="kz-review-sample-meta">
        {textOf(label, locale)}: {middleOf(question, locale)}
      </p>
    );
  const middle = Math.floor((options.length - 1) / 2);
  const [first, last] = [options[0], options.at(-1)];
  return (
    <div className="kz-review-scale">
      <span>{textOf(label, locale)}</span>
      <span className="kz-review-scale-line" aria-hidden="true">
        {options.map(({ id }, index) => (
          <i key={id} data-on={index === middle} />
        ))}
      </span>
      <span className="kz-review-scale-ends">
        <span>{first ? textOf(first.label, locale) : ""}</span>
        <span>{last ? textOf(last.label, locale) : ""}</span>
      </span>
    </div>
  );
}
