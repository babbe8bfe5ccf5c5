// Everything about reviews that a shop decides: one draft, one save bar, and beside it what shoppers will see.
import { BlockStack } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { WayKind } from "../../../loyalty/program-parts";
import type { ReviewSettings } from "../../../reviews/review-settings";
import { DraftSaveBar } from "../../draft-save-bar";
import { useDraft, type DraftAnswer } from "../../use-draft";
import { useFieldErrorText } from "../../use-field-error-text";
import { FeedsCard, ShopAppCard, type FeedUrls } from "./feed-cards";
import { ModerationCard, RepliesCard, TasksCard } from "./moderation-cards";
import { QuestionsCard } from "./questions-card";
import { PointsCard, RequestsCard } from "./request-cards";
import { draftFromSettings, readReviewDraft, type ReviewDraft, type ReviewField } from "./review-draft";
import { WritingCard } from "./writing-card";

interface ReviewSettingsFormProps {
  settings: ReviewSettings;
  productTypes: string[];
  rewards: WayKind[];
  urls: FeedUrls | null;
  saving: boolean;
  rotating: boolean;
  answer: DraftAnswer<ReviewField> | null;
  /** The groups of products: saved by themselves. */
  groups: ReactNode;
  preview(draft: ReviewDraft): ReactNode;
  onSave(settings: ReviewSettings): void;
  onSaved(): void;
  onRotate(): void;
}

/** The form; it owns the draft, its parent owns the requests. */
export function ReviewSettingsForm(props: ReviewSettingsFormProps) {
  const { settings, answer, onSave, onSaved } = props;
  const { t } = useTranslation();
  const form = useDraft<ReviewDraft, ReviewSettings, ReviewField>({
    initial: draftFromSettings(settings),
    read: readReviewDraft,
    answer,
    onSave,
    onSaved,
  });
  const card = { draft: form.draft, errorText: useFieldErrorText(form.errors), change: form.change };
  const rewards = props.rewards.map((kind) => t(`ways.kind.${kind}`));
  return (
    <div className="kz-editor kz-review-editor">
      <DraftSaveBar
        id="review-settings-save-bar"
        open={form.open}
        saving={props.saving}
        onSave={form.save}
        onDiscard={form.discard}
      />
      <BlockStack gap="400">
        <RequestsCard {...card} productTypes={props.productTypes} />
        <PointsCard {...card} rewards={rewards} />
        <WritingCard {...card} />
        <QuestionsCard {...card} />
        <ModerationCard {...card} />
        <TasksCard {...card} />
        <RepliesCard {...card} />
        {props.groups}
        <FeedsCard {...card} urls={props.urls} rotating={props.rotating} onRotate={props.onRotate} />
        <ShopAppCard {...card} rewards={rewards} />
      </BlockStack>
      <div className="kz-review-preview">{props.preview(form.draft)}</div>
    </div>
  );
}
