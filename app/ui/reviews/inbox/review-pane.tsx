// One review with everything somebody decides by, and what can be done with it.
import { Badge, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { needsConfirmation } from "../../../reviews/moderation/hold";
import { useFormat } from "../../use-format";
import { ReplyCard, WriteCard } from "./answer-cards";
import { ContextCards } from "./context-cards";
import { HistoryFold } from "./history-fold";
import { approvalOf, type Pane, type PaneContext } from "./inbox-views";
import { MediaCard } from "./media-card";
import { StatusBadge } from "./queue-list";
import { ReviewWords } from "./review-words";
import { useActorName } from "./staff-names";
import type { ReviewWork } from "./use-review-work";
import { WhyHeld } from "./why-held";

interface ReviewPaneProps {
  pane: Pane;
  context: PaneContext;
  work: ReviewWork;
  onApprove(): void;
  onReject(): void;
}

/** The review, from why it waits to what happened to it. */
export function ReviewPane({ pane, context, work, onApprove, onReject }: ReviewPaneProps) {
  const { review } = pane;
  const nameOf = useActorName(context.staff);
  return (
    <article className="kz-pane" aria-label={review.texts.title || review.productTitle || undefined}>
      <BlockStack gap="500">
        <Header review={review} nameOf={nameOf} />
        <WhyHeld review={review} claims={pane.claims} now={context.now} busy={work.busy} onKeep={work.keep} />
        <ReviewWords review={review} questions={context.questions} busy={work.busy} onMask={work.mask} />
        <MediaCard
          media={pane.media}
          isPublished={review.status === "published"}
          busy={work.busy}
          onApprove={work.approveMedia}
          onRemove={work.removeMedia}
          onDescribe={work.describe}
          onCurate={work.curate}
        />
        <ReplyCard
          review={review}
          savedReplies={context.savedReplies}
          nameOf={nameOf}
          busy={work.busy}
          onReply={work.reply}
        />
        <ContextCards pane={pane} />
        <BlockStack gap="200">
          <WriteCard kind="message" busy={work.busy} kept={work.kept.message} onWrite={work.message} />
          <WriteCard kind="note" busy={work.busy} kept={work.kept.note} onWrite={work.note} />
          <HistoryFold review={review} nameOf={nameOf} />
        </BlockStack>
      </BlockStack>
      <Actions review={review} busy={work.busy} onApprove={onApprove} onReject={onReject} />
    </article>
  );
}

function Header({ review, nameOf }: { review: Pane["review"]; nameOf(actor: string): string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const decided =
    review.decidedAt && review.decidedBy
      ? t("reviews.pane.decided", { date: format.date(review.decidedAt), name: nameOf(review.decidedBy) })
      : "";
  return (
    <BlockStack gap="200">
      <Text as="h2" variant="headingMd">
        {review.productTitle ?? t("reviews.context.product")}
      </Text>
      <InlineStack gap="150" wrap blockAlign="center">
        <Text as="span" fontWeight="semibold">
          {review.texts.authorName || t("reviews.no_name")}
        </Text>
        <StatusBadge status={review.status} />
        {review.verified ? <Badge tone="success">{t("reviews.verified")}</Badge> : null}
        {review.incentivised ? <Badge tone="attention">{t("reviews.incentivised")}</Badge> : null}
        {review.refunded ? <Badge tone="warning">{t("reviews.refunded")}</Badge> : null}
      </InlineStack>
      <Text as="p" tone="subdued" variant="bodySm">
        <span suppressHydrationWarning>
          {[
            t("reviews.pane.submitted_at", { date: format.dateTime(review.submittedAt) }),
            t(`reviews.pane.source.${review.source}`),
            review.publishedAt ? t("reviews.pane.published_at", { date: format.date(review.publishedAt) }) : "",
            decided,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </Text>
    </BlockStack>
  );
}

type ActionsProps = Pick<ReviewPaneProps, "onApprove" | "onReject"> & { review: Pane["review"]; busy: boolean };
function Actions({ review, busy, onApprove, onReject }: ActionsProps) {
  const { t } = useTranslation();
  const waitsForAuthor = needsConfirmation(review.holdReasons);
  const approval = approvalOf(review, waitsForAuthor);
  const texts = {
    publish: review.status === "rejected" ? t("reviews.pane.uphold") : t("reviews.pane.publish"),
    publish_edit: t("reviews.pane.edit_publish"),
    approve_media: t("reviews.media.approve_all"),
    keep: t("reviews.pane.approve"),
  };
  const rejection = rejectionOf(review);
  if (!approval && !rejection) return null;
  return (
    <div className="kz-pane-actions">
      <InlineStack gap="200" blockAlign="center" wrap>
        {approval ? (
          <Button variant="primary" disabled={busy} onClick={onApprove}>
            {texts[approval]}
          </Button>
        ) : null}
        {rejection ? (
          <Button disabled={busy} onClick={onReject}>
            {t(`reviews.pane.${rejection}`)}
          </Button>
        ) : null}
        {review.status === "held" && waitsForAuthor ? (
          <Text as="span" tone="subdued" variant="bodySm">
            {t("reviews.act.needs_confirmation")}
          </Text>
        ) : null}
      </InlineStack>
    </div>
  );
}

/** What saying no means for a review; null: there is nothing to say no to. */
export function rejectionOf(review: Pick<Pane["review"], "status" | "edit" | "appeal">) {
  if (review.status === "rejected") return review.appeal === "open" ? "dismiss" : null;
  if (review.status === "published" && review.edit) return "edit_reject";
  return review.status === "held" || review.status === "published" ? "reject" : null;
}
