// A decision is sent a few seconds after it was made, so that it can be taken back before its author hears of it.
// Whoever leaves the page, or decides the next one, sends it at once; a closed browser sends nothing, and the
// review is still in the queue.
import { useFetcher, useSubmit } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { RejectReason } from "../../../reviews/review-content";
import type { DecideAnswer } from "./review-request";

export interface DecisionRequest {
  ids: number[];
  decision: "publish" | "reject";
  reason?: RejectReason;
  about?: "review" | "edit";
}

const UNDO_MS = 6_000;

/** `waiting`: the reviews whose decision can still be taken back. */
export function useDecisions(): { waiting: number[]; decide(request: DecisionRequest): void } {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const submit = useSubmit();
  const [waiting, setWaiting] = useState<number[]>([]);
  const held = useRef<{ request: DecisionRequest; timer: ReturnType<typeof setTimeout> } | null>(null);

  const sendNow = useCallback(() => {
    const now = held.current;
    if (!now) return;
    clearTimeout(now.timer);
    held.current = null;
    const body = JSON.parse(JSON.stringify({ intent: "decide", ...now.request })) as Record<string, string>;
    void submit(body, {
      method: "post",
      action: "/app/reviews?index",
      encType: "application/json",
      navigate: false,
      fetcherKey: DECISION_FETCHER,
    });
  }, [submit]);

  useAnswered(() => {
    if (!held.current) setWaiting([]);
  });

  useEffect(() => {
    window.addEventListener("pagehide", sendNow);
    return () => {
      window.removeEventListener("pagehide", sendNow);
      sendNow();
    };
  }, [sendNow]);

  const undo = () => {
    const now = held.current;
    if (!now) return;
    clearTimeout(now.timer);
    held.current = null;
    setWaiting([]);
    shopify.toast.show(t("reviews.act.undone"));
  };

  return {
    waiting,
    decide(request) {
      sendNow();
      held.current = { request, timer: setTimeout(sendNow, UNDO_MS) };
      setWaiting(request.ids);
      const told = request.decision === "publish" ? "published" : "rejected";
      shopify.toast.show(t(`reviews.act.${told}`, { count: request.ids.length }), {
        duration: UNDO_MS,
        action: t("reviews.act.undo"),
        onAction: undo,
      });
    },
  };
}

const DECISION_FETCHER = "review-decision";

// What became of the last decision is told only when it differs from what was said when it was made.
function useAnswered(onAnswer: () => void): void {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const { data, state } = useFetcher<DecideAnswer>({ key: DECISION_FETCHER });
  const heard = useRef<unknown>(data);
  const listener = useRef(onAnswer);
  listener.current = onAnswer;
  useEffect(() => {
    if (state !== "idle" || !data || heard.current === data) return;
    heard.current = data;
    listener.current();
    if (data.outcome === "failed") shopify.toast.show(t("reviews.act.failed"), { isError: true });
    else if (data.left > 0)
      shopify.toast.show(t("reviews.act.partly", { done: data.done, left: data.left }), { isError: true });
  }, [data, state, shopify, t]);
}
