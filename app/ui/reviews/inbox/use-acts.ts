// The two answers to the review that is open, whatever it waits for: one says yes, the other one no.
import { needsConfirmation } from "../../../reviews/moderation/hold";
import type { RejectReason } from "../../../reviews/review-content";
import { approvalOf, type Pane } from "./inbox-views";
import { rejectionOf } from "./review-pane";
import { REPLY_FIELD } from "./answer-cards";
import type { DecisionRequest } from "./use-decisions";
import type { ReviewWork } from "./use-review-work";

interface Acts {
  approve(): void;
  /** Opens the question for a reason, or keeps a rejection. */
  refuse(): void;
  /** With the reason that was asked for. */
  reject(reason: RejectReason): void;
  /** The key that answers: a public reply where there is something to reply to. */
  respond(): void;
}

/** What yes and no mean for this review. `ask` opens the question for a reason. */
export function actsOn(
  pane: Pane | null,
  work: ReviewWork,
  { decide, ask }: { decide(request: DecisionRequest): void; ask(): void },
): Acts {
  const nothing = () => undefined;
  if (!pane) return { approve: nothing, refuse: nothing, reject: nothing, respond: nothing };
  const { review, media } = pane;
  const ids = [review.reviewId];
  const about = review.status === "published" && review.edit ? "edit" : "review";
  const refuse = () => {
    const rejection = rejectionOf(review);
    if (rejection === "dismiss") work.dismiss();
    else if (rejection) ask();
  };
  return {
    refuse,
    reject: (reason) => decide({ ids, decision: "reject", reason, about }),
    approve() {
      const approval = approvalOf(review, needsConfirmation(review.holdReasons));
      if (approval === "approve_media")
        work.approveMedia(media.filter(({ isViewed }) => !isViewed).map(({ mediaId }) => mediaId));
      else if (approval === "keep") work.keep();
      else if (approval) decide({ ids, decision: "publish", about });
    },
    respond: review.status === "published" ? () => document.getElementById(REPLY_FIELD)?.focus() : refuse,
  };
}
