import { useState } from "preact/hooks";

import type { OrderReviewsAnswer } from "../../../app/storefront/account-answers";
import { askDoor } from "./ask-door";
import { ReviewRow } from "./review-row";
import { counted, text } from "./texts";
import { useAnswer } from "./use-answer";

/**
 * Products of the order on this page, or the newest ones of the customer, to review. Nothing to review is nothing
 * to say: the block is not there, nor while it asks, so that nothing jumps for those who have nothing to review.
 */
export function OrderReviews({ order }: { order: string | null }) {
  const { asked } = useAnswer(() =>
    askDoor<OrderReviewsAnswer>("reviews", order === null ? {} : { parameters: { order } }),
  );
  const [sent, setSent] = useState(0);
  if (asked.state !== "answered" || asked.answer.outcome !== "found") return null;
  const { products, name, points } = asked.answer;
  if (products.length === 0) return null;
  const isDone = sent > 0 && sent >= products.filter(({ review }) => review === null).length;
  return (
    <s-section heading={text("reviews.title")}>
      <s-stack gap="large">
        {points !== null && <s-text color="subdued">{counted("reviews.points", points)}</s-text>}
        {products.map((product) => (
          <ReviewRow
            key={product.lineId}
            order={order}
            product={product}
            name={name}
            onSent={() => setSent((before) => before + 1)}
          />
        ))}
        {isDone && <s-text>{text("reviews.thanks")}</s-text>}
      </s-stack>
    </s-section>
  );
}
