import type { CustomerBlockAnswer } from "../../../app/server/customer-block-answer";
import { Buckets } from "./buckets";
import { History } from "./history";
import { text } from "./texts";

export type FoundMember = Extract<CustomerBlockAnswer, { outcome: "found" }>;

/** Balance, tier, what happened last, and the way to the whole story. */
export function Member({ member }: { member: FoundMember }) {
  const { memberId, balances, tier, timeZone, history } = member;
  return (
    <s-stack gap="base">
      <Buckets balances={balances} />
      {tier && (
        <s-text>
          {tier.name === null
            ? text("tier.none")
            : tier.until === null
              ? text("tier.held", { tier: tier.name })
              : text("tier.held_until", {
                  tier: tier.name,
                  date: shopify.i18n.formatDate(new Date(Date.parse(tier.until) - 1), { dateStyle: "long", timeZone }),
                })}
        </s-text>
      )}
      <History lines={history} />
      <s-link href={`app:app/members/${memberId}`}>{text("open")}</s-link>
    </s-stack>
  );
}
