// What staff do on the page beside adjusting: a tier set by hand, a redemption given back.
import { useFetcher } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ListedRedemption } from "../../loyalty/rewards/list-redemptions.server";
import type { MemberIntent } from "./member-request";
import type { action } from "./route";

const TOASTS = {
  set: "member.tier.set",
  ended: "member.tier.ended",
  voided: "redemptions.cancelled",
  returning: "redemptions.cancelled",
} as const;
const REFUSALS = {
  ends_in_past: "member.tier.ends_in_past",
  too_late: "redemptions.not_cancelled",
  day_over: "redemptions.day_over",
} as const;

/** Sends the intents, says what came of them, and keeps which redemption is being asked about. */
export function useMemberWork() {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const fetcher = useFetcher<typeof action>();
  const [cancelling, askCancel] = useState<ListedRedemption | null>(null);
  const handled = useRef<unknown>(null);
  const answer = fetcher.data;

  useEffect(() => {
    if (!answer || fetcher.state !== "idle" || handled.current === answer) return;
    handled.current = answer;
    askCancel(null);
    const { outcome } = answer;
    if (isKeyOf(TOASTS, outcome)) shopify.toast.show(t(TOASTS[outcome]));
    else shopify.toast.show(t(isKeyOf(REFUSALS, outcome) ? REFUSALS[outcome] : "member.failed"), { isError: true });
  }, [answer, fetcher.state, shopify, t]);

  const send = (intent: MemberIntent) => void fetcher.submit(intent, { method: "post", encType: "application/json" });
  return {
    busy: fetcher.state !== "idle",
    cancelling,
    askCancel,
    cancel: (why: string | null) => {
      if (cancelling) send({ intent: "cancel_redemption", id: cancelling.id, ...(why === null ? {} : { why }) });
    },
    send,
  };
}

function isKeyOf<T extends object>(table: T, key: string): key is keyof T & string {
  return Object.hasOwn(table, key);
}
