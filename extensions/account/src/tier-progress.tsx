import type { AccountTier } from "../../../app/storefront/account-answers";
import { counted, lastDay, text } from "./texts";

/** The tier held, and how far the next one is: a bar, and the same in words. */
export function TierProgress({ tier, timeZone }: { tier: AccountTier; timeZone: string }) {
  const { name, until, next } = tier;
  return (
    <s-stack gap="small-300">
      <s-text type="strong">{name === null ? text("tier.none") : text("tier.held", { tier: name })}</s-text>
      {until !== null && <s-text color="subdued">{text("tier.until", { date: lastDay(until, timeZone) })}</s-text>}
      {next ? (
        <>
          <s-progress
            value={Math.min(next.current, next.threshold)}
            max={Math.max(next.threshold, 1)}
            accessibilityLabel={text("tier.progress", { tier: next.name })}
          ></s-progress>
          <s-text>
            {counted(`tier.left.${next.metric}`, next.threshold - next.current, { left: next.left, tier: next.name })}
          </s-text>
          {next.periodEnd !== null && (
            <s-text color="subdued">{text("tier.period", { date: lastDay(next.periodEnd, timeZone) })}</s-text>
          )}
        </>
      ) : (
        name !== null && <s-text color="subdued">{text("tier.top")}</s-text>
      )}
    </s-stack>
  );
}
