import { useState } from "preact/hooks";

import type { ReviewableProduct } from "../../../app/storefront/account-answers";
import { text } from "./texts";
import { useReview } from "./use-review";

const RATINGS = [5, 4, 3, 2, 1] as const;
const valueOf = (event: { currentTarget: unknown }) => (event.currentTarget as HTMLInputElement | null)?.value ?? "";

/** One product: what was written about it, or the form, which opens with a tap. */
export function ReviewRow({
  order,
  product,
  name,
  onSent,
}: {
  order: string | null;
  product: ReviewableProduct;
  name: string;
  onSent: () => void;
}) {
  const { lineId, title, review } = product;
  const [isOpen, setOpen] = useState(false);
  const { draft, sending, change, send } = useReview({ order, lineId, name, onSent });
  if (review)
    return <Written title={title} line={text(`reviews.${review.state}`, { stars: starsText(review.rating) })} />;
  if (sending.state === "sent") return <Written title={title} line={text(`reviews.sent.${sending.outcome}`)} />;
  if (!isOpen)
    return (
      <s-stack gap="small-300">
        <s-text type="strong">{title}</s-text>
        <s-button
          variant="secondary"
          accessibilityLabel={text("reviews.write_label", { product: title })}
          onClick={() => setOpen(true)}
        >
          {text("reviews.write")}
        </s-button>
      </s-stack>
    );
  return (
    <s-stack gap="base">
      <s-text type="strong">{title}</s-text>
      <s-choice-list
        label={text("reviews.stars")}
        name={`rating-${lineId}`}
        onChange={(event) =>
          change({ rating: Number((event.currentTarget as { values?: string[] } | null)?.values?.[0]) })
        }
        {...(sending.state === "refused" && sending.why === "no_stars" ? { error: text("reviews.no_stars") } : {})}
      >
        {RATINGS.map((stars) => (
          <s-choice key={stars} value={String(stars)}>
            {starsText(stars)}
          </s-choice>
        ))}
      </s-choice-list>
      <s-text-field
        label={text("reviews.headline")}
        value={draft.title}
        maxLength={150}
        onChange={(event) => change({ title: valueOf(event) })}
      ></s-text-field>
      <s-text-area
        label={text("reviews.body")}
        value={draft.body}
        rows={4}
        maxLength={5_000}
        onChange={(event) => change({ body: valueOf(event) })}
      ></s-text-area>
      <s-text-field
        label={text("reviews.name")}
        value={draft.name}
        maxLength={60}
        onChange={(event) => change({ name: valueOf(event) })}
      ></s-text-field>
      <s-text color="subdued">{text("reviews.checks")}</s-text>
      {sending.state === "refused" && sending.why !== "no_stars" && (
        <s-banner tone="warning">{text(`reviews.${sending.why}`)}</s-banner>
      )}
      <s-button
        loading={sending.state === "sending"}
        accessibilityLabel={text("reviews.send_label", { product: title })}
        onClick={() => void send()}
      >
        {text("reviews.send")}
      </s-button>
    </s-stack>
  );
}

function Written({ title, line }: { title: string; line: string }) {
  return (
    <s-stack gap="small-300">
      <s-text type="strong">{title}</s-text>
      <s-text>{line}</s-text>
    </s-stack>
  );
}

function starsText(stars: number): string {
  return text(`reviews.star_${stars}`);
}
