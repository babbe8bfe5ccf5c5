import type { AccountAnswer } from "../../../app/storefront/account-answers";
import { counted, lastDay, text } from "./texts";

/** The balance as one number with its worth, then what is on its way, owed, and about to end. */
export function Balance({ account }: { account: AccountAnswer }) {
  const { available, pending, debt, worth, nextExpiry, timeZone } = account;
  return (
    <s-stack gap="small-300">
      <s-heading>{counted("balance.available", available)}</s-heading>
      {worth !== null && <s-text color="subdued">{text("balance.worth", { amount: worth })}</s-text>}
      {pending > 0 && <s-text>{counted("balance.pending", pending)}</s-text>}
      {debt > 0 && <s-text>{counted("balance.debt", debt)}</s-text>}
      {nextExpiry && (
        <s-text>{counted("balance.expiry", nextExpiry.points, { date: lastDay(nextExpiry.on, timeZone) })}</s-text>
      )}
    </s-stack>
  );
}
