import type { AccountAnswer } from "../../../app/storefront/account-answers";
import { askDoor } from "./ask-door";
import { Balance } from "./balance";
import { Codes } from "./codes";
import { History } from "./history";
import { Join } from "./join";
import { LoadError } from "./load-error";
import { Loading } from "./loading";
import { Rewards } from "./rewards";
import { text } from "./texts";
import { TierProgress } from "./tier-progress";
import { useAnswer } from "./use-answer";

/** Everything about the customer's points; each state has the same heading, so that nothing jumps. */
export function Account() {
  const { asked, again } = useAnswer(() => askDoor<AccountAnswer>("account"));
  return <s-section heading={text("title")}>{inside()}</s-section>;

  function inside() {
    if (asked.state === "loading") return <Loading />;
    if (asked.state === "failed") return <LoadError onRetry={again} />;
    const { answer } = asked;
    if (answer.outcome === "signed_out") return <s-text>{text("signed_out")}</s-text>;
    if (answer.outcome !== "found") return <LoadError onRetry={again} />;
    return <Found account={answer} onChanged={again} />;
  }
}

function Found({ account, onChanged }: { account: AccountAnswer; onChanged: () => Promise<void> }) {
  if (!account.isOpen && account.history.length === 0) return <s-text color="subdued">{text("not_open")}</s-text>;
  return (
    <s-stack gap="large">
      <Balance account={account} />
      {account.join && <Join points={account.join.points} onJoined={onChanged} />}
      {account.tier && <TierProgress tier={account.tier} timeZone={account.timeZone} />}
      <Codes redemptions={account.redemptions} timeZone={account.timeZone} onRefresh={onChanged} />
      {(!account.join || account.rewards.length > 0) && <Rewards rewards={account.rewards} onRedeemed={onChanged} />}
      <History lines={account.history} />
    </s-stack>
  );
}
