import type { AccountAnswer } from "../../../app/storefront/account-answers";
import { counted, signed, text } from "./texts";

/** The newest steps of the balance, each with its day and its reason. */
export function History({ lines }: { lines: AccountAnswer["history"] }) {
  return (
    <s-stack gap="small-300">
      <s-heading>{text("history.heading")}</s-heading>
      {lines.length === 0 && <s-text color="subdued">{text("history.empty")}</s-text>}
      {lines.map(({ id, on, points, text: reason, order }) => (
        <s-stack key={id} gap="small-500">
          <s-text type="strong">{counted("history.change", Math.abs(points), { points: signed(points) })}</s-text>
          <s-text>{reason}</s-text>
          <s-text color="subdued">{order ? text("history.on_order", { date: on, order: order.name }) : on}</s-text>
        </s-stack>
      ))}
    </s-stack>
  );
}
