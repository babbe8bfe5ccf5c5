// Acts on the review that is open: each is told once, and the page is read anew after it.
import { useAppBridge } from "@shopify/app-bridge-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Finding } from "../../../reviews/moderation/findings";
import { useIntent } from "../use-answer";
import type { ReviewAct, ReviewAnswer, ReviewRequest } from "./review-request";

export interface ReviewWork {
  busy: boolean;
  /** How many messages and notes were kept: their fields are emptied then. */
  kept: { message: number; note: number };
  reply(text: string): void;
  message(text: string): void;
  note(text: string): void;
  keep(): void;
  dismiss(): void;
  mask(finding: Finding, masked: boolean): void;
  approveMedia(mediaIds: number[]): void;
  removeMedia(mediaId: number): void;
  describe(mediaId: number, alt: string): void;
  curate(mediaId: number): void;
}

const PROBLEMS: readonly ReviewAct[] = ["no_address", "not_published", "too_long", "empty", "failed"];

/** What can be done with the review of this id; null: none is open. */
export function useReviewWork(reviewId: number | null): ReviewWork {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const [kept, setKept] = useState({ message: 0, note: 0 });
  const { busy, send } = useIntent<ReviewRequest, ReviewAnswer>(
    ({ act }) => {
      if (act === "sent") setKept((before) => ({ ...before, message: before.message + 1 }));
      if (act === "noted") setKept((before) => ({ ...before, note: before.note + 1 }));
      const text = act === "rejected" ? t("reviews.act.rejected", { count: 1 }) : t(`reviews.act.${act}`);
      shopify.toast.show(text, { isError: PROBLEMS.includes(act) });
    },
    `/app/reviews/${reviewId ?? 0}`,
  );
  return {
    busy,
    kept,
    reply: (text) => send({ intent: "reply", text }),
    message: (text) => send({ intent: "message", text }),
    note: (text) => send({ intent: "note", text }),
    keep: () => send({ intent: "keep" }),
    dismiss: () => send({ intent: "dismiss" }),
    mask({ kind, field, from, to }, masked) {
      if (field) send({ intent: "mask", kind, field, from, to, masked });
    },
    approveMedia: (mediaIds) => send({ intent: "approve_media", mediaIds }),
    removeMedia: (mediaId) => send({ intent: "remove_media", mediaIds: [mediaId] }),
    describe: (mediaId, alt) => send({ intent: "describe", mediaId, alt }),
    curate: (mediaId) => send({ intent: "curate", mediaId }),
  };
}
