import { useRef, useState } from "preact/hooks";

import type { AccountReward } from "../../../app/storefront/account-answers";
import { counted, text } from "./texts";
import { useRedeem } from "./use-redeem";

/** One reward: its price, or how many points to use, and the button; or why it cannot be had yet. */
export function RewardRow({ reward, onRedeemed }: { reward: AccountReward; onRedeemed: () => Promise<void> }) {
  const { id, title, points, availability, missing, choose } = reward;
  // Drawn from the state, sent from the reference: a click may come before the next drawing.
  const [wanted, setWanted] = useState(points);
  const latest = useRef(wanted);
  const { redeeming, redeem } = useRedeem(id, onRedeemed);
  const isAvailable = availability === "available";
  return (
    <s-stack gap="small-300">
      <s-text type="strong">{title}</s-text>
      <s-text color="subdued">{counted(choose ? "rewards.from" : "rewards.price", points)}</s-text>
      {isAvailable && choose && (
        <s-number-field
          label={text("rewards.choose")}
          min={points}
          max={choose.max}
          step={choose.step}
          value={String(wanted)}
          controls="stepper"
          onChange={({ currentTarget }) => {
            latest.current = Number((currentTarget as HTMLInputElement | null)?.value);
            setWanted(latest.current);
          }}
        ></s-number-field>
      )}
      {redeeming.state === "refused" && <s-banner tone="warning">{text(`redeem.${redeeming.why}`)}</s-banner>}
      {redeeming.state === "given" && <s-banner tone="success">{text(`redeem.${redeeming.outcome}`)}</s-banner>}
      {isAvailable ? (
        <s-button
          variant="secondary"
          loading={redeeming.state === "asking"}
          accessibilityLabel={text("redeem.button_label", { reward: title })}
          onClick={() => void redeem(choose ? latest.current : undefined)}
        >
          {text("redeem.button")}
        </s-button>
      ) : (
        <s-text>
          {availability === "insufficient_points"
            ? counted("rewards.missing", missing)
            : text(`redeem.${availability}`)}
        </s-text>
      )}
    </s-stack>
  );
}
