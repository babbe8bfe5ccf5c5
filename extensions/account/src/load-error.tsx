import { text } from "./texts";

/** What happened, what is safe, and the way out. */
export function LoadError({ onRetry }: { onRetry: () => Promise<void> }) {
  return (
    <s-banner tone="warning" heading={text("error.heading")}>
      <s-stack gap="base">
        <s-text>{text("error.body")}</s-text>
        <s-button variant="secondary" onClick={() => void onRetry()}>
          {text("error.retry")}
        </s-button>
      </s-stack>
    </s-banner>
  );
}
