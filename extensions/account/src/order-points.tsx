import { useEffect, useState } from "preact/hooks";

import type { OrderAnswer } from "../../../app/storefront/account-answers";
import { askDoor } from "./ask-door";
import { host } from "./host";
import { LoadError } from "./load-error";
import { Loading } from "./loading";
import { counted, text } from "./texts";
import { useAnswer } from "./use-answer";

/** Shopify tells the app of a new order within seconds; later than this the shopper need not wait. */
const ASKS_MAX = 4;
const WAIT_MS = 3_000;

// Each page has only its own of the two.
function orderOnPage(): string | undefined {
  const { extension } = host();
  const isThankYou = extension.target === "purchase.thank-you.block.render";
  return isThankYou ? host().orderConfirmation?.value.order.id : host().order?.value?.id;
}

/** The points of the order on this page. */
export function OrderPoints() {
  const [order] = useState(orderOnPage);
  const [asks, setAsks] = useState(1);
  const { asked, again } = useAnswer(() =>
    order === undefined
      ? Promise.resolve<OrderAnswer>({ outcome: "not_found" })
      : askDoor<OrderAnswer>("order", { parameters: { order } }),
  );
  const isUnknown = asked.state === "answered" && asked.answer.outcome === "not_found";
  useEffect(() => {
    if (!isUnknown || order === undefined || asks >= ASKS_MAX) return;
    const timer = setTimeout(() => {
      setAsks(asks + 1);
      void again();
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [isUnknown, order, asks, again]);
  return <s-section heading={text("title")}>{inside()}</s-section>;

  function inside() {
    if (asked.state === "loading") return <Loading />;
    if (asked.state === "failed") return <LoadError onRetry={again} />;
    const { answer } = asked;
    switch (answer.outcome) {
      case "found":
        return <OrderFound order={answer} />;
      case "not_found":
        return <s-text color="subdued">{text(asks < ASKS_MAX ? "order.asking" : "order.later")}</s-text>;
      case "signed_out":
        return <s-text>{text("order.signed_out")}</s-text>;
      default:
        return <LoadError onRetry={again} />;
    }
  }
}

function OrderFound({ order }: { order: Extract<OrderAnswer, { outcome: "found" }> }) {
  const { points, state, text: reason } = order;
  if (points === 0) return <s-text color="subdued">{reason ?? text("order.none")}</s-text>;
  return (
    <s-stack gap="small-300">
      <s-heading>{counted("order.points", points)}</s-heading>
      {state !== "none" && <s-text>{text(`order.${state}`)}</s-text>}
      {reason !== null && <s-text color="subdued">{reason}</s-text>}
    </s-stack>
  );
}
