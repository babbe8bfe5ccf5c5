import { useState } from "preact/hooks";

import { text } from "./texts";

/** A code that can be read and copied. */
export function CopyCode({ id, code }: { id: number; code: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const clip = `code-${id}`;
  return (
    <s-stack direction="inline" gap="base" alignItems="center">
      <s-text type="strong">{code}</s-text>
      <s-clipboard-item id={clip} text={code} onCopy={() => setIsCopied(true)}></s-clipboard-item>
      <s-button
        variant="secondary"
        commandFor={clip}
        command="--copy"
        accessibilityLabel={text("codes.copy_label", { code })}
      >
        {isCopied ? text("codes.copied") : text("codes.copy")}
      </s-button>
    </s-stack>
  );
}
