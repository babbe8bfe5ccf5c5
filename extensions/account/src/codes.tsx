import type { AccountRedemption } from "../../../app/storefront/account-answers";
import { CopyCode } from "./copy-code";
import { lastDay, text } from "./texts";

/** What was bought and can be used, or is on its way. */
export function Codes({
  redemptions,
  timeZone,
  onRefresh,
}: {
  redemptions: AccountRedemption[];
  timeZone: string;
  onRefresh: () => Promise<void>;
}) {
  if (redemptions.length === 0) return null;
  const isWaiting = redemptions.some(({ status }) => status === "reserved");
  return (
    <s-stack gap="base">
      <s-heading>{text("codes.heading")}</s-heading>
      {redemptions.map(({ id, title, status, code, expiresAt }) => (
        <s-stack key={id} gap="small-300">
          <s-text type="strong">{title}</s-text>
          {code === null ? <s-text>{text(`codes.${status}`)}</s-text> : <CopyCode id={id} code={code} />}
          {code !== null && expiresAt !== null && (
            <s-text color="subdued">{text("codes.until", { date: lastDay(expiresAt, timeZone) })}</s-text>
          )}
        </s-stack>
      ))}
      {isWaiting && (
        <s-button variant="secondary" onClick={() => void onRefresh()}>
          {text("codes.refresh")}
        </s-button>
      )}
    </s-stack>
  );
}
