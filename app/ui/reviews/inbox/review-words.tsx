// What the author wrote, with marks where something was noticed, masked words on demand, and an edit beside it.
import { Badge, Banner, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Finding } from "../../../reviews/moderation/findings";
import { isMasked, MASKABLE } from "../../../reviews/moderation/mask-text";
import { TEXT_FIELDS, type ReviewContent, type TextField } from "../../../reviews/review-content";
import { useFormat } from "../../use-format";
import { textOf } from "../settings/questions-card";
import { Stars } from "../stars";
import type { Pane, PaneContext } from "./inbox-views";
import { MarkedText } from "./marked-text";

interface ReviewWordsProps {
  review: Pane["review"];
  questions: PaneContext["questions"];
  busy: boolean;
  onMask(finding: Finding, masked: boolean): void;
}

/** The words that are shown, or would be, and an edit that waits. */
export function ReviewWords({ review, questions, busy, onMask }: ReviewWordsProps) {
  const { t } = useTranslation();
  const { pending } = review;
  return (
    <BlockStack gap="400">
      {pending ? (
        <>
          <Banner tone="info" title={t("reviews.pane.edit_title")}>
            <p>{t("reviews.pane.edit_note")}</p>
          </Banner>
          <Version title={t("reviews.pane.edit_new")}>
            <Words
              content={pending.raw}
              findings={pending.findings}
              questions={questions}
              locale={review.locale}
              busy={busy}
            />
          </Version>
        </>
      ) : null}
      <Version title={pending ? t("reviews.pane.edit_shown") : null}>
        <Words
          content={review.raw}
          findings={review.findings}
          questions={questions}
          locale={review.locale}
          busy={busy}
          onMask={onMask}
        />
      </Version>
    </BlockStack>
  );
}

function Version({ title, children }: { title: string | null; children: React.ReactNode }) {
  if (title === null) return children;
  return (
    <section className="kz-review-version">
      <Text as="h3" variant="headingSm" tone="subdued">
        {title}
      </Text>
      {children}
    </section>
  );
}

interface WordsProps {
  content: ReviewContent;
  findings: Finding[];
  questions: PaneContext["questions"];
  locale: string;
  busy: boolean;
  onMask?(finding: Finding, masked: boolean): void;
}

function Words({ content, findings, questions, locale, busy, onMask }: WordsProps) {
  const { t } = useTranslation();
  const [revealed, setRevealed] = useState(false);
  const masks = findings.filter((finding) => finding.field !== null && MASKABLE.includes(finding.kind));
  const of = (field: TextField) => (
    <MarkedText
      text={content[field]}
      findings={findings.filter((finding) => finding.field === field)}
      revealed={revealed}
    />
  );
  const silent = TEXT_FIELDS.every((field) => field === "authorName" || content[field] === "");
  return (
    <BlockStack gap="300">
      <div className="kz-review-words" lang={locale}>
        <p className="kz-review-title">
          <Stars rating={content.rating} /> {content.title ? <b>{of("title")}</b> : null}
        </p>
        {content.body ? <p className="kz-review-body">{of("body")}</p> : null}
        {content.pros ? (
          <p>
            <b>{t("reviews.pane.pros")}</b> {of("pros")}
          </p>
        ) : null}
        {content.cons ? (
          <p>
            <b>{t("reviews.pane.cons")}</b> {of("cons")}
          </p>
        ) : null}
        {silent ? <p className="kz-help">{t("reviews.pane.no_words")}</p> : null}
      </div>
      <Answers content={content} questions={questions} />
      {masks.some(isMasked) ? (
        <InlineStack gap="300" blockAlign="center" wrap>
          <Button size="slim" pressed={revealed} onClick={() => setRevealed(!revealed)}>
            {t(revealed ? "reviews.pane.hide" : "reviews.pane.reveal")}
          </Button>
          <Text as="span" tone="subdued" variant="bodySm">
            {t("reviews.pane.masked_note")}
          </Text>
        </InlineStack>
      ) : null}
      {onMask && revealed ? <Masks masks={masks} content={content} busy={busy} onMask={onMask} /> : null}
    </BlockStack>
  );
}

type MasksProps = Required<Pick<WordsProps, "content" | "busy" | "onMask">> & { masks: Finding[] };
function Masks({ masks, content, busy, onMask }: MasksProps) {
  const { t } = useTranslation();
  return (
    <ul className="kz-rows">
      {masks.map((finding) => (
        <li key={`${finding.kind}/${finding.field}/${finding.from}`}>
          <span className="kz-truncate">
            {finding.field ? content[finding.field].slice(finding.from, finding.to) : ""}
          </span>
          <Button size="slim" disabled={busy} onClick={() => onMask(finding, !isMasked(finding))}>
            {t(isMasked(finding) ? "reviews.pane.unmask" : "reviews.pane.mask")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function Answers({ content, questions }: Pick<WordsProps, "content" | "questions">) {
  const { locale } = useFormat();
  const known = content.answers.flatMap(({ questionId, optionId }) => {
    const question = questions.find(({ id }) => id === questionId);
    const option = question?.options.find(({ id }) => id === optionId);
    return question && option ? [`${textOf(question.label, locale)}: ${textOf(option.label, locale)}`] : [];
  });
  if (known.length === 0) return null;
  return (
    <InlineStack gap="150" wrap>
      {known.map((answer) => (
        <Badge key={answer}>{answer}</Badge>
      ))}
    </InlineStack>
  );
}
