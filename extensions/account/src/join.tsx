import { useState } from "preact/hooks";

import type { JoinAnswer } from "../../../app/storefront/account-answers";
import { askDoor } from "./ask-door";
import { counted, text } from "./texts";

const TOLD: readonly string[] = ["unverified", "not_open"];

/** Joining in one step, without leaving the page. */
export function Join({ points, onJoined }: { points: number; onJoined: () => Promise<void> }) {
  const [state, setState] = useState<"ready" | "joining" | "failed" | "unverified" | "not_open">("ready");

  async function join() {
    setState("joining");
    try {
      const { outcome } = await askDoor<JoinAnswer>("join", { body: { how: "click" } });
      if (outcome === "joined" || outcome === "already_joined") await onJoined();
      else setState(TOLD.includes(outcome) ? (outcome as "unverified" | "not_open") : "failed");
    } catch {
      setState("failed");
    }
  }

  return (
    <s-stack gap="base">
      <s-text>{text("join.lead")}</s-text>
      {state !== "ready" && state !== "joining" && <s-banner tone="warning">{text(`join.${state}`)}</s-banner>}
      <s-button variant="primary" loading={state === "joining"} onClick={() => void join()}>
        {points > 0 ? counted("join.with_points", points) : text("join.plain")}
      </s-button>
    </s-stack>
  );
}
