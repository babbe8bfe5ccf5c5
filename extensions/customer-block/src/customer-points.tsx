import { useCallback, useEffect, useState } from "preact/hooks";

import type { CustomerBlockAnswer } from "../../../app/server/customer-block-answer";
import { askMember } from "./ask-member";
import { Member } from "./member";
import { text } from "./texts";

type Asked = "loading" | "failed" | CustomerBlockAnswer;

/** The block: what it knows of the customer on this page. */
export function CustomerPoints() {
  const customer = shopify.data.selected[0]?.id;
  const [asked, setAsked] = useState<Asked>("loading");
  const ask = useCallback(async () => {
    setAsked("loading");
    try {
      setAsked(customer === undefined ? { outcome: "not_found" } : await askMember(customer));
    } catch {
      // The admin has no place for details: what went wrong is in the app's log.
      setAsked("failed");
    }
  }, [customer]);
  useEffect(() => void ask(), [ask]);
  return <s-admin-block heading={text("title")}>{inside()}</s-admin-block>;

  function inside() {
    if (asked === "loading") return <s-spinner accessibilityLabel={text("loading")}></s-spinner>;
    if (asked !== "failed" && asked.outcome === "found") return <Member member={asked} />;
    if (asked !== "failed" && asked.outcome === "not_found") return <s-text color="subdued">{text("empty")}</s-text>;
    return (
      <s-banner tone="warning" heading={text("error.heading")}>
        <s-stack gap="base">
          <s-text>{text("error.body")}</s-text>
          <s-button onClick={() => void ask()}>{text("error.retry")}</s-button>
        </s-stack>
      </s-banner>
    );
  }
}
