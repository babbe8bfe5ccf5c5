import type { AccountReward } from "../../../app/storefront/account-answers";
import { RewardRow } from "./reward-row";
import { text } from "./texts";

/** What points can buy; what is within reach comes first. */
export function Rewards({ rewards, onRedeemed }: { rewards: AccountReward[]; onRedeemed: () => Promise<void> }) {
  const inOrder = [...rewards].sort(
    (a, b) => Number(b.availability === "available") - Number(a.availability === "available"),
  );
  return (
    <s-stack gap="base">
      <s-heading>{text("rewards.heading")}</s-heading>
      {rewards.length === 0 && <s-text color="subdued">{text("rewards.empty")}</s-text>}
      {inOrder.map((reward) => (
        <RewardRow key={reward.id} reward={reward} onRedeemed={onRedeemed} />
      ))}
    </s-stack>
  );
}
