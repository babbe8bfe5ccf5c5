import { useRef, useState } from "preact/hooks";

import type { ReviewSentAnswer } from "../../../app/storefront/account-answers";
import { askDoor } from "./ask-door";

export type Sending =
  | { state: "ready" | "sending" }
  | { state: "sent"; outcome: "published" | "held" | "already_reviewed" }
  | { state: "refused"; why: "no_stars" | "bad_text" | "not_allowed" | "failed" };
export interface Draft {
  rating: number;
  title: string;
  body: string;
  name: string;
}

/** One review on its way: what is typed stays until the app has taken it. */
export function useReview({
  order,
  lineId,
  name,
  onSent,
}: {
  order: string | null;
  lineId: string;
  name: string;
  onSent: () => void;
}) {
  const [draft, setDraft] = useState<Draft>({ rating: 0, title: "", body: "", name });
  // Drawn from the state, sent from the reference: a click may come before the next drawing.
  const latest = useRef(draft);
  const isSending = useRef(false);
  const [sending, setSending] = useState<Sending>({ state: "ready" });

  function change(fields: Partial<Draft>): void {
    latest.current = { ...latest.current, ...fields };
    setDraft(latest.current);
  }

  async function send(): Promise<void> {
    if (isSending.current) return;
    if (!(latest.current.rating >= 1)) return setSending({ state: "refused", why: "no_stars" });
    isSending.current = true;
    setSending({ state: "sending" });
    try {
      const body = { ...(order === null ? {} : { order }), lineId, ...latest.current };
      const { outcome } = await askDoor<ReviewSentAnswer>("review", { body });
      setSending(toSending(outcome));
      if (outcome === "published" || outcome === "held") onSent();
    } catch {
      setSending({ state: "refused", why: "failed" });
    } finally {
      isSending.current = false;
    }
  }

  return { draft, sending, change, send };
}

function toSending(outcome: string): Sending {
  switch (outcome) {
    case "published":
    case "held":
    case "already_reviewed":
      return { state: "sent", outcome };
    case "bad_content":
    case "bad_body":
      return { state: "refused", why: "bad_text" };
    case "not_allowed":
      return { state: "refused", why: "not_allowed" };
    default:
      return { state: "refused", why: "failed" };
  }
}
