import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, Page } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";

import { businessNow } from "../clock.server";
import { nudgeWork } from "../jobs/nudge";
import { recordAccess } from "../privacy/record-access.server";
import { curateMedia } from "../reviews/display/curate-media.server";
import { decideMedia, describeReviewMedia, readReviewMedia } from "../reviews/media/decide-media.server";
import { messageAuthor } from "../reviews/message-author.server";
import { decideAppeal } from "../reviews/moderation/decide-appeal.server";
import { maskFinding } from "../reviews/moderation/mask-findings.server";
import { resolveReports } from "../reviews/moderation/resolve-reports.server";
import { noteOnReview } from "../reviews/note-on-review.server";
import { replyToReview } from "../reviews/reply-to-review.server";
import { requireProfile, requireShop } from "../shop-session.server";
import { AppError } from "../ui/app-error";
import { RejectModal } from "../ui/reviews/inbox/reject-modal";
import {
  reviewRequestSchema,
  type ReviewAct,
  type ReviewAnswer,
  type ReviewRequest,
} from "../ui/reviews/inbox/review-request";
import { ReviewPane } from "../ui/reviews/inbox/review-pane";
import { actsOn } from "../ui/reviews/inbox/use-acts";
import { useDecisions } from "../ui/reviews/inbox/use-decisions";
import { useReviewWork } from "../ui/reviews/inbox/use-review-work";
import { readPane, readPaneContext } from "./app.reviews._index/read-pane.server";

const idSchema = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

// An id that is no id and an id of another shop answer alike.
function readId(params: { reviewId?: string }): number {
  const id = idSchema.safeParse(params.reviewId);
  if (!id.success) throw new Response(null, { status: 404 });
  return id.data;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const shop = await requireShop(request);
  await requireProfile(shop);
  const now = await businessNow();
  const [pane, context] = await Promise.all([
    readPane(shop.shopId, readId(params), now),
    readPaneContext(shop.shopId, now),
  ]);
  if (!pane) throw new Response(null, { status: 404 });
  const { reviewId, member } = pane.review;
  await recordAccess(shop, "review", { people: 1, memberId: member?.id ?? null, subject: `review/${reviewId}` });
  return { pane, context };
}

export async function action({ request, params }: ActionFunctionArgs): Promise<ReviewAnswer> {
  const { shopId, actor } = await requireShop(request);
  const reviewId = readId(params);
  const parsed = reviewRequestSchema.safeParse(await request.json());
  if (!parsed.success) return { act: "failed" };
  const act = await obey(parsed.data, { shopId, reviewId, actor, now: await businessNow() });
  // What belongs to another shop answers as what does not exist.
  if (act === "not_found") throw new Response(null, { status: 404 });
  nudgeWork(shopId, ["recount", "notify", "award"]);
  return { act };
}

interface Act {
  shopId: number;
  reviewId: number;
  actor: string;
  now: Date;
}
async function obey(request: ReviewRequest, act: Act): Promise<ReviewAct | "not_found"> {
  const { shopId, reviewId, actor, now } = act;
  switch (request.intent) {
    case "reply":
      return (await replyToReview(shopId, reviewId, request.text, actor, now)).outcome;
    case "message":
      return (await messageAuthor(shopId, reviewId, request.text, actor, now)).outcome;
    case "note":
      return (await noteOnReview(shopId, reviewId, request.text, actor, now)).outcome;
    case "keep": {
      const { outcome } = await resolveReports(shopId, reviewId, actor, now);
      return outcome === "nothing_open" ? "unchanged" : outcome;
    }
    case "dismiss": {
      const { outcome } = await decideAppeal(shopId, reviewId, "dismiss", actor, now);
      if (outcome === "gone") return "not_found";
      return outcome === "rejected" ? "rejected" : "unchanged";
    }
    case "mask": {
      const { intent: _, ...change } = request;
      const { outcome } = await maskFinding(shopId, reviewId, change, actor, now);
      return outcome === "not_maskable" ? "failed" : outcome;
    }
    default:
      return obeyMedia(request, act);
  }
}

type MediaRequest = Extract<ReviewRequest, { intent: "approve_media" | "remove_media" | "describe" | "curate" }>;
async function obeyMedia(
  request: MediaRequest,
  { shopId, reviewId, actor, now }: Act,
): Promise<ReviewAct | "not_found"> {
  switch (request.intent) {
    case "approve_media":
    case "remove_media": {
      const decision = request.intent === "approve_media" ? "approve" : "remove";
      const { outcome } = await decideMedia(shopId, reviewId, { mediaIds: request.mediaIds, decision }, actor, now);
      if (outcome === "not_found") return "not_found";
      return outcome === "approved" ? "media_approved" : "media_removed";
    }
    case "describe":
      return (await describeReviewMedia(shopId, reviewId, request.mediaId, request.alt)).outcome;
    case "curate": {
      const own = await readReviewMedia(shopId, reviewId);
      if (own.every(({ mediaId }) => mediaId !== request.mediaId)) return "not_found";
      const { changed } = await curateMedia(shopId, [request.mediaId], true, actor, now);
      return changed > 0 ? "curated" : "failed";
    }
  }
}

/** One review, on a page that can be linked to. */
export default function ReviewPage() {
  const { pane, context } = useLoaderData<typeof loader>();
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const work = useReviewWork(pane.review.reviewId);
  const { decide, waiting } = useDecisions();
  const acts = actsOn(pane, work, { decide, ask: () => setAsking(true) });
  const busy = work.busy || waiting.length > 0;
  return (
    <Page
      title={pane.review.texts.title || t("reviews.stars.one", { count: pane.review.rating })}
      backAction={{ content: t("reviews.title"), url: "/app/reviews" }}
    >
      <BlockStack gap="400">
        <Card>
          <ReviewPane
            pane={pane}
            context={context}
            work={{ ...work, busy }}
            onApprove={acts.approve}
            onReject={acts.refuse}
          />
        </Card>
      </BlockStack>
      <RejectModal
        key={String(asking)}
        count={asking ? 1 : 0}
        onClose={() => setAsking(false)}
        onReject={(reason) => {
          setAsking(false);
          acts.reject(reason);
        }}
      />
    </Page>
  );
}

export { AppError as ErrorBoundary };
