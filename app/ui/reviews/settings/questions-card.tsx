// The shop's own questions: written once in both languages, asked beside the stars.
import { BlockStack, Button, Checkbox, Collapsible, InlineStack, Select, Text } from "@shopify/polaris";
import { ArrowDownIcon, ArrowUpIcon, PlusIcon } from "@shopify/polaris-icons";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ReviewQuestion } from "../../../reviews/review-settings";
import { SettingsCard } from "../../earning/form-parts";
import { LocalizedFields } from "../../localized-fields";
import { TokenField } from "../../token-field";
import { useFormat } from "../../use-format";
import type { CardProps } from "./card-props";
import { QUESTION_IDEAS } from "./question-ideas";
import { moved, newKey } from "./review-draft";

const QUESTIONS_MAX = 12;
const OPTIONS_MAX = 12;

/** A text in the reader's language, or in the other one. */
export function textOf(text: { en: string; ja: string }, locale: "en" | "ja"): string {
  return text[locale] || text.en || text.ja;
}

/** The list of questions, each with its own editor. */
export function QuestionsCard({ draft, errorText, change }: CardProps) {
  const { t } = useTranslation();
  const { locale } = useFormat();
  const questions = draft.questions;
  const [opened, setOpened] = useState<string | null>(null);
  const wrong = questions.find(
    ({ id }) => errorText(`question.${id}.label`) ?? errorText(`question.${id}.options`),
  )?.id;
  useEffect(() => {
    if (wrong) setOpened(wrong);
  }, [wrong]);
  const add = (question: ReviewQuestion, open: boolean) => {
    change({ questions: [...questions, question] });
    if (open) setOpened(question.id);
  };
  const ideas = QUESTION_IDEAS.filter((idea) => questions.every(({ id }) => id !== idea.id));
  const isFull = questions.length >= QUESTIONS_MAX;
  return (
    <SettingsCard title={t("reviews.settings.questions.title")} lead={t("reviews.settings.questions.lead")}>
      {questions.length === 0 ? (
        <Text as="p" tone="subdued">
          {t("reviews.settings.questions.empty")}
        </Text>
      ) : (
        <ul className="kz-review-questions">
          {questions.map((question, index) => (
            <li key={question.id} className="kz-option">
              <QuestionRow
                question={question}
                opened={opened === question.id}
                first={index === 0}
                last={index === questions.length - 1}
                labelError={errorText(`question.${question.id}.label`)}
                optionsError={errorText(`question.${question.id}.options`)}
                onToggle={() => setOpened(opened === question.id ? null : question.id)}
                onMove={(by) => change({ questions: moved(questions, index, by) })}
                onRemove={() => change({ questions: questions.filter(({ id }) => id !== question.id) })}
                onChange={(patch) =>
                  change({
                    questions: questions.map((each) => (each.id === question.id ? { ...each, ...patch } : each)),
                  })
                }
              />
            </li>
          ))}
        </ul>
      )}
      <InlineStack gap="200" wrap>
        {ideas.map((idea) => (
          <Button key={idea.id} size="slim" icon={PlusIcon} disabled={isFull} onClick={() => add(idea, false)}>
            {textOf(idea.label, locale)}
          </Button>
        ))}
        <Button size="slim" disabled={isFull} onClick={() => add(newQuestion(), true)}>
          {t("reviews.settings.questions.add")}
        </Button>
      </InlineStack>
    </SettingsCard>
  );
}

const emptyOption = () => ({ id: newKey(), label: { en: "", ja: "" } });
function newQuestion(): ReviewQuestion {
  return {
    id: newKey(),
    kind: "scale",
    label: { en: "", ja: "" },
    options: [emptyOption(), emptyOption(), emptyOption()],
    productTypes: [],
    aboutAuthor: false,
  };
}

interface QuestionRowProps {
  question: ReviewQuestion;
  opened: boolean;
  first: boolean;
  last: boolean;
  labelError: string | undefined;
  optionsError: string | undefined;
  onToggle(): void;
  onMove(by: -1 | 1): void;
  onRemove(): void;
  onChange(patch: Partial<ReviewQuestion>): void;
}

function QuestionRow(props: QuestionRowProps) {
  const { question, opened, first, last, onToggle, onMove, onRemove } = props;
  const { t } = useTranslation();
  const { locale } = useFormat();
  const name = textOf(question.label, locale) || t("reviews.settings.questions.unnamed");
  const panel = `question-${question.id}`;
  return (
    <BlockStack gap="300">
      <InlineStack align="space-between" blockAlign="center" gap="200" wrap>
        <div className="kz-grow">
          <Text as="h3" variant="headingSm">
            {name}
          </Text>
          <Text as="p" tone="subdued">
            {question.options
              .map(({ label }) => textOf(label, locale))
              .filter(Boolean)
              .join(" · ")}
          </Text>
        </div>
        <InlineStack gap="100">
          <Button
            variant="tertiary"
            disabled={first}
            onClick={() => onMove(-1)}
            icon={ArrowUpIcon}
            accessibilityLabel={t("reviews.settings.up", { name })}
          />
          <Button
            variant="tertiary"
            disabled={last}
            onClick={() => onMove(1)}
            icon={ArrowDownIcon}
            accessibilityLabel={t("reviews.settings.down", { name })}
          />
          <Button onClick={onToggle} ariaExpanded={opened} ariaControls={panel}>
            {opened ? t("common.close") : t("common.edit")}
          </Button>
          <Button variant="tertiary" onClick={onRemove} accessibilityLabel={t("reviews.settings.remove", { name })}>
            {t("common.remove")}
          </Button>
        </InlineStack>
      </InlineStack>
      <Collapsible id={panel} open={opened}>
        {opened ? <QuestionFields {...props} /> : null}
      </Collapsible>
    </BlockStack>
  );
}

function QuestionFields({ question, labelError, optionsError, onChange }: QuestionRowProps) {
  const { t } = useTranslation();
  const options = question.options;
  return (
    <BlockStack gap="400">
      <LocalizedFields
        label={t("reviews.settings.questions.question")}
        text={question.label}
        maxLength={120}
        error={labelError}
        onChange={(label) => onChange({ label })}
      />
      <Select
        label={t("reviews.settings.questions.kind")}
        options={(["scale", "choice"] as const).map((value) => ({
          value,
          label: t(`reviews.settings.questions.${value}`),
        }))}
        value={question.kind}
        onChange={(kind: ReviewQuestion["kind"]) => onChange({ kind })}
      />
      {options.map((option, index) => (
        <div key={option.id} className="kz-review-option">
          <LocalizedFields
            label={t("reviews.settings.questions.option", { number: index + 1 })}
            text={option.label}
            maxLength={120}
            error={
              optionsError && !textOf(option.label, "en") ? t("reviews.settings.questions.option_error") : undefined
            }
            onChange={(label) =>
              onChange({ options: options.map((each) => (each.id === option.id ? { ...each, label } : each)) })
            }
          />
          {options.length > 2 ? (
            <Button
              variant="tertiary"
              onClick={() => onChange({ options: options.filter(({ id }) => id !== option.id) })}
              accessibilityLabel={t("reviews.settings.remove", {
                name: t("reviews.settings.questions.option", { number: index + 1 }),
              })}
            >
              {t("common.remove")}
            </Button>
          ) : null}
        </div>
      ))}
      <InlineStack>
        <Button
          disabled={options.length >= OPTIONS_MAX}
          onClick={() => onChange({ options: [...options, emptyOption()] })}
        >
          {t("reviews.settings.questions.option_add")}
        </Button>
      </InlineStack>
      <TokenField
        label={t("reviews.settings.questions.types")}
        helpText={t("reviews.settings.questions.types_help")}
        tokens={question.productTypes}
        onChange={(productTypes) => onChange({ productTypes: productTypes.slice(0, 50) })}
      />
      <Checkbox
        label={t("reviews.settings.questions.about_author")}
        helpText={t("reviews.settings.questions.about_author_help")}
        checked={question.aboutAuthor}
        onChange={(aboutAuthor) => onChange({ aboutAuthor })}
      />
    </BlockStack>
  );
}
